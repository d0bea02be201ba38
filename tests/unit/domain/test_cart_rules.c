#include "unit.h"

#include "domain/cart_rules.h"

static void line_states(void **state)
{
    (void)state;
    static const struct { struct cart_line_facts f; enum cart_line_state expected; bool blocks; } rows[] = {
        {{true, true, 100, 100, 2, 5}, CART_LINE_OK, false},
        {{true, true, 100, 100, 5, 5}, CART_LINE_OK, false},
        {{true, true, 120, 100, 2, 5}, CART_LINE_PRICE_CHANGED, false},
        {{true, true, 80, 100, 2, 5}, CART_LINE_PRICE_CHANGED, false},
        {{true, true, 100, 100, 6, 5}, CART_LINE_INSUFFICIENT_STOCK, true},
        {{true, true, 120, 100, 6, 5}, CART_LINE_INSUFFICIENT_STOCK, true},
        {{true, true, 100, 100, 1, 0}, CART_LINE_SOLD_OUT, true},
        {{true, true, 100, 100, 1, -3}, CART_LINE_SOLD_OUT, true},
        {{false, true, 100, 100, 1, 5}, CART_LINE_UNAVAILABLE, true},
        {{true, false, 0, 100, 1, 5}, CART_LINE_UNAVAILABLE, true}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(cart_line_state(&rows[i].f), rows[i].expected);
        assert_int_equal(cart_line_blocks(rows[i].expected), rows[i].blocks);
        assert_non_null(cart_line_state_name(rows[i].expected));
    }
    assert_null(cart_line_state_name(CART_LINE_STATE_COUNT));
}

static void limits(void **state)
{
    (void)state;
    static const struct { int64_t lines, present, more; enum problem expected; } rows[] = {
        {0, 0, 1, PROBLEM_NONE}, {99, 0, 999, PROBLEM_NONE}, {100, 5, 1, PROBLEM_NONE}, {100, 0, 1, PROBLEM_CART_FULL},
        {3, 998, 1, PROBLEM_NONE}, {3, 998, 2, PROBLEM_OUT_OF_RANGE}, {3, 999, 1, PROBLEM_OUT_OF_RANGE}, {0, 0, 0, PROBLEM_OUT_OF_RANGE},
        {0, 0, -1, PROBLEM_OUT_OF_RANGE}, {0, 0, 1000, PROBLEM_OUT_OF_RANGE}, {0, 0, INT64_MAX, PROBLEM_OUT_OF_RANGE}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e;
        err_clear(&e);
        assert_int_equal(cart_check_add(rows[i].lines, rows[i].present, rows[i].more, &e), rows[i].expected == PROBLEM_NONE);
        assert_int_equal(e.problem, rows[i].expected);
    }
}

static void values(void **state)
{
    (void)state;
    static const struct { int64_t goods, price, quantity, after; bool fits; } rows[] = {
        {0, 0, 999, 0, true}, {100, 50, 3, 250, true}, {0, CART_VALUE_MAX, 1, CART_VALUE_MAX, true}, {1, CART_VALUE_MAX, 1, 1, false},
        {0, CART_VALUE_MAX / 999, 999, CART_VALUE_MAX / 999 * 999, true}, {7, MONEY_MAX, 1, 7, false}, {7, MONEY_MAX, 999, 7, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t goods = rows[i].goods;
        assert_int_equal(cart_value_add(rows[i].price, rows[i].quantity, &goods), rows[i].fits);
        assert_int_equal(goods, rows[i].after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(line_states), cmocka_unit_test(limits), cmocka_unit_test(values)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
