#include <stdio.h>

#include "signing.h"

static struct signing g;

static void keep(char out[300], struct str token)
{
    snprintf(out, 300, STR_FMT, STR_ARG(token));
}

static void open_app(struct shop *s, struct account_id account, char refresh[300], struct session_id *ret_session)
{
    struct session_grant grant;
    struct err e = {0};
    assert_good(session_open(signing_call(s, &g, "souk_user"), &(struct session_new){.account = account, .kind = SESSION_APP}, &grant, &e), e);
    assert_true(str_is_null(grant.cookie) && grant.access_token.n > 200 && grant.access_s == 900);
    keep(refresh, grant.refresh_token);
    *ret_session = grant.session;
}

static bool refresh(struct shop *s, const char *token, char next[300], struct err *e)
{
    struct session_grant grant;
    err_clear(e);
    if (!session_refresh(signing_call(s, &g, "souk_user"), str_from(token), &grant, e)) return false;
    assert_true(grant.access_token.n > 200);
    keep(next, grant.refresh_token);
    return true;
}

/* Tabs that race get the same successor; a chain of them, too. */
static void races(void **state)
{
    struct shop *s = *state;
    struct session_id session;
    char zero[300], one[300], two[300], again[300];
    struct err e;
    usec_t begin = shop_now(s);
    open_app(s, an_account(s, NULL), zero, &session);
    assert_good(refresh(s, zero, one, &e), e);
    assert_string_not_equal(zero, one);
    shop_at(s, begin + 9 * USEC_PER_SEC);
    assert_good(refresh(s, zero, again, &e), e);
    assert_string_equal(one, again);
    assert_good(refresh(s, one, two, &e), e);
    assert_good(refresh(s, zero, again, &e), e);                 /* the grandparent, still within its time */
    assert_string_equal(one, again);
    assert_good(refresh(s, one, again, &e), e);
    assert_string_equal(two, again);
    shop_at(s, begin);
}

static void reuse_ends_the_session(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_id session;
    char zero[300], one[300], id[40], acc[40];
    struct err e;
    usec_t begin = shop_now(s);
    open_app(s, account, zero, &session);
    assert_good(refresh(s, zero, one, &e), e);
    shop_at(s, begin + 11 * USEC_PER_SEC);
    assert_refused(refresh(s, zero, one, &e), e, PROBLEM_INVALID_TOKEN);
    assert_refused(refresh(s, one, zero, &e), e, PROBLEM_INVALID_TOKEN);            /* the thief's or the owner's: nobody can tell, so both are out */
    uuid_sql(session.u, id);
    uuid_sql(account.u, acc);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND end_reason = 'token_reused'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE session_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'session.ended' AND object_id = %s AND detail->>'reason' = 'token_reused'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'token_reused' AND account_id = %s", acc), 1);
    shop_at(s, begin);
}

static void tokens_that_are_none(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_id session;
    struct session_grant browser;
    struct err e = {0};
    char zero[300], bad[300], next[300];
    open_app(s, account, zero, &session);
    for (size_t i = 0; i < strlen(zero); i++) {
        keep(bad, str_from(zero));
        bad[i] = bad[i] == '7' ? '8' : '7';
        assert_refused(refresh(s, bad, next, &e), e, PROBLEM_INVALID_TOKEN);
    }
    assert_refused(refresh(s, "", next, &e), e, PROBLEM_INVALID_TOKEN);
    assert_refused(refresh(s, "ses_.x", next, &e), e, PROBLEM_INVALID_TOKEN);
    assert_good(session_open(signing_call(s, &g, "souk_user"), &(struct session_new){.account = account}, &browser, &e), e);
    keep(bad, str_sub(browser.cookie, 0, 30 + 1 + 43));                             /* a cookie is no refresh token */
    assert_refused(refresh(s, bad, next, &e), e, PROBLEM_INVALID_TOKEN);
    assert_good(refresh(s, zero, next, &e), e);                                     /* and none of this ended anything */
    assert_good(session_end(signing_call(s, &g, "souk_user"), account, session, "signed_out", &e), e);
    assert_refused(refresh(s, next, bad, &e), e, PROBLEM_INVALID_TOKEN);
}

static void apps_expire_too(void **state)
{
    struct shop *s = *state;
    struct session_id session;
    struct err e;
    char token[300];
    usec_t begin = shop_now(s);
    open_app(s, an_account(s, NULL), token, &session);
    for (int day = 10; day < 90; day += 10) {
        shop_at(s, begin + day * USEC_PER_DAY);
        assert_good(refresh(s, token, token, &e), e);
    }
    shop_at(s, begin + 90 * USEC_PER_DAY);
    assert_refused(refresh(s, token, token, &e), e, PROBLEM_INVALID_TOKEN);
    shop_at(s, begin);
    open_app(s, an_account(s, NULL), token, &session);
    shop_at(s, begin + 15 * USEC_PER_DAY);
    assert_refused(refresh(s, token, token, &e), e, PROBLEM_INVALID_TOKEN);
    shop_at(s, begin);
}

/* Checking a token asks nobody; after a revocation PostgreSQL is asked; what it says counts. */
static void access_tokens(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, "support");
    struct session_grant grant;
    struct actor who;
    struct err e = {0};
    char token[2000], acc[40];
    assert_good(session_open(signing_call(s, &g, "souk_user"), &(struct session_new){.account = account, .kind = SESSION_APP, .second_factor = true}, &grant, &e), e);
    snprintf(token, sizeof token, STR_FMT, STR_ARG(grant.access_token));
    struct session_id session = grant.session;
    struct call *c = signing_call(s, &g, "souk_payment");
    c->db = NULL;
    assert_false(session_by_token(c, str_from(token), &who, &e));                    /* without any connection nothing is promised */
    err_clear(&e);
    c = signing_call(s, &g, "souk_payment");
    assert_good(session_by_token(c, str_from(token), &who, &e), e);
    assert_true(who.kind == ACTOR_STAFF && who.second_factor && permission_has(who.permissions, PERMISSION_READ_ORDERS) && !permission_has(who.permissions, PERMISSION_WRITE_KEYS));
    assert_true(uuid_eq(who.account.u, account.u) && uuid_eq(who.session.u, session.u) && who.fresh_at == 0);
    assert_good(session_look(c, &who, &e), e);
    assert_true(who.fresh_at == shop_now(s));
    /* roles change: the token's own words count no more */
    shop_sql(s, "DELETE FROM identity.account_role WHERE account_id = %s", uuid_sql(account.u, acc));
    assert_good(session_by_token(signing_call(s, &g, "souk_payment"), str_from(token), &who, &e), e);
    assert_true(permission_has(who.permissions, PERMISSION_READ_ORDERS));
    session_news_add(g.news, account, (struct session_id){0}, clock_real());
    assert_good(session_by_token(signing_call(s, &g, "souk_payment"), str_from(token), &who, &e), e);
    assert_true(who.permissions == 0);
    /* the end */
    assert_good(session_end(signing_call(s, &g, "souk_user"), account, session, "signed_out", &e), e);
    assert_refused(session_by_token(signing_call(s, &g, "souk_payment"), str_from(token), &who, &e), e, PROBLEM_INVALID_TOKEN);
}

static void tokens_of_other_shops(void **state)
{
    struct shop *s = *state;
    struct session_grant grant;
    struct actor who;
    struct err e = {0};
    char token[2000];
    struct config other;
    assert_good(session_open(signing_call(s, &g, "souk_user"), &(struct session_new){.account = an_account(s, NULL), .kind = SESSION_APP}, &grant, &e), e);
    snprintf(token, sizeof token, STR_FMT, STR_ARG(grant.access_token));
    struct call *c = signing_call(s, &g, "souk_order");
    other = *c->env->config;
    other.base_url = "https://elsewhere.example";
    struct service_env env = g.env;
    env.config = &other;
    c->env = &env;
    assert_refused(session_by_token(c, str_from(token), &who, &e), e, PROBLEM_INVALID_TOKEN);
    err_clear(&e);
    other = *g.env.config;
    other.token_audience = "https://another.audience";
    c = signing_call(s, &g, "souk_order");
    c->env = &env;
    assert_refused(session_by_token(c, str_from(token), &who, &e), e, PROBLEM_INVALID_TOKEN);
}

static int start(void **state)
{
    int rc = shop_start(state);
    signing_begin(*state, &g);
    return rc;
}

static int stop(void **state)
{
    signing_end(&g);
    return shop_stop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(races), cmocka_unit_test(reuse_ends_the_session), cmocka_unit_test(tokens_that_are_none),
                                       cmocka_unit_test(apps_expire_too), cmocka_unit_test(access_tokens), cmocka_unit_test(tokens_of_other_shops)};
    return cmocka_run_group_tests(tests, start, stop);
}
