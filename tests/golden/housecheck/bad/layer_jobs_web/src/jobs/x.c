#include "web/web.h"
