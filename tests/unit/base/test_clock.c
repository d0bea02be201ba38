#include "unit.h"

#include "base/clock.h"

static void formats_and_parses(void **state)
{
    (void)state;
    static const struct { const char *text; usec_t t; const char *again; } rows[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"}, {"2026-11-22T21:50:00Z", INT64_C(1795384200000000), "2026-11-22T21:50:00Z"},
        {"2026-11-22T22:50:00.5+01:00", INT64_C(1795384200500000), "2026-11-22T21:50:00.500000Z"}, {"1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"},
        {"2000-02-29T12:00:00Z", INT64_C(951825600000000), "2000-02-29T12:00:00Z"}, {"2024-02-29T00:00:00-00:30", INT64_C(1709166600000000), "2024-02-29T00:30:00Z"}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        usec_t t = 1;
        assert_true(time_parse(str_from(rows[i].text), &t));
        assert_int_equal(t, rows[i].t);
        assert_str(time_format(a, t), rows[i].again);
    }
    assert_str(time_http(a, INT64_C(1795384200000000)), "Sun, 22 Nov 2026 21:50:00 GMT");
    assert_str(time_http(a, 0), "Thu, 01 Jan 1970 00:00:00 GMT");
    arena_destroy(a);
}

static void refuses(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "2026-11-22", "2026-11-22T21:50:00", "2026-13-22T21:50:00Z", "2026-02-29T21:50:00Z", "2026-11-22T24:00:00Z", "2026-11-22T21:60:00Z", "2026-11-22T21:50:60Z",
                                      "2026-11-22 21:50:00Z", "2026-11-22T21:50:00.Z", "2026-11-22T21:50:00+1:00", "2026-11-22T21:50:00+24:00", "2026-11-22T21:50:00Zx", "2026-11-22T21:50:00.1234567890Z"};
    usec_t t;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) assert_false(time_parse(str_from(bad[i]), &t));
}

static void offsets(void **state)
{
    (void)state;
    struct clock fixed = {.offset_us = 5, .fixed_us = 42}, shifted = {.offset_us = USEC_PER_DAY};
    assert_int_equal(clock_now(&fixed), 42);
    assert_true(clock_now(&shifted) - clock_real() > USEC_PER_DAY - USEC_PER_MINUTE);
    int64_t first = clock_monotonic();
    assert_true(clock_monotonic() >= first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(formats_and_parses), cmocka_unit_test(refuses), cmocka_unit_test(offsets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
