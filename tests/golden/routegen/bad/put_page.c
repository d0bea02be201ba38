#include "../table.h"

GOLDEN({HTTP_PUT, "/things", .handler = handle, .name = "thing", .doc = "A thing", .kind = KIND_PAGE, .csrf = CSRF_TOKEN});
