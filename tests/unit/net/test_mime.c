#include "net/mime.h"
#include "unit.h"

static struct arena *a;

static int setup(void **state) { (void)state; a = arena_new(); return 0; }
static int teardown(void **state) { (void)state; arena_destroy(a); return 0; }

static struct str qp(const char *text)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    mime_quoted_printable(&b, str_from(text));
    return buf_view(&b);
}

static struct str header(const char *text, size_t column)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    mime_header_text(&b, str_from(text), column);
    return buf_view(&b);
}

static void lines_are_short(struct str s, size_t max)
{
    size_t start = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n') {
            assert_true(i > 0 && s.p[i - 1] == '\r');
            assert_true(i - start <= max + 1);
            start = i + 1;
        }
    }
    assert_true(s.n - start <= max);
}

static void quoted_printable_of_rfc_2045(void **state)
{
    (void)state;
    assert_str(qp("plain\n"), "plain\r\n");
    assert_str(qp("a=b\n"), "a=3Db\r\n");
    assert_str(qp("24,99 \xe2\x82\xac\n"), "24,99 =E2=82=AC\r\n");
    assert_str(qp("end \nx\t\r\n"), "end=20\r\nx=09\r\n");
    assert_str(qp("no newline"), "no newline\r\n");
    assert_str(qp(".\n.x\nFrom me\nFrogs\n"), "=2E\r\n=2Ex\r\n=46rom me\r\nFrogs\r\n");
    assert_str(qp(""), "");
    assert_str(qp("\n\n"), "\r\n\r\n");
    assert_str(qp("lone\rcr\n"), "lone=0Dcr\r\n");
}

static void long_lines_are_broken(void **state)
{
    (void)state;
    char text[1000];
    for (size_t n = 70; n < 90; n++) {
        memset(text, 'x', n);
        text[n] = '\0';
        struct str s = qp(text);
        lines_are_short(s, 76);
        for (size_t i = 0; i + 1 < n; i++)
            text[i] = i % 2 ? '=' : '.';
        lines_are_short(qp(text), 76);
    }
    memset(text, 'y', 76);
    memcpy(text + 76, "\n", 2);
    assert_int_equal(qp(text).n, 78);       /* 76 characters need no break */
}

static void header_words_of_rfc_2047(void **state)
{
    (void)state;
    assert_str(header("Your order", 9), "Your order");
    assert_str(header("Gr\xc3\xbc\xc3\x9f" "e", 9), "=?UTF-8?B?R3LDvMOfZQ==?=");
    assert_str(header("=?UTF-8?B?WA==?=", 9), "=?UTF-8?B?PT9VVEYtOD9CP1dBPT0/PQ==?=");
    char text[400];
    size_t n = 0;
    while (n < 390) {
        memcpy(text + n, "\xe2\x82\xac", 3);
        n += 3;
    }
    text[n] = '\0';
    lines_are_short(header(text, 0), 76);
    memset(text, 'w', 200);
    text[200] = '\0';
    lines_are_short(header(text, 0), 76);
}

static struct mime_mail sample(void)
{
    return (struct mime_mail){.from = {STR("Souk \"the shop\""), STR("shop@example.com")}, .to = {STR_NULL, STR("zoe@example.org")},
                              .subject = STR("Your order S-1"), .message_id = STR("mail_1@shop.example"), .date = 1763848200 * USEC_PER_SEC,
                              .text = STR("Hello\n"), .html = STR("<p>Hello</p>\n"), .language = STR("en")};
}

static void a_whole_mail(void **state)
{
    (void)state;
    struct err e = {0};
    struct buf b;
    buf_init_arena(&b, a, 0);
    struct mime_mail m = sample();
    assert_true(mime_build(a, &m, &b, &e));
    assert_str(buf_view(&b),
               "From: \"Souk \\\"the shop\\\"\" <shop@example.com>\r\nTo: <zoe@example.org>\r\nSubject: Your order S-1\r\n"
               "Date: Sat, 22 Nov 2025 21:50:00 +0000\r\nMessage-ID: <mail_1@shop.example>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
               "Content-Language: en\r\nContent-Type: multipart/alternative;\r\n boundary=\"=_5c0166bca5432d900c03434a60e64faf\"\r\n\r\n"
               "--=_5c0166bca5432d900c03434a60e64faf\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nHello\r\n"
               "--=_5c0166bca5432d900c03434a60e64faf\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>Hello</p>\r\n"
               "--=_5c0166bca5432d900c03434a60e64faf--\r\n");
}

static void headers_cannot_be_injected(void **state)
{
    (void)state;
    static const char *const bad[] = {"x@example.org\r\nBcc: y@example.org", "x@example.org\nBcc: y", "x@y, z@y", "<x@y>", "x y@z", "x@", "@y", "x", "a@b@c",
                                      "x@y\x01", "\xff@y", ""};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err e = {0};
        struct buf b;
        buf_init_arena(&b, a, 0);
        struct mime_mail m = sample();
        m.to.address = str_from(bad[i]);
        assert_false(mime_build(a, &m, &b, &e));
        assert_int_equal(e.problem, PROBLEM_INVALID);
    }
    static const char *const worse[] = {"Hi\r\nBcc: y@z", "Hi\nX: y", "Hi\r", "\x00"};
    for (size_t i = 0; i < ARRAY_LEN(worse); i++) {
        struct err e = {0};
        struct buf b;
        struct mime_mail m = sample();
        struct str text = str_of(worse[i], i == 3 ? 1 : strlen(worse[i]));
        buf_init_arena(&b, a, 0);
        m.subject = text;
        assert_false(mime_build(a, &m, &b, &e));
        m = sample();
        m.to.name = text;
        assert_false(mime_build(a, &m, &b, &e));
        m = sample();
        m.message_id = text;
        assert_false(mime_build(a, &m, &b, &e));
        m = sample();
        m.language = text;
        assert_false(mime_build(a, &m, &b, &e));
    }
    struct err e = {0};
    struct buf b;
    struct mime_mail m = sample();
    buf_init_arena(&b, a, 0);
    m.html = STR("\xff");
    assert_false(mime_build(a, &m, &b, &e));
}

static void odd_names_are_encoded(void **state)
{
    (void)state;
    struct err e = {0};
    struct buf b;
    struct mime_mail m = sample();
    buf_init_arena(&b, a, 0);
    m.to.name = STR("Zo\xc3\xab <x@y>");
    m.html = STR_NULL;
    assert_true(mime_build(a, &m, &b, &e));
    assert_non_null(strstr(str_cstr(a, buf_view(&b)), "\r\nTo: =?UTF-8?B?Wm/DqyA8eEB5Pg==?= <zoe@example.org>\r\n"));
    lines_are_short(buf_view(&b), 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quoted_printable_of_rfc_2045), cmocka_unit_test(long_lines_are_broken), cmocka_unit_test(header_words_of_rfc_2047),
        cmocka_unit_test(a_whole_mail), cmocka_unit_test(headers_cannot_be_injected), cmocka_unit_test(odd_names_are_encoded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
