/* A new address: proved by its mailbox, both are told, another account's stays secret. */
#include "registering.h"

static void proved_by_its_code(void **state)
{
    struct shop *s = *state;
    struct str v;
    struct login_result r;
    struct account a;
    struct err e;
    char verification[120];
    struct account_id id = member(s, "before@example.com"), other = member(s, "other@example.com");
    struct session_id none = {0};
    assert_refused(account_email_change(as_member(s, id, none, &e), STR("BEFORE@example.com"), &v, &e), e, PROBLEM_INVALID);
    assert_good(account_email_change(as_member(s, id, none, &e), STR("after@example.com"), &v, &e), e);
    snprintf(verification, sizeof verification, STR_FMT, STR_ARG(v));
    assert_int_equal(owed(s, "email_verify_new"), 1);
    assert_int_equal(owed(s, "email_change_asked"), 1);
    struct challenge_id ch = newest(s, CHALLENGE_EMAIL);
    assert_good(signs_in(s, "before@example.com", GOOD_PASSWORD, &r, &e), e);
    struct call *c = as_member(s, other, none, &e);
    assert_refused(account_email_confirm(c, str_from(verification), challenge_code(c, ch, 1), &e), e, PROBLEM_EXPIRED);
    c = as_member(s, id, none, &e);
    assert_refused(account_email_confirm(c, str_from(verification), STR("x"), &e), e, PROBLEM_INVALID_CODE);
    c = as_member(s, id, none, &e);
    assert_good(account_email_confirm(c, str_from(verification), challenge_code(c, ch, 1), &e), e);
    assert_int_equal(owed(s, "email_changed"), 1);
    assert_good(account_read(registering_call(s, &e), id, &a, &e), e);
    assert_str(a.email, "after@example.com");
    assert_refused(signs_in(s, "before@example.com", GOOD_PASSWORD, &r, &e), e, PROBLEM_INVALID_CREDENTIALS);
    assert_good(signs_in(s, "after@example.com", GOOD_PASSWORD, &r, &e), e);
    c = as_member(s, id, none, &e);
    assert_refused(account_email_confirm(c, str_from(verification), challenge_code(c, ch, 1), &e), e, PROBLEM_EXPIRED);
}

static void proved_by_its_link(void **state)
{
    struct shop *s = *state;
    struct str v;
    struct account a;
    struct err e;
    char link[120];
    struct account_id id = member(s, "old@example.com"), mailbox = member(s, "mailbox@example.com");
    struct session_id none = {0};
    shop_at(s, shop_now(s) + USEC_PER_MS);
    assert_good(account_email_change(as_member(s, id, (struct session_id){0}, &e), STR("new@example.com"), &v, &e), e);
    link_of(s, newest(s, CHALLENGE_EMAIL), link);
    /* whoever has the mailbox is not necessarily who asked: nobody, and nobody else, moves the account */
    assert_refused(account_email_confirm_link(registering_call(s, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
    assert_refused(account_email_confirm_link(as_member(s, mailbox, none, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
    assert_good(account_email_confirm_link(as_member(s, id, none, &e), str_from(link), &e), e);
    assert_refused(account_email_confirm_link(as_member(s, id, none, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
    assert_good(account_read(registering_call(s, &e), id, &a, &e), e);
    assert_str(a.email, "new@example.com");
}

static void anothers_address_stays_secret(void **state)
{
    struct shop *s = *state;
    struct str v;
    struct err e;
    char verification[120], link[120];
    struct account_id id = member(s, "curious@example.com"), taken = member(s, "taken@example.com");
    shop_at(s, shop_now(s) + USEC_PER_MS);
    assert_good(account_email_change(as_member(s, id, (struct session_id){0}, &e), STR("taken@example.com"), &v, &e), e);
    snprintf(verification, sizeof verification, STR_FMT, STR_ARG(v));
    struct challenge_id ch = newest(s, CHALLENGE_EMAIL);
    struct call *c = as_member(s, id, (struct session_id){0}, &e);
    assert_refused(account_email_confirm(c, str_from(verification), challenge_code(c, ch, 1), &e), e, PROBLEM_INVALID_CODE);
    link_of(s, ch, link);
    assert_refused(account_email_confirm_link(as_member(s, id, (struct session_id){0}, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
    assert_refused(account_email_confirm_link(as_member(s, taken, (struct session_id){0}, &e), str_from(link), &e), e, PROBLEM_EXPIRED);
}

/* Free when asked for, taken when proved. */
static void taken_meanwhile(void **state)
{
    struct shop *s = *state;
    struct str v;
    struct err e;
    char link[120];
    struct account_id id = member(s, "slow@example.com");
    shop_at(s, shop_now(s) + USEC_PER_MS);
    assert_good(account_email_change(as_member(s, id, (struct session_id){0}, &e), STR("contested@example.com"), &v, &e), e);
    link_of(s, newest(s, CHALLENGE_EMAIL), link);
    (void)member(s, "contested@example.com");
    assert_refused(account_email_confirm_link(as_member(s, id, (struct session_id){0}, &e), str_from(link), &e), e, PROBLEM_ALREADY_EXISTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(proved_by_its_code), cmocka_unit_test(proved_by_its_link), cmocka_unit_test(anothers_address_stays_secret),
                                       cmocka_unit_test(taken_meanwhile)};
    return cmocka_run_group_tests(tests, registering_start, registering_stop);
}
