/* Tax: a rate per destination country and tax class, valid for a half-open window, as an integer in 1/10,000 percent.
 * Rounding is half away from zero (base/money.h). */
#ifndef SOUK_DOMAIN_TAX_H
#define SOUK_DOMAIN_TAX_H

#include "base/clock.h"
#include "base/money.h"
#include "base/str.h"

enum tax_class { TAX_STANDARD, TAX_REDUCED, TAX_ZERO, TAX_CLASS_COUNT };

const char *tax_class_name(enum tax_class c);                       /* "standard": as stored */
bool tax_class_parse(struct str name, enum tax_class *ret_class);

struct tax_rate {
    char country[3];                 /* ISO 3166-1 alpha-2 */
    enum tax_class tax_class;
    int64_t rate;                    /* 190000 = 19 % */
    usec_t from, to;                 /* [from, to); to == 0: open */
};

/* The rate in force at `at`. False when the table has none: then the shop does not sell there. Class zero is 0 everywhere. */
bool tax_find(const struct tax_rate *rates, size_t n, const char country[3], enum tax_class c, usec_t at, int64_t *ret_rate);

enum { TAX_RATE_MAX = 1000000 };     /* 100 % */

/* gross - round(gross / (1 + rate)) */
MUST_CHECK bool tax_of_gross(int64_t gross, int64_t rate, int64_t *ret_tax);
/* round(net * rate) */
MUST_CHECK bool tax_of_net(int64_t net, int64_t rate, int64_t *ret_tax);

#endif
