#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things/x{slug}", .handler = handle, .name = "thing", .doc = "A thing", .in = &slug_in});
