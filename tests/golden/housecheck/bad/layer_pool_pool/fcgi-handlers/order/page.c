#include "payment/pool.h"
