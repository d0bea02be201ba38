/* One product whole: by id, by slug, by a slug that it had once. */
#include "shelf.h"

#include "service/catalog_internal.h"

static void whole(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct catalog_product p, same;
    struct str moved;
    struct err e;
    err_clear(&e);
    assert_good(catalog_product(c, STR("blue-mug"), (struct shape_list){0}, &p, &moved, &e), e);
    assert_true(str_is_null(moved));
    assert_str(p.name, "Blue Mug");
    assert_str(p.description, "All of it.");
    assert_true(p.description_html.set && !p.description_html.v);
    assert_str(p.tax_class, "standard");
    assert_true(p.version.set && p.version.v == 1);
    assert_true(p.available);
    assert_int_equal(p.price.amount, 2400);
    assert_int_equal(p.price_max.amount, 2600);
    assert_int_equal(p.images.n, 1);
    assert_str(((const struct catalog_image *)p.images.v)->alt, "Blue Mug");
    assert_int_equal(p.options.n, 1);
    const struct catalog_option *colour = p.options.v;
    assert_str(colour->name, "Colour");
    assert_str(((const struct str *)colour->values.v)[1], "Moss");
    assert_int_equal(p.categories.n, 0);                                  /* only where asked for */

    const struct catalog_variant *v = p.variants.v;
    assert_int_equal(p.variants.n, 2);
    assert_str(v[0].sku, "MUG-1");
    assert_str(v[0].title, "Sand");
    assert_str(((const struct catalog_choice *)v[0].options.v)->name, "Colour");
    assert_true(v[0].available && v[0].available_quantity == 5 && v[0].weight_g == 300);
    assert_int_equal(v[0].compare_at.amount, 3000);
    assert_str(v[0].image->url, "/media/demo/blue-mug.svg");
    assert_null(v[1].image);
    assert_false(v[1].available);
    assert_true(str_is_null(v[1].barcode) && v[1].prices.n == 0);

    assert_good(catalog_product(c, id_str(c->arena, ID_product, p.id.u), (struct shape_list){0}, &same, &moved, &e), e);
    assert_true(uuid_eq(same.id.u, p.id.u) && str_is_null(moved));
}

static void expanded(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct str words[] = {STR("categories"), STR("variants.prices")};
    struct catalog_product p;
    struct str moved;
    struct err e;
    err_clear(&e);
    assert_good(catalog_product(c, STR("blue-mug"), (struct shape_list){2, words}, &p, &moved, &e), e);
    const struct catalog_category *kitchen = p.categories.v;
    assert_int_equal(p.categories.n, 1);
    assert_str(kitchen->slug, "kitchen");
    assert_int_equal(kitchen->ancestors.n, 1);
    assert_str(((const struct catalog_category *)kitchen->ancestors.v)->slug, "home");
    const struct catalog_variant *v = p.variants.v;
    assert_int_equal(v[0].prices.n, 1);
    const struct catalog_price *now = v[0].prices.v;
    assert_true(now->price.amount == 2400 && now->compare_at.amount == 3000 && now->valid_to == 0 && uuid_eq(now->id.u, v[0].price_id.u));
    assert_int_equal(((const struct catalog_price *)v[1].prices.v)->price.amount, 2600);
}

static void moved_and_gone(void **state)
{
    struct shop *s = *state;
    shop_sql(s, "UPDATE catalog.products SET slug = 'oak-plank' WHERE slug = 'oak-board'");
    shop_sql(s, "UPDATE catalog.products SET status = 'archived', archived_at = '2026-01-01' WHERE slug = 'black-tea'");
    static const struct { const char *asked, *moved; bool found; } rows[] = {
        {"oak-plank", NULL, true}, {"oak-board", "oak-plank", true}, {"black-tea", NULL, false}, {"nothing", NULL, false}, {"", NULL, false},
        {"prod_00000000000000000000000000", NULL, false}, {"Oak-Plank", NULL, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct catalog_product p;
        struct str moved;
        struct err e;
        err_clear(&e);
        bool good = catalog_product(shop_call(s, "souk_product"), str_from(rows[i].asked), (struct shape_list){0}, &p, &moved, &e);
        if (good != rows[i].found) fail_msg("%s", rows[i].asked);
        if (!good && e.problem != PROBLEM_NOT_FOUND) fail_msg("%s: %s %s", rows[i].asked, e.detail, e.cause);
        if (!good) continue;
        if (rows[i].moved) assert_str(moved, rows[i].moved);
        else assert_true(str_is_null(moved));
    }
}

static void scheduled_price(void **state)
{
    struct shop *s = *state;
    usec_t now = shop_now(s), then;
    assert_true(time_parse(STR("2027-01-02T00:00:00Z"), &then));
    shop_sql(s, "SELECT n FROM catalog.prices_set_v1('{NULL}', '{TEA-1}', '{eur}', '{700}', '{EUR}', '{0}', '{2027-01-01}', '{NULL}', '{NULL}', 'unit', NULL, NULL, '2026-06-01')");
    for (int i = 0; i < 2; i++) {
        struct catalog_product p;
        struct str moved;
        struct err e;
        err_clear(&e);
        assert_good(catalog_product(shop_call(s, "souk_product"), STR("green-tea"), (struct shape_list){1, (struct str[]){STR("prices")}}, &p, &moved, &e), e);
        const struct catalog_variant *v = p.variants.v;
        assert_int_equal(p.price.amount, i ? 700 : 800);
        assert_int_equal(v->price.amount, i ? 700 : 800);
        assert_int_equal(v->prices.n, 2);
        const struct catalog_price *later = v->prices.v, *before = later + 1;
        assert_true(later->price.amount == 700 && before->price.amount == 800 && before->valid_to == later->valid_from);
        shop_at(s, then);
    }
    shop_at(s, now);
}

/* A variant without a price in this market is shown, and cannot be bought. */
static void unpriced_variant(void **state)
{
    struct shop *s = *state;
    struct catalog_product p;
    struct str moved;
    struct err e;
    shop_sql(s, "DELETE FROM catalog.prices c USING catalog.variants v WHERE v.id = c.variant_id AND v.sku = 'MUG-1'");
    err_clear(&e);
    assert_good(catalog_product(shop_call(s, "souk_product"), STR("blue-mug"), (struct shape_list){0}, &p, &moved, &e), e);
    const struct catalog_variant *v = p.variants.v;
    assert_string_equal(v[0].price.currency.code, "");
    assert_false(v[0].available || p.available);                          /* the other one is sold out */
    assert_int_equal(p.price.amount, 2600);
}

static void expand_words(void **state)
{
    static const struct { const char *word; bool known, variants, options, images, categories, prices; } rows[] = {
        {"variants", true, true, false, false, false, false}, {"options", true, false, true, false, false, false}, {"images", true, false, false, true, false, false},
        {"categories", true, false, false, false, true, false}, {"prices", true, true, false, false, false, true}, {"variants.prices", true, true, false, false, false, true},
        {"", false, false, false, false, false, false}, {"Variants", false, false, false, false, false, false}, {"variants.", false, false, false, false, false, false}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct catalog_expand x;
        struct str word = str_from(rows[i].word);
        struct err e;
        err_clear(&e);
        assert_int_equal(catalog_expand_read((struct shape_list){1, &word}, &x, &e), rows[i].known);
        if (!rows[i].known) assert_int_equal(e.problem, PROBLEM_INVALID);
        else assert_true(x.variants == rows[i].variants && x.options == rows[i].options && x.images == rows[i].images && x.categories == rows[i].categories && x.prices == rows[i].prices);
    }
}

/* A value that only an archived variant has is nothing to choose from, until the variant comes back. */
static void values_of_archived_variants(void **state)
{
    struct shop *s = *state;
    static const struct { const char *change, *values; } rows[] = {
        {"UPDATE catalog.variants SET status = 'archived', archived_at = '2026-01-01' WHERE sku = 'MUG-2'", "Sand"},
        {"UPDATE catalog.variants SET status = 'active', archived_at = NULL WHERE sku = 'MUG-2'", "Sand Moss"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct catalog_product p;
        struct str moved;
        struct err e;
        struct buf b;
        err_clear(&e);
        shop_sql(s, "%s", rows[i].change);
        struct call *c = shop_call(s, "souk_product");
        assert_good(catalog_product(c, STR("blue-mug"), (struct shape_list){0}, &p, &moved, &e), e);
        buf_init_arena(&b, c->arena, 0);
        const struct catalog_option *colour = p.options.v;
        for (size_t k = 0; k < colour->values.n; k++) {
            if (k) buf_char(&b, ' ');
            buf_str(&b, ((const struct str *)colour->values.v)[k]);
        }
        assert_str(buf_view(&b), rows[i].values);
        assert_int_equal(p.variants.n, i + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole), cmocka_unit_test(expanded), cmocka_unit_test(moved_and_gone), cmocka_unit_test(scheduled_price),
                                       cmocka_unit_test(unpriced_variant), cmocka_unit_test(expand_words), cmocka_unit_test(values_of_archived_variants)};
    return cmocka_run_group_tests(tests, shelf_start, shop_stop);
}
