#include "service/challenge.h"
#include "service/staff.h"
#include "signing.h"

static struct str support[] = {{"support", 7}}, owner[] = {{"owner", 5}}, nonsense[] = {{"wizard", 6}};
static struct signing g;

static struct call *as(struct shop *s, struct account_id account, permission_set set)
{
    struct call *c = signing_call(s, &g, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_STAFF, .id = id_str(c->arena, ID_account, account.u), .account = account, .permissions = set, .second_factor = true};
    return c;
}

static void roles_of_staff(void **state)
{
    struct shop *s = *state;
    struct account_id boss = an_account(s, "owner"), clerk = an_account(s, "support"), shopper = an_account(s, NULL);
    struct staff who;
    struct shape_list list;
    struct account_id next;
    struct err e = {0};
    char acc[40];
    assert_good(staff_list(as(s, boss, permission_all()), (struct account_id){0}, 100, &list, &next, &e), e);
    assert_int_equal(list.n, 2);
    assert_good(staff_set_roles(as(s, boss, permission_all()), clerk, 1, (struct shape_list){1, owner}, &e), e);
    assert_good(staff_read(as(s, boss, permission_all()), clerk, &who, &e), e);
    assert_true(who.roles.n == 1 && who.permissions.n == PERMISSION_END - 1 && who.version == 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE account_id = %s AND session_id IS NULL", uuid_sql(clerk.u, acc)), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'staff.roles_changed' AND object_id = %s AND detail->'before' = '[\"support\"]'", acc), 1);
    assert_refused(staff_set_roles(as(s, boss, permission_all()), clerk, 1, (struct shape_list){1, support}, &e), e, PROBLEM_PRECONDITION_FAILED);
    err_clear(&e);
    assert_refused(staff_set_roles(as(s, boss, permission_all()), clerk, 0, (struct shape_list){1, nonsense}, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    assert_refused(staff_set_roles(as(s, boss, permission_all()), shopper, 0, (struct shape_list){1, support}, &e), e, PROBLEM_NOT_FOUND);      /* an invitation is the way */
    err_clear(&e);
    /* a support clerk with write_staff cannot touch an owner */
    assert_refused(staff_set_roles(as(s, clerk, permission_bit(PERMISSION_WRITE_STAFF)), boss, 0, (struct shape_list){0}, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    /* two owners: one may go, the last may not */
    assert_good(staff_set_roles(as(s, boss, permission_all()), clerk, 0, (struct shape_list){0}, &e), e);
    assert_refused(staff_read(as(s, boss, permission_all()), clerk, &who, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_refused(staff_set_roles(as(s, boss, permission_all()), boss, 0, (struct shape_list){0}, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    assert_refused(staff_set_roles(as(s, boss, permission_all()), boss, 0, (struct shape_list){1, support}, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    shop_sql(s, "UPDATE identity.account SET status = 'disabled' WHERE id = %s", uuid_sql(boss.u, acc));
    shop_sql(s, "DELETE FROM identity.account_role");
}

static void invitations(void **state)
{
    struct shop *s = *state;
    struct account_id boss = an_account(s, "owner");
    struct staff_invitation inv;
    struct staff_offer offer;
    struct login_result login;
    struct staff who;
    struct err e = {0};
    char link[200], acc[40];
    assert_refused(staff_invite(as(s, boss, permission_bit(PERMISSION_WRITE_STAFF)), &(struct staff_invite_in){STR("grace@example.com"), {1, support}}, &inv, &e), e, PROBLEM_FORBIDDEN);
    err_clear(&e);
    assert_refused(staff_invite(as(s, boss, permission_all()), &(struct staff_invite_in){STR("grace"), {1, support}}, &inv, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    assert_good(staff_invite(as(s, boss, permission_all()), &(struct staff_invite_in){STR("Grace@Example.com"), {1, support}}, &inv, &e), e);
    struct call *c = signing_call(s, &g, "souk_user");
    snprintf(link, sizeof link, STR_FMT, STR_ARG(challenge_link(c, inv.id)));
    assert_good(staff_offer(c, str_from(link), &offer, &e), e);
    assert_true(!offer.known && offer.roles.n == 1);
    assert_refused(staff_accept(signing_call(s, &g, "souk_user"), &(struct staff_accept_in){.link = str_from(link), .password = STR("short")}, &login, &e), e, PROBLEM_WEAK_PASSWORD);
    err_clear(&e);
    assert_good(staff_accept(signing_call(s, &g, "souk_user"), &(struct staff_accept_in){.link = str_from(link), .name = STR("Grace"), .password = STR("eleven blue teapots")}, &login, &e), e);
    assert_true(login.outcome == LOGIN_DONE && login.setup_needed && login.grant.cookie.n > 0);
    assert_good(staff_read(as(s, boss, permission_all()), login.account, &who, &e), e);
    assert_str(who.name, "Grace");
    assert_true(who.roles.n == 1 && !who.second_factor);
    assert_refused(staff_accept(signing_call(s, &g, "souk_user"), &(struct staff_accept_in){.link = str_from(link), .password = STR("eleven blue teapots")}, &login, &e), e, PROBLEM_EXPIRED);
    err_clear(&e);
    /* an account that exists: its own password, the roles are added */
    assert_good(staff_invite(as(s, boss, permission_all()), &(struct staff_invite_in){STR("grace@example.com"), {1, owner}}, &inv, &e), e);
    c = signing_call(s, &g, "souk_user");
    snprintf(link, sizeof link, STR_FMT, STR_ARG(challenge_link(c, inv.id)));
    assert_good(staff_offer(c, str_from(link), &offer, &e), e);
    assert_true(offer.known);
    assert_refused(staff_accept(signing_call(s, &g, "souk_user"), &(struct staff_accept_in){.link = str_from(link), .password = STR("twelve blue teapots")}, &login, &e), e, PROBLEM_INVALID_CREDENTIALS);
    err_clear(&e);
    assert_good(staff_accept(signing_call(s, &g, "souk_user"), &(struct staff_accept_in){.link = str_from(link), .password = STR("eleven blue teapots")}, &login, &e), e);
    assert_good(staff_read(as(s, boss, permission_all()), login.account, &who, &e), e);
    assert_int_equal(who.roles.n, 2);
    /* an invitation of somebody who may no longer give it is void */
    assert_good(staff_invite(as(s, boss, permission_all()), &(struct staff_invite_in){STR("mallory@example.com"), {1, owner}}, &inv, &e), e);
    c = signing_call(s, &g, "souk_user");
    snprintf(link, sizeof link, STR_FMT, STR_ARG(challenge_link(c, inv.id)));
    shop_sql(s, "DELETE FROM identity.account_role WHERE account_id = %s", uuid_sql(boss.u, acc));
    assert_refused(staff_offer(c, str_from(link), &offer, &e), e, PROBLEM_EXPIRED);
}

static int start(void **state)
{
    int rc = shop_start(state);
    struct err e = {0};
    signing_begin(*state, &g);
    assert_good(account_hasher_open(g.env.config, &g.env.hasher, &e), e);
    return rc;
}

static int stop(void **state)
{
    account_hasher_close(g.env.hasher);
    signing_end(&g);
    return shop_stop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(roles_of_staff), cmocka_unit_test(invitations)};
    return cmocka_run_group_tests(tests, start, stop);
}
