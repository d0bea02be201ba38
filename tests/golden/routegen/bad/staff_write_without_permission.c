#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .auth = AUTH_STAFF, .name = "thing", .doc = "A thing"});
