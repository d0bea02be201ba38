#include "factors.h"

#include "service/trusted_device.h"

#define COUNT(s, table, account, more) shop_ask(s, "SELECT count(*) FROM " table " t WHERE t.account_id = %s " more, uuid_sql((account).u, (char[40]){0}))
#define AUDIT(s, action, account) shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = '" action "' AND object_id = %s", uuid_sql((account).u, (char[40]){0}))
#define MAILS(s, kind, account) shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = '" kind "' AND account_id = %s", uuid_sql((account).u, (char[40]){0}))

static bool check(struct shop *s, struct account_id account, struct str code, bool *ret_recovery)
{
    struct err e = {0};
    bool ok, recovery;
    struct call *c = call_of(s, account, false);
    assert_good(second_factor_check(c, account, str_dup(c->arena, code), &ok, &recovery, &e), e);
    if (ret_recovery) *ret_recovery = recovery;
    return ok;
}

/* Wrong tries lock for a while; the next test begins with a clean sheet. */
static void calm(struct shop *s)
{
    shop_sql(s, "DELETE FROM identity.throttle");
}

static void nothing_at_first(void **state)
{
    struct shop *s = *state;
    struct second_factor_state st;
    struct err e = {0};
    struct account_id account = an_account(s, NULL);
    assert_good(second_factor_state(shop_call(s, "souk_user"), account, &st, &e), e);
    assert_false(st.totp || st.passkeys || st.required || st.recovery_left);
    assert_false(check(s, account, STR("123456"), NULL));
    assert_false(check(s, account, STR("k7m2p-x9qra"), NULL));
    assert_refused(second_factor_state(shop_call(s, "souk_user"), (struct account_id){{{1}}}, &st, &e), e, PROBLEM_NOT_FOUND);
    calm(s);
}

static void an_app_is_set_up(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct totp_setup setup, again;
    struct recovery_codes codes;
    struct second_factor_state st;
    struct err e = {0};
    struct arena *keep = arena_new();
    assert_good(totp_begin(call_of(s, account, false), &setup, &e), e);
    struct str first = str_dup(keep, setup.secret);
    assert_true(str_starts(setup.uri, STR("otpauth://totp/")) && str_starts(setup.qr_svg, STR("<svg ")));
    assert_good(totp_begin(call_of(s, account, false), &setup, &e), e);                      /* another try takes its place */
    struct str secret = app_secret(keep, setup.secret), shown = str_dup(keep, setup.secret);
    assert_false(str_eq(first, shown));
    assert_good(totp_pending(call_of(s, account, false), &again, &e), e);
    assert_true(str_eq(again.secret, shown));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.totp WHERE account_id = %s AND confirmed_at IS NULL AND octet_length(secret) > 40",
                              uuid_sql(account.u, (char[40]){0})), 1);
    struct call *c = call_of(s, account, false);
    assert_refused(totp_confirm(c, STR("12345"), &codes, &e), e, PROBLEM_INVALID_CODE);
    c = call_of(s, account, false);
    struct str wrong = app_code(c->arena, app_secret(c->arena, first), app_step());
    assert_refused(totp_confirm(c, wrong, &codes, &e), e, PROBLEM_INVALID_CODE);
    assert_false(check(s, account, app_code(keep, secret, app_step()), NULL));                /* does not count yet */
    c = call_of(s, account, false);
    err_clear(&e);
    assert_good(totp_confirm(c, app_code(c->arena, secret, app_step()), &codes, &e), e);
    assert_int_equal(codes.codes.n, RECOVERY_CODES);
    assert_int_equal(COUNT(s, "identity.recovery_code", account, ""), RECOVERY_CODES);
    assert_good(second_factor_state(shop_call(s, "souk_user"), account, &st, &e), e);
    assert_true(st.totp && st.required && st.recovery_left == RECOVERY_CODES && st.totp_since == shop_now(s));
    assert_int_equal(AUDIT(s, "totp.added", account), 1);
    assert_int_equal(MAILS(s, "second_factor_changed", account), 1);
    assert_refused(totp_pending(call_of(s, account, true), &again, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(totp_begin(call_of(s, account, true), &again, &e), e, PROBLEM_ALREADY_EXISTS);
    calm(s);
    arena_destroy(keep);
}

static void what_waits_expires(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct totp_setup setup;
    struct recovery_codes codes;
    struct err e = {0};
    usec_t begin = shop_now(s);
    assert_refused(totp_pending(call_of(s, account, false), &setup, &e), e, PROBLEM_NOT_FOUND);
    assert_good(totp_begin(call_of(s, account, false), &setup, &e), e);
    shop_at(s, begin + USEC_PER_HOUR);
    assert_refused(totp_pending(call_of(s, account, false), &setup, &e), e, PROBLEM_EXPIRED);
    assert_refused(totp_confirm(call_of(s, account, false), STR("123456"), &codes, &e), e, PROBLEM_EXPIRED);
    shop_at(s, begin);
}

static void codes_of_the_app_work_once(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct str secret, codes[RECOVERY_CODES];
    bool recovery = true;
    struct account_id account = account_with_app(s, keep, &secret, codes);
    int64_t step = app_step();
    assert_false(check(s, account, app_code(keep, secret, step - 1), NULL));                  /* that one set it up */
    assert_false(check(s, account, app_code(keep, secret, step + 2), NULL));
    assert_true(check(s, account, app_code(keep, secret, step), &recovery));
    assert_false(recovery);
    assert_false(check(s, account, app_code(keep, secret, step), NULL));
    struct str spaced = str_printf(keep, "%.3s %.3s", app_code(keep, secret, step + 1).p, app_code(keep, secret, step + 1).p + 3);
    assert_true(check(s, account, spaced, NULL));
    assert_false(check(s, account, app_code(keep, secret, step + 1), NULL));
    assert_false(check(s, account, app_code(keep, secret, step), NULL));
    assert_int_equal(AUDIT(s, "second_factor.failed", account), 5);
    calm(s);
    arena_destroy(keep);
}

static void recovery_codes_work_once(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct str secret, codes[RECOVERY_CODES], other_codes[RECOVERY_CODES];
    struct err e = {0};
    struct recovery_codes fresh;
    bool recovery = false;
    struct account_id account = account_with_app(s, keep, &secret, codes), other = account_with_app(s, keep, &secret, other_codes);
    assert_false(check(s, account, other_codes[0], NULL));
    assert_true(check(s, account, codes[3], &recovery));
    assert_true(recovery);
    assert_false(check(s, account, codes[3], NULL));
    char loud[40];
    snprintf(loud, sizeof loud, " " STR_FMT " ", STR_ARG(codes[4]));
    for (char *p = loud; *p; p++) *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p == '-' ? ' ' : *p;
    assert_true(check(s, account, str_from(loud), &recovery));
    assert_int_equal(COUNT(s, "identity.recovery_code", account, "AND t.used_at IS NULL"), RECOVERY_CODES - 2);
    assert_int_equal(AUDIT(s, "recovery_code.used", account), 2);
    assert_int_equal(MAILS(s, "recovery_used", account), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.recovery_code r WHERE r.account_id = %s AND r.hash = sha256(convert_to('" STR_FMT "', 'UTF8'))",
                              uuid_sql(account.u, (char[40]){0}), STR_ARG(codes[0])), 0);
    assert_good(recovery_codes_renew(call_of(s, account, true), &fresh, &e), e);
    struct str one = str_dup(keep, ((const struct str *)fresh.codes.v)[0]);
    calm(s);
    assert_false(check(s, account, codes[0], NULL));
    assert_true(check(s, account, one, NULL));
    assert_int_equal(COUNT(s, "identity.recovery_code", account, ""), RECOVERY_CODES);
    assert_int_equal(COUNT(s, "identity.recovery_code", other, "AND t.used_at IS NULL"), RECOVERY_CODES);
    assert_refused(recovery_codes_renew(call_of(s, an_account(s, NULL), false), &fresh, &e), e, PROBLEM_INVALID_STATE);
    calm(s);
    arena_destroy(keep);
}

/* Somebody who found out the password and sits in a session without second factor changes nothing. */
static void a_session_without_it_changes_nothing(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct str secret, codes[RECOVERY_CODES];
    struct totp_setup setup;
    struct recovery_codes fresh;
    struct err e = {0};
    struct account_id account = account_with_app(s, keep, &secret, codes);
    assert_refused(totp_begin(call_of(s, account, false), &setup, &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    assert_refused(totp_pending(call_of(s, account, false), &setup, &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    assert_refused(totp_confirm(call_of(s, account, false), STR("123456"), &fresh, &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    assert_refused(recovery_codes_renew(call_of(s, account, false), &fresh, &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    assert_refused(totp_remove(call_of(s, account, false), &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    assert_int_equal(COUNT(s, "identity.totp", account, "AND t.confirmed_at IS NOT NULL"), 1);
    arena_destroy(keep);
}

static void removing_takes_codes_and_devices_along(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct str secret, codes[RECOVERY_CODES], token;
    struct second_factor_state st;
    struct err e = {0};
    struct account_id account = account_with_app(s, keep, &secret, codes);
    assert_good(trusted_device_make(call_of(s, account, true), account, &token, &e), e);
    assert_good(totp_remove(call_of(s, account, true), &e), e);
    assert_good(second_factor_state(shop_call(s, "souk_user"), account, &st, &e), e);
    assert_false(st.totp || st.required || st.recovery_left);
    assert_int_equal(COUNT(s, "identity.trusted_device", account, ""), 0);
    assert_int_equal(AUDIT(s, "totp.removed", account), 1);
    assert_int_equal(MAILS(s, "second_factor_changed", account), 2);
    assert_refused(totp_remove(call_of(s, account, true), &e), e, PROBLEM_NOT_FOUND);
    calm(s);
    assert_false(check(s, account, codes[0], NULL));
    calm(s);
    arena_destroy(keep);
}

static void tries_are_counted(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct str secret, codes[RECOVERY_CODES];
    struct err e = {0};
    bool ok = true, recovery, locked = false;
    struct account_id account = account_with_app(s, keep, &secret, codes);
    for (int i = 0; i < 12 && !locked; i++) {
        err_clear(&e);
        locked = !second_factor_check(call_of(s, account, false), account, STR("000000"), &ok, &recovery, &e);
    }
    assert_int_equal(e.problem, PROBLEM_TOO_MANY_TRIES);
    assert_true(e.retry_after_s > 0);
    assert_refused(second_factor_check(call_of(s, account, false), account, codes[0], &ok, &recovery, &e), e, PROBLEM_TOO_MANY_TRIES);   /* a right one waits, too */
    char sql_id[40];
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'second_factor_guessed' AND account_id = %s", uuid_sql(account.u, sql_id)), 1);
    shop_at(s, shop_now(s) + USEC_PER_HOUR);
    assert_true(check(s, account, codes[0], NULL));
    calm(s);
    arena_destroy(keep);
}

static void the_session_rises(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_grant grant;
    struct totp_setup setup;
    struct recovery_codes codes;
    struct err e = {0};
    char session[40];
    assert_good(session_open(call_of(s, account, false), &(struct session_new){.account = account, .kind = SESSION_BROWSER}, &grant, &e), e);
    struct session_id id = grant.session;
    assert_good(totp_begin(call_of(s, account, false), &setup, &e), e);
    struct arena *keep = arena_new();
    struct str secret = app_secret(keep, setup.secret);
    struct call *c = call_of(s, account, false);
    c->actor.session = id;
    assert_good(totp_confirm(c, app_code(c->arena, secret, app_step()), &codes, &e), e);
    assert_false(str_is_empty(codes.grant.cookie));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND second_factor", uuid_sql(id.u, session)), 1);
    arena_destroy(keep);
}

static void operators_take_everything_away(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct str secret, codes[RECOVERY_CODES], token;
    struct second_factor_state st;
    struct session_grant grant;
    struct err e = {0};
    struct account_id account = account_with_app(s, keep, &secret, codes);
    assert_good(trusted_device_make(call_of(s, account, true), account, &token, &e), e);
    assert_good(session_open(call_of(s, account, false), &(struct session_new){.account = account, .kind = SESSION_BROWSER}, &grant, &e), e);
    struct call *c = shop_call(s, "souk_admin");
    c->actor = (struct actor){.kind = ACTOR_SYSTEM};
    assert_good(second_factor_reset(c, account, &e), e);
    assert_good(second_factor_state(shop_call(s, "souk_user"), account, &st, &e), e);
    assert_false(st.totp || st.passkeys || st.recovery_left);
    assert_int_equal(COUNT(s, "identity.session", account, "AND t.ended_at IS NULL"), 0);
    assert_int_equal(AUDIT(s, "second_factor.reset", account), 1);
    arena_destroy(keep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_at_first), cmocka_unit_test(an_app_is_set_up), cmocka_unit_test(what_waits_expires), cmocka_unit_test(codes_of_the_app_work_once),
        cmocka_unit_test(recovery_codes_work_once), cmocka_unit_test(a_session_without_it_changes_nothing), cmocka_unit_test(removing_takes_codes_and_devices_along),
        cmocka_unit_test(tries_are_counted), cmocka_unit_test(the_session_rises), cmocka_unit_test(operators_take_everything_away)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
