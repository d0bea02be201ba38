#include "jobs/jobs.h"
#include "unit.h"

static void rows_are_whole_and_unique(void **state)
{
    (void)state;
    for (const struct job *j = job_table; j->name != NULL; j++) {
        assert_true(strcmp(j->group, "core") == 0 || strcmp(j->group, "payment") == 0);
        assert_true(j->run != NULL && j->doc != NULL && j->busy_ms >= 0 && j->idle_ms >= j->busy_ms);
        for (const struct job *k = job_table; k < j; k++)
            assert_string_not_equal(j->name, k->name);
    }
}

/* The relay promises 50 ms busy and 500 ms idle, which are settings. */
static void the_relay_follows_the_settings(void **state)
{
    (void)state;
    assert_string_equal(job_table[0].name, "relay");
    assert_int_equal(job_table[0].busy_ms, 0);
    assert_int_equal(job_table[0].idle_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_are_whole_and_unique), cmocka_unit_test(the_relay_follows_the_settings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
