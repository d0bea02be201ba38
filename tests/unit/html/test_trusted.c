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

static void test_svg(void **state)
{
    struct str good = STR("<svg class=\"qr\" viewBox=\"0 0 9 9\"><title>Souk &lt;1&gt;</title><g><path fill=\"#000\" d=\"M1 1h1v1z\"/></g></svg>");
    static const char *const bad[] = {"", "text", "<svg ", "<svg ><script>1</script></svg>", "<svg onload=\"x\"></svg>", "<svg ><a href=\"#\"></a></svg>",
                                      "<svg ><path style=\"x\"/></svg>", "<svg ><path</svg>", "<svg ></svg><img src=\"x\"></svg>", "<svg ><use href=\"x\"/></svg>"};
    (void)state;
    assert_str(html_trusted_svg(good).html, good.p);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) assert_str(html_trusted_svg(str_from(bad[i])).html, "");
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain), cmocka_unit_test(test_json), cmocka_unit_test(test_svg)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
