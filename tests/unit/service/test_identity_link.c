/* What an account has outside, and the last way in that nobody takes away. */
#include "outside.h"
#include "signing.h"

static void give(struct outside *o, struct account_id account, const char *provider, const char *subject)
{
    char id[40];
    shop_sql(o->s, "INSERT INTO identity.external_identity (provider_id, subject, account_id, how, last_used_at, created_at, updated_at) "
                   "SELECT p.id, '%s', %s, 'linked', '2026-01-02', '2026-01-01', '2026-01-01' FROM identity.provider p WHERE p.name = '%s'",
             subject, uuid_sql(account.u, id), provider);
}

static void the_only_way_in_stays(void **state)
{
    struct outside *o = *state;
    struct account_id a = an_account(o->s, NULL);
    struct shape_list list;
    struct err e = {0};
    char id[40];
    uuid_sql(a.u, id);
    outside_provider(o, "twin");
    give(o, a, "fake", "f1");
    assert_good(identity_links(outside_call(o, "souk_user"), a, &list, &e), e);
    const struct identity_link *v = list.v;
    assert_int_equal(list.n, 1);
    assert_true(!v->removable && v->linked_at > 0 && v->last_used_at > v->linked_at);
    assert_str(v->provider, "fake");
    assert_refused(identity_unlink(outside_call(o, "souk_user"), a, STR("fake"), &e), e, PROBLEM_INVALID_STATE);
    assert_refused(identity_unlink(outside_call(o, "souk_user"), a, STR("twin"), &e), e, PROBLEM_NOT_FOUND);
    assert_refused(identity_unlink(outside_call(o, "souk_user"), an_account(o->s, NULL), STR("fake"), &e), e, PROBLEM_NOT_FOUND);
    give(o, a, "twin", "t1");
    err_clear(&e);
    assert_good(identity_unlink(outside_call(o, "souk_user"), a, STR("fake"), &e), e);
    assert_refused(identity_unlink(outside_call(o, "souk_user"), a, STR("twin"), &e), e, PROBLEM_INVALID_STATE);
    shop_sql(o->s, "UPDATE identity.account SET password = '$argon2id$x' WHERE id = %s", id);
    assert_refused(identity_unlink(outside_call(o, "souk_user"), a, STR("twin"), &e), e, PROBLEM_INVALID_STATE);         /* nobody signs in with a password alone */
    shop_sql(o->s, "UPDATE identity.account SET email_hash = sha256('a'), email = '\\x00' WHERE id = %s", id);
    err_clear(&e);
    assert_good(identity_unlink(outside_call(o, "souk_user"), a, STR("twin"), &e), e);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM identity.external_identity WHERE account_id = %s", id), 0);
    assert_int_equal(shop_ask(o->s, "SELECT count(*) FROM platform.audit WHERE action = 'identity.unlinked' AND object_id = %s", id), 2);
}

static void a_disabled_provider_is_no_way_in(void **state)
{
    struct outside *o = *state;
    struct account_id a = an_account(o->s, NULL);
    struct err e = {0};
    give(o, a, "fake", "f2");
    give(o, a, "twin", "t2");
    shop_sql(o->s, "UPDATE identity.provider SET enabled = false WHERE name = 'twin'");
    assert_refused(identity_unlink(outside_call(o, "souk_user"), a, STR("fake"), &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    assert_good(identity_unlink(outside_call(o, "souk_user"), a, STR("twin"), &e), e);
    shop_sql(o->s, "UPDATE identity.provider SET enabled = true WHERE name = 'twin'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_only_way_in_stays), cmocka_unit_test(a_disabled_provider_is_no_way_in)};
    return cmocka_run_group_tests(tests, outside_start, outside_stop);
}
