#include "../table.h"

GOLDEN({HTTP_GET, "/things", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_PAGE, .cached = true, .csrf = CSRF_TOKEN});
