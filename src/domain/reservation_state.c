#include "domain/reservation_state.h"

const struct state_table reservation_states = {
    "reservation", 4, {
        [RESERVATION_ACTIVE] = {"active", STATE_BIT(RESERVATION_CONSUMED) | STATE_BIT(RESERVATION_RELEASED) | STATE_BIT(RESERVATION_EXPIRED)},
        [RESERVATION_CONSUMED] = {"consumed", 0},
        [RESERVATION_RELEASED] = {"released", 0},
        [RESERVATION_EXPIRED] = {"expired", 0},
    }};
