#include "../table.h"

GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .auth = AUTH_CUSTOMER, .permission = PERMISSION_READ_ORDERS, .name = "thing", .doc = "A thing"});
