#include "domain/payment_state.h"

const struct state_table payment_states = {
    "payment", 6, {
        [PAYMENT_CREATED] = {"created", STATE_BIT(PAYMENT_REQUIRES_ACTION) | STATE_BIT(PAYMENT_AUTHORIZED) |
                                            STATE_BIT(PAYMENT_VOIDED) | STATE_BIT(PAYMENT_FAILED)},
        [PAYMENT_REQUIRES_ACTION] = {"requires_action", STATE_BIT(PAYMENT_AUTHORIZED) |
                                                            STATE_BIT(PAYMENT_VOIDED) | STATE_BIT(PAYMENT_FAILED)},
        [PAYMENT_AUTHORIZED] = {"authorized", STATE_BIT(PAYMENT_CAPTURED) | STATE_BIT(PAYMENT_VOIDED) | STATE_BIT(PAYMENT_FAILED)},
        [PAYMENT_CAPTURED] = {"captured", 0},
        [PAYMENT_VOIDED] = {"voided", 0},
        [PAYMENT_FAILED] = {"failed", 0},
    }};

bool payment_state_open(enum payment_state s)
{
    return s == PAYMENT_CREATED || s == PAYMENT_REQUIRES_ACTION;
}

bool payment_state_secured(enum payment_state s)
{
    return s == PAYMENT_AUTHORIZED || s == PAYMENT_CAPTURED;
}
