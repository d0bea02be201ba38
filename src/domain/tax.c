#include "domain/tax.h"

static const char *const class_names[TAX_CLASS_COUNT] = {
    [TAX_STANDARD] = "standard", [TAX_REDUCED] = "reduced", [TAX_ZERO] = "zero"};

const char *tax_class_name(enum tax_class c)
{
    return (size_t)c < TAX_CLASS_COUNT ? class_names[c] : NULL;
}

bool tax_class_parse(struct str name, enum tax_class *ret_class)
{
    for (size_t i = 0; i < TAX_CLASS_COUNT; i++) {
        if (str_eq_c(name, class_names[i])) {
            *ret_class = (enum tax_class)i;
            return true;
        }
    }
    return false;
}

bool tax_find(const struct tax_rate *rates, size_t n, const char country[3], enum tax_class c, usec_t at, int64_t *ret_rate)
{
    if (c == TAX_ZERO) {
        *ret_rate = 0;
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        const struct tax_rate *r = &rates[i];
        if (r->tax_class == c && memcmp(r->country, country, 2) == 0 && r->from <= at && (r->to == 0 || at < r->to)) {
            *ret_rate = r->rate;
            return true;
        }
    }
    return false;
}

bool tax_of_gross(int64_t gross, int64_t rate, int64_t *ret_tax)
{
    int64_t net;
    if (rate < 0 || rate > TAX_RATE_MAX) return false;
    if (!money_mul_div(gross, RATE_ONE, RATE_ONE + rate, &net)) return false;
    return money_sub(gross, net, ret_tax);
}

bool tax_of_net(int64_t net, int64_t rate, int64_t *ret_tax)
{
    if (rate < 0 || rate > TAX_RATE_MAX) return false;
    return money_mul_div(net, rate, RATE_ONE, ret_tax);
}
