#include "with_arena.h"

#include "domain/contact.h"

static void emails(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"ada@example.com", "ada@example.com"}, {"  Ada@Example.COM ", "Ada@example.com"}, {"a.b+c@sub.example.co.uk", "a.b+c@sub.example.co.uk"},
        {"o'hara@example.ie", "o'hara@example.ie"}, {"müller@example.de", "müller@example.de"}, {"a@xn--mller-kva.de", "a@xn--mller-kva.de"},
        {"Müller@BÜCHER.example", "Müller@xn--bcher-kva.example"}, {"mu\xcc\x88" "ller@bu\xcc\x88" "cher.example", "müller@xn--bcher-kva.example"},
        {"a@straße.example", "a@xn--strae-oqa.example"}, {"a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"}, {"a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"},
        {"a@ｅｘａｍｐｌｅ。com", "a@example.com"}, {"a@r3---x.example", "a@r3---x.example"},
        {"_-_@e-x.example", "_-_@e-x.example"}, {"1@2.example", "1@2.example"},
        {"", NULL}, {"ada", NULL}, {"@example.com", NULL}, {"ada@", NULL}, {"ada@example", NULL}, {"ada@.com", NULL}, {"ada@example.", NULL},
        {"ada@@example.com", NULL}, {".ada@example.com", NULL}, {"ada.@example.com", NULL}, {"a..b@example.com", NULL}, {"a b@example.com", NULL},
        {"ada@exa mple.com", NULL}, {"ada@-example.com", NULL}, {"ada@example-.com", NULL}, {"ada@127.0.0.1", NULL}, {"ada@[127.0.0.1]", NULL},
        {"\"ada\"@example.com", NULL}, {"ada@example.com\nBcc: x@example.com", NULL}, {"ada,bob@example.com", NULL}, {"<ada@example.com>", NULL},
        {"ada@xn--zzzzzz.example", NULL}, {"ada@bücher", NULL}, {"ada@１２７.０.０.１", NULL}, {"ada@b\xc3.example", NULL},
        {"ada@ü_ü.example", NULL}, {"ada@\xe2\x80\x8b.example", NULL}, {"ada@ü..example", NULL},
        {"\xe2\x80\x8b" "ada@example.com\xe2\x80\xac\xc2\xa0", "ada@example.com"}, {"a\xe2\x80\x8b" "da@example.com", NULL}, {"ada\xe2\x80\x8d@example.com", NULL}, {"a\xe2\x80\xae" "da@example.com", NULL}, {"ada\xc2\xa0@example.com", NULL},
        {"a\xe3\x80\x80" "b@example.com", NULL}, {"a\xc2\xad" "da@example.com", NULL}, {"\xef\xbb\xbf" "ada@example.com", "ada@example.com"}, {"a\xe3\x85\xa4@example.com", NULL},
        {"ada\xef\xb8\x8f@example.com", NULL}, {"दादी@example.in", "दादी@example.in"}, {"猫@example.jp", "猫@example.jp"},
        {"ada@ex_ample.com", NULL}, {"ada@example.c\x01om", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str out = STR_NULL;
        bool good = email_normalise(*state, str_from(rows[i].in), &out);
        if (good != (rows[i].out != NULL)) fail_msg("%s", rows[i].in);
        if (good) assert_str(out, rows[i].out);
    }
    char local[80];
    memset(local, 'a', sizeof local);
    struct str out;
    assert_true(email_normalise(*state, str_printf(*state, "%.64s@example.com", local), &out));
    assert_false(email_normalise(*state, str_printf(*state, "%.65s@example.com", local), &out));
    assert_true(str_eq(email_key(*state, STR("Ada@example.com")), email_key(*state, STR("aDA@example.com"))));
}

/* Each row is one mailbox. */
static void keys(void **state)
{
    static const char *const rows[][4] = {
        {"Müller@BÜCHER.example", "müller@xn--bcher-kva.example", "MU\xcc\x88" "LLER@Bücher.EXAMPLE", "mÜLLER@XN--BCHER-KVA.example"},
        {"Ada@example.com", "aDA@EXAMPLE.com", "ada@example.com", " ada@example.com "},
        {"strasse@example.com", "STRASSE@example.com", "straße@example.com", "STRAẞE@example.com"},
        {"σοφος@example.gr", "ΣΟΦΟΣ@example.gr", "σοφος@Example.gr", "σοφοσ@example.gr"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str key = email_key(*state, str_from(rows[i][0]));
        for (size_t k = 1; k < ARRAY_LEN(rows[i]); k++) {
            struct str normal, other = email_key(*state, str_from(rows[i][k]));
            if (!str_eq(key, other)) fail_msg("%s and %s: %.*s and %.*s", rows[i][0], rows[i][k], STR_ARG(key), STR_ARG(other));
            assert_true(email_normalise(*state, str_from(rows[i][k]), &normal));
            assert_true(str_eq(email_key(*state, normal), key));
            assert_true(str_eq(email_key(*state, key), key));
        }
        for (size_t k = 0; k < i; k++)
            assert_false(str_eq(email_key(*state, str_from(rows[k][0])), key));
    }
    assert_str(email_key(*state, STR("Not An Address")), "not an address");
    assert_str(email_key(*state, STR("\xff@example.com")), "\xff@example.com");
}

static void phones(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"+49 30 12345", "+493012345"}, {"+49 (0)30 / 123-45", "+493012345"}, {"030 12345", "03012345"}, {" 030.123.45 ", "03012345"},
        {"(030) 12345", "03012345"}, {"+1 (415) 555-0100", "+14155550100"}, {"+123456789012345", "+123456789012345"},
        {"12345", NULL}, {"+1234567890123456", NULL}, {"++49301234", NULL}, {"+0491234567", NULL}, {"call me", NULL}, {"0301234x", NULL}, {"", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str out = STR_NULL;
        bool good = phone_normalise(*state, str_from(rows[i].in), &out);
        if (good != (rows[i].out != NULL)) fail_msg("%s", rows[i].in);
        if (good) assert_str(out, rows[i].out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(emails), WITH_ARENA(keys), WITH_ARENA(phones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
