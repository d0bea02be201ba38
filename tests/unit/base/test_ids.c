#include "unit.h"

#include "base/ids.h"

static void round_trip_and_order(void **state)
{
    (void)state;
    struct uuid previous = {{0}};
    for (int i = 0; i < 1000; i++) {
        struct uuid u = uuid_v7(INT64_C(1700000000000000) + i), again;
        char text[ID_TEXT_MAX], hex[37];
        assert_int_equal(u.b[6] >> 4, 7);
        assert_int_equal(u.b[8] >> 6, 2);
        size_t n = id_format(ID_product, u, text);
        assert_int_equal(n, strlen("prod_") + 26);
        assert_true(id_parse(ID_product, str_from(text), &again) && uuid_eq(u, again));
        uuid_format(u, hex);
        assert_true(uuid_parse(str_from(hex), &again) && uuid_eq(u, again));
        assert_true(i % 1000 == 0 || uuid_cmp(previous, u) <= 0 || memcmp(previous.b, u.b, 7) == 0);
        previous = u;
    }
}

static void known_values(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct uuid u;
    assert_true(uuid_parse(STR("FFFFFFFF-ffff-ffff-ffff-ffffffffffff"), &u));
    assert_str(id_str(a, ID_order, u), "ord_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    memset(&u, 0, sizeof u);
    assert_true(uuid_is_zero(u));
    assert_str(id_str(a, ID_order, u), "ord_00000000000000000000000000");
    arena_destroy(a);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "ord_", "ord_00000000000000000000000000", "ord_8zzzzzzzzzzzzzzzzzzzzzzzzz", "ord_7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "ord_7zzzzzzzzzzzzzzzzzzzzzzzzzz", "ord_7zzzzzzzzzzzzzzzzzzzzzzzz",
                                      "prod_7zzzzzzzzzzzzzzzzzzzzzzzzz", "ord-7zzzzzzzzzzzzzzzzzzzzzzzzz", "ord_7zzzzzzzzzzzzzzzzzzzzzzzzi", "ord_7zzzzzzzzzzzzzzzzzzzzzzz z"};
    struct uuid u;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) assert_false(id_parse(ID_order, str_from(bad[i]), &u));
    assert_false(id_parse(ID_order, str_of("ord_7zzzzzzzzzzzz\0zzzzzzzzzzzz", 30), &u));
    assert_false(uuid_parse(STR("ffffffff-ffff-ffff-ffff-fffffffffff"), &u));
    assert_false(uuid_parse(STR("ffffffff-ffff-ffff-ffff-fffffffffffg"), &u));
    assert_false(uuid_parse(STR("fffffffffffff-ffff-ffff-ffffffffffff"), &u));
}

static void prefixes_differ(void **state)
{
    (void)state;
    for (int i = 0; i < ID_KIND_COUNT; i++) {
        assert_true(strlen(id_prefix((enum id_kind)i)) + 28 <= ID_TEXT_MAX);
        for (int k = 0; k < i; k++) assert_string_not_equal(id_prefix((enum id_kind)i), id_prefix((enum id_kind)k));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(round_trip_and_order), cmocka_unit_test(known_values), cmocka_unit_test(refusals), cmocka_unit_test(prefixes_differ)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
