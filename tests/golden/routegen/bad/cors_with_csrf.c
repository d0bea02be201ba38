#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .cors = CORS_PUBLIC, .csrf = CSRF_ORIGIN, .in = &body_in});
