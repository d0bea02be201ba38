#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .body_type = "text/plain", .name = "thing", .doc = "A thing"});
