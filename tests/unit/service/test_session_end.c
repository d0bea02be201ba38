#include "service/session_internal.h"
#include "signing.h"

static struct session_id opened(struct shop *s, struct account_id account)
{
    struct session_grant g;
    struct err e = {0};
    assert_good(session_open(shop_call(s, "souk_user"), &(struct session_new){.account = account}, &g, &e), e);
    return g.session;
}

static void one_ends(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL), other = an_account(s, NULL);
    struct session_id one = opened(s, account), two = opened(s, account);
    struct err e = {0};
    char id[40], acc[40];
    uuid_sql(one.u, id);
    uuid_sql(account.u, acc);
    assert_refused(session_end(shop_call(s, "souk_user"), other, one, "ended_by_owner", &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_refused(session_end(shop_call(s, "souk_user"), account, (struct session_id){uuid_v7(shop_now(s))}, "ended_by_owner", &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_good(session_end(shop_call(s, "souk_user"), account, one, "ended_by_owner", &e), e);
    assert_good(session_end(shop_call(s, "souk_user"), account, one, "ended_by_owner", &e), e);         /* twice is fine, and one event */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE session_id = %s AND account_id = %s", id, acc), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'session.revoked' AND object_id = %s AND seq = 1", acc), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'session.ended' AND object_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.session WHERE account_id = %s AND ended_at IS NULL", acc), 1);
    (void)two;
}

static void all_end_but_one(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct session_id ids[4];
    struct shape_list list;
    struct err e = {0};
    int ended;
    for (int i = 0; i < 4; i++) ids[i] = opened(s, account);
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .account = account, .session = ids[2]};
    assert_good(session_list(c, account, &list, &e), e);
    assert_int_equal(list.n, 4);
    assert_good(session_end_all(c, account, ids[2], "password_changed", &ended, &e), e);
    assert_int_equal(ended, 3);
    assert_good(session_list(c, account, &list, &e), e);
    assert_int_equal(list.n, 1);
    const struct session_info *left = list.v;
    assert_true(uuid_eq(left->id.u, ids[2].u) && left->current);
    assert_good(session_end_all(c, account, (struct session_id){0}, "disabled", &ended, &e), e);
    assert_int_equal(ended, 1);
    assert_good(session_end_all(c, account, (struct session_id){0}, "disabled", NULL, &e), e);
    char acc[40];
    /* each time: tokens that have no session of ours are void, too */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE session_id IS NULL AND account_id = %s", uuid_sql(account.u, acc)), 3);
    assert_int_equal(shop_ask(s, "SELECT count(DISTINCT seq) FROM platform.outbox WHERE type = 'session.revoked' AND object_id = %s AND seq BETWEEN 1 AND 4",
                              uuid_sql(account.u, acc)), 4);
}

static void forgotten(void **state)
{
    struct shop *s = *state;
    struct account_id account = an_account(s, NULL);
    struct err e = {0};
    char acc[40];
    assert_good(session_forget(shop_call(s, "souk_user"), account, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE session_id IS NULL AND account_id = %s", uuid_sql(account.u, acc)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_ends), cmocka_unit_test(all_end_but_one), cmocka_unit_test(forgotten)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
