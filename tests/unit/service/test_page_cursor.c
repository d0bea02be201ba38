/* Cursors: what was made is read again, with the same filters only. */
#include "service/page_cursor.h"
#include "unit.h"

static void there_and_back(void **state)
{
    struct arena *a = arena_new();
    struct err e = {0};
    struct uuid id = uuid_v7(5000), got;
    usec_t at;
    (void)state;
    struct str cursor = page_cursor_make(a, STR("status=active"), 1234567, id);
    assert_true(page_cursor_read(a, STR("status=active"), cursor, &at, &got, &e));
    assert_true(at == 1234567 && uuid_eq(got, id));
    assert_false(page_cursor_read(a, STR("status=erased"), cursor, &at, &got, &e));
    assert_int_equal(e.problem, PROBLEM_INVALID_CURSOR);
    assert_true(page_cursor_read(a, STR(""), STR_NULL, &at, &got, &e));
    assert_true(at == 0 && uuid_is_zero(got));
    static const char *const bad[] = {"", "x", "MQ", "MQo", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(page_cursor_read(a, STR(""), str_from(bad[i]), &at, &got, &e));
    struct str place;
    cursor = page_cursor_pack(a, STR("all"), STR("one\ntwo"));
    assert_true(page_cursor_unpack(a, STR("all"), cursor, &place, &e));
    assert_str(place, "one\ntwo");
    assert_false(page_cursor_unpack(a, STR("some"), cursor, &place, &e));
    assert_false(page_cursor_read(a, STR("all"), cursor, &at, &got, &e));
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
