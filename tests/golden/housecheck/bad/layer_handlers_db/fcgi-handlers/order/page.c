#include "sql/orders.h"
