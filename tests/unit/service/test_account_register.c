/* Registration: the account begins with the proof, once, and only for who chose the password and reads the mailbox. */
#include "registering.h"

#include "service/person.h"

static void begins_with_the_code(void **state)
{
    struct shop *s = *state;
    struct pending p = register_one(s, "Ada@Example.com");
    struct login_result r;
    struct account a;
    struct err e;
    char id[40];
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account"), 0);
    assert_refused(signs_in(s, "ada@example.com", GOOD_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    struct call *c = registering_call(s, &e);
    assert_good(account_verify(c, str_from(p.verification), challenge_code(c, p.id, 1), SESSION_BROWSER, &r, &e), e);
    assert_true(r.outcome == LOGIN_DONE && r.grant.cookie.n > 60 && !r.setup_needed);
    struct account_id account = r.account;
    assert_good(account_read(registering_call(s, &e), account, &a, &e), e);
    assert_true(a.email_verified && a.has_password && !a.staff && !a.second_factor);
    assert_str(a.email, "Ada@example.com");
    assert_str(a.name, "Ada Example");
    assert_str(a.locale, "en");
    c = registering_call(s, &e);
    assert_refused(account_verify(c, str_from(p.verification), challenge_code(c, p.id, 1), SESSION_BROWSER, &r, &e), e, PROBLEM_EXPIRED);
    assert_good(signs_in(s, "ADA@EXAMPLE.COM", GOOD_PASSWORD, &r, &e), e);
    assert_true(uuid_eq(r.account.u, account.u));
    uuid_sql(account.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'customer.created' AND object_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'account.created' AND object_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE account_id = %s AND kind = 'claimed'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.challenge WHERE used_at IS NOT NULL AND num_nonnulls(email, name, password) > 0"), 0);
}

static void known_addresses_look_alike(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct err e;
    (void)member(s, "known@example.com");
    int64_t before = owed(s, "already_registered");
    struct pending p = register_one(s, "KNOWN@example.com");
    assert_int_equal(owed(s, "already_registered"), before + 1);
    for (int i = 0; i < CHALLENGE_TRIES; i++) {
        struct call *c = registering_call(s, &e);
        assert_refused(account_verify(c, str_from(p.verification), challenge_code(c, p.id, 1), SESSION_BROWSER, &r, &e), e, PROBLEM_INVALID_CODE);
    }
    assert_refused(account_verify(registering_call(s, &e), str_from(p.verification), STR("123456"), SESSION_BROWSER, &r, &e), e, PROBLEM_TOO_MANY_TRIES);
    assert_good(account_register_resend(registering_call(s, &e), str_from(p.verification), &e), e);
    assert_int_equal(owed(s, "already_registered"), before + 2);
    assert_good(account_register_resend(registering_call(s, &e), STR("nonsense"), &e), e);
}

static void two_proofs_one_account(void **state)
{
    struct shop *s = *state;
    struct pending first = register_one(s, "twice@example.com"), second = register_one(s, "twice@example.com");
    struct login_result r;
    struct err e;
    struct call *c = registering_call(s, &e);
    assert_good(account_verify(c, str_from(second.verification), challenge_code(c, second.id, 1), SESSION_BROWSER, &r, &e), e);
    c = registering_call(s, &e);
    assert_refused(account_verify(c, str_from(first.verification), challenge_code(c, first.id, 1), SESSION_BROWSER, &r, &e), e, PROBLEM_ALREADY_EXISTS);
}

static void the_link_alone_is_not_enough(void **state)
{
    struct shop *s = *state;
    struct pending p = register_one(s, "link@example.com"), other = register_one(s, "link2@example.com");
    struct login_result r;
    struct str whose;
    struct err e;
    char link[120];
    link_of(s, p.id, link);
    assert_good(account_verify_email(registering_call(s, &e), str_from(link), &whose, &e), e);
    assert_str(whose, "link@example.com");
    assert_refused(account_verify_email(registering_call(s, &e), STR("chl_x.y"), &whose, &e), e, PROBLEM_EXPIRED);
    assert_refused(account_verify_link(registering_call(s, &e), str_from(link), STR_NULL, STR_NULL, SESSION_BROWSER, &r, &e), e, PROBLEM_REQUIRED);
    assert_refused(account_verify_link(registering_call(s, &e), str_from(link), str_from(other.verification), STR_NULL, SESSION_BROWSER, &r, &e), e, PROBLEM_REQUIRED);
    assert_refused(account_verify_link(registering_call(s, &e), str_from(link), STR_NULL, STR(OTHER_PASSWORD), SESSION_BROWSER, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_good(account_verify_link(registering_call(s, &e), str_from(link), STR_NULL, STR(GOOD_PASSWORD), SESSION_BROWSER, &r, &e), e);
    assert_refused(account_verify_link(registering_call(s, &e), str_from(link), STR_NULL, STR(GOOD_PASSWORD), SESSION_BROWSER, &r, &e), e, PROBLEM_EXPIRED);
    assert_refused(account_verify_email(registering_call(s, &e), str_from(link), &whose, &e), e, PROBLEM_EXPIRED);
    link_of(s, other.id, link);
    assert_good(account_verify_link(registering_call(s, &e), str_from(link), str_from(other.verification), STR_NULL, SESSION_BROWSER, &r, &e), e);
}

static void what_is_refused(void **state)
{
    struct shop *s = *state;
    struct str v;
    struct err e;
    static const struct { const char *email, *password, *name; enum problem problem; const char *param; } bad[] = {
        {"nobody", GOOD_PASSWORD, NULL, PROBLEM_INVALID, "email"}, {"a@b", GOOD_PASSWORD, NULL, PROBLEM_INVALID, "email"}, {"a\r\nBcc: b@example.com", GOOD_PASSWORD, NULL, PROBLEM_INVALID, "email"},
        {"weak@example.com", "short", NULL, PROBLEM_WEAK_PASSWORD, "password"}, {"weak@example.com", "password1", NULL, PROBLEM_WEAK_PASSWORD, "password"},
        {"grandmother@example.com", "grandmother", NULL, PROBLEM_WEAK_PASSWORD, "password"}, {"weak@example.com", "wolfeschlegel", "Wolfe Schlegel", PROBLEM_WEAK_PASSWORD, "password"}};
    int64_t rows = shop_ask(s, "SELECT count(*) FROM identity.challenge");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_refused(account_register(registering_call(s, &e), &(struct account_register_in){str_from(bad[i].email), str_from(bad[i].password), str_from(bad[i].name), STR_NULL}, &v, &e),
                       e, bad[i].problem);
        assert_string_equal(e.param, bad[i].param);
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.challenge"), rows);
}

/* Who ordered as a guest finds her orders. */
static void claims_the_guest(void **state)
{
    struct shop *s = *state;
    struct person_id guest;
    struct err e;
    char person[40], account[40];
    assert_good(person_for_contact(registering_call(s, &e), STR("guest@example.com"), &guest, &e), e);
    struct account_id id = member(s, "guest@example.com");
    uuid_sql(guest.u, person);
    uuid_sql(id.u, account);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account a JOIN identity.person p ON p.id = a.person_id WHERE p.id = %s AND a.id = %s AND p.kind = 'claimed'", person,
                              account), 1);
    assert_good(person_for_contact(registering_call(s, &e), STR("guest@example.com"), &guest, &e), e);     /* a guest again: another person, until the next sign-in */
    struct login_result r;
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE account_id = %s", account), 1);
    assert_good(signs_in(s, "guest@example.com", GOOD_PASSWORD, &r, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE account_id = %s", account), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(begins_with_the_code), cmocka_unit_test(known_addresses_look_alike), cmocka_unit_test(two_proofs_one_account),
                                       cmocka_unit_test(the_link_alone_is_not_enough), cmocka_unit_test(what_is_refused), cmocka_unit_test(claims_the_guest)};
    return cmocka_run_group_tests(tests, registering_start, registering_stop);
}
