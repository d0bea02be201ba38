#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .csrf = CSRF_ORIGIN});
