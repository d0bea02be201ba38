/* The inventory pool: what there is. */
#ifndef SOUK_INVENTORY_POOL_H
#define SOUK_INVENTORY_POOL_H

#include "service/inventory.h"
#include "web/web.h"

extern const struct pool_spec pool_inventory;

#endif
