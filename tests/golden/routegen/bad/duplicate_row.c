#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things/{slug}", .handler = handle, .name = "thing", .doc = "A thing", .in = &slug_in},
       {HTTP_GET, "/v1/things/{slug}", handle, .name = "other", .doc = "The same", .in = &slug_in});
