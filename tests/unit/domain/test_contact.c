#include "with_arena.h"

#include "domain/contact.h"

static void emails(void **state)
{
    static const struct { const char *in, *out; } rows[] = {
        {"ada@example.com", "ada@example.com"}, {"  Ada@Example.COM ", "Ada@example.com"}, {"a.b+c@sub.example.co.uk", "a.b+c@sub.example.co.uk"},
        {"o'hara@example.ie", "o'hara@example.ie"}, {"müller@example.de", "müller@example.de"}, {"a@xn--mller-kva.de", "a@xn--mller-kva.de"},
        {"_-_@e-x.example", "_-_@e-x.example"}, {"1@2.example", "1@2.example"},
        {"", NULL}, {"ada", NULL}, {"@example.com", NULL}, {"ada@", NULL}, {"ada@example", NULL}, {"ada@.com", NULL}, {"ada@example.", NULL},
        {"ada@@example.com", NULL}, {".ada@example.com", NULL}, {"ada.@example.com", NULL}, {"a..b@example.com", NULL}, {"a b@example.com", NULL},
        {"ada@exa mple.com", NULL}, {"ada@-example.com", NULL}, {"ada@example-.com", NULL}, {"ada@127.0.0.1", NULL}, {"ada@[127.0.0.1]", NULL},
        {"\"ada\"@example.com", NULL}, {"ada@example.com\nBcc: x@example.com", NULL}, {"ada,bob@example.com", NULL}, {"<ada@example.com>", NULL},
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
    const struct CMUnitTest tests[] = {WITH_ARENA(emails), WITH_ARENA(phones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
