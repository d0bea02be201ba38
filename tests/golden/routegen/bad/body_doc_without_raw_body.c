#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .body_doc = &body_in, .name = "thing", .doc = "A thing"});
