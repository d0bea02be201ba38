/* The life of one payment attempt. States only move forward; authorized and captured both secure the order. */
#ifndef SOUK_DOMAIN_PAYMENT_STATE_H
#define SOUK_DOMAIN_PAYMENT_STATE_H

#include "domain/state.h"

enum payment_state {
    PAYMENT_CREATED,
    PAYMENT_REQUIRES_ACTION,
    PAYMENT_AUTHORIZED,
    PAYMENT_CAPTURED,
    PAYMENT_VOIDED,
    PAYMENT_FAILED,
};

extern const struct state_table payment_states;

bool payment_state_open(enum payment_state s);         /* at most one such attempt per order */
bool payment_state_secured(enum payment_state s);      /* authorized or captured */

#endif
