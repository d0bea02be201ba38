#include "domain/totals.h"

#include "domain/tax.h"

static const char *const rule_names[RULE_COUNT] = {
    [RULE_PRICE_TIMES_QUANTITY] = "price_times_quantity",
    [RULE_LESS_DISCOUNTS] = "less_discounts",
    [RULE_TAX_INCLUDED] = "tax_included",
    [RULE_TAX_ADDED] = "tax_added",
    [RULE_AS_GIVEN] = "as_given",
    [RULE_SUM] = "sum",
};

const char *totals_rule_name(enum totals_rule r)
{
    return (size_t)r < RULE_COUNT ? rule_names[r] : NULL;
}

bool prorate(struct arena *a, int64_t amount, const int64_t *weights, size_t n, int64_t *ret_parts)
{
    BUG_IF(n == 0);
    __int128 sum = 0;
    if (amount < 0) return false;
    for (size_t i = 0; i < n; i++) {
        if (weights[i] < 0) return false;
        sum += weights[i];
    }
    __int128 *rest = ARENA_ARRAY(a, __int128, n);
    int64_t left = amount;
    for (size_t i = 0; i < n; i++) {
        __int128 exact = (__int128)amount * weights[i];
        ret_parts[i] = sum == 0 ? 0 : (int64_t)(exact / sum);
        rest[i] = sum == 0 ? 0 : exact % sum;
        left -= ret_parts[i];
    }
    if (sum == 0) {
        ret_parts[0] = amount;
        return true;
    }
    for (; left > 0; left--) {                  /* fewer than n rounds: the remainders add up to left * sum */
        size_t best = 0;
        for (size_t i = 1; i < n; i++) {
            if (rest[i] > rest[best]) best = i;
        }
        ret_parts[best]++;
        rest[best] = -1;
    }
    return true;
}

struct work {
    struct arena *a;
    const struct totals_in *in;
    struct totals *t;
    bool explain;
    size_t cap_rates;
};

static void explain(struct work *w, struct str what, enum totals_rule rule, int64_t base, int64_t operand, int64_t value)
{
    if (w->explain) w->t->steps[w->t->n_steps++] = (struct totals_step){what, rule, base, operand, value};
}

static struct str line_name(struct work *w, size_t i, const char *field)
{
    return w->explain ? str_printf(w->a, "lines[%zu].%s", i, field) : STR_NULL;
}

/* Splits what is shown into net and tax. */
static bool split(const struct totals_in *in, int64_t shown, int64_t rate, int64_t *ret_net, int64_t *ret_tax, int64_t *ret_total)
{
    if (in->prices_include_tax) {
        *ret_total = shown;
        return tax_of_gross(shown, rate, ret_tax) && money_sub(shown, *ret_tax, ret_net);
    }
    *ret_net = shown;
    return tax_of_net(shown, rate, ret_tax) && money_add(shown, *ret_tax, ret_total);
}

/* Keeps the table sorted, highest rate first. */
static bool add_rate(struct work *w, int64_t rate, int64_t net, int64_t tax)
{
    struct totals *t = w->t;
    size_t at = 0;
    while (at < t->n_rates && t->rates[at].rate > rate) at++;
    if (at == t->n_rates || t->rates[at].rate != rate) {
        BUG_IF(t->n_rates == w->cap_rates);
        memmove(&t->rates[at + 1], &t->rates[at], (t->n_rates - at) * sizeof t->rates[0]);
        t->rates[at] = (struct totals_rate){.rate = rate};
        t->n_rates++;
    }
    return money_add(t->rates[at].net, net, &t->rates[at].net) && money_add(t->rates[at].tax, tax, &t->rates[at].tax);
}

/* Lists and own discounts; *ret_after gets what the order's discount is shared over. */
static bool sum_lists(struct work *w, int64_t *after, int64_t *ret_sum)
{
    struct totals *t = w->t;
    int64_t sum = 0;
    for (size_t i = 0; i < w->in->n; i++) {
        const struct totals_line_in *l = &w->in->lines[i];
        if (l->unit_price < 0 || l->quantity < 1) return false;
        if (!money_mul(l->unit_price, l->quantity, &t->lines[i].list)) return false;
        if (l->discount < 0 || l->discount > t->lines[i].list) return false;
        after[i] = t->lines[i].list - l->discount;
        if (!money_add(t->subtotal, t->lines[i].list, &t->subtotal) || !money_add(sum, after[i], &sum)) return false;
        explain(w, line_name(w, i, "list"), RULE_PRICE_TIMES_QUANTITY, l->unit_price, l->quantity, t->lines[i].list);
    }
    *ret_sum = sum;
    return true;
}

static bool finish_line(struct work *w, size_t i, int64_t shared)
{
    struct totals *t = w->t;
    struct totals_line *l = &t->lines[i];
    const struct totals_line_in *in = &w->in->lines[i];
    l->discount = in->discount + shared;
    int64_t shown = l->list - l->discount;
    if (shown < 0 || !split(w->in, shown, in->tax_rate, &l->net, &l->tax, &l->total)) return false;
    if (l->discount != 0) explain(w, line_name(w, i, "discounted"), RULE_LESS_DISCOUNTS, l->list, l->discount, shown);
    explain(w, line_name(w, i, "tax"), w->in->prices_include_tax ? RULE_TAX_INCLUDED : RULE_TAX_ADDED, shown, in->tax_rate, l->tax);
    return money_add(t->discount, l->discount, &t->discount) && money_add(t->tax, l->tax, &t->tax) &&
           money_add(t->total, l->total, &t->total) && add_rate(w, in->tax_rate, l->net, l->tax);
}

static bool finish_shipping(struct work *w)
{
    struct totals *t = w->t;
    const struct totals_in *in = w->in;
    if (in->shipping < 0) return false;
    t->shipping = in->shipping;
    if (!split(in, in->shipping, in->shipping_tax_rate, &t->shipping_net, &t->shipping_tax, &t->shipping_total)) return false;
    explain(w, STR("shipping"), RULE_AS_GIVEN, in->shipping, 0, in->shipping);
    explain(w, STR("shipping.tax"), in->prices_include_tax ? RULE_TAX_INCLUDED : RULE_TAX_ADDED, in->shipping, in->shipping_tax_rate,
            t->shipping_tax);
    if (in->shipping != 0 && !add_rate(w, in->shipping_tax_rate, t->shipping_net, t->shipping_tax)) return false;
    return money_add(t->tax, t->shipping_tax, &t->tax) && money_add(t->total, t->shipping_total, &t->total);
}

static bool compute(struct work *w)
{
    struct totals *t = w->t;
    const struct totals_in *in = w->in;
    int64_t *after = ARENA_ARRAY(w->a, int64_t, in->n + 1), *shared = ARENA_ARRAY(w->a, int64_t, in->n + 1), sum;
    if (!sum_lists(w, after, &sum)) return false;
    if (in->order_discount < 0 || in->order_discount > sum) return false;
    if (in->n > 0 && !prorate(w->a, in->order_discount, after, in->n, shared)) return false;
    for (size_t i = 0; i < in->n; i++) {
        if (!finish_line(w, i, shared[i])) return false;
    }
    t->goods = t->subtotal - t->discount;
    if (!finish_shipping(w)) return false;
    t->net = t->total - t->tax;
    explain(w, STR("tax"), RULE_SUM, t->tax - t->shipping_tax, t->shipping_tax, t->tax);
    explain(w, STR("total"), RULE_SUM, t->total - t->shipping_total, t->shipping_total, t->total);
    return true;
}

bool totals_compute(struct arena *a, int64_t version, const struct totals_in *in, bool explain_it, struct totals *ret_totals, struct err *e)
{
    if (version != TOTALS_VERSION) return err_set(e, PROBLEM_INVALID, "Totals of version %lld cannot be computed", (long long)version);
    struct totals t = {.version = version, .n = in->n};
    t.lines = ARENA_ARRAY(a, struct totals_line, in->n + 1);
    t.rates = ARENA_ARRAY(a, struct totals_rate, in->n + 2);
    if (explain_it) t.steps = ARENA_ARRAY(a, struct totals_step, 3 * in->n + 4);
    struct work w = {a, in, &t, explain_it, in->n + 1};
    if (!compute(&w)) return err_set(e, PROBLEM_OUT_OF_RANGE, "An amount is outside its range");
    *ret_totals = t;
    return true;
}
