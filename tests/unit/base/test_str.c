#include "unit.h"

static void comparing(void **state)
{
    (void)state;
    assert_true(str_eq(STR_NULL, STR_NULL));
    assert_false(str_eq(STR_NULL, STR("")));
    assert_true(str_eq_nocase(STR("Content-Type"), STR("content-TYPE")));
    assert_false(str_eq_nocase(STR("[a"), STR("{a")));
    assert_true(str_starts(STR("souk"), STR("")) && str_starts(STR("souk"), STR("so")) && !str_starts(STR("s"), STR("so")));
    assert_true(str_ends(STR("souk"), STR("uk")) && !str_ends(STR("k"), STR("uk")));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0 && str_cmp(STR("a"), STR("a")) == 0);
}

static void cutting(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), head;
    assert_true(str_split(&rest, ',', &head));
    assert_str(head, "a");
    assert_true(str_split(&rest, ',', &head));
    assert_str(head, "");
    assert_true(str_split(&rest, ',', &head));
    assert_str(head, "b");
    assert_false(str_split(&rest, ',', &head));
    assert_str(str_trim(STR(" \t x y\r\n")), "x y");
    assert_str(str_sub(STR("abc"), 1, 99), "bc");
    assert_str(str_sub(STR("abc"), 9, 1), "");
}

static void numbers(void **state)
{
    (void)state;
    static const struct { const char *text; bool ok; int64_t value; } rows[] = {
        {"0", true, 0}, {"-0", true, 0}, {"42", true, 42}, {"9223372036854775807", true, INT64_MAX}, {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0}, {"-9223372036854775809", false, 0}, {"", false, 0}, {"-", false, 0}, {" 1", false, 0}, {"1 ", false, 0},
        {"+1", false, 0}, {"1e3", false, 0}, {"0x1", false, 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t v = -7;
        assert_int_equal(str_to_int64(str_from(rows[i].text), &v), rows[i].ok);
        assert_int_equal(v, rows[i].ok ? rows[i].value : -7);
    }
}

static void utf8(void **state)
{
    (void)state;
    static const char *const good[] = {"", "abc", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x9B\x92", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF"};
    static const char *const bad[] = {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xE2\x82"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++) assert_true(str_is_utf8(str_from(good[i])));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) assert_false(str_is_utf8(str_from(bad[i])));
    assert_int_equal(str_utf8_length(STR("a\xC3\xA4\xE2\x82\xAC")), 3);
    assert_true(str_is_text(STR("one\ntwo"), true));
    assert_false(str_is_text(STR("one\ntwo"), false));
    assert_false(str_is_text(STR("a\0b"), true));
    assert_false(str_is_text(STR("a\x7F"), true));
    assert_false(str_is_text(STR("a\xC2\x85"), true));
    assert_true(str_is_text(STR("a\xC2\xA0"), true));
}

static void hex_digits(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        const char *at = i ? strchr("0123456789abcdefABCDEF", i) : NULL;
        int want = at == NULL ? -1 : (int)strtol((char[]){(char)i, 0}, NULL, 16);
        assert_int_equal(str_hex_digit((char)i), want);
    }
}

static void copies(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    assert_true(str_is_null(str_dup(a, STR_NULL)) && str_cstr(a, STR_NULL) == NULL);
    assert_string_equal(str_cstr(a, str_of("abc", 2)), "ab");
    assert_str(str_lower(a, STR("ABC\xC3\x84")), "abc\xC3\x84");
    assert_str(str_printf(a, "%d", 5), "5");
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(comparing), cmocka_unit_test(cutting), cmocka_unit_test(numbers), cmocka_unit_test(utf8), cmocka_unit_test(hex_digits), cmocka_unit_test(copies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
