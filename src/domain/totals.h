/* What a cart or an order costs: one pure function of its lines, its shipping and its tax rates.
 *
 * Rules (the money rules of the design, calc_version 1):
 *  - a line's total is unit price x quantity, less its own discount, less its share of the order's discount;
 *  - the order's discount is shared by largest remainder, ties to the earlier line, so no cent is lost;
 *  - tax is rounded per line on that discounted total, half away from zero; the order's tax is the sum of its lines
 *    and of shipping; prices that include tax: tax = gross - round(gross / (1 + rate));
 *  - every step is checked: a sum beyond MONEY_MAX is PROBLEM_OUT_OF_RANGE, never a wrong number.
 * Amounts are minor units of one currency; the exponent (0, 2, 3) does not matter here, which is the point. */
#ifndef SOUK_DOMAIN_TOTALS_H
#define SOUK_DOMAIN_TOTALS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/money.h"

enum { TOTALS_VERSION = 1 };

struct totals_line_in {
    int64_t unit_price;          /* >= 0, with or without tax as totals_in says */
    int64_t quantity;            /* >= 1 */
    int64_t discount;            /* of the whole line, 0..unit_price * quantity */
    int64_t tax_rate;            /* RATE_ONE = 100 % */
};

struct totals_in {
    bool prices_include_tax;
    size_t n;
    const struct totals_line_in *lines;
    int64_t order_discount;      /* 0..sum of the lines after their own discounts */
    int64_t shipping;            /* with or without tax as the prices are */
    int64_t shipping_tax_rate;
};

struct totals_line {
    int64_t list;                /* unit price x quantity */
    int64_t discount;            /* own and shared */
    int64_t net;                 /* what remains, without tax */
    int64_t tax;
    int64_t total;               /* net + tax */
};

struct totals_rate {             /* one row of the tax table on the receipt */
    int64_t rate;
    int64_t net;
    int64_t tax;
};

enum totals_rule { RULE_PRICE_TIMES_QUANTITY, RULE_LESS_DISCOUNTS, RULE_TAX_INCLUDED, RULE_TAX_ADDED, RULE_AS_GIVEN, RULE_SUM, RULE_COUNT };

/* Why an amount is what it is: `value` follows from `base` and `operand` (quantity, discount or rate) by `rule`. */
struct totals_step {
    struct str what;             /* "lines[0].tax" */
    enum totals_rule rule;
    int64_t base, operand, value;
};

struct totals {
    int64_t version;
    size_t n;
    struct totals_line *lines;
    int64_t subtotal;            /* sum of the lists, as prices are shown */
    int64_t discount;
    int64_t goods;               /* subtotal - discount: what free shipping looks at */
    int64_t shipping;            /* as shown */
    int64_t shipping_net, shipping_tax, shipping_total;
    int64_t tax;                 /* lines and shipping */
    int64_t net;                 /* total - tax */
    int64_t total;               /* what is to be paid */
    size_t n_rates;
    struct totals_rate *rates;   /* by rate, highest first; shipping included */
    size_t n_steps;
    struct totals_step *steps;   /* empty unless asked for */
};

const char *totals_rule_name(enum totals_rule r);

/* `version` is TOTALS_VERSION for new carts and the stored calc_version to compute an old order again. */
MUST_CHECK bool totals_compute(struct arena *a, int64_t version, const struct totals_in *in, bool explain, struct totals *ret_totals, struct err *e);

/* Shares `amount` (>= 0) in proportion to `weights` (>= 0): floors first, then one unit each by largest remainder, ties to
 * the earlier. The parts add up to `amount` exactly, and none is larger than its weight when amount <= sum of weights.
 * With all weights 0 everything falls to the first. n > 0. */
MUST_CHECK bool prorate(struct arena *a, int64_t amount, const int64_t *weights, size_t n, int64_t *ret_parts);

#endif
