#include "db/conn.h"
#include "unit.h"

static const struct {
    const char *state;
    enum problem problem;
    bool repeat, close;
} cases[] = {
    {"40001", PROBLEM_UNAVAILABLE, true, false}, {"40P01", PROBLEM_UNAVAILABLE, true, false}, {"55P03", PROBLEM_UNAVAILABLE, true, false},
    {"57014", PROBLEM_TIMEOUT, false, false},    {"57P01", PROBLEM_UNAVAILABLE, true, true},  {"57P03", PROBLEM_UNAVAILABLE, true, true},
    {"53300", PROBLEM_UNAVAILABLE, false, true}, {"08006", PROBLEM_UNAVAILABLE, true, true},  {"25006", PROBLEM_UNAVAILABLE, false, true},
    {"0A000", PROBLEM_UNAVAILABLE, true, true},  {"23505", PROBLEM_INTERNAL, false, false},   {"42501", PROBLEM_INTERNAL, false, false},
    {"", PROBLEM_INTERNAL, false, false},        {"4000", PROBLEM_INTERNAL, false, false},    {"XX000", PROBLEM_INTERNAL, false, false},
};

static void every_state_has_its_rule(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct sqlstate_rule *r = sqlstate_rule(cases[i].state);
        assert_int_equal(r->problem, cases[i].problem);
        assert_int_equal(r->repeat, cases[i].repeat);
        assert_int_equal(r->close, cases[i].close);
    }
    assert_int_equal(sqlstate_rule(NULL)->problem, PROBLEM_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_state_has_its_rule)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
