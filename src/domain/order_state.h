/* An order's life. `paid` means secured: authorized or captured for the full total. Canceled is terminal. */
#ifndef SOUK_DOMAIN_ORDER_STATE_H
#define SOUK_DOMAIN_ORDER_STATE_H

#include "domain/state.h"

enum order_state {
    ORDER_PENDING_PAYMENT,
    ORDER_PAID,
    ORDER_FULFILLING,
    ORDER_COMPLETED,
    ORDER_CANCELED,
};

extern const struct state_table order_states;

/* What the shopper may do alone; staff may cancel later states too. */
bool order_shopper_may_cancel(enum order_state s);

#endif
