/* The life of a return. */
#ifndef SOUK_DOMAIN_RETURN_STATE_H
#define SOUK_DOMAIN_RETURN_STATE_H

#include "domain/state.h"

enum return_state {
    RETURN_REQUESTED,
    RETURN_APPROVED,
    RETURN_RECEIVED,
    RETURN_REFUNDED,
    RETURN_REJECTED,
};

extern const struct state_table return_states;

#endif
