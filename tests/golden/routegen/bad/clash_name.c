#include "clash.h"

CLASH({HTTP_GET, "/v1/other", handle, .name = "thing_get", .doc = "A thing"});
