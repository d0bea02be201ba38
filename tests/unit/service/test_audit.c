/* The audit trail: what is written, what nobody can change. */
#include "service/audit.h"
#include "shop.h"

static void addresses_are_cut(void **state)
{
    static const struct { const char *in, *out; } cases[] = {
        {"203.0.113.77", "203.0.113.0"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1::"}, {"::ffff:203.0.113.77", "203.0.113.0"}, {"::1", "::"}};
    struct call *c = shop_call(*state, "souk_user");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_str(audit_place(c->arena, str_from(cases[i].in)), cases[i].out);
    assert_true(str_is_null(audit_place(c->arena, STR("unix:"))));
    assert_true(str_is_null(audit_place(c->arena, STR_NULL)));
}

static void a_row_says_who_what_and_from_where(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct call *c = shop_call(s, "souk_user");
    struct uuid id = uuid_v7(c->now);
    char object[40];
    c->client = STR("198.51.100.23");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .id = STR("acc_1")};
    assert_good(audit_write(c, "test.done", "account", id, STR("{\"n\":1}"), &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE actor = 'acc_1' AND action = 'test.done' AND object_type = 'account' AND object_id = %s "
                              "AND detail = '{\"n\":1,\"place\":\"198.51.100.0\"}' AND request_id = 'req_unit'", uuid_sql(id, object)), 1);
    c->client = STR_NULL;
    c->actor = (struct actor){.kind = ACTOR_SYSTEM};
    assert_good(audit_write(c, "test.alone", NULL, (struct uuid){{0}}, STR_NULL, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE actor = 'system' AND action = 'test.alone' AND object_id IS NULL AND detail = '{}'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(addresses_are_cut), cmocka_unit_test(a_row_says_who_what_and_from_where)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
