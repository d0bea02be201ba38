/* Tries: free ones, then waits that double; counted for the one and for the network. */
#include "shop.h"

#include "service/throttle.h"

static int attempt(struct shop *s, const char *whom, const char *client)
{
    struct err e;
    struct call *c = shop_call(s, "souk_user");
    err_clear(&e);
    c->client = str_from(client);
    if (throttle_try(c, "login", str_from(whom), &e))
        return 0;
    assert_int_equal(e.problem, PROBLEM_TOO_MANY_TRIES);
    assert_true(e.retry_after_s > 0);
    return e.retry_after_s;
}

static void waits_double_up_to_a_quarter_of_an_hour(void **state)
{
    struct shop *s = *state;
    usec_t begin = shop_now(s), now = begin;
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(attempt(s, "ada", NULL), 0);
    for (int wait = 1, i = 0; i < 14; i++, wait = wait * 2 > THROTTLE_MAX_S ? THROTTLE_MAX_S : wait * 2) {
        assert_int_equal(attempt(s, "ada", NULL), wait);
        assert_int_equal(attempt(s, "ada", NULL), wait);             /* asking again does not make it longer */
        shop_at(s, now += wait * USEC_PER_SEC);
        assert_int_equal(attempt(s, "ada", NULL), 0);
    }
    assert_int_equal(attempt(s, "eve", NULL), 0);                     /* somebody else's tries are her own */
    shop_at(s, now += 2 * USEC_PER_DAY);
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_int_equal(attempt(s, "ada", NULL), 0);                 /* begins anew */
    assert_int_equal(attempt(s, "ada", NULL), 1);
    shop_at(s, begin);
}

static void success_forgets_and_gives_back(void **state)
{
    struct shop *s = *state;
    struct err e;
    struct call *c;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < THROTTLE_FREE; i++)
            assert_int_equal(attempt(s, "bob", NULL), 0);
        err_clear(&e);
        c = shop_call(s, "souk_user");
        assert_good(throttle_clear(c, "login", STR("bob"), &e), e);
    }
    for (int i = 0; i < 20; i++) {                                    /* tries that nobody looked at do not count */
        assert_int_equal(attempt(s, "bob", NULL), 0);
        c = shop_call(s, "souk_user");
        assert_good(throttle_undo(c, "login", STR("bob"), &e), e);
    }
}

/* One news for each time that the tries were used up. */
static void told_once(void **state)
{
    struct shop *s = *state;
    struct err e;
    bool tell;
    err_clear(&e);
    for (int round = 0; round < 2; round++) {
        for (int i = 1; i <= THROTTLE_FREE; i++) {
            assert_int_equal(attempt(s, "cid", NULL), 0);
            assert_good(throttle_tell(shop_call(s, "souk_user"), "login", STR("cid"), &tell, &e), e);
            assert_int_equal(tell, i == THROTTLE_FREE);
        }
        assert_good(throttle_tell(shop_call(s, "souk_user"), "login", STR("cid"), &tell, &e), e);
        assert_false(tell);
        assert_good(throttle_clear(shop_call(s, "souk_user"), "login", STR("cid"), &e), e);
    }
    assert_good(throttle_tell(shop_call(s, "souk_user"), "login", STR("nobody"), &tell, &e), e);
    assert_false(tell);
}

static void a_network_has_more_and_gets_them_back(void **state)
{
    struct shop *s = *state;
    char whom[20];
    usec_t now = shop_now(s);
    for (int i = 0; i < THROTTLE_NETWORK_FREE; i++) {
        snprintf(whom, sizeof whom, "many%d", i);
        assert_int_equal(attempt(s, whom, "2001:db8:1:2::9"), 0);
    }
    assert_true(attempt(s, "one more", "2001:db8:1:2:ffff::1") > 0);  /* the same /64 */
    assert_int_equal(attempt(s, "one more", "2001:db8:1:3::9"), 0);
    assert_int_equal(attempt(s, "another", "203.0.113.7"), 0);
    shop_at(s, now + 10 * THROTTLE_NETWORK_REFILL_S * USEC_PER_SEC);
    for (int i = 0; i < 9; i++) {
        snprintf(whom, sizeof whom, "later%d", i);
        assert_int_equal(attempt(s, whom, "2001:db8:1:2::9"), 0);
    }
    shop_at(s, now);
}

static void networks_have_names(void **state)
{
    struct shop *s = *state;
    struct call *c = shop_call(s, "souk_user");
    static const char *const names[][2] = {{"203.0.113.9", "203.0.113.9"}, {"::ffff:203.0.113.9", "203.0.113.9"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
                                           {"unix:", "unix:"}, {"", ""}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(str_eq_c(throttle_network(c->arena, str_from(names[i][0])), names[i][1]));
    struct str a = throttle_key(c, "login", STR("x")), b = throttle_key(c, "confirm", STR("x"));
    assert_int_equal(a.n, 32);
    assert_false(str_eq(a, b));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.throttle t WHERE position('ada'::bytea IN t.key) > 0"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(waits_double_up_to_a_quarter_of_an_hour), cmocka_unit_test(success_forgets_and_gives_back), cmocka_unit_test(told_once),
                                       cmocka_unit_test(a_network_has_more_and_gets_them_back), cmocka_unit_test(networks_have_names)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
