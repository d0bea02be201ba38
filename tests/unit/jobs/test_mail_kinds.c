/* Every kind of mail has all its words, in both languages. */
#include "unit.h"

#include "jobs/mail.h"

static void check(const struct mail_kind *k, const char *part)
{
    char key[100];
    snprintf(key, sizeof key, "mail.%s.%s", k->name, part);
    if (!text_has(key))
        fail_msg("no text %s", key);
    struct arena *a = arena_new();
    struct text_arg code = {"code", STR("123456")};
    struct str en = text_get(text_catalog(STR("en")), a, key, 0, &code, 1), de = text_get(text_catalog(STR("de")), a, key, 0, &code, 1);
    assert_true(en.n > 0 && de.n > 0);
    assert_false(str_eq(en, de));
    arena_destroy(a);
}

static void words_of_every_kind(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct mail_kind *k = mail_kinds; k->name != NULL; k++, n++) {
        assert_non_null(k->write);
        assert_true(mail_kind_find(str_from(k->name)) == k);
        check(k, "subject");
        check(k, "heading");
        check(k, "lead");
        if (k->write != mail_write_account)
            continue;
        check(k, "note");
        if (k->button != BUTTON_NONE)
            check(k, "button");
        assert_true((k->button == BUTTON_PAGE || k->button == BUTTON_CHALLENGE) == (k->path != NULL));
        assert_true((k->button == BUTTON_OWN) == (k->link != NULL));
    }
    assert_true(n > 15);
    assert_null(mail_kind_find(STR("nothing")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_of_every_kind)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
