#include "web/web.h"
#include "pools.h"
