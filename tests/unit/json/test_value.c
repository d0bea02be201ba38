#include "with_arena.h"

#include "json/value.h"

static const struct json_value *read(struct arena *a, const char *text)
{
    const struct json_value *v = NULL;
    struct err e;
    err_clear(&e);
    if (!json_value_read(a ? str_from(text) : STR_NULL, a, &v, &e)) fail_msg("%s: %s", text, e.detail);
    return v;
}

static void kinds(void **state)
{
    static const struct { const char *text; enum json_kind kind; } rows[] = {
        {"null", JSON_NULL}, {"true", JSON_BOOL}, {"12", JSON_INT}, {"1.5", JSON_FRACTION}, {"1e3", JSON_FRACTION}, {"\"x\"", JSON_STRING}, {"[1]", JSON_ARRAY}, {"{}", JSON_OBJECT}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(json_value_kind(read(*state, rows[i].text)), rows[i].kind);
}

static void members(void **state)
{
    const struct json_value *v = read(*state, "{\"s\":\"text\",\"i\":-7,\"b\":false,\"n\":null,\"l\":[\"a\",2,null],\"o\":{\"x\":1}}");
    struct str s;
    int64_t i;
    bool b = true;
    assert_int_equal(json_length(v), 6);
    assert_str(json_member_str(v, "s"), "text");
    assert_true(str_is_null(json_member_str(v, "i")) && str_is_null(json_member_str(v, "none")));
    assert_true(json_value_int(json_member(v, "i"), &i) && i == -7);
    assert_false(json_value_int(json_member(v, "s"), &i));
    assert_true(json_value_bool(json_member(v, "b"), &b) && !b);
    assert_false(json_value_bool(json_member(v, "i"), &b));
    assert_false(json_value_str(json_member(v, "i"), &s));
    assert_true(json_has(v, "n") && !json_has(v, "m") && json_member(v, "n") == NULL);
    const struct json_value *l = json_member(v, "l");
    assert_int_equal(json_length(l), 3);
    assert_true(json_value_str(json_item(l, 0), &s) && str_eq_c(s, "a"));
    assert_null(json_item(l, 2));
    assert_null(json_item(l, 3));
    assert_null(json_item(v, 0));
    assert_true(json_value_int(json_member(json_member(v, "o"), "x"), &i) && i == 1);
    assert_null(json_member(l, "x"));
    assert_false(json_has(NULL, "x"));
    assert_int_equal(json_length(NULL), 0);
}

static void refused(void **state)
{
    static const char *const rows[] = {"", "{", "{\"a\":1,\"a\":2}", "{\"a\":1}x", "{\"a\":01}", "{'a':1}", "[1,]", "nul", "\"\\u0000\"", "{\"a\":1234567890123456789}"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct json_value *v;
        struct err e;
        err_clear(&e);
        if (json_value_read(str_from(rows[i]), *state, &v, &e)) fail_msg("%s", rows[i]);
        assert_int_equal(e.problem, PROBLEM_INVALID_JSON);
    }
    const struct json_value *v;
    struct err e;
    err_clear(&e);
    assert_false(json_object_read(STR("[]"), *state, &v, &e));
    assert_false(json_object_read(STR("null"), *state, &v, &e));
    assert_true(json_object_read(STR("{\"a\":1}"), *state, &v, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(kinds), WITH_ARENA(members), WITH_ARENA(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
