#include "clash.h"

CLASH({HTTP_GET, "/v1/things", handle, .name = "other", .doc = "A thing"});
