#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .auth = AUTH_GUEST, .fresh = true, .name = "thing", .doc = "A thing"});
