/* The order pool: carts, checkout, orders. */
#ifndef SOUK_ORDER_POOL_H
#define SOUK_ORDER_POOL_H

#include "web/web.h"

extern const struct pool_spec pool_order;

#endif
