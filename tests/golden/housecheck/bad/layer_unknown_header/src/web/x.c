#include "misc/thing.h"
