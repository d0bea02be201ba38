#include "../table.h"

GOLDEN({HTTP_GET, "/things", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_PAGE, .out = &out});
