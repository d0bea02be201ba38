#include "json/json.h"
#include "unit_arena.h"

static struct str written(struct str s)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    json_put_string(&b, s);
    return buf_view(&b);
}

static void escapes(void **state)
{
    (void)state;
    assert_str(written(STR("a\"b\\c\n\r\t\x01</x>")), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u003c/x>\"");
    assert_str(written(STR("")), "\"\"");
    assert_str(written(STR_NULL), "null");
    assert_str(written(STR("\x7f")), "\"\\u007f\"");
}

static void keeps_good_utf8_and_replaces_bad(void **state)
{
    (void)state;
    assert_str(written(STR("grün €𝄞")), "\"grün €𝄞\"");
    assert_str(written(STR("a\xff" "b")), "\"a\xef\xbf\xbd" "b\"");
    assert_str(written(STR("\xc0\x80")), "\"\xef\xbf\xbd\xef\xbf\xbd\"");                  /* overlong */
    assert_str(written(STR("\xed\xa0\x80")), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");  /* surrogate */
    assert_str(written(STR("\xe2\x82")), "\"\xef\xbf\xbd\xef\xbf\xbd\"");                  /* cut */
}

static void scalars(void **state)
{
    struct buf b;
    (void)state;
    buf_init_arena(&b, a, 0);
    json_put_int(&b, INT64_MIN);
    json_put_bool(&b, true);
    json_put_bool(&b, false);
    assert_str(buf_view(&b), "-9223372036854775808truefalse");
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(escapes), WITH_ARENA(keeps_good_utf8_and_replaces_bad), WITH_ARENA(scalars)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
