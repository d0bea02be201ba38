#include "../table.h"

GOLDEN({HTTP_HEAD, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing"});
