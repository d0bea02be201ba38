#include "clash.h"

CLASH({HTTP_GET, "/t/other/page", handle, .kind = KIND_PAGE, .name = "other", .doc = "A page"});
