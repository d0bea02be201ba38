#include "unit.h"

#include "base/money.h"

static struct currency currency(const char *code)
{
    struct currency c = {""};
    assert_true(currency_parse(str_from(code), &c));
    return c;
}

static void rounding_half_away_from_zero(void **state)
{
    (void)state;
    static const struct { int64_t a, num, den, expected; } rows[] = {
        {1, 1, 2, 1}, {-1, 1, 2, -1}, {3, 1, 2, 2}, {-3, 1, 2, -2}, {1, 1, 3, 0}, {2, 1, 3, 1}, {-2, 1, 3, -1}, {0, 5, 7, 0}, {10, 1, 4, 3}, {-10, 1, 4, -3},
        {2499, 190000, 1000000, 475}, {MONEY_MAX, 1, 1, MONEY_MAX}, {MONEY_MAX, MONEY_MAX, MONEY_MAX, MONEY_MAX}, {-MONEY_MAX, 1, 1, -MONEY_MAX}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t v = 0;
        assert_true(money_mul_div(rows[i].a, rows[i].num, rows[i].den, &v));
        assert_int_equal(v, rows[i].expected);
    }
    int64_t v = 5;
    assert_false(money_mul_div(MONEY_MAX, 3, 2, &v));
    assert_int_equal(v, 5);
}

static void bounds(void **state)
{
    (void)state;
    int64_t v = 5;
    assert_true(money_add(MONEY_MAX, 0, &v));
    assert_false(money_add(MONEY_MAX, 1, &v) || money_add(INT64_MAX, INT64_MAX, &v));
    assert_false(money_sub(-MONEY_MAX, 1, &v) || money_sub(INT64_MIN, INT64_MAX, &v));
    assert_false(money_mul(MONEY_MAX, 2, &v) || money_mul(INT64_MAX, INT64_MAX, &v));
    assert_int_equal(v, MONEY_MAX);
}

static void currencies(void **state)
{
    (void)state;
    struct currency c;
    assert_int_equal(currency_exponent(currency("EUR")), 2);
    assert_int_equal(currency_exponent(currency("JPY")), 0);
    assert_int_equal(currency_exponent(currency("KWD")), 3);
    assert_false(currency_parse(STR("eur"), &c) || currency_parse(STR("ZZZ"), &c) || currency_parse(STR(""), &c) || currency_parse(STR("EURO"), &c));
}

static void decimal_text(void **state)
{
    (void)state;
    static const struct { const char *text, *currency; bool ok; int64_t amount; const char *again; } rows[] = {
        {"24.99", "EUR", true, 2499, "24.99"}, {"24.9", "EUR", true, 2490, "24.90"}, {"24", "EUR", true, 2400, "24.00"}, {"0.05", "EUR", true, 5, "0.05"},
        {"-0.05", "EUR", true, -5, "-0.05"}, {"24.990", "EUR", true, 2499, "24.99"}, {"24.995", "EUR", false, 0, NULL}, {"1500", "JPY", true, 1500, "1500"},
        {"1500.5", "JPY", false, 0, NULL}, {"1.234", "KWD", true, 1234, "1.234"}, {"90071992547409.91", "EUR", true, MONEY_MAX, "90071992547409.91"},
        {"90071992547409.92", "EUR", false, 0, NULL}, {"", "EUR", false, 0, NULL}, {"-", "EUR", false, 0, NULL}, {".5", "EUR", false, 0, NULL},
        {"5.", "EUR", false, 0, NULL}, {"1,5", "EUR", false, 0, NULL}, {"1.2.3", "EUR", false, 0, NULL}, {" 1", "EUR", false, 0, NULL}, {"1e2", "EUR", false, 0, NULL}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct money m = {-1, currency(rows[i].currency)};
        assert_int_equal(money_parse_decimal(str_from(rows[i].text), m.currency, &m.amount), rows[i].ok);
        assert_int_equal(m.amount, rows[i].ok ? rows[i].amount : -1);
        if (rows[i].ok) assert_str(money_decimal(a, m), rows[i].again);
    }
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rounding_half_away_from_zero), cmocka_unit_test(bounds), cmocka_unit_test(currencies), cmocka_unit_test(decimal_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
