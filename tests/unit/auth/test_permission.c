#include "with_arena.h"

#include "auth/permission.h"

static void names_and_bits(void **state)
{
    permission_set all = 0;
    for (enum permission p = PERMISSION_NONE + 1; p < PERMISSION_END; p++) {
        assert_int_equal(permission_find(str_from(permission_name(p))), p);
        assert_true(permission_doc(p)[0] != '\0');
        assert_false(permission_has(all, p));
        all |= permission_bit(p);
        assert_true(permission_has(all, p));
    }
    assert_true(permission_parse(permission_format(*state, all)) == all);
    assert_true(permission_has(0, PERMISSION_NONE));
    assert_int_equal(permission_find(STR("")), PERMISSION_NONE);
}

static void unknown_names_give_nothing(void **state)
{
    permission_set set = permission_parse(STR("read_orders fly_to_moon READ_PAYMENTS  write_orders"));
    assert_true(set == (permission_bit(PERMISSION_READ_ORDERS) | permission_bit(PERMISSION_WRITE_ORDERS)));
    assert_str(permission_format(*state, set), "read_orders write_orders");
    assert_true(permission_parse(STR_NULL) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(names_and_bits), WITH_ARENA(unknown_names_give_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
