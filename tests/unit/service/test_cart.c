/* Lines of a cart: adding, setting, limits, conflicts, keys, copies. */
#include "shop.h"

#include "service/cart.h"
#include "service/cart_internal.h"

static struct cart *new_cart(struct shop *s, struct str *ret_token)
{
    struct cart *cart;
    struct err e;
    struct call *c = shop_call(s, "souk_order");
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, ret_token, &cart, &e), e);
    return cart;
}

static void made(void **state)
{
    struct shop *s = *state;
    struct str token;
    struct cart *cart = new_cart(s, &token), *again;
    struct call *c = &(struct call){0};
    struct err e;
    assert_int_equal(token.n, CART_TOKEN_TEXT);
    assert_true(str_eq(cart->shown_token, token));
    assert_int_equal(cart->expires_at - shop_now(s), CART_LIFE);
    char id[40], *kept = strndup(token.p, token.n);
    struct cart_id cart_id = cart->id;
    uuid_sql(cart_id.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.cart WHERE id = %s AND encode(token_hash, 'escape') LIKE '%%%s%%'", id, kept), 0);
    static const struct { const char *token; bool right_id, found; } rows[] = {
        {NULL, true, true}, {NULL, false, false}, {"", true, false}, {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", true, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        c = shop_call(s, "souk_order");
        err_clear(&e);
        struct cart_id which = rows[i].right_id ? cart_id : (struct cart_id){uuid_v7(1)};
        bool good = cart_read(c, which, str_from(rows[i].token ? rows[i].token : kept), false, &again, &e);
        assert_int_equal(good, rows[i].found);
        if (good) assert_true(str_is_null(again->shown_token));
        else assert_int_equal(e.problem, PROBLEM_NOT_FOUND);
    }
    c = shop_call(s, "souk_order");
    err_clear(&e);
    assert_refused(cart_create(c, STR("zz"), &token, &cart, &e), e, PROBLEM_INVALID);
    shop_sql(s, "UPDATE orders.cart SET state = 'abandoned' WHERE id = %s", id);
    err_clear(&e);
    assert_refused(cart_read(shop_call(s, "souk_order"), cart_id, str_from(kept), false, &again, &e), e, PROBLEM_NOT_FOUND);
    free(kept);
}

static void lines(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 10, 300, "standard"), book = shop_variant(s, 2000, 10, 500, "reduced");
    struct str token;
    struct cart *cart = new_cart(s, &token);
    struct call *c = shop_call(s, "souk_order");
    struct err e;
    bool replayed;
    /* `cart` lived in the arena that shop_call ended: everything from here on is one call. */
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, &cart, &e), e);
    assert_good(cart_add(c, cart, cup, 2, &cart, &replayed, &e), e);
    c->now++;                                                              /* lines stand in the order of their time */
    assert_good(cart_add(c, cart, book, 1, &cart, &replayed, &e), e);
    assert_good(cart_add(c, cart, cup, 3, &cart, &replayed, &e), e);
    const struct cart_line *l = cart->items.v;
    assert_int_equal(cart->items.n, 2);
    assert_int_equal(cart->item_count, 6);
    assert_int_equal(l[0].quantity, 5);
    assert_int_equal(cart->totals.total.amount, 5 * 1250 + 2000);
    assert_good(cart_set(c, cart, l[0].id, 1, &cart, &replayed, &e), e);
    assert_int_equal(((const struct cart_line *)cart->items.v)[0].quantity, 1);
    struct cart_item_id gone = ((const struct cart_line *)cart->items.v)[0].id;
    assert_good(cart_set(c, cart, gone, 0, &cart, &replayed, &e), e);
    assert_int_equal(cart->items.n, 1);
    assert_refused(cart_set(c, cart, gone, 1, &cart, &replayed, &e), e, PROBLEM_NOT_FOUND);
}

static void refusals(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 5, 300, "standard"), nothing = {uuid_v7(2)};
    struct str token;
    struct cart *cart, *after;
    struct call *c = shop_call(s, "souk_order");
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, &cart, &e) && cart_add(c, cart, cup, 2, &cart, &replayed, &e), e);
    struct cart_item_id item = ((const struct cart_line *)cart->items.v)[0].id;
    const struct { bool add; struct variant_id v; int64_t quantity; enum problem why; } rows[] = {
        {true, cup, 0, PROBLEM_OUT_OF_RANGE}, {true, cup, -1, PROBLEM_OUT_OF_RANGE}, {true, cup, 1000, PROBLEM_OUT_OF_RANGE},
        {true, cup, 998, PROBLEM_OUT_OF_RANGE}, {true, cup, 4, PROBLEM_INSUFFICIENT_STOCK}, {true, nothing, 1, PROBLEM_UNAVAILABLE_VARIANT},
        {false, cup, 6, PROBLEM_INSUFFICIENT_STOCK}, {false, cup, 1000, PROBLEM_OUT_OF_RANGE}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        err_clear(&e);
        bool good = rows[i].add ? cart_add(c, cart, rows[i].v, rows[i].quantity, &after, &replayed, &e)
                                : cart_set(c, cart, item, rows[i].quantity, &after, &replayed, &e);
        assert_refused(good, e, rows[i].why);
        if (rows[i].why == PROBLEM_INSUFFICIENT_STOCK) assert_int_equal(((const struct cart_shortage *)e.data)->available, 5);
    }
    char id[40];
    shop_sql(s, "UPDATE catalog.variants SET status = 'archived', archived_at = '2026-01-01' WHERE id = %s", uuid_sql(cup.u, id));
    err_clear(&e);
    assert_good(cart_read(c, cart->id, token, false, &cart, &e), e);
    assert_refused(cart_add(c, cart, cup, 1, &after, &replayed, &e), e, PROBLEM_UNAVAILABLE_VARIANT);
}

/* The cart moved on since it was read: the change is applied to what is there now. */
static void moved_on(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 5, 300, "standard");
    struct str token;
    struct cart *old, *cart;
    struct call *c = shop_call(s, "souk_order");
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, &old, &e), e);
    assert_good(cart_add(c, old, cup, 2, &cart, &replayed, &e), e);
    assert_good(cart_add(c, old, cup, 2, &cart, &replayed, &e), e);        /* `old` is empty, the cart is not */
    assert_int_equal(cart->item_count, 4);
    assert_refused(cart_add(c, old, cup, 2, &cart, &replayed, &e), e, PROBLEM_INSUFFICIENT_STOCK);      /* the rules see what is there */
}

static void keys(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 50, 300, "standard");
    struct str token;
    struct cart *cart, *after;
    struct err e;
    bool replayed;
    shop_key(s, "key-1", "hash-1");
    struct call *c = shop_call(s, "souk_order");
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, &cart, &e), e);
    assert_good(cart_add(c, cart, cup, 2, &after, &replayed, &e), e);
    assert_false(replayed);
    assert_good(cart_add(c, cart, cup, 2, &after, &replayed, &e), e);
    assert_true(replayed);
    assert_int_equal(after->item_count, 2);
    c->body_hash = STR("hash-2");
    assert_refused(cart_add(c, cart, cup, 3, &after, &replayed, &e), e, PROBLEM_IDEMPOTENCY_REUSED);
    c->idempotency_key = STR("key-2");
    err_clear(&e);
    assert_refused(cart_add(c, cart, cup, 500, &after, &replayed, &e), e, PROBLEM_INSUFFICIENT_STOCK);   /* a refusal is not stored */
    c->body_hash = STR("hash-3");
    err_clear(&e);
    assert_good(cart_add(c, cart, cup, 1, &after, &replayed, &e), e);
    assert_false(replayed);
    assert_false(db_in_transaction(c->db));
    shop_key(s, NULL, NULL);
}

static void prices_told(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 50, 300, "standard");
    struct str token;
    struct cart *cart;
    struct err e;
    bool replayed;
    char id[40];
    struct call *c = shop_call(s, "souk_order");
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, &cart, &e) && cart_add(c, cart, cup, 2, &cart, &replayed, &e), e);
    shop_sql(s, "UPDATE orders.cart_item SET price_seen = 1000 WHERE variant_id = %s", uuid_sql(cup.u, id));
    assert_good(cart_read(c, cart->id, token, false, &cart, &e), e);
    assert_int_equal(cart->changes.n, 1);
    assert_good(cart_prices_told(c, cart, &e) && cart_read(c, cart->id, token, false, &cart, &e), e);
    assert_int_equal(cart->changes.n, 0);
    assert_good(cart_prices_told(c, cart, &e), e);                          /* nothing to tell: nothing is written */
}

static void countries(void **state)
{
    struct shop *s = *state;
    struct shape_list codes;
    struct err e;
    struct call *c = shop_call(s, "souk_order");
    struct currency eur, jpy;
    err_clear(&e);
    assert_true(currency_parse(STR("EUR"), &eur));
    assert_true(currency_parse(STR("JPY"), &jpy));
    assert_good(cart_countries(c, eur, &codes, &e), e);
    assert_true(codes.n > 10);
    assert_str(((const struct str *)codes.v)[0], "AT");
    assert_good(cart_countries(c, jpy, &codes, &e), e);
    assert_int_equal(codes.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(made), cmocka_unit_test(lines), cmocka_unit_test(refusals), cmocka_unit_test(moved_on),
                                       cmocka_unit_test(keys), cmocka_unit_test(prices_told), cmocka_unit_test(countries)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
