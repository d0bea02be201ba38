#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things/{name}", .handler = handle, .name = "thing", .doc = "A thing", .in = &body_in});
