#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .doc = "A thing"});
