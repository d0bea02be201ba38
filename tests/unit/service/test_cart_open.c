/* Carts that begin with something in them. */
#include "shop.h"

#include "service/cart.h"

static const struct cart_contact ada = {{"ada@example.com", 15}, {NULL, 0}};
static const struct address berlin = {.name = {"Ada", 3}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"DE", 2}};

static void everything(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 10, 300, "standard"), book = shop_variant(s, 2000, 10, 500, "reduced");
    struct cart_wanted items[] = {{cup, 2}, {book, 1}, {cup, 1}};
    struct call *c = shop_call(s, "souk_order");
    struct cart *cart;
    struct str token;
    struct err e;
    err_clear(&e);
    struct cart_open_in in = {.items = {3, items}, .contact = &ada, .shipping_address = &berlin};
    assert_good(cart_open(c, &in, &token, &cart, &e), e);
    const struct cart_line *l = cart->items.v;
    assert_int_equal(cart->items.n, 2);
    assert_true(uuid_eq(l[0].variant.u, cup.u) && l[0].quantity == 3 && uuid_eq(l[1].variant.u, book.u) && l[1].quantity == 1);
    assert_int_equal(cart->version, 1);
    assert_true(cart->can_checkout && str_eq(cart->shown_token, token));
    assert_str(cart->contact->email, "ada@example.com");
    assert_str(cart->shipping->code, "standard");
    assert_int_equal(cart->totals.total.amount, 3 * 1250 + 2000 + 490);
}

static void refusals(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 5, 300, "standard"), nothing = {uuid_v7(3)};
    const struct { struct cart_wanted items[2]; size_t n; const struct cart_contact *contact; const char *market; enum problem why; const char *param; } rows[] = {
        {{{cup, 0}}, 1, NULL, NULL, PROBLEM_OUT_OF_RANGE, "items[0].quantity"},
        {{{cup, 500}, {cup, 500}}, 2, NULL, NULL, PROBLEM_OUT_OF_RANGE, "items[1].quantity"},
        {{{cup, 1}, {nothing, 1}}, 2, NULL, NULL, PROBLEM_UNAVAILABLE_VARIANT, "items[1]"},
        {{{cup, 6}}, 1, NULL, NULL, PROBLEM_INSUFFICIENT_STOCK, "items[0]"},
        {{{cup, 3}, {cup, 3}}, 2, NULL, NULL, PROBLEM_INSUFFICIENT_STOCK, "items[0]"},
        {{{cup, 1}}, 1, NULL, "zz", PROBLEM_INVALID, "market"},
        {{{cup, 1}}, 1, NULL, "gb", PROBLEM_UNAVAILABLE_VARIANT, "items[0]"}};
    int64_t before = shop_ask(s, "SELECT count(*) FROM orders.cart");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct call *c = shop_call(s, "souk_order");
        struct cart_wanted items[2] = {rows[i].items[0], rows[i].items[1]};
        struct cart_open_in in = {.market = str_from(rows[i].market), .items = {rows[i].n, items}, .contact = rows[i].contact};
        struct cart *cart;
        struct str token;
        struct err e;
        err_clear(&e);
        assert_refused(cart_open(c, &in, &token, &cart, &e), e, rows[i].why);
        assert_string_equal(e.n_fields ? e.fields[0].param : e.param, rows[i].param);
    }
    struct call *c = shop_call(s, "souk_order");
    struct cart_open_in in = {.shipping_address = &berlin};
    struct cart *cart;
    struct str token;
    struct err e;
    err_clear(&e);
    assert_refused(cart_open(c, &in, &token, &cart, &e), e, PROBLEM_REQUIRED);        /* an address needs an e-mail address */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.cart"), before);
}

static void too_many_lines(void **state)
{
    struct shop *s = *state;
    struct cart_wanted items[CART_LINES_MAX + 1];
    struct call *c = shop_call(s, "souk_order");
    struct cart *cart;
    struct str token;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(items); i++) items[i] = (struct cart_wanted){{uuid_v7(c->now)}, 1};
    err_clear(&e);
    assert_refused(cart_open(c, &(struct cart_open_in){.items = {ARRAY_LEN(items), items}}, &token, &cart, &e), e, PROBLEM_CART_FULL);
}

static void what_is_left(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 2, 300, "standard"), gone = shop_variant(s, 100, 5, 300, "standard"), none = shop_variant(s, 100, 1, 300, "standard");
    char id[40];
    shop_sql(s, "UPDATE catalog.variants SET status = 'archived', archived_at = '2026-01-01' WHERE id = %s", uuid_sql(gone.u, id));
    shop_sql(s, "UPDATE inventory.levels SET on_hand = 0 WHERE variant_id = %s", uuid_sql(none.u, id));
    struct cart_wanted items[] = {{gone, 1}, {cup, 5}, {none, 1}};
    struct call *c = shop_call(s, "souk_order");
    struct cart *cart;
    struct str token;
    struct err e;
    err_clear(&e);
    assert_good(cart_open(c, &(struct cart_open_in){.items = {3, items}, .what_is_left = true}, &token, &cart, &e), e);
    assert_int_equal(cart->items.n, 1);
    assert_int_equal(((const struct cart_line *)cart->items.v)[0].quantity, 2);
    assert_good(cart_open(c, &(struct cart_open_in){.items = {1, items}, .what_is_left = true}, &token, &cart, &e), e);
    assert_int_equal(cart->items.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everything), cmocka_unit_test(refusals), cmocka_unit_test(too_many_lines), cmocka_unit_test(what_is_left)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
