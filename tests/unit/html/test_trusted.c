/* HTML made from plain text and from JSON. */
#include "unit.h"

#include "html/html.h"

static void test_plain(void **state)
{
    struct arena *a = *state;
    assert_str(html_trusted_plain(a, STR("")).html, "");
    assert_str(html_trusted_plain(a, STR_NULL).html, "");
    assert_str(html_trusted_plain(a, STR("one")).html, "<p>one</p>\n");
    assert_str(html_trusted_plain(a, STR("a\nb\r\n\r\n\n<c>\n")).html, "<p>a<br>b</p>\n<p>&lt;c&gt;</p>\n");
}

static void test_json(void **state)
{
    struct arena *a = *state;
    assert_str(html_trusted_json(a, STR("{\"name\":\"</script>\"}")).html,
               "<script type=\"application/ld+json\">{\"name\":\"\\u003c/script\\u003e\"}</script>");
}

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain), cmocka_unit_test(test_json)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
