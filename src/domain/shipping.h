/* Shipping options: which may be chosen for a destination, a weight and a value of goods, and what they cost. */
#ifndef SOUK_DOMAIN_SHIPPING_H
#define SOUK_DOMAIN_SHIPPING_H

#include "base/ids.h"
#include "base/money.h"
#include "base/opt.h"

struct shipping_option {
    struct shipping_option_id id;
    struct str code;                     /* "standard" */
    struct str name;                     /* in the shop's language; not looked at here */
    struct str countries;                /* "DE AT": destinations, separated by blanks */
    struct currency currency;
    int64_t price;                       /* minor units, with or without tax as the market's prices are */
    struct opt_int64 free_from;          /* free from this value of goods (discounted) on */
    struct opt_int64 max_weight_g;
    int64_t tax_rate;                    /* at the destination */
    int64_t days_min, days_max;          /* working days */
    int64_t position;                    /* order of display */
};

bool shipping_reaches(const struct shipping_option *o, const char country[3]);
bool shipping_fits(const struct shipping_option *o, const char country[3], struct currency c, int64_t weight_g);
int64_t shipping_price(const struct shipping_option *o, int64_t goods);
/* Keeps those that fit, in place: by price, then position, then code. Returns how many. */
size_t shipping_choose(struct shipping_option *o, size_t n, const char country[3], struct currency c, int64_t weight_g, int64_t goods);

#endif
