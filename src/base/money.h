/* Money: a 64-bit integer of minor units and an ISO 4217 currency. No floating point anywhere near it.
 * Amounts stay within +-(2^53 - 1), so that every JSON reader gets them exactly. All arithmetic is checked. */
#ifndef SOUK_BASE_MONEY_H
#define SOUK_BASE_MONEY_H

#include "base/err.h"
#include "base/str.h"

#define MONEY_MAX INT64_C(9007199254740991)

struct currency {
    char code[4];              /* "EUR", NUL-terminated; "" stands for none */
};

struct money {
    int64_t amount;            /* minor units */
    struct currency currency;
};

/* Rates (tax) are integers in 1/10,000 percent: 19 % is 190000. */
#define RATE_ONE INT64_C(1000000)

bool currency_parse(struct str s, struct currency *ret_currency);       /* only codes of currency.def */
bool currency_eq(struct currency a, struct currency b);
int currency_exponent(struct currency c);                               /* 0, 2 or 3 (ISO 4217) */
struct str currency_str(const struct currency *c);

MUST_CHECK bool money_add(int64_t a, int64_t b, int64_t *ret_sum);      /* false beyond MONEY_MAX */
MUST_CHECK bool money_sub(int64_t a, int64_t b, int64_t *ret_difference);
MUST_CHECK bool money_mul(int64_t amount, int64_t factor, int64_t *ret_product);
/* round(a * num / den), half away from zero, in 128 bits. den > 0. */
MUST_CHECK bool money_mul_div(int64_t a, int64_t num, int64_t den, int64_t *ret_value);

/* Decimal text <-> minor units: "24.99" with EUR is 2499; "24.999" is refused; "1500" with JPY is 1500.
 * money_parse_decimal takes a '.' only, no sign except a leading '-', no grouping. */
bool money_parse_decimal(struct str s, struct currency c, int64_t *ret_amount);
struct str money_decimal(struct arena *a, struct money m);              /* "24.99": for JSON-LD, mail headers, CSV */

#endif
