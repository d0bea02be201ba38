/* Pages of products: what is on them, in which order, and that a cursor belongs to its list. */
#include "shelf.h"

static struct catalog_page page(struct call *c, const struct catalog_query *q)
{
    struct catalog_page p;
    struct err e;
    err_clear(&e);
    assert_good(catalog_products(c, q, &p, &e), e);
    return p;
}

static void filters(void **state)
{
    static const struct { const char *category; int64_t min, max; bool available; const char *q, *sort, *expect; } rows[] = {
        {NULL, 0, 0, false, NULL, NULL, "blue-mug green-tea wool-blanket oak-board black-tea"},
        {NULL, 0, 0, false, NULL, "popularity", "blue-mug green-tea wool-blanket oak-board black-tea"},
        {NULL, 0, 0, false, NULL, "newest", "oak-board black-tea blue-mug green-tea wool-blanket"},
        {NULL, 801, 0, false, NULL, "price", "blue-mug oak-board wool-blanket"},
        {NULL, 801, 0, false, NULL, "-price", "wool-blanket oak-board blue-mug"},
        {NULL, 0, 0, false, NULL, "name", "black-tea blue-mug green-tea oak-board wool-blanket"},
        {NULL, 0, 0, true, NULL, NULL, "blue-mug wool-blanket oak-board black-tea"},
        {NULL, 2400, 4000, false, NULL, NULL, "blue-mug oak-board"},
        {NULL, 2401, 3999, false, NULL, NULL, ""},                                /* 2600 is not the cheapest mug */
        {NULL, 0, 2400, true, NULL, "price", "black-tea blue-mug"},
        {"home", 0, 0, false, NULL, NULL, "blue-mug wool-blanket oak-board"},     /* with what is below it */
        {"kitchen", 0, 0, false, NULL, "newest", "oak-board blue-mug"},
        {"tea", 0, 0, true, NULL, NULL, "black-tea"},
        {NULL, 0, 0, false, "tea", "name", "black-tea green-tea"},
        {NULL, 0, 0, false, "TEA green", NULL, "green-tea"},
        {NULL, 0, 0, false, "blank", NULL, "wool-blanket"},                       /* the beginning of a word */
        {"home", 0, 0, false, "tea", NULL, ""},
        {"tea", 0, 0, false, "blue", NULL, ""},
        {NULL, 0, 0, true, "tea", NULL, "black-tea"},
        {NULL, 0, 0, false, "", NULL, "blue-mug green-tea wool-blanket oak-board black-tea"},
        {NULL, 0, 0, false, "?!", NULL, ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct call *c = shop_call(*state, "souk_product");
        struct catalog_query q = {.category = str_from(rows[i].category), .available = rows[i].available, .q = str_from(rows[i].q), .sort = str_from(rows[i].sort)};
        if (rows[i].min) q.price_min = (struct opt_int64)OPT(rows[i].min);
        if (rows[i].max) q.price_max = (struct opt_int64)OPT(rows[i].max);
        struct str slugs = slugs_of(c, page(c, &q).products);
        if (!str_eq_c(slugs, rows[i].expect)) fail_msg("row %zu: " STR_FMT ", not %s", i, STR_ARG(slugs), rows[i].expect);

        /* The number of all is told only when asked for, and is the same whether the page holds them all or not. */
        int64_t all = (int64_t)page(c, &q).products.n;
        assert_false(page(c, &q).total.set);
        q.total = true;
        for (q.limit = 1; q.limit <= 6; q.limit += 5) {
            struct catalog_page p = page(c, &q);
            if (!p.total.set || p.total.v != all) fail_msg("row %zu by %lld: %lld of %lld", i, (long long)q.limit, (long long)p.total.v, (long long)all);
        }
    }
}

static void cards(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct catalog_page p = page(c, &(struct catalog_query){.limit = 2});
    const struct catalog_product *mug = p.products.v, *tea = mug + 1;
    assert_int_equal(p.products.n, 2);
    assert_str(p.sort, "popularity");
    assert_str(mug->url, "/p/blue-mug");
    assert_str(mug->name, "Blue Mug");
    assert_str(mug->summary, "About Blue Mug");
    assert_int_equal(mug->price.amount, 2400);
    assert_int_equal(mug->price_max.amount, 2600);
    assert_int_equal(mug->compare_at.amount, 3000);
    assert_str(currency_str(&mug->price.currency), "EUR");
    assert_str(mug->image->url, "/media/demo/blue-mug.svg");
    assert_int_equal(mug->image->width.v, 800);
    assert_true(mug->available && !tea->available);
    assert_string_equal(tea->compare_at.currency.code, "");
    assert_false(mug->version.set);
    assert_int_equal(mug->variants.n, 0);
    p = page(c, &(struct catalog_query){.limit = 1, .expand = {2, (struct str[]){STR("variants"), STR("categories")}}});
    mug = p.products.v;
    assert_int_equal(mug->variants.n, 2);
    assert_int_equal(mug->categories.n, 1);
    assert_str(page(c, &(struct catalog_query){.category = STR("tea")}).category->name, "Tea");
}

/* Every list can be walked in pages of two, and the pages are the list: nothing twice, nothing left out. */
static void walks(void **state)
{
    static const struct { const char *sort, *q; bool available; } lists[] = {
        {"popularity", NULL, false}, {"newest", NULL, false}, {"price", NULL, false}, {"-price", NULL, false}, {"name", NULL, false},
        {"price", NULL, true}, {"-price", NULL, true}, {"name", NULL, true}, {"relevance", "a", false}, {"name", "b", false}};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct call *c = shop_call(*state, "souk_product");
        struct catalog_query q = {.sort = str_from(lists[i].sort), .q = str_from(lists[i].q), .available = lists[i].available};
        struct str whole = slugs_of(c, page(c, &q).products);
        struct buf walked, counted;
        struct catalog_page p;
        buf_init_arena(&walked, c->arena, 0);
        buf_init_arena(&counted, c->arena, 0);
        q.limit = 2;
        do {
            p = page(c, &q);
            if (walked.n) buf_char(&walked, ' ');
            buf_str(&walked, slugs_of(c, p.products));
            q.cursor = p.next_cursor;
        } while (!str_is_null(q.cursor));
        for (q.page = 1; q.page <= 3; q.page++) {
            struct str slugs = slugs_of(c, page(c, &q).products);
            if (counted.n && slugs.n) buf_char(&counted, ' ');
            buf_str(&counted, slugs);
        }
        if (!str_eq(whole, buf_view(&walked))) fail_msg("%s: " STR_FMT ", not " STR_FMT, lists[i].sort, STR_ARG(buf_view(&walked)), STR_ARG(whole));
        assert_true(str_eq(whole, buf_view(&counted)));
    }
}

static void foreign_cursors(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct catalog_page p;
    struct str good = page(c, &(struct catalog_query){.limit = 2}).next_cursor;
    struct str cut = str_sub(good, 0, good.n - 4), searched = page(c, &(struct catalog_query){.limit = 1, .q = STR("tea")}).next_cursor;
    struct market other = *c->market;
    char *changed = str_cstr(c->arena, good);
    changed[9] = changed[9] == 'A' ? 'B' : 'A';
    other.locale = STR("de");
    assert_false(str_is_null(good) || str_is_null(searched));
    const struct { struct catalog_query q; bool elsewhere; } rows[] = {
        {{.sort = STR("newest"), .cursor = good}, false}, {{.category = STR("tea"), .cursor = good}, false}, {{.available = true, .cursor = good}, false},
        {{.q = STR("tea"), .cursor = good}, false}, {{.price_min = OPT(0), .cursor = good}, false}, {{.price_max = OPT(0), .cursor = good}, false},
        {{.cursor = good}, true}, {{.cursor = cut}, false}, {{.cursor = str_from(changed)}, false}, {{.cursor = STR("")}, false},
        {{.cursor = STR("AAAA")}, false}, {{.cursor = STR("not base64!")}, false}, {{.cursor = searched}, false}, {{.q = STR("mug"), .cursor = searched}, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct call there = *c;
        struct err e;
        err_clear(&e);
        if (rows[i].elsewhere) there.market = &other;
        if (catalog_products(&there, &rows[i].q, &p, &e)) fail_msg("row %zu was not refused", i);
        assert_int_equal(e.problem, PROBLEM_INVALID_CURSOR);
        assert_string_equal(e.param, "cursor");
    }
    assert_str(slugs_of(c, page(c, &(struct catalog_query){.limit = 3, .cursor = good}).products), "wool-blanket oak-board black-tea");   /* the size of a page may change */
}

static void refusals(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    const struct { struct catalog_query q; enum problem why; const char *param; } rows[] = {
        {{.sort = STR("best")}, PROBLEM_INVALID, "sort"}, {{.sort = STR("relevance")}, PROBLEM_INVALID, "sort"}, {{.sort = STR("PRICE")}, PROBLEM_INVALID, "sort"},
        {{.expand = {1, (struct str[]){STR("reviews")}}}, PROBLEM_INVALID, "expand[]"}, {{.category = STR("shoes")}, PROBLEM_NOT_FOUND, ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct catalog_page p;
        struct err e;
        err_clear(&e);
        assert_refused(catalog_products(c, &rows[i].q, &p, &e), e, rows[i].why);
        assert_string_equal(e.param, rows[i].param);
    }
}

static void corrections(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct catalog_page p = page(c, &(struct catalog_query){.q = STR("blankit"), .limit = 1});
    assert_str(p.corrected, "blanket");
    assert_str(slugs_of(c, p.products), "wool-blanket");
    p = page(c, &(struct catalog_query){.q = STR("kitchin board")});
    assert_str(slugs_of(c, p.products), "");                                     /* nothing has both words, corrected or not */
    assert_true(str_is_null(p.corrected));
    p = page(c, &(struct catalog_query){.q = STR("zzzzqqqq")});
    assert_true(str_is_null(p.corrected) && p.products.n == 0);
    p = page(c, &(struct catalog_query){.q = STR("blankit"), .limit = 1, .page = 2});
    assert_int_equal(p.products.n, 0);
    shop_sql(*state, "UPDATE catalog.product_texts SET keywords = 'blanket', name = CASE WHEN name = 'Oak Board' THEN 'Oak Blanket Board' ELSE name END "
                     "WHERE name IN ('Oak Board', 'Wool Blanket')");
    p = page(c, &(struct catalog_query){.q = STR("blankit"), .limit = 1});
    struct str first = slugs_of(c, p.products);
    assert_false(str_is_null(p.next_cursor));
    assert_int_equal(page(c, &(struct catalog_query){.q = STR("blankit"), .limit = 1, .total = true}).total.v,
                     page(c, &(struct catalog_query){.q = STR("blankit")}).products.n);
    p = page(c, &(struct catalog_query){.q = STR("blankit"), .limit = 1, .cursor = p.next_cursor});      /* goes on with the corrected words */
    assert_int_equal(p.products.n, 1);
    assert_str(p.corrected, "blanket");
    assert_false(str_eq(first, slugs_of(c, p.products)));
    shop_sql(*state, "UPDATE catalog.product_texts SET keywords = '', name = replace(name, 'Oak Blanket', 'Oak')");
}

/* A price that begins later is told when its time has come, although nothing was written then. */
static void scheduled_prices(void **state)
{
    struct shop *s = *state;
    usec_t now = shop_now(s), then;
    assert_true(time_parse(STR("2027-01-02T00:00:00Z"), &then));
    shop_sql(s, "SELECT n FROM catalog.prices_set_v1('{NULL}', '{OAK-1}', '{eur}', '{3900}', '{EUR}', '{4000}', '{2027-01-01}', '{NULL}', '{NULL}', 'unit', NULL, NULL, '2026-06-01')");
    for (int i = 0; i < 2; i++) {
        struct call *c = shop_call(s, "souk_product");
        struct catalog_page p = page(c, &(struct catalog_query){.q = STR("oak")});
        const struct catalog_product *oak = p.products.v;
        assert_int_equal(p.products.n, 1);
        assert_int_equal(oak->price.amount, i ? 3900 : 4000);
        assert_int_equal(oak->price_max.amount, i ? 3900 : 4000);
        assert_int_equal(oak->compare_at.amount, i ? 4000 : 0);
        shop_at(s, then);
    }
    shop_at(s, now);
}

/* What is not for sale is on no list. */
static void hidden(void **state)
{
    struct shop *s = *state;
    struct market abroad;
    shop_sql(s, "UPDATE catalog.products SET status = 'draft' WHERE slug = 'black-tea'");
    struct call *c = shop_call(s, "souk_product");
    assert_str(slugs_of(c, page(c, &(struct catalog_query){.category = STR("tea")}).products), "green-tea");
    assert_str(slugs_of(c, page(c, &(struct catalog_query){.q = STR("tea")}).products), "green-tea");
    shop_sql(s, "UPDATE catalog.products SET status = 'active' WHERE slug = 'black-tea'");
    abroad = *c->market;
    abroad.price_list.u = uuid_v7(1);
    c->market = &abroad;
    assert_int_equal(page(c, &(struct catalog_query){0}).products.n, 0);
}

static void related_and_addresses(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    const struct catalog_product *all = page(c, &(struct catalog_query){0}).products.v;
    struct shape_list list;
    struct catalog_address_place at = catalog_address_start((struct catalog_part){1, 1});
    struct err e;
    size_t n = 0;
    err_clear(&e);
    assert_good(catalog_related(c, all[0].id, 3, &list, &e), e);
    assert_str(slugs_of(c, list), "oak-board");
    assert_good(catalog_related(c, (struct product_id){uuid_v7(3)}, 3, &list, &e), e);
    assert_int_equal(list.n, 0);
    do {
        assert_good(catalog_addresses(c, &at, 2, &list, &e), e);
        n += list.n;
        if (list.n) assert_true(((const struct catalog_address *)list.v)[0].slug.n > 0 && ((const struct catalog_address *)list.v)[0].updated_at > 0);
    } while (list.n == 2);
    assert_int_equal(n, 5);
}

/* However many parts there are, each product stands in one of them, and in the same one again. */
static void parts_of_the_addresses(void **state)
{
    struct call *c = shop_call(*state, "souk_product");
    struct shape_list list;
    int64_t counted, limited;
    struct err e;
    err_clear(&e);
    for (int64_t of = 1; of <= 64; of *= 2) {
        size_t sum = 0;
        for (int64_t n = 1; n <= of; n++) {
            struct catalog_part part = {n, of};
            struct catalog_address_place at = catalog_address_start(part);
            assert_good(catalog_address_count(c, part, 100, &counted, &e), e);
            assert_good(catalog_address_count(c, part, 1, &limited, &e), e);
            assert_good(catalog_addresses(c, &at, 100, &list, &e), e);
            assert_int_equal(list.n, counted);
            assert_int_equal(limited, counted > 0);
            sum += list.n;
        }
        assert_int_equal(sum, 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(filters), cmocka_unit_test(cards), cmocka_unit_test(walks), cmocka_unit_test(foreign_cursors),
                                       cmocka_unit_test(refusals), cmocka_unit_test(corrections), cmocka_unit_test(scheduled_prices), cmocka_unit_test(hidden),
                                       cmocka_unit_test(related_and_addresses), cmocka_unit_test(parts_of_the_addresses)};
    return cmocka_run_group_tests(tests, shelf_start, shop_stop);
}
