#include "clash.h"

CLASH({HTTP_GET, "/v1/things/{slug}/reviews", handle, .in = &slug_in, .name = "other", .doc = "Reviews"});
