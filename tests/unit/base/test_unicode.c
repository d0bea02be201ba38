#include "with_arena.h"

#include "base/unicode.h"

struct row { const char *in, *out; };

static void check(struct arena *a, bool (*f)(struct arena *, struct str, struct str *), const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str out = STR_NULL, again = STR_NULL;
        bool good = f(a, str_from(rows[i].in), &out);
        if (good != (rows[i].out != NULL)) fail_msg("%s", rows[i].in);
        if (!good) continue;
        assert_str(out, rows[i].out);
        assert_true(f(a, out, &again));
        assert_true(str_eq(out, again));                /* a normal form is its own normal form */
    }
}

static void nfc(void **state)
{
    static const struct row rows[] = {{"", ""}, {"abc", "abc"}, {"u\xcc\x88", "ü"}, {"ü", "ü"}, {"\xe2\x84\xab", "Å"}, {"q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87"},
                                      {"ﬁ", "ﬁ"}, {"\xe1\x84\x80\xe1\x85\xa1", "가"}, {"\xff", NULL}, {"\xed\xa0\x80", NULL}, {"a\xc3", NULL}};
    check(*state, unicode_nfc, rows, ARRAY_LEN(rows));
    struct str out;
    assert_false(unicode_nfc(*state, STR_NULL, &out));
    char *big = arena_alloc(*state, 20000);
    memset(big, 'a', 20000);
    assert_false(unicode_nfc(*state, str_of(big, 20000), &out));
}

static void sorting(void **state)
{
    struct arena *a = *state;
    assert_str(unicode_sort_key(a, STR("Österreich")), "osterreich");
    assert_str(unicode_sort_key(a, STR("Côte d’Ivoire")), "cote d’ivoire");
    assert_str(unicode_sort_key(a, STR("\xc0\xaf")), "\xc0\xaf");
}

static void fold(void **state)
{
    static const struct row rows[] = {{"", ""}, {"ABC", "abc"}, {"Ü", "ü"}, {"U\xcc\x88", "ü"}, {"Straße", "strasse"}, {"STRASSE", "strasse"}, {"ΣΟΦΟΣ", "σοφοσ"}, {"σοφος", "σοφοσ"},
                                      {"İ", "i\xcc\x87"}, {"I", "i"}, {"ŉ", "ʼn"}, {"Ꙁ", "ꙁ"}, {"\xc0\xaf", NULL}};
    check(*state, unicode_fold, rows, ARRAY_LEN(rows));
}

/* RFC 8265 section 4.3 (examples) and what is ours: emoji with joiners and letters that are newer than our tables pass. */
static void opaque(void **state)
{
    static const struct row rows[] = {{"correct horse battery staple", "correct horse battery staple"}, {"Correct Horse Battery Staple", "Correct Horse Battery Staple"},
                                      {"πßå", "πßå"}, {"Jack of ♦s", "Jack of ♦s"}, {"foo\xe1\x9a\x80" "bar", "foo bar"}, {"foo\xc2\xa0" "bar", "foo bar"}, {"foo\xe3\x80\x80" "bar", "foo bar"},
                                      {"u\xcc\x88", "ü"}, {"ｆｕｌｌ", "ｆｕｌｌ"}, {"👩‍👩‍👧", "👩‍👩‍👧"}, {"\xf3\xa0\x80\xb0", "\xf3\xa0\x80\xb0"}, {" x ", " x "},
                                      {"", NULL}, {"my cat is a \x09" "by", NULL}, {"\x7f", NULL}, {"\xc2\x85", NULL}, {"\xef\xbf\xbf", NULL}, {"\xef\xb7\x90", NULL}, {"\xff", NULL}};
    check(*state, unicode_opaque, rows, ARRAY_LEN(rows));
    struct str out;
    assert_false(unicode_opaque(*state, str_of("a\0b", 3), &out));
}

static void domains(void **state)
{
    static const struct row rows[] = {{"Example.COM", "example.com"}, {"BÜCHER.example", "xn--bcher-kva.example"}, {"xn--bcher-kva.example", "xn--bcher-kva.example"},
                                      {"XN--BCHER-KVA.Example", "xn--bcher-kva.example"}, {"faß.example", "xn--fa-hia.example"}, {"例え.テスト", "xn--r8jz45g.xn--zckzah"},
                                      {"r3---x.example", "r3---x.example"}, {"ex_ample", "ex_ample"},
                                      {"", NULL}, {"xn--zzzzzz.example", NULL}, {"\xff.example", NULL}, {"\xe2\x80\x8b.example", NULL}, {"ü..example", NULL}, {"ü_ü.example", NULL}, {"ü.a\xe3\x80\x80" "b", NULL}, {"ü.p$29", NULL}};
    check(*state, unicode_domain, rows, ARRAY_LEN(rows));
    struct str out;
    assert_false(unicode_domain(*state, str_of("ü\0.de", 6), &out));
}

static void visible(void **state)
{
    static const char *const good[] = {"", "ada", "Müller", "दादी", "猫", "ada.b+c_d'e", "x\xcc\x88", "🦊"};
    static const char *const bad[] = {"a b", "\xc2\xa0", "\xe3\x80\x80", "a\x01", "\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8d", "\xe2\x80\xae", "\xef\xbb\xbf", "\xe3\x85\xa4", "\xef\xb8\x8f",
                                      "\xee\x80\x80", "\xff", "a\xc3"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        if (!unicode_visible(str_from(good[i]))) fail_msg("%s", good[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (unicode_visible(str_from(bad[i]))) fail_msg("bad %zu", i);
    assert_false(unicode_visible(STR_NULL));
}

static void trim(void **state)
{
    static const struct row rows[] = {{"", ""}, {"ada", "ada"}, {" \xc2\xa0" "a b\xe2\x80\x8b\t", "a b"}, {"\xef\xbb\xbf", ""}, {"\xe2\x80\x8f" "דוד\xe2\x80\x8f", "דוד"}, {"x\xff ", "x\xff "}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) assert_str(unicode_trim(str_from(rows[i].in)), rows[i].out);
    assert_int_equal(unicode_trim(STR_NULL).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(nfc), WITH_ARENA(fold), WITH_ARENA(sorting), WITH_ARENA(opaque), WITH_ARENA(domains), WITH_ARENA(visible),
                                       WITH_ARENA(trim)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
