#include "../table.h"

GOLDEN({HTTP_POST, "/things", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_PAGE, .in = &body_in});
