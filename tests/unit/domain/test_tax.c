#include "unit.h"

#include "domain/tax.h"

static void rates(void **state)
{
    (void)state;
    static const struct tax_rate table[] = {
        {"DE", TAX_STANDARD, 190000, 0, 1000}, {"DE", TAX_STANDARD, 160000, 1000, 2000}, {"DE", TAX_STANDARD, 190000, 2000, 0},
        {"DE", TAX_REDUCED, 70000, 0, 0}, {"AT", TAX_STANDARD, 200000, 500, 0}};
    static const struct { const char *country; enum tax_class c; usec_t at; bool found; int64_t rate; } rows[] = {
        {"DE", TAX_STANDARD, 0, true, 190000}, {"DE", TAX_STANDARD, 999, true, 190000}, {"DE", TAX_STANDARD, 1000, true, 160000},
        {"DE", TAX_STANDARD, 1999, true, 160000}, {"DE", TAX_STANDARD, 2000, true, 190000}, {"DE", TAX_REDUCED, 5, true, 70000},
        {"AT", TAX_STANDARD, 499, false, 0}, {"AT", TAX_STANDARD, 500, true, 200000}, {"AT", TAX_REDUCED, 500, false, 0},
        {"US", TAX_STANDARD, 500, false, 0}, {"US", TAX_ZERO, 500, true, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t rate = 0;
        assert_int_equal(tax_find(table, ARRAY_LEN(table), rows[i].country, rows[i].c, rows[i].at, &rate), rows[i].found);
        assert_int_equal(rate, rows[i].rate);
    }
}

static void amounts(void **state)
{
    (void)state;
    static const struct { int64_t amount, rate, of_gross, of_net; } rows[] = {
        {0, 190000, 0, 0}, {119, 190000, 19, 23}, {2499, 190000, 399, 475}, {100, 0, 0, 0}, {1, 1000000, 0, 1}, {3, 1000000, 1, 3},
        {107, 70000, 7, 7}, {1, 190000, 0, 0}, {3, 190000, 0, 1}, {50, 50000, 2, 3}, {-50, 50000, -2, -3}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t gross = -1, net = -1;
        assert_true(tax_of_gross(rows[i].amount, rows[i].rate, &gross));
        assert_true(tax_of_net(rows[i].amount, rows[i].rate, &net));
        assert_int_equal(gross, rows[i].of_gross);
        assert_int_equal(net, rows[i].of_net);
    }
    int64_t v = 7;
    assert_false(tax_of_gross(100, -1, &v) || tax_of_gross(100, 1000001, &v) || tax_of_net(100, -1, &v) || tax_of_net(100, 1000001, &v));
    assert_int_equal(v, 7);
}

static void classes(void **state)
{
    (void)state;
    enum tax_class c;
    for (int i = 0; i < TAX_CLASS_COUNT; i++) {
        assert_true(tax_class_parse(str_from(tax_class_name((enum tax_class)i)), &c));
        assert_int_equal(c, i);
    }
    assert_false(tax_class_parse(STR("luxury"), &c) || tax_class_parse(STR(""), &c) || tax_class_parse(STR_NULL, &c));
    assert_null(tax_class_name(TAX_CLASS_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rates), cmocka_unit_test(amounts), cmocka_unit_test(classes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
