#include "../table.h"

GOLDEN({HTTP_GET, "/things", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_PAGE, .cached = true},
       {HTTP_GET, "/things/{slug}", handle, .name = "one", .doc = "One", .kind = KIND_PAGE, .in = &slug_in});
