/* The way to a provider and back: one state, one browser, one provider; a checked ID token; and never somebody else's account. */
#include "outside.h"
#include "signed_in.h"

struct way { struct identity_start start; struct str state; };

static void out_(struct outside *o, struct call *c, struct str cookie, struct str return_to, enum identity_purpose purpose, struct way *w)
{
    struct err e = {0};
    struct identity_start s;
    assert_good(identity_start(c, STR("fake"), cookie, return_to, purpose, &s, &e), e);
    w->start = (struct identity_start){str_dup(o->arena, s.location), str_dup(o->arena, s.cookie)};
    w->state = outside_param(o, w->start.location, "state");
    snprintf(o->nonce, sizeof o->nonce, STR_FMT, STR_ARG(outside_param(o, w->start.location, "nonce")));
}

static void begin(struct outside *o, struct way *w)
{
    out_(o, outside_call(o, "souk_user"), STR_NULL, STR("/cart"), IDENTITY_TO_SIGN_IN, w);
}

static bool back(struct outside *o, struct str state, struct str cookie, struct identity_answer more, struct identity_result *r, struct err *e)
{
    err_clear(e);
    more.state = state;
    if (str_is_null(more.code) && str_is_null(more.error))
        more.code = STR("code1");
    return identity_finish(outside_call(o, "souk_user"), STR("fake"), cookie, &more, STR_NULL, r, e);
}

/* Somebody who signs in with these claims. */
static bool arrives(struct outside *o, const char *claims, struct identity_result *r, struct err *e)
{
    struct way w;
    begin(o, &w);
    o->claims = claims;
    return back(o, w.state, w.start.cookie, (struct identity_answer){0}, r, e);
}

static void a_new_person(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    struct way w;
    begin(o, &w);
    assert_true(str_starts(w.start.location, str_printf(o->arena, "%s/auth?response_type=code&client_id=shop&redirect_uri=", o->issuer)));
    assert_int_equal(outside_param(o, w.start.location, "code_challenge").n, 43);
    assert_int_equal(w.start.cookie.n, 43);
    o->claims = "\"sub\":\"new-1\",\"email\":\"New.One@Example.com\",\"email_verified\":true,\"name\":\"New One\"";
    assert_good(back(o, w.state, w.start.cookie, (struct identity_answer){.code = STR("c/1")}, &r, &e), e);
    assert_int_equal(r.outcome, IDENTITY_SIGNED_IN);
    assert_str(r.return_to, "/cart");
    assert_str(r.label, "The Fake");
    assert_true(r.login.outcome == LOGIN_DONE && r.login.grant.cookie.n > 0);
    assert_non_null(strstr(o->form, "code=c%2F1&redirect_uri="));
    assert_non_null(strstr(o->form, "&code_verifier="));
    struct account a;
    assert_good(account_read(outside_call(o, "souk_user"), r.login.account, &a, &e), e);
    assert_true(a.email_verified && !a.has_password && !a.staff);
    assert_str(a.email, "New.One@example.com");
    assert_str(a.name, "New One");
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.session WHERE method = 'oidc'"), 1);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM platform.audit WHERE action = 'identity.linked'"), 1);
    struct account_id first = r.login.account;
    assert_good(arrives(o, "\"sub\":\"new-1\",\"email\":\"changed@example.com\",\"email_verified\":true", &r, &e), e);       /* the subject decides, not the address */
    assert_true(uuid_eq(first.u, r.login.account.u));
    assert_good(arrives(o, "\"sub\":\"new-1\"", &r, &e), e);
    assert_true(uuid_eq(first.u, r.login.account.u));
}

static void a_state_works_once_in_one_browser(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    struct way w, v;
    o->claims = "\"sub\":\"once\"";
    begin(o, &w);
    int before = o->exchanges;
    assert_refused(back(o, w.state, STR_NULL, (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    assert_refused(back(o, w.state, STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    assert_refused(back(o, STR_NULL, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    assert_refused(back(o, STR("AAAA.BBBB"), w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    assert_refused(back(o, str_sub(w.state, 0, w.state.n - 1), w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    assert_int_equal(o->exchanges, before);
    assert_good(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e);       /* and nothing of that used it up */
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    assert_int_equal(o->exchanges, before + 1);
    out_(o, outside_call(o, "souk_user"), w.start.cookie, STR_NULL, IDENTITY_TO_SIGN_IN, &v);                  /* two tabs share the cookie */
    assert_str(v.start.cookie, str_cstr(o->arena, w.start.cookie));
    out_(o, outside_call(o, "souk_user"), STR("planted"), STR_NULL, IDENTITY_TO_SIGN_IN, &v);
    assert_int_equal(v.start.cookie.n, 43);
    begin(o, &w);
    usec_t now = shop_now(o->s);
    shop_at(o->s, now + OIDC_LIFE + USEC_PER_SEC);
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_EXPIRED);
    shop_at(o->s, now);
}

static void answers_of_others(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    struct way w;
    begin(o, &w);
    int before = o->exchanges;
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){.issuer = STR("https://evil.example")}, &r, &e), e, PROBLEM_INVALID_TOKEN);
    assert_int_equal(o->exchanges, before);                      /* mix-up: the code is sent nowhere */
    begin(o, &w);
    assert_good(back(o, w.state, w.start.cookie, (struct identity_answer){.error = STR("access_denied")}, &r, &e), e);
    assert_int_equal(r.outcome, IDENTITY_DENIED);
    begin(o, &w);
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){.error = STR("server_error")}, &r, &e), e, PROBLEM_UNAVAILABLE);
    outside_provider(o, "twin");
    begin(o, &w);                                                /* of "fake", brought to "twin" */
    err_clear(&e);
    assert_refused(identity_finish(outside_call(o, "souk_user"), STR("twin"), w.start.cookie, &(struct identity_answer){.state = w.state, .code = STR("c")}, STR_NULL, &r, &e),
                   e, PROBLEM_EXPIRED);
    shop_sql(o->s, "UPDATE identity.provider SET enabled = false WHERE name = 'twin'");
    begin(o, &w);
    o->refuses = true;
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->refuses = false;
    begin(o, &w);
    o->down = true;
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_UNAVAILABLE);
    o->down = false;
}

static void id_tokens_that_are_not_right(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    struct way w;
    int64_t accounts = shop_ask(o->s, "SELECT count(*) FROM identity.account");
    begin(o, &w);
    snprintf(o->nonce, sizeof o->nonce, "another");
    o->claims = "\"sub\":\"bad\"";
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_INVALID_TOKEN);
    begin(o, &w);
    o->nonce[0] = '\0';
    assert_refused(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->audience = "another shop";
    assert_refused(arrives(o, "\"sub\":\"bad\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->audience = NULL;
    o->token_issuer = "https://evil.example";
    assert_refused(arrives(o, "\"sub\":\"bad\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->token_issuer = NULL;
    o->life_s = -3600;
    assert_refused(arrives(o, "\"sub\":\"bad\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->life_s = 300;
    o->kid = "unknown";
    assert_refused(arrives(o, "\"sub\":\"bad\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->kid = "k1";
    assert_refused(arrives(o, "\"sub\":\"\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    assert_refused(arrives(o, "\"sub\":\"bad\",\"at_hash\":\"AAAAAAAAAAAAAAAAAAAAAA\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    assert_refused(arrives(o, "\"sub\":\"bad\",\"azp\":\"another\"", &r, &e), e, PROBLEM_INVALID_TOKEN);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.account"), accounts);
    /* a key that is new is fetched once */
    shop_sql(o->s, "UPDATE identity.provider_keys SET tried_at = tried_at - interval '11 seconds'");
    o->rotated = true;
    o->kid = "k2";
    assert_good(arrives(o, "\"sub\":\"rotated\"", &r, &e), e);
    o->rotated = false;
    o->kid = "k1";
    shop_sql(o->s, "DELETE FROM identity.provider_keys");
}

static int64_t owner_of(struct outside *o, const char *subject, struct account_id account)
{
    char id[40];
    return shop_ask(o->s, "SELECT count(*) FROM identity.external_identity WHERE subject = '%s' AND account_id = %s", subject, uuid_sql(account.u, id));
}

static void whose_account(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    char id[40];
    struct account_id ada = account_for(o->s, "ada@example.com");
    /* not verified there: another account, without the address */
    assert_good(arrives(o, "\"sub\":\"mallory\",\"email\":\"ada@example.com\",\"email_verified\":false", &r, &e), e);
    assert_false(uuid_eq(r.login.account.u, ada.u));
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.account WHERE id = %s AND email IS NULL", uuid_sql(r.login.account.u, id)), 1);
    assert_good(arrives(o, "\"sub\":\"mallory2\",\"email\":\"ada@example.com\"", &r, &e), e);
    assert_false(uuid_eq(r.login.account.u, ada.u));
    assert_good(arrives(o, "\"sub\":\"mallory3\",\"email\":\"ada@example.com\",\"email_verified\":1", &r, &e), e);
    assert_false(uuid_eq(r.login.account.u, ada.u));
    /* verified on both sides: joined, and the owner is told */
    assert_good(arrives(o, "\"sub\":\"ada-out\",\"email\":\"ADA@example.com\",\"email_verified\":true", &r, &e), e);
    assert_true(uuid_eq(r.login.account.u, ada.u) && owner_of(o, "ada-out", ada) == 1);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM notification.message WHERE kind = 'identity_linked'"), 1);
    /* a second identity of the same provider does not push itself in */
    assert_good(arrives(o, "\"sub\":\"ada-twice\",\"email\":\"ada@example.com\",\"email_verified\":true", &r, &e), e);
    assert_int_equal(r.outcome, IDENTITY_LINKED_ELSEWHERE);
    /* not verified here: sign in first */
    struct account_id bob = account_for(o->s, "bob@example.com");
    shop_sql(o->s, "UPDATE identity.account SET email_verified_at = NULL WHERE id = %s", uuid_sql(bob.u, id));
    assert_good(arrives(o, "\"sub\":\"bob-out\",\"email\":\"bob@example.com\",\"email_verified\":true", &r, &e), e);
    assert_int_equal(r.outcome, IDENTITY_SIGN_IN_FIRST);
    assert_int_equal(owner_of(o, "bob-out", bob), 0);
    /* claims may come from userinfo, but only of the same subject */
    o->userinfo = "{\"sub\":\"info\",\"email\":\"info@example.com\",\"email_verified\":\"true\",\"name\":\"In Fo\"}";
    assert_good(arrives(o, "\"sub\":\"info\"", &r, &e), e);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.account WHERE id = %s AND email_verified_at IS NOT NULL", uuid_sql(r.login.account.u, id)), 1);
    assert_refused(arrives(o, "\"sub\":\"not-info\"", &r, &e), e, PROBLEM_UNAVAILABLE);
    o->userinfo = NULL;
    /* a disabled account stays closed */
    shop_sql(o->s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(ada.u, id));
    if (arrives(o, "\"sub\":\"ada-out\"", &r, &e))
        fail_msg("a disabled account was opened");
    shop_sql(o->s, "UPDATE identity.account SET status = 'active' WHERE id = %s", id);
}

static void two_providers_are_two(void **state)
{
    struct outside *o = *state;
    struct identity_result r, q;
    struct err e = {0};
    struct identity_start s;
    assert_good(arrives(o, "\"sub\":\"same\"", &r, &e), e);
    shop_sql(o->s, "UPDATE identity.provider SET enabled = true WHERE name = 'twin'");
    assert_good(identity_start(outside_call(o, "souk_user"), STR("twin"), STR_NULL, STR_NULL, IDENTITY_TO_SIGN_IN, &s, &e), e);
    struct str cookie = str_dup(o->arena, s.cookie), at = outside_param(o, s.location, "state");
    snprintf(o->nonce, sizeof o->nonce, STR_FMT, STR_ARG(outside_param(o, s.location, "nonce")));
    assert_good(identity_finish(outside_call(o, "souk_user"), STR("twin"), cookie, &(struct identity_answer){.state = at, .code = STR("c")}, STR_NULL, &q, &e), e);
    assert_false(uuid_eq(r.login.account.u, q.login.account.u));
    assert_str(q.return_to, "/account");
}

static void linked_by_the_owner(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    struct way w;
    struct account_id eve = account_for(o->s, "eve@example.com"), other = account_for(o->s, "other@example.com");
    const struct { struct account_id who; bool good; enum identity_outcome outcome; } table[] = {
        {other, false, 0}, {{{{0}}}, false, 0}, {eve, true, IDENTITY_LINKED}, {eve, true, IDENTITY_LINKED}};
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct call *c = outside_call(o, "souk_user");
        c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = eve};
        out_(o, c, STR_NULL, STR("/account/security"), IDENTITY_TO_LINK, &w);
        o->claims = "\"sub\":\"eve-out\",\"email\":\"somebody@example.com\",\"email_verified\":false";
        c = outside_call(o, "souk_user");
        c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = table[i].who};
        err_clear(&e);
        bool good = identity_finish(c, STR("fake"), w.start.cookie, &(struct identity_answer){.state = w.state, .code = STR("c")}, STR_NULL, &r, &e);
        if (good != table[i].good || (good && r.outcome != table[i].outcome))
            fail_msg("row %zu: %s", i, e.detail);
    }
    assert_int_equal(owner_of(o, "eve-out", eve), 1);
    struct call *c = outside_call(o, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = other};
    out_(o, c, STR_NULL, STR_NULL, IDENTITY_TO_LINK, &w);
    c = outside_call(o, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = other};
    assert_good(identity_finish(c, STR("fake"), w.start.cookie, &(struct identity_answer){.state = w.state, .code = STR("c")}, STR_NULL, &r, &e), e);
    assert_int_equal(r.outcome, IDENTITY_LINKED_ELSEWHERE);
    assert_int_equal(owner_of(o, "eve-out", other), 0);
}

/* Whoever has no password and no app shows to be there by signing in once more where the account came from. */
static void shown_to_be_there(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    struct way w;
    char claims[120], id[40];
    int64_t now = clock_real() / USEC_PER_SEC;
    assert_good(arrives(o, "\"sub\":\"there\"", &r, &e), e);
    struct account_id owner = r.login.account;
    struct session_id session = r.login.grant.session;
    shop_sql(o->s, "UPDATE identity.session SET fresh_at = fresh_at - interval '2 hours' WHERE id = %s", uuid_sql(session.u, id));
    const struct { const char *subject; int64_t auth_time_s; struct account_id who; enum problem problem; enum identity_outcome outcome; } table[] = {
        {"there", now - 3600, owner, PROBLEM_INVALID_TOKEN, 0},              /* the provider did not ask again */
        {"there", 0, {{{9}}}, PROBLEM_EXPIRED, 0},                           /* somebody else is signed in here now */
        {"there", 0, {{{0}}}, PROBLEM_EXPIRED, 0},
        {"nobody-yet", now, owner, PROBLEM_NONE, IDENTITY_ANOTHER},
        {"same", now, owner, PROBLEM_NONE, IDENTITY_ANOTHER},                /* somebody else there */
        {"there", now + 1, owner, PROBLEM_NONE, IDENTITY_CONFIRMED},
        {"there", 0, owner, PROBLEM_NONE, IDENTITY_CONFIRMED}};              /* it does not say when */
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct call *c = outside_call(o, "souk_user");
        c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = owner, .session = session};
        out_(o, c, STR_NULL, STR("/account/email"), IDENTITY_TO_CONFIRM, &w);
        assert_str(outside_param(o, w.start.location, "prompt"), "login");
        assert_str(outside_param(o, w.start.location, "max_age"), "0");
        int n = snprintf(claims, sizeof claims, "\"sub\":\"%s\"", table[i].subject);
        if (table[i].auth_time_s)
            snprintf(claims + n, sizeof claims - (size_t)n, ",\"auth_time\":%lld", (long long)table[i].auth_time_s);
        o->claims = claims;
        c = outside_call(o, "souk_user");
        c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = table[i].who, .session = session};
        err_clear(&e);
        bool good = identity_finish(c, STR("fake"), w.start.cookie, &(struct identity_answer){.state = w.state, .code = STR("c")}, STR_NULL, &r, &e);
        if (good != (table[i].problem == PROBLEM_NONE) || (good ? r.outcome != table[i].outcome : e.problem != table[i].problem))
            fail_msg("row %zu: %s", i, e.detail);
        int64_t fresh = shop_ask(o->s, "SELECT count(*) FROM identity.session WHERE id = %s AND fresh_at >= created_at AND NOT second_factor", id);
        assert_int_equal(fresh, i >= 5);
        assert_true((good && r.outcome == IDENTITY_CONFIRMED) == (fresh == 1) && (!fresh || (r.grant.cookie.n > 0 && str_eq_c(r.return_to, "/account/email"))));
    }
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.external_identity WHERE subject = 'nobody-yet'"), 0);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM platform.audit WHERE action = 'session.confirmed' AND detail->>'method' = 'oidc'"), 2);
}

static void return_addresses(void **state)
{
    struct outside *o = *state;
    static const char *const bad[] = {"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\r\nSet-Cookie: x"};
    struct identity_result r;
    struct err e = {0};
    struct way w;
    o->claims = "\"sub\":\"same\"";
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        out_(o, outside_call(o, "souk_user"), STR_NULL, str_from(bad[i]), IDENTITY_TO_SIGN_IN, &w);
        assert_good(back(o, w.state, w.start.cookie, (struct identity_answer){0}, &r, &e), e);
        assert_str(r.return_to, "/account");
    }
}

static bool exchange(struct outside *o, const char *redirect, const char *nonce, struct identity_result *r, struct err *e)
{
    err_clear(e);
    struct identity_code in = {.code = STR("app-code"), .code_verifier = STR("verifier-of-the-app-verifier-of-the-app-0123"), .redirect_uri = str_from(redirect), .nonce = str_from(nonce)};
    return identity_exchange(outside_call(o, "souk_user"), STR("fake"), &in, r, e);
}

static void apps(void **state)
{
    struct outside *o = *state;
    struct identity_result r;
    struct err e = {0};
    o->claims = "\"sub\":\"app-1\"";
    snprintf(o->nonce, sizeof o->nonce, "n-1");
    struct call *c = outside_call(o, "souk_user");
    (void)c;
    assert_refused(exchange(o, "https://evil.example/cb", "n-1", &r, &e), e, PROBLEM_INVALID);
    assert_string_equal(e.param, "redirect_uri");
    assert_refused(exchange(o, "com.example.app:/in", NULL, &r, &e), e, PROBLEM_INVALID_TOKEN);       /* there is one, so it must be named */
    assert_refused(exchange(o, "com.example.app:/in", "n-2", &r, &e), e, PROBLEM_INVALID_TOKEN);
    o->nonce[0] = '\0';
    assert_refused(exchange(o, "com.example.app:/in", "n-1", &r, &e), e, PROBLEM_INVALID_TOKEN);
    if (!exchange(o, "com.example.app:/in", NULL, &r, &e) && e.problem != PROBLEM_UNAVAILABLE)       /* without a signing key the session's token must wait */
        fail_msg("%s %s", e.detail, e.cause);
    assert_non_null(strstr(o->form, "code_verifier=verifier-of-the-app"));
    assert_non_null(strstr(o->form, "redirect_uri=com.example.app%3A%2Fin"));
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.external_identity WHERE subject = 'app-1'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_person), cmocka_unit_test(a_state_works_once_in_one_browser), cmocka_unit_test(answers_of_others), cmocka_unit_test(id_tokens_that_are_not_right),
        cmocka_unit_test(whose_account), cmocka_unit_test(two_providers_are_two), cmocka_unit_test(linked_by_the_owner), cmocka_unit_test(shown_to_be_there), cmocka_unit_test(return_addresses), cmocka_unit_test(apps)};
    return cmocka_run_group_tests(tests, outside_start, outside_stop);
}
