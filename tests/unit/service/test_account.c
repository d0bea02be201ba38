/* Accounts that somebody vouches for. */
#include "registering.h"

#include "service/person.h"

static void nobody_is_not_found(void **state)
{
    struct account account;
    struct account_id id;
    struct err e;
    bool found;
    assert_refused(account_read(registering_call(*state, &e), (struct account_id){{{1}}}, &account, &e), e, PROBLEM_NOT_FOUND);
    assert_good(account_find(registering_call(*state, &e), STR("nobody@example.com"), &id, &found, &e), e);
    assert_false(found);
    assert_good(account_find(registering_call(*state, &e), STR("no address"), &id, &found, &e), e);
    assert_false(found);
}

static void made_and_found(void **state)
{
    struct shop *s = *state;
    struct account a;
    struct account_id id, again;
    struct err e;
    bool found;
    const struct account_new in = {.email = STR("Made@Example.com"), .name = STR("Ma De"), .phone = STR("+4930123456"), .locale = STR("de"), .verified = true, .staff = true};
    assert_good(account_create(registering_call(s, &e), &in, &id, &e), e);
    assert_good(account_find(registering_call(s, &e), STR("MADE@example.COM"), &again, &found, &e), e);
    assert_true(found && uuid_eq(id.u, again.u));
    assert_good(account_read(registering_call(s, &e), id, &a, &e), e);
    assert_str(a.email, "Made@example.com");
    assert_str(a.phone, "+4930123456");
    assert_true(a.staff && a.email_verified && !a.has_password);
    assert_refused(account_create(registering_call(s, &e), &in, &again, &e), e, PROBLEM_ALREADY_EXISTS);
    assert_good(account_create(registering_call(s, &e), &(struct account_new){.name = STR("No Mail")}, &id, &e), e);
    assert_good(account_read(registering_call(s, &e), id, &a, &e), e);
    assert_true(str_is_null(a.email) && !a.email_verified);
    char sql_id[40];
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account a WHERE a.id = %s AND position('No Mail'::bytea IN a.name) = 0", uuid_sql(id.u, sql_id)), 1);
}

/* An address that nobody proved opens no guest's past. */
static void unproved_addresses_claim_nobody(void **state)
{
    struct shop *s = *state;
    struct person_id guest;
    struct account_id id;
    struct err e;
    char person[40];
    assert_good(person_for_contact(registering_call(s, &e), STR("victim@example.com"), &guest, &e), e);
    assert_good(account_create(registering_call(s, &e), &(struct account_new){.email = STR("victim@example.com")}, &id, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE id = %s AND kind = 'unclaimed' AND account_id IS NULL", uuid_sql(guest.u, person)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_is_not_found), cmocka_unit_test(made_and_found), cmocka_unit_test(unproved_addresses_claim_nobody)};
    return cmocka_run_group_tests(tests, registering_start, registering_stop);
}
