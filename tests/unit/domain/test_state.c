#include "unit.h"

#include "domain/state.h"

static const struct state_table lamp = {"lamp", 3, {{"off", STATE_BIT(1)}, {"on", STATE_BIT(0) | STATE_BIT(2)}, {"broken", 0}}};

static void edges(void **state)
{
    (void)state;
    static const struct { int from, to; bool may; } rows[] = {
        {0, 1, true}, {1, 0, true}, {1, 2, true}, {0, 2, false}, {2, 0, false}, {2, 1, false}, {0, 0, false}, {1, 1, false}, {2, 2, false},
        {-1, 0, false}, {0, -1, false}, {3, 0, false}, {0, 3, false}, {0, 40, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e;
        err_clear(&e);
        assert_int_equal(state_may(&lamp, rows[i].from, rows[i].to), rows[i].may);
        assert_int_equal(state_check(&lamp, rows[i].from, rows[i].to, &e), rows[i].may);
        assert_int_equal(e.problem, rows[i].may ? PROBLEM_NONE : PROBLEM_INVALID_STATE);
    }
    assert_true(state_final(&lamp, 2));
    assert_false(state_final(&lamp, 0) || state_final(&lamp, 3) || state_final(&lamp, -1));
}

static void names(void **state)
{
    (void)state;
    int s = 7;
    assert_true(state_parse(&lamp, STR("broken"), &s));
    assert_int_equal(s, 2);
    assert_false(state_parse(&lamp, STR("dim"), &s) || state_parse(&lamp, STR(""), &s) || state_parse(&lamp, STR_NULL, &s));
    assert_int_equal(s, 2);
    assert_string_equal(state_name(&lamp, 1), "on");
    assert_null(state_name(&lamp, 3));
    assert_null(state_name(&lamp, -1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges), cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
