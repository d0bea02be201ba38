#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .reserved = true});
