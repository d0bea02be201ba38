#include "domain/order_state.h"

const struct state_table order_states = {
    "order", 5, {
        [ORDER_PENDING_PAYMENT] = {"pending_payment", STATE_BIT(ORDER_PAID) | STATE_BIT(ORDER_CANCELED)},
        [ORDER_PAID] = {"paid", STATE_BIT(ORDER_FULFILLING) | STATE_BIT(ORDER_CANCELED)},
        [ORDER_FULFILLING] = {"fulfilling", STATE_BIT(ORDER_COMPLETED) | STATE_BIT(ORDER_CANCELED)},
        [ORDER_COMPLETED] = {"completed", 0},
        [ORDER_CANCELED] = {"canceled", 0},
    }};

bool order_shopper_may_cancel(enum order_state s)
{
    return s == ORDER_PENDING_PAYMENT;
}
