#include "service/session_internal.h"
#include "signing.h"

static struct session_grant opened(struct shop *s, struct account_id account, bool second_factor)
{
    struct call *c = shop_call(s, "souk_user");
    struct session_grant g;
    struct err e = {0};
    c->client = STR("203.0.113.9");
    c->user_agent = STR("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
    assert_good(session_open(c, &(struct session_new){.account = account, .second_factor = second_factor}, &g, &e), e);
    g.cookie = str_from(strndup(g.cookie.p, g.cookie.n));
    return g;
}

static void who_has_a_cookie(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL), staff = an_account(s, "support");
    struct session_grant g = opened(s, account, false), h = opened(s, staff, true);
    static const char *const roles[] = {"souk_product", "souk_user", "souk_order", "souk_payment", "souk_inventory", "souk_admin"};
    struct actor who;
    struct err e = {0};
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        assert_good(session_by_cookie(shop_call(s, roles[i]), g.cookie, &who, &e), e);
        assert_true(who.kind == ACTOR_CUSTOMER && uuid_eq(who.account.u, account.u) && uuid_eq(who.session.u, g.session.u) && who.permissions == 0);
        assert_true(!who.second_factor && who.fresh_at == shop_now(s));
    }
    assert_good(session_by_cookie(shop_call(s, "souk_order"), h.cookie, &who, &e), e);
    assert_true(who.kind == ACTOR_STAFF && who.second_factor && permission_has(who.permissions, PERMISSION_READ_ORDERS));
    assert_false(permission_has(who.permissions, PERMISSION_WRITE_STAFF));
    free((char *)(uintptr_t)g.cookie.p);
    free((char *)(uintptr_t)h.cookie.p);
}

static void cookies_that_are_none(void **state)
{
    struct shop *s = *state;
    struct session_grant g = opened(s, an_account(s, NULL), false);
    struct actor who;
    struct err e;
    for (size_t i = 0; i < g.cookie.n; i++) {                    /* one character changed anywhere: the last part only helps to find */
        char bad[256];
        snprintf(bad, sizeof bad, STR_FMT, STR_ARG(g.cookie));
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        err_clear(&e);
        if (session_by_cookie(shop_call(s, "souk_user"), str_from(bad), &who, &e) && i < 30 + 44)
            fail_msg("%zu %s", i, bad);
    }
    static const char *const none[] = {"", ".", "..", "...", "ses_", "a.b.c", "ses_01jd9v7q3e8m2k5x6r4t0w1y9z", "ses_01jd9v7q3e8m2k5x6r4t0w1y9z..acc_01jd9v7q3e8m2k5x6r4t0w1y9z",
                                       "ses_01jd9v7q3e8m2k5x6r4t0w1y9z.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.acc_01jd9v7q3e8m2k5x6r4t0w1y9z"};
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        err_clear(&e);
        assert_refused(session_by_cookie(shop_call(s, "souk_user"), str_from(none[i]), &who, &e), e, PROBLEM_UNAUTHENTICATED);
    }
    free((char *)(uintptr_t)g.cookie.p);
}

static void sessions_expire(void **state)
{
    struct shop *s = *state;
    struct session_grant g = opened(s, an_account(s, NULL), false);
    struct actor who;
    struct err e = {0};
    usec_t begin = shop_now(s);
    shop_at(s, begin + 13 * USEC_PER_DAY);
    assert_good(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e);
    shop_at(s, begin + 26 * USEC_PER_DAY);                       /* used in between: not idle */
    assert_good(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e);
    shop_at(s, begin + 41 * USEC_PER_DAY);                       /* idle for more than 14 days */
    assert_refused(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    shop_at(s, begin);
    free((char *)(uintptr_t)g.cookie.p);
    g = opened(s, an_account(s, NULL), false);
    for (int day = 0; day < 90; day += 10) {
        shop_at(s, begin + day * USEC_PER_DAY);
        err_clear(&e);
        assert_good(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e);
    }
    shop_at(s, begin + 90 * USEC_PER_DAY);                       /* the absolute end */
    assert_refused(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    shop_at(s, begin);
    free((char *)(uintptr_t)g.cookie.p);
}

static void last_use_once_a_minute(void **state)
{
    struct shop *s = *state;
    struct session_grant g = opened(s, an_account(s, NULL), false);
    struct actor who;
    struct err e = {0};
    char id[40];
    usec_t begin = shop_now(s);
    uuid_sql(g.session.u, id);
    shop_at(s, begin + 59 * USEC_PER_SEC);
    assert_good(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND last_used_at = created_at", id), 1);
    shop_at(s, begin + 61 * USEC_PER_SEC);
    struct call *c = shop_call(s, "souk_user");
    c->client = STR("2001:db8:1:2:3:4:5:6");
    assert_good(session_by_cookie(c, g.cookie, &who, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND last_used_at > created_at AND place = '2001:db8:1::'", id), 1);
    shop_at(s, begin);
    free((char *)(uintptr_t)g.cookie.p);
}

static void accounts_that_are_not_active(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_grant g = opened(s, account, false);
    struct actor who;
    struct err e = {0};
    char id[40];
    shop_sql(s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(account.u, id));
    assert_refused(session_by_cookie(shop_call(s, "souk_user"), g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    free((char *)(uintptr_t)g.cookie.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_has_a_cookie), cmocka_unit_test(cookies_that_are_none), cmocka_unit_test(sessions_expire),
                                       cmocka_unit_test(last_use_once_a_minute), cmocka_unit_test(accounts_that_are_not_active)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
