#include "service/role.h"
#include "signing.h"

static struct str orders[] = {{"read_orders", 11}}, payments[] = {{"read_orders", 11}, {"read_payments", 13}}, unknown[] = {{"fly_to_moon", 11}};

static struct call *as(struct shop *s, permission_set set)
{
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_STAFF, .id = STR("acc_unit"), .permissions = set};
    return c;
}

static void built_in(void **state)
{
    struct shop *s = *state;
    struct shape_list list;
    struct role role;
    struct err e = {0};
    assert_good(role_list(as(s, 0), &list, &e), e);
    assert_int_equal(list.n, 5);
    const struct role *v = list.v;
    for (size_t i = 0; i < list.n; i++) {
        assert_true(v[i].builtin && v[i].permissions.n > 0);
        if (str_eq_c(v[i].name, "owner")) assert_int_equal(v[i].permissions.n, PERMISSION_END - 1);           /* '*' is written out */
    }
    struct role_id id = v[0].id;
    assert_refused(role_put(as(s, permission_all()), &(struct role_in){.id = id, .version = 1, .title = STR("x"), .permissions = {1, orders}}, &role, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    assert_refused(role_delete(as(s, permission_all()), id, &e), e, PROBLEM_INVALID_STATE);
}

static void of_ones_own(void **state)
{
    struct shop *s = *state;
    struct role role, same;
    struct err e = {0};
    char id[40], acc[40];
    assert_good(role_put(as(s, permission_all()), &(struct role_in){.name = STR("returns"), .title = STR("Returns"), .permissions = {1, orders}}, &role, &e), e);
    assert_int_equal(role.version, 1);
    assert_refused(role_put(as(s, permission_all()), &(struct role_in){.name = STR("returns"), .title = STR("x"), .permissions = {1, orders}}, &same, &e), e, PROBLEM_ALREADY_EXISTS);
    static const char *const bad[] = {"", "Returns", "1st", "a b", "-x", "owner*", "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err_clear(&e);
        assert_refused(role_put(as(s, permission_all()), &(struct role_in){.name = str_from(bad[i]), .title = STR("x"), .permissions = {1, orders}}, &same, &e), e, PROBLEM_INVALID);
    }
    err_clear(&e);
    struct account_id account = an_account(s, "returns");
    uuid_sql(role.id.u, id);
    uuid_sql(account.u, acc);
    assert_refused(role_delete(as(s, permission_all()), role.id, &e), e, PROBLEM_INVALID_STATE);           /* somebody has it */
    err_clear(&e);
    assert_refused(role_put(as(s, permission_all()), &(struct role_in){.id = role.id, .version = 7, .title = STR("x"), .permissions = {1, orders}}, &same, &e), e, PROBLEM_PRECONDITION_FAILED);
    err_clear(&e);
    assert_good(role_put(as(s, permission_all()), &(struct role_in){.id = role.id, .version = 1, .title = STR("Returns and money"), .permissions = {2, payments}}, &same, &e), e);
    assert_true(same.version == 2 && same.permissions.n == 2 && same.members == 1);
    /* who has it is looked at again */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE account_id = %s AND session_id IS NULL", acc), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE object_id = %s AND action IN ('role.created', 'role.changed')", id), 2);
    shop_sql(s, "DELETE FROM identity.account_role WHERE account_id = %s", acc);
    /* a group of a user pool has it: a later role of that name would be the group's, whatever it may */
    shop_sql(s, "INSERT INTO identity.provider (id, name, kind, label, issuer, allowed_clients, group_roles, created_at, updated_at) VALUES (gen_random_uuid(), 'pool', "
                "'cognito', 'Pool', 'https://pool.example', '{app}', '{\"desk\":[\"returns\"]}', '2026-01-01', '2026-01-01')");
    assert_refused(role_delete(as(s, permission_all()), role.id, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    shop_sql(s, "UPDATE identity.provider SET group_roles = '{}'");
    assert_good(role_delete(as(s, permission_all()), role.id, &e), e);
    assert_refused(role_read(as(s, permission_all()), role.id, &same, &e), e, PROBLEM_NOT_FOUND);
}

/* Nobody gives, or takes from, what may do more than he may. */
static void no_ladder(void **state)
{
    struct shop *s = *state;
    struct role role, same;
    struct err e = {0};
    permission_set small = permission_bit(PERMISSION_READ_ORDERS) | permission_bit(PERMISSION_WRITE_STAFF), set;
    static struct str owner[] = {{"owner", 5}};
    assert_refused(role_put(as(s, small), &(struct role_in){.name = STR("ladder"), .title = STR("x"), .permissions = {2, payments}}, &role, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    assert_good(role_put(as(s, permission_all()), &(struct role_in){.name = STR("ladder"), .title = STR("x"), .permissions = {2, payments}}, &role, &e), e);
    assert_refused(role_put(as(s, small), &(struct role_in){.id = role.id, .version = 1, .title = STR("x"), .permissions = {1, orders}}, &same, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    assert_refused(role_delete(as(s, small), role.id, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    assert_refused(role_check_grant(as(s, small), (struct shape_list){1, owner}, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    assert_refused(role_check_permissions(as(s, small), (struct shape_list){1, unknown}, &set, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    struct call *c = as(s, 0);
    c->actor.kind = ACTOR_SYSTEM;                                /* the operators' command */
    assert_good(role_check_grant(c, (struct shape_list){1, owner}, &e), e);
}

/* Nobody takes away what somebody mightier signs in with. */
static void over_whom(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct account_id shopper = an_account(s, NULL), clerk = an_account(s, "support"), boss = an_account(s, "owner");
    permission_set manager = permission_all() & ~permission_bit(PERMISSION_WRITE_STAFF);
    assert_good(role_check_over(as(s, permission_bit(PERMISSION_WRITE_CUSTOMERS)), shopper, &e), e);
    assert_good(role_check_over(as(s, manager), clerk, &e), e);
    assert_good(role_check_over(as(s, permission_all()), boss, &e), e);
    assert_refused(role_check_over(as(s, permission_bit(PERMISSION_WRITE_CUSTOMERS)), clerk, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    assert_refused(role_check_over(as(s, manager), boss, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    struct call *c = as(s, 0);
    c->actor.account = boss;                                     /* his own */
    assert_good(role_check_over(c, boss, &e), e);
    c->actor = (struct actor){.kind = ACTOR_SYSTEM};
    assert_good(role_check_over(c, boss, &e), e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(built_in), cmocka_unit_test(of_ones_own), cmocka_unit_test(no_ladder), cmocka_unit_test(over_whom)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
