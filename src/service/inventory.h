/* What there is of variants, for everybody to ask. */
#ifndef SOUK_SERVICE_INVENTORY_H
#define SOUK_SERVICE_INVENTORY_H

#include "base/opt.h"
#include "json/shape.h"
#include "service/call.h"

enum { INVENTORY_ASK_MAX = 100 };

struct inventory_availability {
    struct variant_id variant;
    struct str status;                  /* in_stock | out_of_stock | checked_at_checkout */
    struct opt_int64 available;         /* absent: not known just now */
};

/* One answer per variant, in the order asked, doubles once. A variant that is not stocked (or does not exist) is out of stock. When the
 * database cannot answer in time the counts are left open: checkout checks them anyway. Errors: none but those of a bug. */
MUST_CHECK bool inventory_availability(struct call *c, struct shape_list variants /* struct variant_id */, struct shape_list *ret_list, struct err *e);

#endif
