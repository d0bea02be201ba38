#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .name = "thing-List", .doc = "A thing"});
