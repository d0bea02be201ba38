#include "unit_arena.h"

#include "service/idem.h"

static void refusals(void **state)
{
    (void)state;
    static const struct { const char *outcome; enum problem p; bool retry; } rows[] = {
        {"in_flight", PROBLEM_IN_FLIGHT, true}, {"mismatch", PROBLEM_IDEMPOTENCY_REUSED, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e;
        err_clear(&e);
        assert_false(idem_refused(str_from(rows[i].outcome), &e));
        assert_int_equal(e.problem, rows[i].p);
        assert_int_equal(e.retry_after_s > 0, rows[i].retry);
    }
}

/* Without a key nothing is asked and nothing is opened: there is not even a connection here. */
static void without_a_key(void **state)
{
    (void)state;
    struct call c = {.arena = a};
    struct idem k = {.keyed = true};
    struct err e;
    err_clear(&e);
    assert_true(idem_begin(&c, STR("scope"), &k, &e));
    assert_false(k.keyed || k.replay);
    assert_true(idem_end(&c, &k, 200, STR("{}"), &e));
    idem_abort(&c, &k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(refusals), WITH_ARENA(without_a_key)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
