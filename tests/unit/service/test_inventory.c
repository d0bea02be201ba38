/* What there is of variants, and that nobody waits when it is not known. */
#include "shop.h"

#include "service/inventory.h"

static void counted(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 7, 300, "standard"), none = shop_variant(s, 1250, 1, 300, "standard"), unknown = {uuid_v7(4)};
    char id[40];
    shop_sql(s, "SELECT inventory.adjust_v1(%s, '01900000-0000-7000-8000-000000000301', -1, 'adjust', 'x', 'unit', NULL, NULL, '2026-01-01')", uuid_sql(none.u, id));
    struct variant_id asked[] = {none, cup, unknown, cup, none};
    struct shape_list list;
    struct err e;
    err_clear(&e);
    assert_good(inventory_availability(shop_call(s, "souk_inventory"), (struct shape_list){5, asked}, &list, &e), e);
    const struct inventory_availability *v = list.v;
    assert_int_equal(list.n, 3);                                          /* as asked, doubles once */
    assert_true(uuid_eq(v[0].variant.u, none.u) && uuid_eq(v[1].variant.u, cup.u) && uuid_eq(v[2].variant.u, unknown.u));
    assert_str(v[0].status, "out_of_stock");
    assert_true(v[0].available.set && v[0].available.v == 0);
    assert_str(v[1].status, "in_stock");
    assert_int_equal(v[1].available.v, 7);
    assert_str(v[2].status, "out_of_stock");
    assert_good(inventory_availability(shop_call(s, "souk_inventory"), (struct shape_list){0, NULL}, &list, &e), e);
    assert_int_equal(list.n, 0);
}

static void reserved_is_gone(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 7, 300, "standard");
    struct shape_list list;
    struct err e;
    char id[40];
    shop_sql(s, "SELECT inventory.reserve_v1('01900000-0000-7000-8000-00000000aaaa', ARRAY[%s]::uuid[], ARRAY[4], '2026-07-01', NULL, '2026-06-01')", uuid_sql(cup.u, id));
    err_clear(&e);
    assert_good(inventory_availability(shop_call(s, "souk_inventory"), (struct shape_list){1, &cup}, &list, &e), e);
    assert_int_equal(((const struct inventory_availability *)list.v)->available.v, 3);
}

static void not_known_now(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 7, 300, "standard");
    struct shape_list list;
    struct err e;
    struct call *c = shop_call(s, "souk_inventory");
    db_deadline(c->db, clock_monotonic() - 1);
    err_clear(&e);
    assert_good(inventory_availability(c, (struct shape_list){1, &cup}, &list, &e), e);
    const struct inventory_availability *v = list.v;
    assert_str(v->status, "checked_at_checkout");
    assert_false(v->available.set);
    assert_int_equal(e.problem, PROBLEM_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(counted), cmocka_unit_test(reserved_is_gone), cmocka_unit_test(not_known_now)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
