/* Lists of prices: which, in which order, page by page. */
#include "shelf.h"

#include "service/price.h"

static struct str page(struct call *c, const struct price_filter *f, struct str *ret_next)
{
    struct shape_list prices;
    struct err e;
    struct buf b;
    err_clear(&e);
    buf_init_arena(&b, c->arena, 0);
    assert_good(price_list_page(c, f, &prices, ret_next, &e), e);
    for (size_t i = 0; i < prices.n; i++) {
        const struct price_row *r = (const struct price_row *)prices.v + i;
        buf_printf(&b, "%s" STR_FMT " %lld " STR_FMT, i ? ", " : "", STR_ARG(r->sku), (long long)r->price.amount, STR_ARG(r->state));
    }
    return buf_view(&b);
}

static struct call *as_key(struct shop *s)
{
    struct call *c = shop_call(s, "souk_product");
    c->actor = (struct actor){.kind = ACTOR_KEY, .id = STR("key_unit"), .permissions = permission_bit(PERMISSION_READ_PRODUCTS)};
    return c;
}

static void lists(void **state)
{
    struct shape_list all;
    struct err e;
    err_clear(&e);
    assert_good(price_lists(as_key(*state), &all, &e), e);
    const struct price_list *v = all.v;
    assert_int_equal(all.n, 2);
    assert_str(v[0].code, "eur");
    assert_str(v[0].currency, "EUR");
    assert_true(v[0].is_default && v[0].tax_included && !v[1].is_default);
    assert_int_equal(v[0].markets.n, 2);
    assert_str(((const struct str *)v[0].markets.v)[1], "de");
}

/* The mug was 2600, is 2400, will be 2000 for a day. */
static void states(void **state)
{
    struct shop *s = *state;
    struct str next;
    shop_sql(s, "SELECT n FROM catalog.prices_set_v1('{NULL}', '{MUG-1}', '{NULL}', '{2000}', '{EUR}', '{0}', '{2026-07-01}', '{2026-07-02}', '{NULL}', 'unit', NULL, NULL, '2026-06-01 12:00+00')");
    shop_sql(s, "UPDATE catalog.prices p SET valid_from = valid_from - interval '60 days' FROM catalog.variants v WHERE v.id = p.variant_id AND v.sku = 'MUG-1' AND p.valid_to = '2026-07-01'");
    shop_sql(s, "INSERT INTO catalog.prices (variant_id, price_list_id, currency, amount, valid_from, valid_to, created_at) "
                "SELECT p.variant_id, p.price_list_id, 'EUR', 2600, p.valid_from - interval '9 days', p.valid_from, '2026-01-01' FROM catalog.prices p "
                "JOIN catalog.variants v ON v.id = p.variant_id WHERE v.sku = 'MUG-1' AND p.valid_to = '2026-07-01'");
    static const struct { const char *state, *want; } rows[] = {
        {NULL, "MUG-1 2400 current"}, {"current", "MUG-1 2400 current"}, {"past", "MUG-1 2600 past"}, {"planned", "MUG-1 2000 planned, MUG-1 2400 planned"},
        {"all", "MUG-1 2400 planned, MUG-1 2000 planned, MUG-1 2400 current, MUG-1 2600 past"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_str(page(as_key(s), &(struct price_filter){.sku = STR("MUG-1"), .state = str_from(rows[i].state), .limit = 10}, &next), rows[i].want);
    /* the same without a variant, where each state has a query of its own */
    assert_str(page(as_key(s), &(struct price_filter){.state = STR("planned"), .limit = 10}, &next), "MUG-1 2000 planned, MUG-1 2400 planned");
    assert_str(page(as_key(s), &(struct price_filter){.state = STR("past"), .limit = 10}, &next), "MUG-1 2600 past");
    assert_str(page(as_key(s), &(struct price_filter){.state = STR("past"), .price_list = STR("gbp"), .limit = 10}, &next), "");
    assert_str(page(as_key(s), &(struct price_filter){.sku = STR("NO-SUCH"), .limit = 10}, &next), "");
    assert_str(page(as_key(s), &(struct price_filter){.price_list = STR("no-such"), .limit = 10}, &next), "");
    assert_str(price_state(5, 0, 4), "planned");
    assert_str(price_state(5, 9, 5), "current");
    assert_str(price_state(5, 9, 9), "past");
}

/* Pages of one put together are the page of many. */
static void pages(void **state)
{
    struct shop *s = *state;
    static const char *const asked[] = {"current", "planned", "past", "all"};
    for (size_t i = 0; i < ARRAY_LEN(asked); i++)
        for (int by_sku = 0; by_sku < 2; by_sku++) {
            struct call *c = as_key(s);
            struct price_filter f = {.state = str_from(asked[i]), .sku = by_sku ? STR("MUG-1") : STR_NULL, .limit = 100};
            struct str next, whole = page(c, &f, &next);
            struct buf b;
            assert_true(str_is_null(next));
            buf_init_arena(&b, c->arena, 0);
            f.limit = 1;
            for (int n = 0; n == 0 || !str_is_null(f.cursor); n++) {
                if (n) buf_cstr(&b, ", ");
                buf_str(&b, page(c, &f, &next));
                f.cursor = next;
                assert_true(n < 50);
            }
            if (!str_eq(buf_view(&b), whole)) fail_msg("%s: " STR_FMT " instead of " STR_FMT, asked[i], STR_ARG(buf_view(&b)), STR_ARG(whole));
        }
}

static void cursors_belong_to_their_filters(void **state)
{
    struct call *c = as_key(*state);
    struct str cursor, next;
    struct shape_list prices;
    struct err e;
    err_clear(&e);
    (void)page(c, &(struct price_filter){.state = STR("all"), .limit = 1}, &cursor);
    const struct price_filter bad[] = {{.state = STR("current"), .cursor = cursor, .limit = 1}, {.state = STR("all"), .sku = STR("MUG-1"), .cursor = cursor, .limit = 1},
                                       {.state = STR("all"), .price_list = STR("eur"), .cursor = cursor, .limit = 1}, {.state = STR("all"), .cursor = STR("MQo"), .limit = 1},
                                       {.state = STR("all"), .cursor = str_sub(cursor, 0, cursor.n - 30), .limit = 1}};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) assert_refused(price_list_page(c, &bad[i], &prices, &next, &e), e, PROBLEM_INVALID_CURSOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists), cmocka_unit_test(states), cmocka_unit_test(pages), cmocka_unit_test(cursors_belong_to_their_filters)};
    return cmocka_run_group_tests(tests, shelf_start, shop_stop);
}
