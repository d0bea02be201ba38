/* Escapers: what comes out can never be markup, and what is harmless stays. */
#include "unit.h"

#include "html/html.h"

struct fixture {
    struct arena *a;
    struct buf b;
    struct html h;
};

static int setup(void **state)
{
    static struct fixture f;
    f.a = arena_new();
    buf_init(&f.b, 0);
    f.h = (struct html){.out = &f.b, .arena = f.a, .texts = text_catalog(STR("en"))};
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    buf_free(&f->b);
    arena_destroy(f->a);
    return 0;
}

struct row {
    const char *in, *out;
};

static void run(struct fixture *f, void (*fn)(struct html *, struct str), const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_clear(&f->b);
        fn(&f->h, str_from(rows[i].in));
        assert_str(buf_view(&f->b), rows[i].out);
    }
}

static void test_text(void **state)
{
    static const struct row rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"},
        {"\"a\" & b", "&quot;a&quot; &amp; b"},
        {"&amp;", "&amp;amp;"},
        {"Größe — 日本", "Größe — 日本"},
        {"a\001b\x7f", "a\xEF\xBF\xBD" "b\xEF\xBF\xBD"},
        {"tab\tand\nline", "tab\tand\nline"},
    };
    run(*state, html_text, rows, ARRAY_LEN(rows));
    run(*state, html_attr, rows, ARRAY_LEN(rows));
}

static void test_absent(void **state)
{
    struct fixture *f = *state;
    buf_clear(&f->b);
    html_text(&f->h, STR_NULL);
    html_attr(&f->h, STR_NULL);
    html_url(&f->h, STR_NULL);
    html_url_part(&f->h, STR_NULL);
    html_json(&f->h, STR_NULL);
    assert_int_equal(f->b.n, 0);
}

static void test_url(void **state)
{
    static const struct row rows[] = {
        {"/p/pot?size=1&colour=red", "/p/pot?size=1&amp;colour=red"},
        {"https://shop.example/", "https://shop.example/"},
        {"HTTP://shop.example/", "HTTP://shop.example/"},
        {"mailto:a@b.example", "mailto:a@b.example"},
        {"tel:+4930", "tel:+4930"},
        {"otpauth://totp/Souk:ada%40b.example?secret=A&issuer=Souk", "otpauth://totp/Souk:ada%40b.example?secret=A&amp;issuer=Souk"},
        {"otpauthx://totp/x", "#"},
        {"#top", "#top"},
        {"?page=2", "?page=2"},
        {"page:2", "#"},
        {"./page:2", "./page:2"},
        {"javascript:alert(1)", "#"},
        {"JaVaScRiPt:alert(1)", "#"},
        {" javascript:alert(1)", "#"},
        {"java\nscript:alert(1)", "#"},
        {"java\tscript:alert(1)", "#"},
        {"\001javascript:alert(1)", "#"},
        {"javascript&colon;alert(1)", "javascript&amp;colon;alert(1)"},
        {"data:text/html,x", "#"},
        {"vbscript:x", "#"},
        {":x", "#"},
        {"/a b\"c'd<e>f\\g", "/a%20b%22c%27d%3Ce%3Ef%5Cg"},
        {"/ü", "/%C3%BC"},
        {"/a%20b", "/a%20b"},
    };
    run(*state, html_url, rows, ARRAY_LEN(rows));
}

static void test_url_part(void **state)
{
    static const struct row rows[] = {
        {"tea-pot_1.0~", "tea-pot_1.0~"},
        {"a/b?c#d&e=f", "a%2Fb%3Fc%23d%26e%3Df"},
        {"javascript:alert(1)", "javascript%3Aalert%281%29"},
        {"\"><script>", "%22%3E%3Cscript%3E"},
        {"100 %", "100%20%25"},
        {"ä", "%C3%A4"},
        {"a@b.example", "a@b.example"},
    };
    run(*state, html_url_part, rows, ARRAY_LEN(rows));
}

static void test_url_segment(void **state)
{
    static const struct row rows[] = {
        {"", "-"}, {".", "-"}, {"..", "-"}, {"...", "..."}, {"a/../b", "a%2F..%2Fb"}, {"pot", "pot"},
    };
    run(*state, html_url_segment, rows, ARRAY_LEN(rows));
}

static void test_json(void **state)
{
    static const struct row rows[] = {
        {"{\"a\":\"</script><!--\"}", "{\"a\":\"\\u003c/script\\u003e\\u003c!--\"}"},
        {"\"a&b\"", "\"a\\u0026b\""},
        {"\"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA6\"", "\"\\u2028\\u2029\xE2\x80\xA6\""},
    };
    run(*state, html_json, rows, ARRAY_LEN(rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text), cmocka_unit_test(test_absent),   cmocka_unit_test(test_url),
        cmocka_unit_test(test_url_part), cmocka_unit_test(test_url_segment), cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
