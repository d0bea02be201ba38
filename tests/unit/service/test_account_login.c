/* Sign-in: one answer for everything that is not right, waits that grow, hashes that get better, a second step where it is owed. */
#include "registering.h"

#include <crypt.h>

#include "service/throttle.h"

static void one_answer(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct err e, first;
    struct account_id gone = member(s, "gone@example.com");
    char id[40];
    (void)member(s, "here@example.com");
    (void)register_one(s, "pending@example.com");
    shop_sql(s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(gone.u, id));
    assert_refused(signs_in(s, "here@example.com", OTHER_PASSWORD, &r, &first), first, PROBLEM_INVALID_CREDENTIALS);
    static const char *const tries[][2] = {{"nobody@example.com", GOOD_PASSWORD}, {"pending@example.com", GOOD_PASSWORD}, {"gone@example.com", GOOD_PASSWORD}, {"no address", "x"}};
    for (size_t i = 0; i < 4; i++) {
        assert_refused(signs_in(s, tries[i][0], tries[i][1], &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
        assert_string_equal(e.detail, first.detail);
        assert_string_equal(e.param, first.param);
    }
    assert_good(signs_in(s, "here@example.com", GOOD_PASSWORD, &r, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'login.failed' AND detail::text NOT LIKE '%%@%%'"), 5);
}

/* Known or not: five, then wait; the owner hears of it once, the link lifts it. */
static void locks_and_unlocks(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct err e;
    char link[120];
    usec_t now = shop_now(s);
    (void)member(s, "lock@example.com");
    int64_t told = owed(s, "sign_in_locked"), rows = shop_ask(s, "SELECT count(*) FROM identity.challenge WHERE purpose = 'unlock'");
    static const char *const who[] = {"lock@example.com", "unknown.lock@example.com"};
    for (int w = 0; w < 2; w++) {
        for (int i = 0; i < THROTTLE_FREE; i++)
            assert_refused(signs_in(s, who[w], OTHER_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
        assert_refused(signs_in(s, who[w], GOOD_PASSWORD, &r, &e), e, PROBLEM_TOO_MANY_TRIES);
        assert_int_equal(e.retry_after_s, 1);
    }
    assert_int_equal(owed(s, "sign_in_locked"), told + 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.challenge WHERE purpose = 'unlock'"), rows + 2);      /* the same work for both */
    shop_at(s, now + 2 * USEC_PER_SEC);
    assert_refused(signs_in(s, who[0], OTHER_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_refused(signs_in(s, who[0], GOOD_PASSWORD, &r, &e), e, PROBLEM_TOO_MANY_TRIES);
    assert_int_equal(e.retry_after_s, 2);
    assert_int_equal(owed(s, "sign_in_locked"), told + 1);
    struct challenge_id id;
    int64_t high = shop_ask(s, "SELECT ('x' || left(replace(c.id::text, '-', ''), 16))::bit(64)::bigint FROM identity.challenge c WHERE c.purpose = 'unlock' AND NOT c.decoy");
    int64_t low = shop_ask(s, "SELECT ('x' || right(replace(c.id::text, '-', ''), 16))::bit(64)::bigint FROM identity.challenge c WHERE c.purpose = 'unlock' AND NOT c.decoy");
    for (int i = 0; i < 8; i++) {
        ((uint8_t *)&id)[i] = (uint8_t)((uint64_t)high >> (56 - 8 * i));
        ((uint8_t *)&id)[8 + i] = (uint8_t)((uint64_t)low >> (56 - 8 * i));
    }
    link_of(s, id, link);
    assert_good(account_unlock(registering_call(s, &e), str_from(link), &e), e);
    assert_refused(account_unlock(registering_call(s, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
    assert_good(signs_in(s, who[0], GOOD_PASSWORD, &r, &e), e);
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_refused(signs_in(s, who[0], OTHER_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_int_equal(owed(s, "sign_in_locked"), told + 2);                /* a new episode */
    shop_at(s, now);
}

static void foreign_hashes_get_better(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct account_id id;
    struct err e;
    char sql_id[40];
    struct crypt_data data = {0};
    const char *hash = crypt_r(GOOD_PASSWORD, "$2b$04$abcdefghijklmnopqrstuu", &data);
    assert_non_null(hash);
    assert_good(account_create(registering_call(s, &e), &(struct account_new){.email = STR("cognito@example.com"), .password_encoded = str_from(hash), .verified = true}, &id, &e), e);
    assert_refused(signs_in(s, "cognito@example.com", OTHER_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_good(signs_in(s, "cognito@example.com", GOOD_PASSWORD, &r, &e), e);
    uuid_sql(id.u, sql_id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND password LIKE '$argon2id$v=19$m=8192,t=1%%'", sql_id), 1);
    registering_config()->password_passes = 2;
    registering_again();
    assert_good(signs_in(s, "cognito@example.com", GOOD_PASSWORD, &r, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND password LIKE '$argon2id$v=19$m=8192,t=2%%'", sql_id), 1);
    assert_good(signs_in(s, "cognito@example.com", GOOD_PASSWORD, &r, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'password.upgraded' AND object_id = %s", sql_id), 2);
    registering_config()->password_passes = 1;
    registering_again();
}

static void a_hash_that_nobody_understands(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct err e;
    char id[40];
    struct account_id account = member(s, "broken@example.com");
    shop_sql(s, "UPDATE identity.account SET password = '$unknown$x' WHERE id = %s", uuid_sql(account.u, id));
    assert_refused(signs_in(s, "broken@example.com", GOOD_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
}

static void presence(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct session_grant g;
    struct err e;
    struct account_id id = member(s, "present@example.com");
    assert_good(signs_in(s, "present@example.com", GOOD_PASSWORD, &r, &e), e);
    struct session_id session = r.grant.session;
    assert_refused(account_confirm(as_member(s, id, session, &e), STR_NULL, STR_NULL, &g, &e), e, PROBLEM_REQUIRED);
    assert_refused(account_confirm(as_member(s, id, session, &e), STR(OTHER_PASSWORD), STR_NULL, &g, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_good(account_confirm(as_member(s, id, session, &e), STR(GOOD_PASSWORD), STR_NULL, &g, &e), e);
    assert_true(uuid_eq(g.session.u, session.u) && g.cookie.n > 60);
    for (int i = 0; i < THROTTLE_FREE; i++)
        assert_refused(account_confirm(as_member(s, id, session, &e), STR(OTHER_PASSWORD), STR_NULL, &g, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_refused(account_confirm(as_member(s, id, session, &e), STR(GOOD_PASSWORD), STR_NULL, &g, &e), e, PROBLEM_TOO_MANY_TRIES);
    assert_int_equal(owed(s, "confirm_guessed"), 1);
    usec_t now = shop_now(s);
    shop_at(s, now + 2 * USEC_PER_SEC);
    assert_refused(account_confirm(as_member(s, id, session, &e), STR(OTHER_PASSWORD), STR_NULL, &g, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_int_equal(owed(s, "confirm_guessed"), 1);                      /* told once */
    shop_at(s, now);
}

static void the_second_step(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct str trusted;
    struct err e;
    char token[120];
    assert_refused(account_second_factor(registering_call(s, &e), STR("chl_x.y"), STR("123456"), false, &r, &trusted, &e), e, PROBLEM_EXPIRED);
    struct account_id id = member(s, "two@example.com");
    assert_refused(login_finish(registering_call(s, &e), (struct account_id){{{9}}}, SESSION_BROWSER, SESSION_BY_OIDC, false, STR_NULL, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_good(login_finish(registering_call(s, &e), id, SESSION_BROWSER, SESSION_BY_OIDC, false, STR_NULL, &r, &e), e);
    assert_int_equal(r.outcome, LOGIN_DONE);
    char sql_id[40];
    shop_sql(s, "INSERT INTO identity.totp (id, account_id, secret, confirmed_at, created_at, updated_at) VALUES (gen_random_uuid(), %s, '\\x01', '2026-01-01', '2026-01-01', '2026-01-01')",
             uuid_sql(id.u, sql_id));
    assert_good(signs_in(s, "two@example.com", GOOD_PASSWORD, &r, &e), e);
    assert_int_equal(r.outcome, LOGIN_SECOND_FACTOR);
    assert_true(str_is_null(r.grant.cookie));
    snprintf(token, sizeof token, STR_FMT, STR_ARG(r.challenge));
    assert_good(login_finish(registering_call(s, &e), id, SESSION_BROWSER, SESSION_BY_PASSKEY, true, STR_NULL, &r, &e), e);
    assert_int_equal(r.outcome, LOGIN_DONE);
    assert_good(login_finish(registering_call(s, &e), id, SESSION_BROWSER, SESSION_BY_PASSWORD, false, STR("dev_nonsense.x"), &r, &e), e);
    assert_int_equal(r.outcome, LOGIN_SECOND_FACTOR);
    shop_sql(s, "UPDATE identity.challenge SET tries = %d WHERE purpose = 'mfa'", CHALLENGE_TRIES);
    assert_refused(account_second_factor(registering_call(s, &e), str_from(token), STR("123456"), false, &r, &trusted, &e), e, PROBLEM_TOO_MANY_TRIES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_answer), cmocka_unit_test(locks_and_unlocks), cmocka_unit_test(foreign_hashes_get_better), cmocka_unit_test(a_hash_that_nobody_understands), cmocka_unit_test(presence),
                                       cmocka_unit_test(the_second_step)};
    return cmocka_run_group_tests(tests, registering_start, registering_stop);
}
