#include "unit.h"

static void the_table_is_sound(void **state)
{
    (void)state;
    for (int p = 1; p < PROBLEM_COUNT; p++) {
        const struct problem_info *info = problem_info((enum problem)p);
        assert_in_range(info->status, 400, 599);
        assert_true(info->title[0]);
        enum problem again;
        assert_true(problem_from_code(info->code, &again));       /* also: no code twice */
        assert_int_equal(again, p);
    }
    enum problem none = PROBLEM_NONE;
    assert_false(problem_from_code("no_such_code", &none));
}

static void long_details_are_cut_at_a_code_point(void **state)
{
    (void)state;
    struct err e;
    char text[ERR_DETAIL_MAX + 20];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'a', sizeof text);
        for (size_t i = shift; i + 3 < sizeof text; i += 3) memcpy(text + i, "\xE2\x82\xAC", 3);
        text[sizeof text - 1] = '\0';
        err_clear(&e);
        assert_false(err_set(&e, PROBLEM_INVALID, "%s", text));
        assert_true(str_is_utf8(str_from(e.detail)));
        assert_true(strlen(e.detail) > ERR_DETAIL_MAX - 6);
    }
}

static void fields_are_collected(void **state)
{
    (void)state;
    struct err e;
    err_clear(&e);
    for (int i = 0; i < ERR_FIELDS_MAX + 5; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        assert_false(err_field(&e, PROBLEM_REQUIRED, name, "is missing"));
    }
    assert_int_equal(e.n_fields, ERR_FIELDS_MAX);
    assert_string_equal(e.param, "f0");
    assert_int_equal(e.problem, PROBLEM_REQUIRED);
    assert_false(err_cause(&e, "why %d", 1));
    assert_int_equal(e.problem, PROBLEM_REQUIRED);
    err_clear(&e);
    assert_false(err_cause(&e, "why"));
    assert_int_equal(e.problem, PROBLEM_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_is_sound), cmocka_unit_test(long_details_are_cut_at_a_code_point), cmocka_unit_test(fields_are_collected)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
