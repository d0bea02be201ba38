#include "../table.h"

GOLDEN({HTTP_GET, "/things/{slug}-{slug}", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_PAGE, .in = &slug_in});
