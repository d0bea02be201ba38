/* Totals: golden cases computed by hand, tables, and properties over random carts. */
#include "with_arena.h"

#include "domain/totals.h"

struct golden {
    const char *why;
    bool included;
    size_t n;
    struct totals_line_in lines[4];
    int64_t order_discount, shipping, shipping_rate;
    int64_t tax, net, total;                     /* expected, of the order */
    int64_t line_tax[4], line_total[4];
};

static const struct golden golden[] = {
    /* 24.99 at 19 %: 2499 / 1.19 = 2100.00 -> tax 399. Shipping 4.90: 490 / 1.19 = 411.76 -> 412 -> tax 78. */
    {"one line, tax included, shipping", true, 1, {{2499, 1, 0, 190000}}, 0, 490, 190000, 477, 2512, 2989, {399}, {2499}},
    /* 3 x 0.99 = 297 at 7 %: 297 / 1.07 = 277.57 -> 278 -> 19. Per line, not per piece (99 / 1.07 = 92.52 -> 93 -> 6, times 3 = 18). */
    {"rounded per line, not per piece", true, 1, {{99, 3, 0, 70000}}, 0, 0, 0, 19, 278, 297, {19}, {297}},
    /* 1000 at 19 % on top = 190; 1000 at 7 % = 70; shipping 500 at 19 % = 95. */
    {"tax on top, two rates", false, 2, {{1000, 1, 0, 190000}, {500, 2, 0, 70000}}, 0, 500, 190000, 355, 2500, 2855, {190, 70}, {1190, 1070}},
    /* 50 at 5 % = 2.5 -> 3: half goes away from zero. 30 at 5 % = 1.5 -> 2. Sum of lines 5, where the sum's own tax would be 4. */
    {"half away from zero; the sum of lines counts", false, 2, {{50, 1, 0, 50000}, {30, 1, 0, 50000}}, 0, 0, 0, 5, 80, 85, {3, 2}, {53, 32}},
    /* A discount of 1.00 over 3 x 10.00: 33.33 each; largest remainder, ties to the earlier: 34, 33, 33. 966 at 19 % incl.: 811.76 -> 812 -> 154;
     * 967: 812.61 -> 813 -> 154. */
    {"an order's discount is shared without losing a cent", true, 3, {{1000, 1, 0, 190000}, {1000, 1, 0, 190000}, {1000, 1, 0, 190000}}, 100, 0, 0,
     462, 2438, 2900, {154, 154, 154}, {966, 967, 967}},
    /* A line's own discount comes first: 2000 - 500 = 1500 at 20 % incl. = 1250 -> 250. */
    {"a line's own discount", true, 1, {{1000, 2, 500, 200000}}, 0, 0, 0, 250, 1250, 1500, {250}, {1500}},
    /* Own discount, then shares of 10 over 1500 and 500: 7.5 and 2.5: floors 7 and 2, the remainders tie, the earlier gets it: 8 and 2.
     * 1492 / 1.2 = 1243.33 -> 1243 -> 249; 498 / 1.2 = 415 -> 83. */
    {"both discounts", true, 2, {{1000, 2, 500, 200000}, {500, 1, 0, 200000}}, 10, 0, 0, 332, 1658, 1990, {249, 83}, {1492, 498}},
    {"nothing is taxed at rate zero", true, 1, {{12345, 2, 0, 0}}, 0, 990, 0, 0, 25680, 25680, {0}, {24690}},
    {"free goods", true, 1, {{0, 5, 0, 190000}}, 0, 0, 190000, 0, 0, 0, {0}, {0}},
    {"an empty cart", true, 0, {{0, 0, 0, 0}}, 0, 0, 0, 0, 0, 0, {0}, {0}},
    /* JPY has no minor unit: 1500 yen at 10 % incl.: 1363.64 -> 1364 -> 136. */
    {"no decimals (JPY)", true, 1, {{1500, 1, 0, 100000}}, 0, 0, 0, 136, 1364, 1500, {136}, {1500}},
    /* KWD has three: 1.250 at 5 % on top = 62.5 -> 63 fils. */
    {"three decimals (KWD)", false, 1, {{1250, 1, 0, 50000}}, 0, 0, 0, 63, 1250, 1313, {63}, {1313}},
    /* 8.1 % (Switzerland): 10810 / 1.081 = 10000. */
    {"a rate with decimals", true, 1, {{10810, 1, 0, 81000}}, 0, 0, 0, 810, 10000, 10810, {810}, {10810}},
    /* The whole order is given away: nothing to pay, no tax. 3 lines of 1, 2 and 3. */
    {"a discount of everything", true, 3, {{1, 1, 0, 190000}, {2, 1, 0, 190000}, {3, 1, 0, 190000}}, 6, 0, 0, 0, 0, 0, {0, 0, 0}, {0, 0, 0}},
};

static void golden_cases(void **state)
{
    struct arena *a = *state;
    for (size_t i = 0; i < ARRAY_LEN(golden); i++) {
        const struct golden *g = &golden[i];
        struct totals_in in = {g->included, g->n, g->lines, g->order_discount, g->shipping, g->shipping_rate};
        struct totals t;
        struct err e;
        err_clear(&e);
        assert_true(totals_compute(a, 1, &in, false, &t, &e));
        if (t.tax != g->tax || t.net != g->net || t.total != g->total) fail_msg("%s: tax %lld net %lld total %lld", g->why, (long long)t.tax, (long long)t.net, (long long)t.total);
        for (size_t k = 0; k < g->n; k++) {
            assert_int_equal(t.lines[k].tax, g->line_tax[k]);
            assert_int_equal(t.lines[k].total, g->line_total[k]);
        }
    }
}

static void shares(void **state)
{
    struct arena *a = *state;
    static const struct { int64_t amount; size_t n; int64_t weights[5], parts[5]; } rows[] = {
        {100, 3, {1, 1, 1}, {34, 33, 33}}, {10, 3, {1000, 1000, 1000}, {4, 3, 3}}, {5, 2, {1, 1}, {3, 2}}, {0, 2, {5, 5}, {0, 0}},
        {7, 3, {0, 0, 0}, {7, 0, 0}}, {7, 3, {0, 5, 0}, {0, 7, 0}}, {1, 3, {1, 2, 3}, {0, 0, 1}}, {2, 3, {1, 1, 4}, {1, 0, 1}},
        {3, 2, {1, 2}, {1, 2}}, {MONEY_MAX, 2, {1, 1}, {MONEY_MAX / 2 + 1, MONEY_MAX / 2}}, {MONEY_MAX, 1, {MONEY_MAX}, {MONEY_MAX}},
        {100, 5, {10, 20, 30, 40, 0}, {10, 20, 30, 40, 0}}, {1, 2, {3, 3}, {1, 0}}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t parts[5];
        assert_true(prorate(a, rows[i].amount, rows[i].weights, rows[i].n, parts));
        for (size_t k = 0; k < rows[i].n; k++) assert_int_equal(parts[k], rows[i].parts[k]);
    }
    int64_t weights[2] = {-1, 5}, parts[2];
    assert_false(prorate(a, 3, weights, 2, parts));
    weights[0] = 1;
    assert_false(prorate(a, -3, weights, 2, parts));
}

static void refused(void **state)
{
    struct arena *a = *state;
    struct totals_line_in big[100], bad;
    struct totals t;
    struct err e;
    for (size_t i = 0; i < 100; i++) big[i] = (struct totals_line_in){MONEY_MAX / 999, 999, 0, 190000};
    static const struct { struct totals_line_in line; int64_t discount, shipping; } rows[] = {
        {{-1, 1, 0, 0}, 0, 0}, {{1, 0, 0, 0}, 0, 0}, {{1, -1, 0, 0}, 0, 0}, {{100, 1, 101, 0}, 0, 0}, {{100, 1, -1, 0}, 0, 0}, {{100, 1, 0, -1}, 0, 0},
        {{100, 1, 0, 1000001}, 0, 0}, {{100, 1, 0, 0}, 101, 0}, {{100, 1, 0, 0}, -1, 0}, {{100, 1, 0, 0}, 0, -1}, {{MONEY_MAX, 2, 0, 0}, 0, 0},
        {{MONEY_MAX, 1, 0, 0}, 0, 1}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bad = rows[i].line;
        struct totals_in in = {true, 1, &bad, rows[i].discount, rows[i].shipping, 0};
        err_clear(&e);
        assert_false(totals_compute(a, 1, &in, true, &t, &e));
        assert_int_equal(e.problem, PROBLEM_OUT_OF_RANGE);
    }
    struct totals_in many = {true, 100, big, 0, 0, 0};
    err_clear(&e);
    assert_false(totals_compute(a, 1, &many, false, &t, &e));
    /* Tax on top of the largest amount does not fit; included in it, it does. */
    struct totals_line_in most = {MONEY_MAX, 1, 0, 190000};
    struct totals_in on_top = {false, 1, &most, 0, 0, 0}, inside = {true, 1, &most, 0, 0, 0};
    assert_false(totals_compute(a, 1, &on_top, false, &t, &e));
    err_clear(&e);
    assert_true(totals_compute(a, 1, &inside, false, &t, &e));
    assert_int_equal(t.total, MONEY_MAX);
    assert_false(totals_compute(a, 0, &inside, false, &t, &e) || totals_compute(a, 2, &inside, false, &t, &e));
    assert_int_equal(e.problem, PROBLEM_INVALID);
}

/* xorshift: the same carts in every run */
static uint64_t next(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

static void check_sums(const struct totals_in *in, const struct totals *t)
{
    int64_t subtotal = 0, discount = 0, tax = 0, total = 0, own = 0, rate_tax = 0, rate_net = 0;
    for (size_t k = 0; k < in->n; k++) {
        const struct totals_line *l = &t->lines[k];
        assert_int_equal(l->list, in->lines[k].unit_price * in->lines[k].quantity);
        assert_int_equal(l->total, l->net + l->tax);
        assert_int_equal(in->prices_include_tax ? l->total : l->net, l->list - l->discount);
        assert_true(l->tax >= 0 && l->net >= 0 && l->discount >= in->lines[k].discount && l->discount <= l->list);
        /* the tax is the nearest integer: at most half a unit away */
        __int128 exact = in->prices_include_tax ? (__int128)l->tax * (RATE_ONE + in->lines[k].tax_rate) - (__int128)l->total * in->lines[k].tax_rate
                                                : (__int128)l->tax * RATE_ONE - (__int128)l->net * in->lines[k].tax_rate;
        __int128 unit = in->prices_include_tax ? RATE_ONE + in->lines[k].tax_rate : RATE_ONE;
        assert_true(2 * exact <= unit && -2 * exact <= unit);
        subtotal += l->list;
        discount += l->discount;
        own += in->lines[k].discount;
        tax += l->tax;
        total += l->total;
    }
    assert_int_equal(t->subtotal, subtotal);
    assert_int_equal(t->discount, discount);
    assert_int_equal(t->discount, own + in->order_discount);              /* no cent of the discount is lost or made */
    assert_int_equal(t->tax, tax + t->shipping_tax);
    assert_int_equal(t->total, total + t->shipping_total);
    assert_int_equal(t->net + t->tax, t->total);
    assert_int_equal(t->goods, subtotal - discount);
    for (size_t k = 0; k < t->n_rates; k++) {
        rate_tax += t->rates[k].tax;
        rate_net += t->rates[k].net;
        if (k > 0) assert_true(t->rates[k - 1].rate > t->rates[k].rate);
    }
    assert_int_equal(rate_tax, t->tax);
    assert_int_equal(rate_net, t->net);
}

static void properties(void **state)
{
    struct arena *a = *state;
    static const int64_t rates[] = {0, 25000, 55000, 70000, 81000, 190000, 200000, 255000, 1000000};
    uint64_t s = 88172645463325252u;
    for (int round = 0; round < 20000; round++) {
        struct totals_line_in lines[100];
        size_t n = next(&s) % (round % 50 == 0 ? 100 : 6);
        int64_t rest = 0, scale = (int64_t)1 << next(&s) % 33;
        for (size_t k = 0; k < n; k++) {
            lines[k] = (struct totals_line_in){(int64_t)(next(&s) % (uint64_t)scale), 1 + (int64_t)(next(&s) % 999), 0, rates[next(&s) % ARRAY_LEN(rates)]};
            int64_t list = lines[k].unit_price * lines[k].quantity;
            if (next(&s) % 4 == 0 && list > 0) lines[k].discount = (int64_t)(next(&s) % (uint64_t)(list + 1));
            rest += list - lines[k].discount;
        }
        struct totals_in in = {next(&s) % 2 == 0, n, lines, rest > 0 && next(&s) % 2 ? (int64_t)(next(&s) % (uint64_t)(rest + 1)) : 0,
                               (int64_t)(next(&s) % 5000), rates[next(&s) % ARRAY_LEN(rates)]};
        struct totals t, again;
        struct err e;
        err_clear(&e);
        assert_true(totals_compute(a, TOTALS_VERSION, &in, false, &t, &e));
        check_sums(&in, &t);
        assert_true(totals_compute(a, t.version, &in, true, &again, &e));           /* the same to the cent, explained or not */
        assert_int_equal(again.total, t.total);
        arena_reset(a);
    }
}

static void shares_add_up(void **state)
{
    struct arena *a = *state;
    uint64_t s = 1234567;
    for (int round = 0; round < 20000; round++) {
        int64_t weights[40], parts[40], sum = 0, got = 0;
        size_t n = 1 + next(&s) % 40;
        for (size_t k = 0; k < n; k++) sum += weights[k] = (int64_t)(next(&s) % 100000) * (next(&s) % 3 != 0);
        int64_t amount = sum > 0 ? (int64_t)(next(&s) % (uint64_t)(sum + 1)) : 0;
        assert_true(prorate(a, amount, weights, n, parts));
        for (size_t k = 0; k < n; k++) {
            got += parts[k];
            assert_true(parts[k] >= 0 && parts[k] <= weights[k]);
            __int128 off = (__int128)parts[k] * sum - (__int128)amount * weights[k];
            assert_true(off < sum || sum == 0);                                     /* less than one unit off its exact share */
            assert_true(-off < sum || sum == 0);
        }
        assert_int_equal(got, amount);
        arena_reset(a);
    }
}

static void explained(void **state)
{
    struct arena *a = *state;
    struct totals_line_in lines[2] = {{1000, 2, 100, 190000}, {500, 1, 0, 70000}};
    struct totals_in in = {true, 2, lines, 0, 490, 190000};
    struct totals t;
    struct err e;
    err_clear(&e);
    assert_true(totals_compute(a, 1, &in, true, &t, &e));
    static const struct { const char *what; enum totals_rule rule; int64_t base, operand, value; } steps[] = {
        {"lines[0].list", RULE_PRICE_TIMES_QUANTITY, 1000, 2, 2000}, {"lines[1].list", RULE_PRICE_TIMES_QUANTITY, 500, 1, 500},
        {"lines[0].discounted", RULE_LESS_DISCOUNTS, 2000, 100, 1900}, {"lines[0].tax", RULE_TAX_INCLUDED, 1900, 190000, 303},
        {"lines[1].tax", RULE_TAX_INCLUDED, 500, 70000, 33}, {"shipping", RULE_AS_GIVEN, 490, 0, 490},
        {"shipping.tax", RULE_TAX_INCLUDED, 490, 190000, 78}, {"tax", RULE_SUM, 336, 78, 414}, {"total", RULE_SUM, 2400, 490, 2890}};
    assert_int_equal(t.n_steps, ARRAY_LEN(steps));
    for (size_t i = 0; i < t.n_steps; i++) {
        assert_true(str_eq_c(t.steps[i].what, steps[i].what));
        assert_int_equal(t.steps[i].rule, steps[i].rule);
        assert_int_equal(t.steps[i].base, steps[i].base);
        assert_int_equal(t.steps[i].operand, steps[i].operand);
        assert_int_equal(t.steps[i].value, steps[i].value);
        assert_non_null(totals_rule_name(t.steps[i].rule));
    }
    assert_null(totals_rule_name(RULE_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(golden_cases), WITH_ARENA(shares), WITH_ARENA(refused), WITH_ARENA(properties),
                                       WITH_ARENA(shares_add_up), WITH_ARENA(explained)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
