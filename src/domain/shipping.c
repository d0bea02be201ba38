#include "domain/shipping.h"

bool shipping_reaches(const struct shipping_option *o, const char country[3])
{
    struct str rest = o->countries, one;
    while (str_split(&rest, ' ', &one)) {
        if (str_eq(one, str_of(country, 2))) return true;
    }
    return false;
}

bool shipping_fits(const struct shipping_option *o, const char country[3], struct currency c, int64_t weight_g)
{
    return shipping_reaches(o, country) && currency_eq(o->currency, c) && (!o->max_weight_g.set || weight_g <= o->max_weight_g.v);
}

int64_t shipping_price(const struct shipping_option *o, int64_t goods)
{
    return o->free_from.set && goods >= o->free_from.v ? 0 : o->price;
}

static bool comes_before(const struct shipping_option *a, const struct shipping_option *b, int64_t goods)
{
    int64_t pa = shipping_price(a, goods), pb = shipping_price(b, goods);
    if (pa != pb) return pa < pb;
    if (a->position != b->position) return a->position < b->position;
    return str_cmp(a->code, b->code) < 0;
}

size_t shipping_choose(struct shipping_option *o, size_t n, const char country[3], struct currency c, int64_t weight_g, int64_t goods)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!shipping_fits(&o[i], country, c, weight_g)) continue;
        struct shipping_option x = o[i];
        size_t at = kept++;
        for (; at > 0 && comes_before(&x, &o[at - 1], goods); at--) o[at] = o[at - 1];
        o[at] = x;
    }
    return kept;
}
