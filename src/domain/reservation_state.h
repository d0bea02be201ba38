/* The life of a stock reservation. */
#ifndef SOUK_DOMAIN_RESERVATION_STATE_H
#define SOUK_DOMAIN_RESERVATION_STATE_H

#include "domain/state.h"

enum reservation_state {
    RESERVATION_ACTIVE,
    RESERVATION_CONSUMED,
    RESERVATION_RELEASED,
    RESERVATION_EXPIRED,
};

extern const struct state_table reservation_states;

#endif
