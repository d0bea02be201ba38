#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things", .name = "thing", .doc = "A thing"});
