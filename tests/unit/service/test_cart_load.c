/* What a cart says of itself: today's prices, stock and taxes, and what changed. */
#include "shop.h"

#include "service/cart_internal.h"

/* A cart with two pieces of `v`, an address in `country` when there is one. */
static struct cart *filled(struct shop *s, struct variant_id v, const char *country, struct str *ret_token)
{
    struct call *c = shop_call(s, "souk_order");
    struct cart *cart;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, ret_token, &cart, &e) && cart_add(c, cart, v, 2, &cart, &replayed, &e), e);
    if (country == NULL) return cart;
    struct cart_contact contact = {STR("ada@example.com"), STR_NULL};
    struct address a = {.name = STR("Ada"), .line1 = STR("Street 1"), .postal_code = str_eq_c(STR("DE"), country) ? STR("10115") : STR("1010"),
                        .city = STR("City"), .country = str_from(country)};
    struct cart_patch p = {&contact, &a, {{{0}}}};
    assert_good(cart_change(c, cart, &p, &cart, &replayed, &e), e);
    return cart;
}

static struct cart *load(struct shop *s, const struct cart *cart, struct str token, struct cart_wish wish)
{
    struct cart *now;
    struct err e;
    (void)s;
    err_clear(&e);
    assert_good(cart_load(shop_call(s, "souk_order"), cart->id, token, wish, &now, &e), e);
    return now;
}

static void line_states(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1000, 5, 300, "standard");
    struct str token;
    char id[40], cart_id[40];
    struct cart *cart = filled(s, v, NULL, &token);
    char *kept = strndup(token.p, token.n);
    struct cart key = *cart;
    uuid_sql(v.u, id);
    uuid_sql(cart->id.u, cart_id);
    static const struct { const char *change, *back, *status; int64_t subtotal; } rows[] = {
        {"SELECT 1", "SELECT 1", "ok", 2000},
        {"UPDATE orders.cart_item SET price_seen = 900 WHERE variant_id = %s", "UPDATE orders.cart_item SET price_seen = 1000 WHERE variant_id = %s", "price_changed", 2000},
        {"UPDATE inventory.levels SET on_hand = 1 WHERE variant_id = %s", "UPDATE inventory.levels SET on_hand = 5 WHERE variant_id = %s", "insufficient_stock", 2000},
        {"UPDATE inventory.levels SET on_hand = 0 WHERE variant_id = %s", "UPDATE inventory.levels SET on_hand = 5 WHERE variant_id = %s", "sold_out", 2000},
        {"UPDATE catalog.variants SET status = 'archived', archived_at = '2026-01-01' WHERE id = %s",
         "UPDATE catalog.variants SET status = 'active', archived_at = NULL WHERE id = %s", "unavailable", 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena *a = arena_new();
        char *sql = arena_printf(a, "%s", rows[i].change), *hole = strstr(sql, "%s");
        if (hole) shop_sql(s, "%.*s%s", (int)(hole - sql), sql, id);
        struct cart *now = load(s, &key, str_from(kept), (struct cart_wish){0});
        const struct cart_line *l = now->items.v;
        assert_str(l[0].status, rows[i].status);
        assert_int_equal(now->totals.subtotal.amount, rows[i].subtotal);
        assert_int_equal(now->changes.n, i == 0 ? 0 : 1);
        sql = arena_printf(a, "%s", rows[i].back);
        hole = strstr(sql, "%s");
        if (hole) shop_sql(s, "%.*s%s", (int)(hole - sql), sql, id);
        arena_destroy(a);
    }
    free(kept);
}

static void taxes_of_the_destination(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 50, 300, "standard");
    static const struct { const char *country; int64_t rate, tax, shipping; } rows[] = {
        {NULL, 190000, 399, -1}, {"DE", 190000, 399 + 78, 490}, {"AT", 200000, 417 + 132, 790}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str token;
        struct cart *cart = filled(s, v, rows[i].country, &token);
        assert_int_equal(((const struct cart_line *)cart->items.v)[0].tax_rate, rows[i].rate);
        assert_int_equal(cart->totals.tax.amount, rows[i].tax);
        assert_int_equal(cart->shipping ? cart->shipping->price.amount : -1, rows[i].shipping);
        assert_int_equal(cart->can_checkout, rows[i].country != NULL);
    }
}

static void option_that_went_away(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 50, 300, "standard");
    struct str token;
    struct cart *cart = filled(s, v, "DE", &token), key = *cart;
    char *kept = strndup(token.p, token.n);
    assert_non_null(cart->shipping);
    shop_sql(s, "UPDATE orders.shipping_option SET archived_at = '2026-01-01' WHERE code = 'standard' AND 'DE' = ANY (countries)");
    cart = load(s, &key, str_from(kept), (struct cart_wish){0});
    assert_null(cart->shipping);
    assert_false(cart->can_checkout);
    assert_str(((const struct cart_change *)cart->changes.v)[0].code, "shipping_unavailable");
    shop_sql(s, "UPDATE orders.shipping_option SET archived_at = NULL");
    free(kept);
}

static void personal_and_explained(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 50, 300, "standard");
    struct str token;
    struct cart *cart = filled(s, v, "DE", &token), key = *cart;
    char *kept = strndup(token.p, token.n);
    cart = load(s, &key, str_from(kept), (struct cart_wish){0});
    assert_true(cart->contact == NULL && cart->shipping_address == NULL && cart->has_contact && cart->has_address);
    assert_int_equal(cart->amounts.n_steps, 0);
    cart = load(s, &key, str_from(kept), (struct cart_wish){.personal = true, .explain = true});
    assert_str(cart->contact->email, "ada@example.com");
    assert_str(cart->shipping_address->line1, "Street 1");
    assert_str(cart->shipping_address->country, "DE");
    assert_true(cart->amounts.n_steps > 0);
    free(kept);
}

/* A price that rose beyond what a cart may be worth: the line is out, the cart is still read, and the line can be taken out. */
static void beyond_all_bounds(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 50, 300, "standard"), dear = shop_variant(s, 1000, 50, 300, "standard");
    struct str token;
    struct cart *cart = filled(s, v, "DE", &token), key = *cart;
    char *kept = strndup(token.p, token.n), id[40];
    struct call *c = shop_call(s, "souk_order");
    struct err e;
    bool replayed;
    err_clear(&e);
    c->now++;                                                              /* lines stand in the order of their time */
    assert_good(cart_read(c, key.id, str_from(kept), false, &cart, &e) && cart_add(c, cart, dear, 3, &cart, &replayed, &e), e);
    shop_sql(s, "SET session_replication_role = replica");          /* as if it had been that price from the start */
    shop_sql(s, "UPDATE catalog.prices SET amount = %lld WHERE variant_id = %s", (long long)CART_VALUE_MAX / 2, uuid_sql(dear.u, id));
    shop_sql(s, "RESET session_replication_role");
    cart = load(s, &key, str_from(kept), (struct cart_wish){0});
    const struct cart_line *l = cart->items.v;
    assert_int_equal(l[0].state, CART_LINE_OK);
    assert_int_equal(l[1].state, CART_LINE_UNAVAILABLE);
    assert_int_equal(cart->totals.subtotal.amount, 2500);
    assert_false(cart->can_checkout);
    c = shop_call(s, "souk_order");
    err_clear(&e);
    assert_good(cart_read(c, key.id, str_from(kept), false, &cart, &e), e);
    struct cart_item_id item = ((const struct cart_line *)cart->items.v)[1].id;
    assert_good(cart_set(c, cart, item, 0, &cart, &replayed, &e), e);
    assert_true(cart->can_checkout);
    /* Nor does it get in again in such a number. */
    assert_refused(cart_add(c, cart, dear, 3, &cart, &replayed, &e), e, PROBLEM_OUT_OF_RANGE);
    assert_string_equal(e.param, "quantity");
    err_clear(&e);
    assert_good(cart_add(c, cart, dear, 1, &cart, &replayed, &e), e);
    assert_int_equal(cart->totals.subtotal.amount, CART_VALUE_MAX / 2 + 2500);
    free(kept);
}

static void its_end(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 50, 300, "standard");
    struct str token;
    struct cart *cart = filled(s, v, NULL, &token), key = *cart, *now;
    char *kept = strndup(token.p, token.n);
    usec_t began = shop_now(s);
    struct err e;
    static const struct { usec_t later; bool there; } rows[] = {{CART_LIFE - 1, true}, {CART_LIFE, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        shop_at(s, began + rows[i].later);
        err_clear(&e);
        assert_int_equal(cart_load(shop_call(s, "souk_order"), key.id, str_from(kept), (struct cart_wish){0}, &now, &e), rows[i].there);
    }
    shop_at(s, began);
    free(kept);
}

static void address_as_json(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct address in = {.name = STR("Ada \"<x>\" \xc3\xa4"), .line1 = STR("Street 1"), .postal_code = STR("10115"), .city = STR("Berlin"), .country = STR("DE")}, out;
    struct err e;
    err_clear(&e);
    assert_good(address_from_json(a, address_to_json(a, &in), STR("DE"), &out, &e), e);
    assert_true(str_eq(out.name, in.name) && str_eq(out.city, in.city) && str_is_null(out.line2) && str_eq(out.country, in.country));
    assert_refused(address_from_json(a, STR("{\"nickname\":\"x\"}"), STR("DE"), &out, &e), e, PROBLEM_UNKNOWN_FIELD);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(line_states), cmocka_unit_test(taxes_of_the_destination), cmocka_unit_test(option_that_went_away),
                                       cmocka_unit_test(personal_and_explained), cmocka_unit_test(beyond_all_bounds), cmocka_unit_test(its_end), cmocka_unit_test(address_as_json)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
