#include "service/session_internal.h"
#include "sql/identity_session.h"
#include "redis.h"
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

/* A call of a process that hears the news and has a Redis. */
static struct call *hearing(struct shop *s, struct service_env *env, struct session_news *news)
{
    struct call *c = shop_call(s, "souk_order");
    *env = *c->env;
    env->news = news;
    c->env = env;
    c->kv = redis_kv;
    session_news_read(news, clock_real());
    return c;
}

static void redis_serves(void **state)
{
    struct shop *s = *state;
    struct session_news *news = session_news_new(900 * USEC_PER_SEC);
    struct service_env env;
    struct account_id account = an_account(s, "support");
    struct actor who, again;
    struct err e = {0};
    char id[40];
    if (!redis_kv)
        skip();
    struct session_grant g = opened(s, account, true);
    uuid_sql(g.session.u, id);
    struct str key = session_redis_key(hearing(s, &env, news)->arena, account, g.session), text;
    char name[120];
    snprintf(name, sizeof name, STR_FMT, STR_ARG(key));
    assert_good(session_by_cookie(hearing(s, &env, news), g.cookie, &who, &e), e);
    assert_true(kv_get(redis_kv, hearing(s, &env, news)->arena, str_from(name), &text));
    /* the row changes behind everybody's back: Redis answers */
    shop_sql(s, "UPDATE identity.session SET ended_at = created_at, end_reason = 'unit' WHERE id = %s", id);
    assert_good(session_by_cookie(hearing(s, &env, news), g.cookie, &again, &e), e);
    assert_true(again.kind == ACTOR_STAFF && again.permissions == who.permissions && again.second_factor && again.fresh_at == who.fresh_at &&
                uuid_eq(again.account.u, account.u));
    /* a secret that is not the session's is asked about in PostgreSQL */
    char bad[256];
    snprintf(bad, sizeof bad, STR_FMT, STR_ARG(g.cookie));
    bad[40] = bad[40] == 'x' ? 'y' : 'x';
    assert_refused(session_by_cookie(hearing(s, &env, news), str_from(bad), &who, &e), e, PROBLEM_UNAUTHENTICATED);
    err_clear(&e);
    /* a business clock far ahead is, too */
    usec_t now = shop_now(s);
    shop_at(s, now + 400 * USEC_PER_DAY);
    assert_refused(session_by_cookie(hearing(s, &env, news), g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    err_clear(&e);
    shop_at(s, now);
    /* a process that hears nothing trusts nothing */
    struct call *deaf = hearing(s, &env, news);
    session_news_read(news, clock_real() - 6 * USEC_PER_SEC);
    assert_refused(session_by_cookie(deaf, g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    err_clear(&e);
    /* a news voids what Redis still has */
    session_news_add(news, account, g.session, clock_real());
    assert_refused(session_by_cookie(hearing(s, &env, news), g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    assert_true(kv_get(redis_kv, deaf->arena, str_from(name), &text));
    /* rubbish in Redis is no session */
    err_clear(&e);
    struct session_grant h = opened(s, account, true);
    static const char *const rubbish[] = {"", "1", "2 1 2 3", "1 x y z", "1 1 aa acc_01jd9v7q3e8m2k5x6r4t0w1y9z 1 1 1 1"};
    for (size_t i = 0; i < ARRAY_LEN(rubbish); i++) {
        struct call *c = hearing(s, &env, news);
        assert_true(kv_set(redis_kv, session_redis_key(c->arena, account, h.session), str_from(rubbish[i]), 60));
        assert_good(session_by_cookie(c, h.cookie, &who, &e), e);
    }
    session_news_destroy(news);
    free((char *)(uintptr_t)g.cookie.p);
    free((char *)(uintptr_t)h.cookie.p);
}

/* Who ends a session while Redis is away cannot delete its copy; the copy comes to life again with Redis and must not count. */
static void a_missed_delete(void **state)
{
    struct shop *s = *state;
    struct session_news *news = session_news_new(900 * USEC_PER_SEC);
    struct service_env env;
    struct account_id account = an_account(s, NULL);
    struct actor who;
    struct err e = {0};
    if (!redis_kv)
        skip();
    struct session_grant g = opened(s, account, false);
    assert_good(session_by_cookie(hearing(s, &env, news), g.cookie, &who, &e), e);
    assert_good(session_end(shop_call(s, "souk_user"), account, g.session, "signed_out", &e), e);          /* no Redis in this call */
    assert_good(session_by_cookie(hearing(s, &env, news), g.cookie, &who, &e), e);                         /* not heard yet: less than a second */
    struct call *c = hearing(s, &env, news);
    struct q_session_news_rows rows;
    assert_good(q_session_news(c->db, c->arena, &(struct q_session_news_in){.since = session_news_since(news, clock_real())}, &rows, &e), e);
    assert_int_equal(rows.n >= 1, 1);
    for (size_t i = 0; i < rows.n; i++) session_news_add(news, rows.v[i].account, rows.v[i].session, rows.v[i].created_at);
    assert_refused(session_by_cookie(hearing(s, &env, news), g.cookie, &who, &e), e, PROBLEM_UNAUTHENTICATED);
    session_news_destroy(news);
    free((char *)(uintptr_t)g.cookie.p);
}

static int start(void **state)
{
    redis_start();
    return shop_start(state);
}

static int stop(void **state)
{
    redis_stop();
    return shop_stop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_has_a_cookie), cmocka_unit_test(cookies_that_are_none), cmocka_unit_test(sessions_expire),
                                       cmocka_unit_test(last_use_once_a_minute), cmocka_unit_test(accounts_that_are_not_active),
                                       cmocka_unit_test(redis_serves), cmocka_unit_test(a_missed_delete)};
    return cmocka_run_group_tests(tests, start, stop);
}
