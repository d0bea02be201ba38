#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_API, .navigation = true, .in = &body_in});
