#include "signing.h"

static void rows_of_a_session(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct call *c = shop_call(s, "souk_user");
    struct session_grant g;
    struct err e = {0};
    char id[40], acc[40];
    c->client = STR("203.0.113.9");
    c->user_agent = STR("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
    assert_good(session_open(c, &(struct session_new){.account = account, .method = SESSION_BY_PASSKEY, .second_factor = true}, &g, &e), e);
    assert_true(str_is_null(g.refresh_token) && str_is_null(g.access_token) && g.cookie.n > 80 && g.cookie_s == c->env->config->session_max_s);
    uuid_sql(g.session.u, id);
    uuid_sql(account.u, acc);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND account_id = %s AND kind = 'browser' AND method = 'passkey' AND second_factor "
                                 "AND device = 'Firefox on Linux' AND place = '203.0.113.0' AND fresh_at = created_at AND ended_at IS NULL", id, acc), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND last_sign_in_at IS NOT NULL", acc), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'session.opened' AND object_id = %s AND detail->>'place' = '203.0.113.0'", id), 1);
    /* the secret itself is nowhere */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND position(convert_to('" STR_FMT "', 'UTF8') IN secret_hash) > 0", id,
                              STR_ARG(str_sub(g.cookie, 31, 43))), 0);
}

static void nobody_signs_in_to_a_disabled_account(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_grant g;
    struct err e = {0};
    char acc[40];
    shop_sql(s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(account.u, acc));
    assert_refused(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account}, &g, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE account_id = %s", acc), 0);
}

/* The password was looked at, then somebody changed it: the sessions of the old one are ended already, and this one would be left over. */
static void no_session_for_a_password_of_before(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_grant g;
    struct err e = {0};
    char acc[40];
    usec_t then = shop_now(s) - USEC_PER_HOUR;
    shop_sql(s, "UPDATE identity.account SET password = 'x', password_changed_at = timestamptz 'epoch' + %lld * interval '1 microsecond' WHERE id = %s", (long long)then, uuid_sql(account.u, acc));
    assert_good(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account, .password_at = then}, &g, &e), e);
    assert_refused(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account, .password_at = then - 1}, &g, &e), e, PROBLEM_INVALID_CREDENTIALS);
    err_clear(&e);
    assert_good(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account, .method = SESSION_BY_PASSKEY}, &g, &e), e);
}

/* The old cookie dies with the rise: whoever planted or copied it has nothing. */
static void a_rise_brings_a_new_secret(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL), other = an_account(s, NULL);
    struct session_grant g, h;
    struct actor who;
    struct err e = {0};
    char old[256];
    usec_t begin = shop_now(s);
    assert_good(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account}, &g, &e), e);
    snprintf(old, sizeof old, STR_FMT, STR_ARG(g.cookie));
    shop_at(s, begin + USEC_PER_HOUR);
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = other};
    assert_refused(session_raise(c, g.session, true, &h, &e), e, PROBLEM_UNAUTHENTICATED);
    err_clear(&e);
    c->actor.account = account;
    assert_good(session_raise(c, g.session, true, &h, &e), e);
    assert_true(uuid_eq(h.session.u, g.session.u) && !str_eq_c(h.cookie, old));
    assert_good(session_by_cookie(c, h.cookie, &who, &e), e);
    assert_true(who.second_factor && who.fresh_at == begin + USEC_PER_HOUR);
    assert_refused(session_by_cookie(c, str_from(old), &who, &e), e, PROBLEM_UNAUTHENTICATED);
    shop_at(s, begin);
}

/* What a browser sent before the new cookie reached it must not cost it the new one; for anything else there is no such grace. */
static void the_cookie_before_is_known_for_a_minute(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_grant g, h;
    struct actor who;
    struct err e = {0};
    bool rotated;
    char old[256], fresh[256];
    usec_t begin = shop_now(s);
    assert_good(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account}, &g, &e), e);
    snprintf(old, sizeof old, STR_FMT, STR_ARG(g.cookie));
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = account};
    assert_good(session_raise(c, g.session, false, &h, &e), e);
    snprintf(fresh, sizeof fresh, STR_FMT, STR_ARG(h.cookie));
    assert_good(session_cookie_rotated(c, str_from(old), &rotated, &e), e);
    assert_true(rotated);
    assert_refused(session_by_cookie(c, str_from(old), &who, &e), e, PROBLEM_UNAUTHENTICATED);
    err_clear(&e);
    c = shop_call(s, "souk_product");                                    /* any pool is asked */
    assert_good(session_cookie_rotated(c, str_from(fresh), &rotated, &e), e);
    assert_false(rotated);
    old[60] = old[60] == 'A' ? 'B' : 'A';
    assert_good(session_cookie_rotated(c, str_from(old), &rotated, &e), e);
    assert_false(rotated);
    snprintf(old, sizeof old, STR_FMT, STR_ARG(g.cookie));
    shop_at(s, begin + USEC_PER_MINUTE);
    assert_good(session_cookie_rotated(shop_call(s, "souk_user"), str_from(old), &rotated, &e), e);
    assert_false(rotated);
    shop_at(s, begin);
    c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = account};
    assert_good(session_end(c, account, g.session, "signed_out", &e), e);
    assert_good(session_cookie_rotated(c, str_from(old), &rotated, &e), e);
    assert_false(rotated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows_of_a_session), cmocka_unit_test(nobody_signs_in_to_a_disabled_account), cmocka_unit_test(a_rise_brings_a_new_secret), cmocka_unit_test(no_session_for_a_password_of_before),
                                       cmocka_unit_test(the_cookie_before_is_known_for_a_minute)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
