#include "factors.h"

#include "authenticator.h"

struct test {
    struct arena *keep;
    struct account_id account;
    struct authenticator t;
};

/* A new authenticator that has a passkey of a new account. */
static struct test registered(struct shop *s, const char *roles)
{
    struct test x = {.keep = arena_new(), .account = an_account(s, roles), .t = authenticator_new()};
    struct passkey_registration p;
    struct passkey_registered done;
    struct err e = {0};
    struct call *c = call_of(s, x.account, false);
    assert_good(passkey_register_begin(c, &p, &e), e);
    struct passkey_register_in in = authenticator_make(c->arena, &x.t, &p);
    struct str transports[] = {STR("internal"), STR("carrier-pigeon"), STR("hybrid")};
    in.transports = (struct shape_list){3, transports};
    x.t.user = str_dup(x.keep, x.t.user);
    assert_good(passkey_register_finish(c, &in, &done, &e), e);
    assert_str(done.passkey.name, "Firefox on Linux");
    return x;
}

static void over(struct test *x)
{
    sign_key_free(x->t.key);
    arena_destroy(x->keep);
}

/* One sign-in as it should be, after `change` had its way with it. */
static bool sign_in(struct shop *s, struct test *x, void (*change)(struct arena *a, struct passkey_login_in *in), struct login_result *ret, struct err *e)
{
    struct passkey_request p;
    struct call *c = shop_call(s, "souk_user");
    memset(e, 0, sizeof *e);
    c->client = STR("203.0.113.9");
    assert_good(passkey_login_begin(c, &p, e), *e);
    struct passkey_login_in in = authenticator_sign(c->arena, &x->t, &p);
    if (change) change(c->arena, &in);
    return passkey_login(c, &in, ret, e);
}

static void a_key_is_made(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL);
    struct second_factor_state st;
    struct passkey_registration p;
    struct shape_list list;
    struct err e = {0};
    char account[40];
    uuid_sql(x.account.u, account);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.passkey WHERE account_id = %s AND algorithm = -7 AND transports = '{internal,hybrid}' AND sign_count = 0", account), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'passkey_added' AND account_id = %s", account), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit a JOIN identity.passkey p ON p.id = a.object_id WHERE a.action = 'passkey.added' AND p.account_id = %s", account), 1);
    assert_good(second_factor_state(shop_call(s, "souk_user"), x.account, &st, &e), e);
    assert_true(st.passkeys && !st.required && !st.totp);
    assert_good(passkey_list(call_of(s, x.account, false), &list, &e), e);
    assert_int_equal(list.n, 1);
    assert_good(passkey_register_begin(call_of(s, x.account, false), &p, &e), e);
    assert_int_equal(p.exclude.n, 1);
    assert_str(p.rp_id, "localhost");
    over(&x);
}

static void registration_refuses(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL), other = an_account(s, NULL);
    struct passkey_registration p;
    struct passkey_registered done;
    struct err e = {0};
    struct authenticator good = authenticator_new(), t;
    usec_t begin = shop_now(s);
    for (int i = 0; i < 6; i++) {
        struct call *c = call_of(s, account, false);
        assert_good(passkey_register_begin(c, &p, &e), e);
        t = good;
        if (i == 0) t.origin = STR("https://evil.example");
        if (i == 1) t.rp_id = STR("evil.example");
        if (i == 2) t.flags = FLAG_UP;
        struct passkey_register_in in = authenticator_make(c->arena, &t, &p);
        if (i == 3) in.attestation_object = str_sub(in.attestation_object, 0, in.attestation_object.n / 2);
        if (i == 4) in.client_data_json = STR("***");
        if (i == 5) in.challenge = (struct challenge_id){uuid_v7(c->now)};
        err_clear(&e);
        assert_refused(passkey_register_finish(c, &in, &done, &e), e, PROBLEM_INVALID);
        err_clear(&e);
    }
    /* somebody else's challenge; one that is over; one that was used; a key that is known */
    struct call *c = call_of(s, other, false);
    assert_good(passkey_register_begin(c, &p, &e), e);
    struct passkey_register_in in = authenticator_make(c->arena, &good, &p);
    c->actor.account = account;
    assert_refused(passkey_register_finish(c, &in, &done, &e), e, PROBLEM_INVALID);
    c->now = begin + 5 * USEC_PER_MINUTE;
    c->actor.account = other;
    assert_refused(passkey_register_finish(c, &in, &done, &e), e, PROBLEM_EXPIRED);
    c->now = begin;
    err_clear(&e);
    assert_good(passkey_register_finish(c, &in, &done, &e), e);
    assert_refused(passkey_register_finish(c, &in, &done, &e), e, PROBLEM_EXPIRED);
    c = call_of(s, account, false);
    err_clear(&e);
    assert_good(passkey_register_begin(c, &p, &e), e);
    in = authenticator_make(c->arena, &good, &p);
    assert_refused(passkey_register_finish(c, &in, &done, &e), e, PROBLEM_ALREADY_EXISTS);
    sign_key_free(good.key);
}

static void it_signs_in(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL);
    struct login_result r;
    struct err e;
    x.t.count = 5;
    assert_good(sign_in(s, &x, NULL, &r, &e), e);
    assert_int_equal(r.outcome, LOGIN_DONE);
    assert_true(uuid_eq(r.account.u, x.account.u));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE account_id = %s AND method = 'passkey' AND second_factor", uuid_sql(x.account.u, (char[40]){0})), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.passkey WHERE account_id = %s AND sign_count = 5 AND last_used_at IS NOT NULL", uuid_sql(x.account.u, (char[40]){0})), 1);
    over(&x);
}

static void break_signature(struct arena *a, struct passkey_login_in *in) { in->signature = str_printf(a, STR_FMT "AAAA", STR_ARG(in->signature)); }
static void other_data(struct arena *a, struct passkey_login_in *in)
{
    char *p = str_cstr(a, in->client_data_json);
    p[in->client_data_json.n / 2] = p[in->client_data_json.n / 2] == 'A' ? 'B' : 'A';
    in->client_data_json = str_of(p, in->client_data_json.n);
}
static void other_challenge(struct arena *a, struct passkey_login_in *in)
{
    (void)a;
    in->challenge.u.b[15] ^= 1;
}
static void nobody(struct arena *a, struct passkey_login_in *in) { in->user_handle = crypto_base64url(a, STR("0123456789abcdef")); }
static void no_handle(struct arena *a, struct passkey_login_in *in) { (void)a; in->user_handle = STR(""); }
static void unknown_key(struct arena *a, struct passkey_login_in *in) { in->credential_id = crypto_base64url(a, STR("nobody's")); }

static void signing_in_refuses(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL);
    struct login_result r;
    struct err e;
    void (*const changes[])(struct arena *, struct passkey_login_in *) = {break_signature, other_data, other_challenge, nobody, no_handle, unknown_key};
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) assert_refused(sign_in(s, &x, changes[i], &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    x.t.origin = STR("https://localhost:8444");
    assert_refused(sign_in(s, &x, NULL, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    x.t.origin = STR("https://localhost:8443");
    x.t.rp_id = STR("example.com");
    assert_refused(sign_in(s, &x, NULL, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    x.t.rp_id = STR("localhost");
    x.t.flags = FLAG_UP;
    assert_refused(sign_in(s, &x, NULL, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    x.t.flags = FLAG_UP | FLAG_UV;
    assert_good(sign_in(s, &x, NULL, &r, &e), e);
    over(&x);
}

static void a_challenge_is_used_once_and_soon(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL);
    struct passkey_request p;
    struct login_result r;
    struct err e = {0};
    struct call *c = shop_call(s, "souk_user");
    usec_t begin = shop_now(s);
    assert_good(passkey_login_begin(c, &p, &e), e);
    struct passkey_login_in in = authenticator_sign(c->arena, &x.t, &p);
    c->now = begin + 5 * USEC_PER_MINUTE;
    assert_refused(passkey_login(c, &in, &r, &e), e, PROBLEM_EXPIRED);
    c->now = begin;
    err_clear(&e);
    assert_good(passkey_login(c, &in, &r, &e), e);
    assert_refused(passkey_login(c, &in, &r, &e), e, PROBLEM_EXPIRED);
    over(&x);
}

static void a_counter_that_went_back_is_refused_and_told(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL);
    struct login_result r;
    struct err e;
    x.t.count = 7;
    assert_good(sign_in(s, &x, NULL, &r, &e), e);
    static const uint32_t back[] = {7, 6, 0};
    for (size_t i = 0; i < ARRAY_LEN(back); i++) {
        x.t.count = back[i];
        assert_refused(sign_in(s, &x, NULL, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    }
    char account[40];
    uuid_sql(x.account.u, account);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'passkey_copied' AND account_id = %s", account), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit a JOIN identity.passkey p ON p.id = a.object_id WHERE a.action = 'passkey.counter_went_back' AND p.account_id = %s", account), 3);
    x.t.count = 8;
    assert_good(sign_in(s, &x, NULL, &r, &e), e);
    over(&x);
}

static void it_shows_that_its_owner_is_there(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL), other = registered(s, NULL);
    struct session_grant grant, raised;
    struct passkey_request p;
    struct err e = {0};
    assert_good(session_open(call_of(s, x.account, false), &(struct session_new){.account = x.account, .kind = SESSION_BROWSER}, &grant, &e), e);
    struct session_id session = grant.session;
    struct call *c = call_of(s, x.account, false);
    c->actor.session = session;
    assert_good(passkey_login_begin(c, &p, &e), e);
    struct passkey_login_in in = authenticator_sign(c->arena, &other.t, &p);
    assert_refused(passkey_confirm(c, &in, &raised, &e), e, PROBLEM_INVALID_CREDENTIALS);
    c = call_of(s, x.account, false);
    c->actor.session = session;
    err_clear(&e);
    assert_good(passkey_login_begin(c, &p, &e), e);
    in = authenticator_sign(c->arena, &x.t, &p);
    assert_good(passkey_confirm(c, &in, &raised, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE id = %s AND second_factor", uuid_sql(session.u, (char[40]){0})), 1);
    over(&x);
    over(&other);
}

static void its_owner_names_and_removes_it(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, NULL), other = registered(s, NULL);
    struct passkey_info info;
    struct login_result r;
    struct shape_list list;
    struct err e = {0};
    char account[40];
    assert_good(passkey_list(call_of(s, x.account, false), &list, &e), e);
    struct passkey_id id = ((const struct passkey_info *)list.v)[0].id;
    assert_good(passkey_rename(call_of(s, x.account, false), id, STR(" Blue key "), &info, &e), e);
    assert_str(info.name, "Blue key");
    assert_refused(passkey_rename(call_of(s, x.account, false), id, STR(" "), &info, &e), e, PROBLEM_INVALID);
    assert_refused(passkey_rename(call_of(s, x.account, false), id, STR("a\nb"), &info, &e), e, PROBLEM_INVALID);
    assert_refused(passkey_rename(call_of(s, other.account, false), id, STR("Mine"), &info, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(passkey_remove(call_of(s, other.account, false), id, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(passkey_remove(call_of(s, x.account, false), id, &e), e, PROBLEM_INVALID_STATE);         /* the only way in */
    shop_sql(s, "UPDATE identity.account SET password = 'x' WHERE id = %s", uuid_sql(x.account.u, account));
    assert_refused(passkey_remove(call_of(s, x.account, false), id, &e), e, PROBLEM_INVALID_STATE);         /* nobody signs in with a password alone */
    shop_sql(s, "UPDATE identity.account SET email_hash = sha256('passkey'), email = '\\x00' WHERE id = %s", account);
    err_clear(&e);
    assert_good(passkey_remove(call_of(s, x.account, false), id, &e), e);
    assert_refused(sign_in(s, &x, NULL, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    over(&x);
    over(&other);
}

/* Staff's passkey is a second factor: who has only the password adds no further key beside it. */
static void staff_needs_it_to_change_it(void **state)
{
    struct shop *s = *state;
    struct test x = registered(s, "owner");
    struct second_factor_state st;
    struct passkey_registration p;
    struct totp_setup setup;
    struct err e = {0};
    assert_good(second_factor_state(shop_call(s, "souk_user"), x.account, &st, &e), e);
    assert_true(st.required);
    assert_refused(passkey_register_begin(call_of(s, x.account, false), &p, &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    assert_refused(totp_begin(call_of(s, x.account, false), &setup, &e), e, PROBLEM_SECOND_FACTOR_REQUIRED);
    err_clear(&e);
    assert_good(passkey_register_begin(call_of(s, x.account, true), &p, &e), e);
    over(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_made), cmocka_unit_test(registration_refuses), cmocka_unit_test(it_signs_in), cmocka_unit_test(signing_in_refuses),
        cmocka_unit_test(a_challenge_is_used_once_and_soon), cmocka_unit_test(a_counter_that_went_back_is_refused_and_told),
        cmocka_unit_test(it_shows_that_its_owner_is_there), cmocka_unit_test(its_owner_names_and_removes_it), cmocka_unit_test(staff_needs_it_to_change_it)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
