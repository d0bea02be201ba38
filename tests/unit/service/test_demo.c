/* The demo's form: written once, left alone the second time, brought up to date when it changed, refused as a whole. */
#include "shelf.h"

#include "service/demo.h"

#define DOC(price, stock, skus) "{\"categories\":[{\"slug\":\"c\",\"name\":\"C\",\"description\":\"\",\"parent\":null,\"position\":1,\"image\":\"c.svg\"}]," \
    "\"products\":[{\"slug\":\"p\",\"name\":\"P\",\"subtitle\":\"\",\"description\":\"\",\"categories\":[\"c\"],\"tax_class\":\"reduced\",\"popularity\":1," \
    "\"created_at\":\"2026-01-01T00:00:00Z\",\"options\":[],\"images\":[],\"variants\":[{\"sku\":\"" skus "\",\"values\":[],\"price\":" price ",\"stock\":" stock ",\"weight_g\":1}]}]}"

static void again_and_newer(void **state)
{
    struct shop *s = *state;
    static const struct { struct str doc; int64_t created, updated, unchanged, stocked, price, stock; } rows[] = {
        {{DOC("100", "4", "P-1"), sizeof DOC("100", "4", "P-1") - 1}, 1, 0, 0, 1, 100, 4},
        {{DOC("100", "4", "P-1"), sizeof DOC("100", "4", "P-1") - 1}, 0, 0, 1, 0, 100, 4},
        {{DOC("120", "9", "P-1"), sizeof DOC("120", "9", "P-1") - 1}, 0, 1, 0, 0, 120, 4}};      /* the shelf is counted once, then it is the shop's */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct demo_report r;
        struct err e;
        err_clear(&e);
        shop_at(s, shop_now(s) + USEC_PER_SEC);
        assert_good(demo_load(shop_call(s, "souk_admin"), rows[i].doc, &r, &e), e);
        assert_int_equal(r.categories, 1);
        assert_int_equal(r.created, rows[i].created);
        assert_int_equal(r.updated, rows[i].updated);
        assert_int_equal(r.unchanged, rows[i].unchanged);
        assert_int_equal(r.stocked, rows[i].stocked);
        assert_int_equal(shop_ask(s, "SELECT amount FROM catalog.prices c JOIN catalog.variants v ON v.id = c.variant_id WHERE v.sku = 'P-1' AND c.valid_to IS NULL"), rows[i].price);
        assert_int_equal(shop_ask(s, "SELECT sum(l.on_hand) FROM inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id WHERE v.sku = 'P-1'"), rows[i].stock);
    }
}

static void refused(void **state)
{
    struct shop *s = *state;
    struct demo_report r = {.created = 42};
    struct err e;
    char sku[40];
    static const char *const documents[] = {"", "{", "[]", "null", "{\"categories\":[{\"slug\":\"x\"}],\"products\":[]}"};
    int64_t products = shop_ask(s, "SELECT count(*) FROM catalog.products"), categories = shop_ask(s, "SELECT count(*) FROM catalog.categories");
    for (size_t i = 0; i < ARRAY_LEN(documents); i++) {
        err_clear(&e);
        if (demo_load(shop_call(s, "souk_admin"), str_from(documents[i]), &r, &e)) assert_int_equal(r.created + r.categories, 0);
    }
    (void)shop_variant(s, 100, 1, 1, "standard");
    snprintf(sku, sizeof sku, "UNIT-1");
    err_clear(&e);
    struct str doc = STR(DOC("100", "4", "UNIT-1"));
    shop_sql(s, "DELETE FROM catalog.import_keys");
    assert_refused(demo_load(shop_call(s, "souk_admin"), doc, &r, &e), e, PROBLEM_INVALID);        /* somebody else's SKU */
    assert_non_null(strstr(e.detail, sku));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products"), products + 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.categories"), categories);
    err_clear(&e);
    assert_refused(demo_load(shop_call(s, "souk_product"), doc, &r, &e), e, PROBLEM_INTERNAL);     /* a pool may not */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(again_and_newer), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
