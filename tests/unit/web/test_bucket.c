#include "web/bucket.h"
#include "base/clock.h"
#include "unit_arena.h"

static void fills_again_with_time(void **state)
{
    struct bucket_table *t = bucket_table_new();
    int64_t now = 1000 * USEC_PER_SEC;
    int wait = 0;
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(bucket_take(t, STR("a"), 6, 3, now, &wait));
    assert_false(bucket_take(t, STR("a"), 6, 3, now, &wait));
    assert_int_equal(wait, 10);                                   /* six a minute: one each ten seconds */
    assert_false(bucket_take(t, STR("a"), 6, 3, now + 9 * USEC_PER_SEC, &wait));
    assert_int_equal(wait, 1);
    assert_true(bucket_take(t, STR("a"), 6, 3, now + 10 * USEC_PER_SEC, &wait));
    assert_false(bucket_take(t, STR("a"), 6, 3, now + 10 * USEC_PER_SEC, &wait));
    for (int i = 0; i < 3; i++)
        assert_true(bucket_take(t, STR("a"), 6, 3, now + USEC_PER_HOUR, &wait));
    assert_false(bucket_take(t, STR("a"), 6, 3, now + USEC_PER_HOUR, &wait));
    bucket_table_destroy(t);
}

static void keys_do_not_share(void **state)
{
    struct bucket_table *t = bucket_table_new();
    int wait;
    (void)state;
    assert_true(bucket_take(t, STR("a"), 1, 1, 1, &wait));
    assert_false(bucket_take(t, STR("a"), 1, 1, 1, &wait));
    assert_true(bucket_take(t, STR("b"), 1, 1, 1, &wait));
    bucket_table_destroy(t);
}

static void a_flood_of_keys_is_bounded_and_the_recent_one_is_remembered(void **state)
{
    struct bucket_table *t = bucket_table_new();
    int wait;
    (void)state;
    for (int i = 0; i < 100000; i++)
        assert_true(bucket_take(t, str_printf(a, "k%d", i), 1, 1, i, &wait));
    assert_false(bucket_take(t, STR("k99999"), 1, 1, 100000, &wait));
    bucket_table_destroy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(fills_again_with_time), WITH_ARENA(keys_do_not_share), WITH_ARENA(a_flood_of_keys_is_bounded_and_the_recent_one_is_remembered)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
