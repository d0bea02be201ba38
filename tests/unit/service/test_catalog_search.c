/* Words of a search: cut, completed, corrected, suggested. */
#include "shelf.h"

#include "service/catalog_internal.h"

static void words(void **state)
{
    static const struct { const char *q, *prefix; } rows[] = {
        {"wool blanket", "'wool':* & 'blanket':*"}, {"  WOOL,blanket! ", "'wool':* & 'blanket':*"}, {"", ""}, {"?!", ""}, {"a'b\\c", "'a':* & 'b':* & 'c':*"},
        {"x:*|!&()<->", "'x':*"}, {"tee f\xc3\xbcr 2", "'tee':* & 'f\xc3\xbcr':* & '2':*"},
        {"1 2 3 4 5 6 7 8 9 10", "'1':* & '2':* & '3':* & '4':* & '5':* & '6':* & '7':* & '8':*"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b", "'b':*"}};
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) assert_str(search_prefix(a, str_from(rows[i].q)), rows[i].prefix);
    arena_destroy(a);
}

static void languages(void **state)
{
    static const struct { const char *locale, *language; } rows[] = {
        {"en", "english"}, {"en-GB", "english"}, {"de", "german"}, {"de-AT", "german"}, {"fr", "french"}, {"es", "spanish"}, {"xx", "simple"}, {"", "simple"}, {"eng", "simple"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) assert_str(search_language(str_from(rows[i].locale)), rows[i].language);
}

static void corrected(void **state)
{
    static const struct { const char *q, *corrected; } rows[] = {
        {"blankit", "blanket"}, {"wol blankett", "wol blanket"}, {"blanket", NULL}, {"blan", NULL}, {"te", NULL}, {"xyzzyxyzzy", NULL}, {"", NULL}, {"kitchin", "kitchen"},
        {"';--", NULL}, {"Blankit TEA", "blanket tea"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct call *c = shop_call(*state, "souk_product");
        struct str got;
        struct err e;
        err_clear(&e);
        assert_good(search_correct(c, str_from(rows[i].q), &got, &e), e);
        if (!rows[i].corrected ? !str_is_null(got) : !str_eq_c(got, rows[i].corrected)) fail_msg("%s: " STR_FMT, rows[i].q, STR_ARG(got));
    }
}

static void suggested(void **state)
{
    static const struct { const char *q; int64_t limit; const char *expect; } rows[] = {
        {"tea", 5, "category:tea product:green-tea product:black-tea"}, {"te", 2, "category:tea product:green-tea"}, {"b", 5, "product:blue-mug product:wool-blanket product:oak-board product:black-tea"},
        {"oak bo", 5, "product:oak-board"}, {"kit", 5, "category:kitchen"}, {"blankit", 5, "product:wool-blanket"}, {"", 5, ""}, {"!!", 5, ""}, {"zzzzzz", 5, ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct call *c = shop_call(*state, "souk_product");
        struct shape_list list;
        struct buf b;
        struct err e;
        err_clear(&e);
        assert_good(catalog_suggest(c, str_from(rows[i].q), rows[i].limit, &list, &e), e);
        const struct catalog_suggestion *v = list.v;
        buf_init_arena(&b, c->arena, 0);
        for (size_t k = 0; k < list.n; k++) {
            buf_printf(&b, "%s" STR_FMT ":" STR_FMT, k ? " " : "", STR_ARG(v[k].type), STR_ARG(v[k].slug));
            assert_true(str_starts(v[k].url, str_eq_c(v[k].type, "product") ? STR("/p/") : STR("/c/")));
            assert_int_equal(v[k].price.amount > 0, str_eq_c(v[k].type, "product"));
        }
        if (!str_eq_c(buf_view(&b), rows[i].expect)) fail_msg("%s: " STR_FMT, rows[i].q, STR_ARG(buf_view(&b)));
    }
}

/* A market whose language has texts of its own, with English behind them: what both languages call alike is suggested once. */
static void suggested_in_two_languages(void **state)
{
    struct shop *s = *state;
    shop_sql(s, "UPDATE catalog.markets SET locale = 'de' WHERE code = 'de'");
    shop_sql(s, "INSERT INTO catalog.product_texts (product_id, locale, name) SELECT id, 'de', 'Tea, gruen' FROM catalog.products WHERE slug = 'green-tea'");
    shop_sql(s, "INSERT INTO catalog.category_texts (category_id, locale, name) SELECT id, 'de', 'Tea und Tee' FROM catalog.categories WHERE slug = 'tea'");
    struct call *c = shop_call(s, "souk_product");
    struct market market = *c->market;
    struct shape_list list;
    struct err e;
    market.locale = STR("de");
    c->market = &market;
    static const struct { const char *q, *names; } rows[] = {{"tea", "Tea und Tee|Tea, gruen|Black Tea"}, {"tee", "Tea und Tee"}, {"green", "Tea, gruen"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf b;
        err_clear(&e);
        assert_good(catalog_suggest(c, str_from(rows[i].q), 5, &list, &e), e);
        const struct catalog_suggestion *v = list.v;
        buf_init_arena(&b, c->arena, 0);
        for (size_t k = 0; k < list.n; k++) buf_printf(&b, "%s" STR_FMT, k ? "|" : "", STR_ARG(v[k].name));
        assert_str(buf_view(&b), rows[i].names);
    }
    err_clear(&e);
    assert_good(catalog_suggest(c, STR("blue"), 5, &list, &e), e);
    const struct catalog_suggestion *mug = list.v;
    assert_true(list.n == 1 && mug->price.amount == 2400 && mug->price_max.amount == 2600);
    shop_sql(s, "DELETE FROM catalog.product_texts WHERE locale = 'de'; DELETE FROM catalog.category_texts WHERE locale = 'de'; UPDATE catalog.markets SET locale = 'en' WHERE code = 'de'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words), cmocka_unit_test(languages), cmocka_unit_test(corrected), cmocka_unit_test(suggested),
                                       cmocka_unit_test(suggested_in_two_languages)};
    return cmocka_run_group_tests(tests, shelf_start, shop_stop);
}
