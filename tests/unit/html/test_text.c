/* Texts: choice of locale, plurals, placeholders, keys made at run time. */
#include "unit.h"

#include "html/html.h"
#include "text.h"

static void test_catalog(void **state)
{
    (void)state;
    assert_string_equal(text_locale(text_catalog(STR("en-GB"))), "en-GB");
    assert_string_equal(text_locale(text_catalog(STR("EN-gb"))), "en-GB");
    assert_string_equal(text_locale(text_catalog(STR("en-ZA"))), "en");
    assert_string_equal(text_locale(text_catalog(STR("de_AT"))), "de");
    assert_string_equal(text_locale(text_catalog(STR("tlh"))), "en");
    assert_string_equal(text_locale(text_catalog(STR(""))), "en");
    assert_string_equal(text_locale(text_catalog(STR_NULL)), "en");
}

static void test_keys(void **state)
{
    (void)state;
    for (int i = TEXT_NONE + 1; i < TEXT_COUNT; i++) {
        assert_true(text_has(text_keys[i]));
        if (i > TEXT_NONE + 1)
            assert_true(strcmp(text_keys[i - 1], text_keys[i]) < 0);
        for (int lang = 0; lang < TEXT_LANGUAGE_COUNT; lang++)
            assert_true(text_tables[lang][i].forms[0].n > 0);
    }
    assert_false(text_has("no.such_key"));
    assert_false(text_has(""));
}

static void test_plural(void **state)
{
    struct arena *a = *state;
    const struct text_catalog *en = text_catalog(STR("en"));
    assert_str(text_get(en, a, "cart.count", 1, NULL, 0), "1 item");
    assert_str(text_get(en, a, "cart.count", 0, NULL, 0), "0 items");
    assert_str(text_get(en, a, "cart.count", 1200, NULL, 0), "1,200 items");
}

static void test_arguments(void **state)
{
    struct arena *a = *state;
    const struct text_catalog *en = text_catalog(STR("en"));
    struct text_arg args[] = {{"query", STR("<b>{query}</b>")}};
    assert_str(text_get(en, a, "search.title", 0, args, 1), "Results for “<b>{query}</b>”");
    assert_str(text_get(en, a, "search.title", 0, NULL, 0), "Results for “{query}”");
    assert_str(text_get(en, a, "no.such_key", 0, args, 1), "no.such_key");
}

static void test_words(void **state)
{
    struct arena *a = *state;
    struct buf b;
    buf_init(&b, 0);
    struct html h = {.out = &b, .arena = a, .texts = text_catalog(STR("en"))};
    struct text_arg args[] = {{"query", STR("<b>")}};
    html_words_n(&h, TEXT_search__title, 0, args, 1);
    assert_str(buf_view(&b), "Results for “&lt;b&gt;”");
    buf_clear(&b);
    text_words_n(&h, TEXT_search__title, 0, args, 1);
    assert_str(buf_view(&b), "Results for “<b>”");
    buf_clear(&b);
    html_words(&h, TEXT_shop__name);
    text_words(&h, TEXT_shop__name);
    html_words(&h, TEXT_NONE);
    html_words(&h, TEXT_COUNT);
    assert_str(buf_view(&b), "SoukSouk");
    assert_str(text_of(h.texts, TEXT_shop__name), "Souk");
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
        cmocka_unit_test(test_catalog),   cmocka_unit_test(test_keys),  cmocka_unit_test(test_plural),
        cmocka_unit_test(test_arguments), cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
