/* Forgotten and changed passwords. */
#include "registering.h"

#include "service/notification.h"

static int64_t sessions(struct shop *s, struct account_id id)
{
    char sql_id[40];
    return shop_ask(s, "SELECT count(*) FROM identity.session WHERE account_id = %s AND ended_at IS NULL", uuid_sql(id.u, sql_id));
}

static void a_link_for_an_hour(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct str whose;
    struct err e;
    char link[120];
    struct account_id id = member(s, "forgot@example.com");
    assert_good(signs_in(s, "forgot@example.com", GOOD_PASSWORD, &r, &e), e);
    assert_int_equal(sessions(s, id), 2);
    assert_good(account_password_forgot(registering_call(s, &e), STR("FORGOT@example.com"), &e), e);
    assert_int_equal(owed(s, "password_reset"), 1);
    link_of(s, newest(s, CHALLENGE_RESET), link);
    assert_good(account_reset_email(registering_call(s, &e), str_from(link), &whose, &e), e);       /* looking uses nothing up */
    assert_str(whose, "forgot@example.com");
    assert_refused(account_verify_email(registering_call(s, &e), str_from(link), &whose, &e), e, PROBLEM_EXPIRED);
    assert_refused(account_password_reset(registering_call(s, &e), str_from(link), STR("short"), &e), e, PROBLEM_WEAK_PASSWORD);
    assert_refused(account_password_reset(registering_call(s, &e), STR("chl_x.y"), STR(OTHER_PASSWORD), &e), e, PROBLEM_EXPIRED);
    assert_good(account_password_reset(registering_call(s, &e), str_from(link), STR(OTHER_PASSWORD), &e), e);
    assert_refused(account_reset_email(registering_call(s, &e), str_from(link), &whose, &e), e, PROBLEM_EXPIRED);
    assert_int_equal(sessions(s, id), 0);
    assert_int_equal(owed(s, "password_changed"), 1);
    assert_refused(account_password_reset(registering_call(s, &e), str_from(link), STR(GOOD_PASSWORD), &e), e, PROBLEM_EXPIRED);
    assert_refused(signs_in(s, "forgot@example.com", GOOD_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_good(signs_in(s, "forgot@example.com", OTHER_PASSWORD, &r, &e), e);
    usec_t now = shop_now(s) + USEC_PER_SEC;
    shop_at(s, now);
    assert_good(account_password_forgot(registering_call(s, &e), STR("forgot@example.com"), &e), e);
    link_of(s, newest(s, CHALLENGE_RESET), link);
    shop_at(s, now + CHALLENGE_RESET_LIFE);
    assert_refused(account_password_reset(registering_call(s, &e), str_from(link), STR(GOOD_PASSWORD), &e), e, PROBLEM_EXPIRED);
    shop_at(s, now);
}

/* Where upper and lower case are two mailboxes, the link goes to the one that the account has. */
static void to_the_address_of_the_account(void **state)
{
    struct shop *s = *state;
    struct message_list list;
    struct account_message m;
    struct err e;
    (void)member(s, "casey@example.com");
    shop_sql(s, "UPDATE notification.message SET state = 'failed' WHERE state = 'queued'");
    assert_good(account_password_forgot(registering_call(s, &e), STR("CASEY@example.com"), &e), e);
    struct call *c = shop_call(s, "souk_jobs_core");
    assert_good(message_claim(c, 10, &list, &e), e);
    assert_int_equal(list.n, 1);
    assert_good(account_message_read(c, &list.v[0], &m, &e), e);
    assert_str(m.email, "casey@example.com");
    assert_false(str_is_null(m.link));
}

static void strangers_and_the_disabled(void **state)
{
    struct shop *s = *state;
    struct str whose;
    struct err e;
    char link[120], sql_id[40];
    shop_at(s, shop_now(s) + USEC_PER_SEC);
    struct account_id id = member(s, "off@example.com");
    shop_sql(s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(id.u, sql_id));
    int64_t resets = owed(s, "password_reset");
    assert_good(account_password_forgot(registering_call(s, &e), STR("nobody@example.com"), &e), e);
    assert_int_equal(owed(s, "no_account"), 1);
    link_of(s, newest(s, CHALLENGE_RESET), link);
    assert_refused(account_reset_email(registering_call(s, &e), str_from(link), &whose, &e), e, PROBLEM_EXPIRED);
    assert_refused(account_password_reset(registering_call(s, &e), str_from(link), STR(OTHER_PASSWORD), &e), e, PROBLEM_EXPIRED);
    shop_at(s, shop_now(s) + USEC_PER_SEC);
    assert_good(account_password_forgot(registering_call(s, &e), STR("off@example.com"), &e), e);
    assert_int_equal(owed(s, "account_disabled"), 1);
    assert_int_equal(owed(s, "password_reset"), resets);
    link_of(s, newest(s, CHALLENGE_RESET), link);
    assert_refused(account_password_reset(registering_call(s, &e), str_from(link), STR(OTHER_PASSWORD), &e), e, PROBLEM_EXPIRED);
    assert_refused(account_password_forgot(registering_call(s, &e), STR("no address"), &e), e, PROBLEM_INVALID);
}

/* A reset unlocks and proves the mailbox of an imported account. */
static void a_reset_unlocks_and_proves(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct account_id id;
    struct account a;
    struct err e;
    char link[120];
    assert_good(account_create(registering_call(s, &e), &(struct account_new){.email = STR("imported@example.com"), .name = STR("Im Ported")}, &id, &e), e);
    for (int i = 0; i < 5; i++)
        assert_refused(signs_in(s, "imported@example.com", GOOD_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_refused(signs_in(s, "imported@example.com", GOOD_PASSWORD, &r, &e), e, PROBLEM_TOO_MANY_TRIES);
    shop_at(s, shop_now(s) + USEC_PER_MS);
    assert_good(account_password_forgot(registering_call(s, &e), STR("imported@example.com"), &e), e);
    link_of(s, newest(s, CHALLENGE_RESET), link);
    assert_refused(account_password_reset(registering_call(s, &e), str_from(link), STR("Im Ported"), &e), e, PROBLEM_WEAK_PASSWORD);
    assert_good(account_password_reset(registering_call(s, &e), str_from(link), STR(GOOD_PASSWORD), &e), e);
    assert_good(account_read(registering_call(s, &e), id, &a, &e), e);
    assert_true(a.email_verified && a.has_password);
    assert_good(signs_in(s, "imported@example.com", GOOD_PASSWORD, &r, &e), e);
}

static void changed_by_its_owner(void **state)
{
    struct shop *s = *state;
    struct login_result r;
    struct account_id nameless;
    struct err e;
    assert_good(account_create(registering_call(s, &e), &(struct account_new){.name = STR("Out Sider")}, &nameless, &e), e);       /* from outside, without an address */
    assert_refused(account_password_change(as_member(s, nameless, (struct session_id){0}, &e), STR_NULL, STR(OTHER_PASSWORD), &e), e, PROBLEM_INVALID_STATE);
    struct account_id id = member(s, "change@example.com");
    assert_good(signs_in(s, "change@example.com", GOOD_PASSWORD, &r, &e), e);
    struct session_id session = r.grant.session;
    int64_t told = owed(s, "password_changed");
    assert_refused(account_password_change(as_member(s, id, session, &e), STR("wrong one here"), STR(OTHER_PASSWORD), &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_string_equal(e.param, "current_password");
    assert_refused(account_password_change(as_member(s, id, session, &e), STR(GOOD_PASSWORD), STR("change@example.com"), &e), e, PROBLEM_WEAK_PASSWORD);
    assert_good(account_password_change(as_member(s, id, session, &e), STR(GOOD_PASSWORD), STR(OTHER_PASSWORD), &e), e);
    assert_int_equal(sessions(s, id), 1);
    assert_int_equal(owed(s, "password_changed"), told + 1);
    assert_good(signs_in(s, "change@example.com", OTHER_PASSWORD, &r, &e), e);
    /* who never had one proves presence in another way first */
    struct account_id outside;
    assert_good(account_create(registering_call(s, &e), &(struct account_new){.email = STR("outside@example.com"), .verified = true}, &outside, &e), e);
    struct call *c = as_member(s, outside, session, &e);
    c->actor.fresh_at = 0;
    assert_refused(account_password_change(c, STR_NULL, STR(GOOD_PASSWORD), &e), e, PROBLEM_FRESH_REQUIRED);
    assert_good(account_password_change(as_member(s, outside, session, &e), STR_NULL, STR(GOOD_PASSWORD), &e), e);
    assert_good(signs_in(s, "outside@example.com", GOOD_PASSWORD, &r, &e), e);
}

/* A thief who was signed in for a moment asked for another address, and the owner was told: the new password that the mail advises ends that, too. */
static void a_new_password_ends_a_change_of_address(void **state)
{
    struct shop *s = *state;
    struct str v;
    struct err e;
    char verification[120], link[120], reset[120];
    struct session_id none = {0};
    for (int by_mail = 0; by_mail < 2; by_mail++) {
        struct account_id id = member(s, by_mail ? "robbed2@example.com" : "robbed1@example.com");
        shop_at(s, shop_now(s) + USEC_PER_SEC);
        assert_good(account_email_change(as_member(s, id, none, &e), by_mail ? STR("thief2@example.com") : STR("thief1@example.com"), &v, &e), e);
        snprintf(verification, sizeof verification, STR_FMT, STR_ARG(v));
        struct challenge_id ch = newest(s, CHALLENGE_EMAIL);
        link_of(s, ch, link);
        if (by_mail) {
            assert_good(account_password_forgot(registering_call(s, &e), STR("robbed2@example.com"), &e), e);
            link_of(s, newest(s, CHALLENGE_RESET), reset);
            assert_good(account_password_reset(registering_call(s, &e), str_from(reset), STR(OTHER_PASSWORD), &e), e);
        } else {
            assert_good(account_password_change(as_member(s, id, none, &e), STR(GOOD_PASSWORD), STR(OTHER_PASSWORD), &e), e);
        }
        struct call *c = as_member(s, id, none, &e);
        assert_refused(account_email_confirm(c, str_from(verification), challenge_code(c, ch, 1), &e), e, PROBLEM_EXPIRED);
        assert_refused(account_email_confirm_link(as_member(s, id, none, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_link_for_an_hour), cmocka_unit_test(to_the_address_of_the_account), cmocka_unit_test(strangers_and_the_disabled), cmocka_unit_test(a_reset_unlocks_and_proves),
                                       cmocka_unit_test(changed_by_its_owner), cmocka_unit_test(a_new_password_ends_a_change_of_address)};
    return cmocka_run_group_tests(tests, registering_start, registering_stop);
}
