#include "../table.h"

GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .refusal = &out, .name = "thing", .doc = "A thing"});
