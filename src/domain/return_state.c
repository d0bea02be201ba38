#include "domain/return_state.h"

const struct state_table return_states = {
    "return", 5, {
        [RETURN_REQUESTED] = {"requested", STATE_BIT(RETURN_APPROVED) | STATE_BIT(RETURN_REJECTED)},
        [RETURN_APPROVED] = {"approved", STATE_BIT(RETURN_RECEIVED) | STATE_BIT(RETURN_REJECTED)},
        [RETURN_RECEIVED] = {"received", STATE_BIT(RETURN_REFUNDED) | STATE_BIT(RETURN_REJECTED)},
        [RETURN_REFUNDED] = {"refunded", 0},
        [RETURN_REJECTED] = {"rejected", 0},
    }};
