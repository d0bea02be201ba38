/* The limits of a cart, and what is told about a line when the shop changed since the shopper looked. */
#ifndef SOUK_DOMAIN_CART_RULES_H
#define SOUK_DOMAIN_CART_RULES_H

#include "base/clock.h"
#include "base/err.h"
#include "base/money.h"
#include "base/str.h"

enum { CART_LINES_MAX = 100, CART_QUANTITY_MAX = 999 };

/* A cart that nobody touched for 30 days is abandoned; a quote is never older than the request that asks. */
#define CART_LIFE (30 * USEC_PER_DAY)

/* What the goods of a cart may be worth: with tax on top (never more than as much again) and shipping it is still an amount. */
#define CART_VALUE_MAX (MONEY_MAX / 4)

enum cart_line_state {
    CART_LINE_OK,
    CART_LINE_PRICE_CHANGED,         /* can be bought, at another price than the shopper saw */
    CART_LINE_INSUFFICIENT_STOCK,    /* fewer are left than the line asks for */
    CART_LINE_SOLD_OUT,              /* none is left */
    CART_LINE_UNAVAILABLE,           /* withdrawn, without a price in this market, or beyond what a cart may be worth */
    CART_LINE_STATE_COUNT
};

struct cart_line_facts {
    bool sellable;                   /* the variant and its product are active */
    bool priced;                     /* there is a price now */
    int64_t price, price_seen;
    int64_t quantity, available;
};

enum cart_line_state cart_line_state(const struct cart_line_facts *f);
const char *cart_line_state_name(enum cart_line_state s);
bool cart_line_blocks(enum cart_line_state s);        /* checkout is not possible until the shopper acts */

/* Refusals with PROBLEM_OUT_OF_RANGE (quantity) and PROBLEM_CART_FULL. */
MUST_CHECK bool cart_check_quantity(int64_t quantity, struct err *e);
/* Adding `more` to a line of `present` pieces (0: a new line, in a cart that holds `lines` lines). */
MUST_CHECK bool cart_check_add(int64_t lines, int64_t present, int64_t more, struct err *e);
/* Adds price x quantity to *goods; false, and *goods as it was, when that is beyond CART_VALUE_MAX. */
MUST_CHECK bool cart_value_add(int64_t price, int64_t quantity, int64_t *goods);

#endif
