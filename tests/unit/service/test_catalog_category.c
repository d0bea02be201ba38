/* The tree of categories: parents first, what is above and below, addresses that moved, branches that are closed. */
#include "shelf.h"

#include "service/catalog_internal.h"

static struct str slugs(struct arena *a, struct shape_list categories)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (size_t i = 0; i < categories.n; i++) {
        if (i) buf_char(&b, ' ');
        buf_str(&b, ((const struct catalog_category *)categories.v)[i].slug);
    }
    return buf_view(&b);
}

static void tree(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct shape_list all, top;
    struct err e;
    err_clear(&e);
    assert_good(catalog_categories(c, &all, &e) && catalog_shelves(shop_call(*state, "souk_order"), &top, &e), e);
    c = shop_call(*state, "souk_product");
    assert_good(catalog_categories(c, &all, &e), e);
    const struct catalog_category *v = all.v;
    assert_str(slugs(c->arena, all), "home tea kitchen");
    assert_str(v[0].url, "/c/home");
    assert_str(v[0].name, "Home");
    assert_str(v[0].image_url, "/media/demo/home.svg");
    assert_int_equal(v[0].depth, 1);
    assert_int_equal(v[2].depth, 2);
    assert_true(uuid_eq(v[2].parent.u, v[0].id.u) && uuid_is_zero(v[0].parent.u));
    c = shop_call(*state, "souk_order");                                  /* another pool may read the top, and nothing else */
    assert_good(catalog_shelves(c, &top, &e), e);
    assert_str(slugs(c->arena, top), "home tea");
    assert_refused(catalog_categories(c, &all, &e), e, PROBLEM_INTERNAL);
}

static void one(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct catalog_category home, kitchen;
    struct str moved;
    struct err e;
    err_clear(&e);
    assert_good(catalog_category(c, STR("home"), &home, &moved, &e), e);
    assert_str(slugs(c->arena, home.children), "kitchen");
    assert_int_equal(home.ancestors.n, 0);
    assert_good(catalog_category(c, STR("kitchen"), &kitchen, &moved, &e), e);
    assert_str(slugs(c->arena, kitchen.ancestors), "home");
    assert_int_equal(kitchen.children.n, 0);
    assert_good(catalog_category(c, id_str(c->arena, ID_category, home.id.u), &kitchen, &moved, &e), e);
    assert_str(kitchen.slug, "home");
    assert_true(str_is_null(moved));
}

static void moved_and_closed(void **state)
{
    struct shop *s = *state;
    static const struct { const char *asked, *moved; bool found; } rows[] = {
        {"teas", NULL, true}, {"tea", "teas", true}, {"shoes", NULL, false}, {"", NULL, false}, {"cat_00000000000000000000000000", NULL, false}, {"TEAS", NULL, false}};
    shop_sql(s, "UPDATE catalog.categories SET slug = 'teas' WHERE slug = 'tea'");
    struct catalog_category found;
    struct str moved;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        err_clear(&e);
        bool good = catalog_category(shop_call(s, "souk_product"), str_from(rows[i].asked), &found, &moved, &e);
        if (good != rows[i].found) fail_msg("%s", rows[i].asked);
        if (!good) assert_int_equal(e.problem, PROBLEM_NOT_FOUND);
        else if (rows[i].moved) assert_str(moved, rows[i].moved);
        else assert_true(str_is_null(moved));
    }
    shop_sql(s, "UPDATE catalog.categories SET status = 'archived', archived_at = '2026-01-01' WHERE slug = 'home'");
    err_clear(&e);
    assert_refused(catalog_category(shop_call(s, "souk_product"), STR("kitchen"), &found, &moved, &e), e, PROBLEM_NOT_FOUND);      /* with its branch */
    struct catalog_page page;
    err_clear(&e);
    assert_refused(catalog_products(shop_call(s, "souk_product"), &(struct catalog_query){.category = STR("home")}, &page, &e), e, PROBLEM_NOT_FOUND);
    shop_sql(s, "UPDATE catalog.categories SET status = 'active', archived_at = NULL WHERE slug = 'home'");
    err_clear(&e);
    struct call *c = shop_call(s, "souk_product");
    assert_good(catalog_products(c, &(struct catalog_query){.category = STR("tea")}, &page, &e), e);        /* a list follows an old name */
    assert_str(page.category->slug, "teas");
    assert_str(slugs_of(c, page.products), "green-tea black-tea");
}

/* A chain that is broken in the middle (closed while the tree was read) is none. */
static void broken_chain(void **state)
{
    struct arena *a = arena_new();
    struct catalog_category list[] = {{.id = {uuid_v7(1)}, .depth = 1}, {.id = {uuid_v7(2)}, .depth = 3, .parent = {uuid_v7(3)}}};
    struct shape_list all = {2, list};
    (void)state;
    assert_int_equal(category_ancestors(a, all, &list[0]).n, 0);
    assert_int_equal(category_ancestors(a, all, &list[1]).n, 0);
    list[1].parent = list[0].id;
    list[1].depth = 2;
    assert_int_equal(category_ancestors(a, all, &list[1]).n, 1);
    assert_null(category_find(all, STR("none")));
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tree), cmocka_unit_test(one), cmocka_unit_test(moved_and_closed), cmocka_unit_test(broken_chain)};
    return cmocka_run_group_tests(tests, shelf_start, shop_stop);
}
