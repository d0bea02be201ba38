#include "json/json.h"
#include "json/tree.h"
#include "unit_arena.h"

static bool reads(const char *text)
{
    struct err e = {0};
    struct json_object *o = NULL;
    bool ok = json_tree(str_from(text), a, &o, &e);
    if (!ok)
        assert_int_equal(e.problem, PROBLEM_INVALID_JSON);
    return ok;
}

static void accepts_json(void **state)
{
    static const char *const good[] = {"{}", "[]", "null", "true", "1", "-0", "0.5", "1e5", "-12.5E-3", "\"\"", " { \"a\" : [ 1 , null ] } \n", "\"\\u00e4\\n\"",
                                       "123456789012345678", "{\"a\":{\"b\":{\"c\":1}}}"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!reads(good[i]))
            fail_msg("refused %s", good[i]);
    }
}

static void refuses_what_is_none(void **state)
{
    static const char *const bad[] = {"", " ", "{", "}", "[", "{]", "[1,]", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "01", "1.", ".5", "+1", "--1", "1e", "1e+", "0x10", "NaN",
                                      "Infinity", "TRUE", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u0000\"", "\"\n\"", "{}{}", "1 2", "// x\n1", "/* */1", "\xff",
                                      "1234567890123456789", "{\"a\":1 \"b\":2}", "{\"a\" 1}", "[1 2]", "\x0b{}"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (reads(bad[i]))
            fail_msg("accepted %s", bad[i]);
    }
}

static void refuses_duplicate_keys_however_they_are_written(void **state)
{
    (void)state;
    assert_false(reads("{\"a\":1,\"a\":2}"));
    assert_false(reads("{\"a\":1,\"\\u0061\":2}"));
    assert_false(reads("{\"x\":[{\"a\":1,\"b\":2,\"a\":3}]}"));
    assert_true(reads("{\"a\":{\"a\":{\"a\":1}},\"b\":\"a:a\"}"));
}

static void limits(void **state)
{
    struct buf b;
    (void)state;
    buf_init_arena(&b, a, 0);
    for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        buf_clear(&b);
        for (int i = 0; i < depth; i++)
            buf_char(&b, '[');
        for (int i = 0; i < depth; i++)
            buf_char(&b, ']');
        assert_int_equal(reads(str_cstr(a, buf_view(&b))), depth == JSON_DEPTH_MAX);
    }
    for (int n = JSON_MEMBERS_MAX; n <= JSON_MEMBERS_MAX + 1; n++) {
        buf_clear(&b);
        for (int i = 0; i < n; i++)
            buf_printf(&b, "%c\"k%d\":1", i ? ',' : '{', i);
        buf_char(&b, '}');
        assert_int_equal(reads(str_cstr(a, buf_view(&b))), n == JSON_MEMBERS_MAX);
    }
}

static void canonical_form(void **state)
{
    struct buf one, two;
    struct err e = {0};
    (void)state;
    buf_init_arena(&one, a, 0);
    buf_init_arena(&two, a, 0);
    assert_true(json_canonical(STR("{ \"b\": [1, {\"y\":null,\"x\":\"\\u00e4\"}], \"a\": -2.50 }"), a, &one, &e));
    assert_true(json_canonical(STR("{\"a\":-2.50,\"b\":[1,{\"x\":\"ä\",\"y\":null}]}"), a, &two, &e));
    assert_str(buf_view(&one), "{\"a\":-2.50,\"b\":[1,{\"x\":\"ä\",\"y\":null}]}");
    assert_true(str_eq(buf_view(&one), buf_view(&two)));
    assert_false(json_canonical(STR("{"), a, &one, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(accepts_json), WITH_ARENA(refuses_what_is_none), WITH_ARENA(refuses_duplicate_keys_however_they_are_written),
                                       WITH_ARENA(limits), WITH_ARENA(canonical_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
