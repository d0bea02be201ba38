#include "base/money.h"

#include "base/arena.h"
#include "base/buf.h"

static const struct { char code[4]; int exponent; } currencies[] = {
#define CURRENCY(code, exponent) {#code, exponent},
#include "base/currency.def"
#undef CURRENCY
};

enum { N_CURRENCIES = sizeof currencies / sizeof *currencies };

bool currency_parse(struct str s, struct currency *ret_currency)
{
    if (s.n != 3) return false;
    for (size_t i = 0; i < N_CURRENCIES; i++)
        if (memcmp(currencies[i].code, s.p, 3) == 0) {
            memcpy(ret_currency->code, currencies[i].code, 4);
            return true;
        }
    return false;
}

bool currency_eq(struct currency a, struct currency b)
{
    return memcmp(a.code, b.code, 4) == 0;
}

int currency_exponent(struct currency c)
{
    for (size_t i = 0; i < N_CURRENCIES; i++)
        if (memcmp(currencies[i].code, c.code, 4) == 0) return currencies[i].exponent;
    BUG_IF(true);      /* a struct currency is only made by currency_parse */
    return 2;
}

struct str currency_str(const struct currency *c)
{
    return c->code[0] ? str_of(c->code, 3) : STR_NULL;
}

static bool in_range(__int128 v, int64_t *ret)
{
    if (v > MONEY_MAX || v < -MONEY_MAX) return false;
    *ret = (int64_t)v;
    return true;
}

bool money_add(int64_t a, int64_t b, int64_t *ret_sum)
{
    return in_range((__int128)a + b, ret_sum);
}

bool money_sub(int64_t a, int64_t b, int64_t *ret_difference)
{
    return in_range((__int128)a - b, ret_difference);
}

bool money_mul(int64_t amount, int64_t factor, int64_t *ret_product)
{
    return in_range((__int128)amount * factor, ret_product);
}

bool money_mul_div(int64_t a, int64_t num, int64_t den, int64_t *ret_value)
{
    BUG_IF(den <= 0);
    __int128 product = (__int128)a * num;
    __int128 magnitude = product < 0 ? -product : product;
    __int128 rounded = (magnitude + den / 2) / den;      /* an odd den has no ties, so cutting den / 2 is right there too */
    return in_range(product < 0 ? -rounded : rounded, ret_value);
}

bool money_parse_decimal(struct str s, struct currency c, int64_t *ret_amount)
{
    int exponent = currency_exponent(c), decimals = -1;
    bool negative = s.n && s.p[0] == '-';
    size_t digits = 0;
    __int128 v = 0;
    for (size_t i = negative; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == '.') {
            if (decimals >= 0 || !digits) return false;
            decimals = 0;
            continue;
        }
        if (ch < '0' || ch > '9') return false;
        digits++;
        if (decimals >= 0 && ++decimals > exponent) {
            if (ch != '0') return false;               /* "24.990" is 24.99; "24.995" is refused */
            continue;
        }
        v = v * 10 + (ch - '0');
        if (v > MONEY_MAX) return false;
    }
    if (!digits || decimals == 0) return false;
    for (int i = decimals < 0 ? 0 : decimals; i < exponent; i++) v *= 10;
    return in_range(negative ? -v : v, ret_amount);
}

struct str money_decimal(struct arena *a, struct money m)
{
    int exponent = currency_exponent(m.currency);
    int64_t unit = 1;
    for (int i = 0; i < exponent; i++) unit *= 10;
    uint64_t magnitude = m.amount < 0 ? -(uint64_t)m.amount : (uint64_t)m.amount;
    const char *sign = m.amount < 0 ? "-" : "";
    if (!exponent) return str_printf(a, "%s%llu", sign, (unsigned long long)magnitude);
    return str_printf(a, "%s%llu.%0*llu", sign, (unsigned long long)(magnitude / (uint64_t)unit), exponent,
                      (unsigned long long)(magnitude % (uint64_t)unit));
}
