/* The first owner of a shop. */
#include "service/users.h"
#include "signed_in.h"

static void an_owner_is_made_or_promoted(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct account_id id;
    char text[40];
    struct call *c = shop_call(s, "souk_admin");
    c->actor = (struct actor){.kind = ACTOR_SYSTEM, .id = STR("souk")};
    assert_refused(users_make_admin(c, &(struct users_admin_in){.email = STR("boss@example.com"), .password = STR("password1")}, &id, &e), e, PROBLEM_WEAK_PASSWORD);
    err_clear(&e);
    assert_refused(users_make_admin(c, &(struct users_admin_in){.email = STR("boss"), .password = STR("seven green teapots")}, &id, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    assert_good(users_make_admin(c, &(struct users_admin_in){.email = STR("boss@example.com"), .name = STR("The Boss"), .password = STR("seven green teapots")}, &id, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account a JOIN identity.account_role h ON h.account_id = a.id JOIN identity.role r ON r.id = h.role_id "
                              "WHERE a.id = %s AND a.staff AND r.name = 'owner' AND a.password LIKE '$argon2id$%%'", uuid_sql(id.u, text)), 1);
    assert_refused(users_make_admin(c, &(struct users_admin_in){.email = STR("boss@example.com"), .password = STR("seven green teapots")}, &id, &e), e, PROBLEM_ALREADY_EXISTS);
    err_clear(&e);
    assert_refused(users_make_admin(c, &(struct users_admin_in){.email = STR("ada@example.com"), .promote = true}, &id, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    struct account_id ada = account_for(s, "ada@example.com");
    c = shop_call(s, "souk_admin");
    c->actor = (struct actor){.kind = ACTOR_SYSTEM, .id = STR("souk")};
    assert_good(users_make_admin(c, &(struct users_admin_in){.email = STR("ada@example.com"), .promote = true}, &id, &e), e);
    assert_true(uuid_eq(id.u, ada.u));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND staff", uuid_sql(ada.u, text)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_owner_is_made_or_promoted)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
