/* The sanitizer: known ways around sanitizers, broken nesting, and what should simply survive. */
#include "unit.h"

#include "html/html.h"

struct row {
    const char *in, *out;
};

static void run(struct arena *a, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        assert_str(html_trusted_sanitized(a, str_from(rows[i].in)).html, rows[i].out);
}

static void test_kept(void **state)
{
    static const struct row rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"<p>A <strong>good</strong> <em>pot</em>.</p>", "<p>A <strong>good</strong> <em>pot</em>.</p>"},
        {"<P CLASS=x>a</P>", "<p>a</p>"},
        {"<h1>t</h1>", "<h2>t</h2>"},
        {"<b>a</b><i>b</i>", "<strong>a</strong><em>b</em>"},
        {"a<br>b<br/>c<hr>", "a<br>b<br>c<hr>"},
        {"<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"},
        {"<ul>\n<li>a\n<li>b\n</ul>", "<ul><li>a\n</li><li>b\n</li></ul>"},
        {"<a href=\"https://a.example/?b=1&amp;c=2\" target=_blank>x</a>",
         "<a href=\"https://a.example/?b=1&amp;c=2\" rel=\"nofollow noopener\">x</a>"},
        {"<table><tbody><tr><td colspan=2>a</td></tr></tbody></table>", "<table><tbody><tr><td colspan=\"2\">a</td></tr></tbody></table>"},
        {"Gr&ouml;&szlig;e &amp; &#8364; &#x20AC;", "Größe &amp; € €"},
        {"5 < 6 and 7 > 6", "5 &lt; 6 and 7 &gt; 6"},
        {"&unknown; & ", "&amp;unknown; &amp; "},
        {"<div>a</div><div>b</div>", " a  b "},
    };
    run(*state, rows, ARRAY_LEN(rows));
}

static void test_dropped(void **state)
{
    static const struct row rows[] = {
        {"<script>alert(1)</script>b", "b"},
        {"<scr<script>ipt>alert(1)</scr</script>ipt>", " ipt&gt;alert(1) ipt&gt;"},
        {"<script>alert(1)", ""},
        {"<script>x</scripty></script >b", "b"},
        {"<img src=x onerror=alert(1)>a", " a"},
        {"<p onclick=\"x\" style='y'>a</p>", "<p>a</p>"},
        {"<a href=\"javascript:alert(1)\">x</a>", "<a href=\"#\" rel=\"nofollow noopener\">x</a>"},
        {"<a href=\"&#106;avascript:alert(1)\">x</a>", "<a href=\"#\" rel=\"nofollow noopener\">x</a>"},
        {"<a href=\"&#x6A&#x61vascript:alert(1)\">x</a>", "<a href=\"#\" rel=\"nofollow noopener\">x</a>"},
        {"<a href=\"java&#10;script:alert(1)\">x</a>", "<a href=\"#\" rel=\"nofollow noopener\">x</a>"},
        {"<a href='\"onmouseover=\"x'>x</a>", "<a href=\"%22onmouseover=%22x\" rel=\"nofollow noopener\">x</a>"},
        {"<a href=x href=javascript:y>x</a>", "<a href=\"x\" rel=\"nofollow noopener\">x</a>"},
        {"<a/href=\"data:text/html,x\">x</a>", "<a href=\"#\" rel=\"nofollow noopener\">x</a>"},
        {"<svg><style><img src=x onerror=alert(1)></style></svg>b", "b"},
        {"<math><mi><p>a</math>b", "b"},
        {"<!-- <p>a --> b", " b"},
        {"<!doctype html><?php x ?><p>a</p>", "<p>a</p>"},
        {"<![CDATA[<p>a</p>]]>b", "a]]&gt;b"},
        {"<textarea></p><script>x</script></textarea>a", "a"},
        {"&lt;script&gt;", "&lt;script&gt;"},
        {"<iframe src=//evil.example></iframe>a", "a"},
        {"<p", ""},
        {"<a href=\"x", ""},
        {"</p></a></table>a", "a"},
    };
    run(*state, rows, ARRAY_LEN(rows));
}

static void test_balanced(void **state)
{
    static const struct row rows[] = {
        {"<p>a<p>b", "<p>a</p><p>b</p>"},
        {"<p><ul><li>a</ul></p>", "<p></p><ul><li>a</li></ul>"},
        {"<strong><p>a</p></strong>", "<strong></strong><p>a</p>"},
        {"<em><strong>a</em>b</strong>", "<em><strong>a</strong></em>b"},
        {"<li>a</li>", "a"},
        {"<td>a</td>", "a"},
        {"<ul>words<li>a</li></ul>", "<ul></ul>wordsa"},
        {"<table><p>a</p></table>", "<table></table>a"},
        {"<a href=a>x<a href=b>y</a>", "<a href=\"a\" rel=\"nofollow noopener\">x</a><a href=\"b\" rel=\"nofollow noopener\">y</a>"},
        {"<ol><li><p>a</p><ul><li>b</ul><li>c</ol>", "<ol><li><p>a</p><ul><li>b</li></ul></li><li>c</li></ol>"},
        {"<table><tr><td>a<tr><td>b</table>", "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"},
    };
    run(*state, rows, ARRAY_LEN(rows));
}

/* Previews: no markup, one line, cut between words. */
static void test_plain_words(void **state)
{
    static const struct { const char *in; size_t most; const char *out; } rows[] = {
        {"", 100, ""}, {"<p></p><br>", 100, ""}, {"plain words", 100, "plain words"},
        {"<p>A <strong>good</strong> pot.</p>\n\n<p>Holds   tea.</p>", 100, "A good pot. Holds tea."},
        {"wa<em>ter</em>proof", 100, "waterproof"}, {"a<br>b", 100, "a b"},
        {"<ul><li>one</li><li>two</li></ul>", 100, "one two"},
        {"<div>one</div><div>two</div>", 100, "one two"},
        {"5 &lt; 6 &amp; &quot;7&quot; &gt; 6, Gr&ouml;&szlig;e", 100, "5 < 6 & \"7\" > 6, Größe"},
        {"<a href=\"https://x.example/?a>b\">link</a> and 5 < 6", 100, "link and 5 < 6"},
        {"<script>alert(1)</script><style>p { }</style>seen", 100, "seen"},
        {"&lt;script&gt;alert(1)&lt;/script&gt;", 100, "<script>alert(1)</script>"},     /* text; whoever shows it escapes it */
        {"one two three", 13, "one two three"}, {"one two three", 12, "one two…"}, {"one two three", 7, "one two…"}, {"one two three", 6, "one…"},
        {"äääää", 5, "ää…"}, {"unbroken", 4, "unbr…"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_str(html_plain_words(*state, str_from(rows[i].in), rows[i].most), rows[i].out);
}

static void test_deep(void **state)
{
    struct arena *a = *state;
    struct buf b;
    buf_init(&b, 0);
    for (int i = 0; i < 5000; i++)
        BUF_LIT(&b, "<blockquote>");
    BUF_LIT(&b, "a");
    struct str out = html_trusted_sanitized(a, buf_view(&b)).html;
    size_t depth = 0;
    for (size_t i = 0; i + 11 < out.n; i++)
        depth += memcmp(out.p + i, "<blockquote", 11) == 0;
    assert_int_equal(depth, 32);
    buf_free(&b);
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept), cmocka_unit_test(test_dropped), cmocka_unit_test(test_balanced), cmocka_unit_test(test_plain_words),
        cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
