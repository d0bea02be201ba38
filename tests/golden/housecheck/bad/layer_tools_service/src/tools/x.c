#include "service/call.h"
