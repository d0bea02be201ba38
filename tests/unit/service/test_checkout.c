/* A cart becomes an order once, at the price that is true, with stock that is there. */
#include "shop.h"

#include "service/checkout.h"
#include "service/idem.h"

static struct call *ready(struct shop *s, struct variant_id v, int64_t quantity, struct cart **ret_cart)
{
    static const struct cart_contact ada = {{"ada@example.com", 15}, {NULL, 0}};
    static const struct address berlin = {.name = {"Ada", 3}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"DE", 2}};
    struct call *c = shop_call(s, "souk_order");
    struct str token;
    struct err e;
    bool replayed;
    err_clear(&e);
    struct cart_patch p = {.contact = &ada, .shipping_address = &berlin};
    assert_good(cart_create(c, STR_NULL, &token, ret_cart, &e) && cart_add(c, *ret_cart, v, quantity, ret_cart, &replayed, &e) &&
                cart_change(c, *ret_cart, &p, ret_cart, &replayed, &e), e);
    return c;
}

static const struct checkout_in plain = {.method = {"tok_ok", 6}};

static void placed(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 2, &cart);
    struct checkout_result r;
    struct err e;
    bool replayed;
    char id[40], attempt[40];
    err_clear(&e);
    struct checkout_in in = plain;
    in.note = STR("Ring twice");
    assert_good(checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e);
    assert_false(replayed);
    assert_int_equal(r.total.amount, 2990);
    assert_int_equal(r.expires_at - r.created_at, 900 * USEC_PER_SEC);
    assert_true(r.number.n >= 12 && !str_is_empty(r.access_token) && !str_is_empty(r.payment_token) && str_starts(r.payment_path, STR("/pay/pay_")));
    uuid_sql(r.order.u, id);
    uuid_sql(r.payment.u, attempt);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.orders o JOIN payment.attempt a ON a.order_id = o.id AND a.id = %s AND a.amount = o.total "
                                 "WHERE o.id = %s AND o.state = 'pending_payment' AND o.total = 2990 AND o.tax = 477 AND note_sealed IS NOT NULL", attempt, id), 1);
    assert_int_equal(shop_ask(s, "SELECT sum(quantity) FROM inventory.reservations WHERE order_id = %s AND status = 'active'", id), 2);
    assert_int_equal(shop_ask(s, "SELECT jsonb_array_length(explanation -> 'steps') FROM orders.orders WHERE id = %s", id), 6);
}

static void incomplete(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct call *c = shop_call(s, "souk_order");
    struct cart *cart;
    struct str token;
    struct checkout_result r;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, &cart, &e), e);
    assert_refused(checkout(c, cart->id, token, &plain, &r, &replayed, &e), e, PROBLEM_CART_EMPTY);
    err_clear(&e);
    assert_good(cart_add(c, cart, v, 1, &cart, &replayed, &e), e);
    assert_refused(checkout(c, cart->id, token, &plain, &r, &replayed, &e), e, PROBLEM_REQUIRED);
    assert_int_equal(e.n_fields, 2);
    err_clear(&e);
    assert_refused(checkout(c, cart->id, token, &(struct checkout_in){.method = STR("tok_gold")}, &r, &replayed, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    assert_refused(checkout(c, cart->id, STR("nonsense"), &plain, &r, &replayed, &e), e, PROBLEM_NOT_FOUND);
}

static void notes(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 1, &cart);
    struct checkout_result r;
    struct err e;
    bool replayed;
    char text[CHECKOUT_NOTE_MAX + 2];
    memset(text, 'x', sizeof text);
    struct checkout_in in = plain;
    in.note = str_of(text, CHECKOUT_NOTE_MAX + 1);
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e, PROBLEM_INVALID);
    in.note = str_of(text, CHECKOUT_NOTE_MAX);
    err_clear(&e);
    assert_good(checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e);
}

static void told_first(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 2, &cart);
    struct checkout_result r;
    struct err e;
    bool replayed;
    char id[40];
    shop_sql(s, "UPDATE orders.cart_item SET price_seen = 1000 WHERE variant_id = %s", uuid_sql(v.u, id));
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &plain, &r, &replayed, &e), e, PROBLEM_CART_CHANGED);
    const struct cart *told = e.data;
    assert_int_equal(told->changes.n, 1);
    assert_int_equal(told->totals.total.amount, 2990);
    err_clear(&e);
    assert_good(checkout(c, cart->id, cart->token, &plain, &r, &replayed, &e), e);
}

static void expected_total(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 2, &cart);
    struct checkout_result r;
    struct err e;
    bool replayed;
    char id[40];
    shop_sql(s, "UPDATE orders.cart_item SET price_seen = 1000 WHERE variant_id = %s", uuid_sql(v.u, id));
    struct checkout_in in = plain;
    in.expected_total = (struct opt_int64)OPT(2989);
    in.same_currency = true;
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e, PROBLEM_CART_CHANGED);
    in.expected_total.v = 2990;
    in.same_currency = false;
    assert_true(currency_parse(STR("USD"), &in.expected_currency));
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e, PROBLEM_CART_CHANGED);
    assert_true(currency_parse(STR("EUR"), &in.expected_currency));
    err_clear(&e);
    assert_good(checkout(c, cart->id, cart->token, &in, &r, &replayed, &e), e);
}

static void short_of_stock(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 3, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 3, &cart);
    struct checkout_result r;
    struct err e;
    bool replayed;
    char id[40];
    uuid_sql(v.u, id);
    shop_sql(s, "SELECT inventory.adjust_v1(%s, '01900000-0000-7000-8000-000000000301', -2, 'adjust', 'x', 'unit', NULL, NULL, '2026-01-01')", id);
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &plain, &r, &replayed, &e), e, PROBLEM_INSUFFICIENT_STOCK);
    assert_int_equal(((const struct cart_line *)((const struct cart *)e.data)->items.v)[0].available, 1);
    assert_string_equal(e.fields[0].param, "items[0]");
    assert_int_equal(shop_ask(s, "SELECT reserved FROM inventory.levels WHERE variant_id = %s", id), 0);
}

/* The statement itself finds stock short: between quote and reservation somebody else was quicker. */
static void short_at_the_last_moment(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 1, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 1, &cart);
    struct checkout_result r;
    struct err e;
    bool replayed;
    char id[40], cart_id[40];
    uuid_sql(v.u, id);
    uuid_sql(cart->id.u, cart_id);
    /* A level that the view counts and that reservation may not touch: the warehouse is closed for reserving only. */
    shop_sql(s, "CREATE OR REPLACE VIEW inventory.pub_availability AS SELECT i.variant_id, 5::bigint AS available FROM inventory.stock_items i");
    shop_sql(s, "SELECT inventory.adjust_v1(%s, '01900000-0000-7000-8000-000000000301', -1, 'adjust', 'x', 'unit', NULL, NULL, '2026-01-01')", id);
    err_clear(&e);
    bool good = checkout(c, cart->id, cart->token, &plain, &r, &replayed, &e);
    shop_sql(s, "CREATE OR REPLACE VIEW inventory.pub_availability AS SELECT i.variant_id, (SELECT coalesce(sum(l.on_hand - l.reserved - l.allocated), 0)::bigint "
                "FROM inventory.levels l WHERE l.variant_id = i.variant_id) AS available FROM inventory.stock_items i");
    assert_refused(good, e, PROBLEM_INSUFFICIENT_STOCK);
    const struct cart_line *l = ((const struct cart *)e.data)->items.v;
    assert_int_equal(l[0].available, 0);
    assert_str(l[0].status, "sold_out");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.orders WHERE cart_id = %s", cart_id), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.cart WHERE id = %s AND state = 'open'", cart_id), 1);
}

static void keys(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct cart *cart;
    struct call *c = ready(s, v, 1, &cart);
    struct checkout_result first, again;
    struct err e;
    bool replayed;
    err_clear(&e);
    c->idempotency_key = STR("co-1");
    c->body_hash = STR("h1");
    assert_good(checkout(c, cart->id, cart->token, &plain, &first, &replayed, &e), e);
    assert_false(replayed);
    assert_good(checkout(c, cart->id, cart->token, &plain, &again, &replayed, &e), e);
    assert_true(replayed);
    assert_true(uuid_eq(first.order.u, again.order.u) && uuid_eq(first.payment.u, again.payment.u) && str_eq(first.number, again.number) &&
                str_eq(first.access_token, again.access_token) && first.expires_at == again.expires_at && first.total.amount == again.total.amount);
    c->body_hash = STR("h2");
    assert_refused(checkout(c, cart->id, cart->token, &plain, &again, &replayed, &e), e, PROBLEM_IDEMPOTENCY_REUSED);
    c->idempotency_key = STR("co-2");
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &plain, &again, &replayed, &e), e, PROBLEM_INVALID_STATE);
    c->idempotency_key = STR_NULL;
    err_clear(&e);
    assert_refused(checkout(c, cart->id, cart->token, &plain, &again, &replayed, &e), e, PROBLEM_INVALID_STATE);
}

/* While the first call with a key still runs, the second is told to wait, and orders nothing. */
static void in_flight(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 10, 300, "standard");
    struct cart *cart;
    struct call first, *c = ready(s, v, 1, &cart);
    struct cart_id id = cart->id;
    struct checkout_result r;
    struct idem k;
    struct err e;
    bool replayed;
    char cart_id[40], token[64];
    snprintf(token, sizeof token, STR_FMT, STR_ARG(cart->token));
    shop_key(s, "co-9", "h9");
    first = *shop_call(s, "souk_payment");                       /* another session that works under this key */
    shop_key(s, NULL, NULL);
    err_clear(&e);
    assert_good(idem_begin(&first, str_printf(first.arena, STR_FMT ":checkout", STR_ARG(id_str(first.arena, ID_cart, id.u))), &k, &e), e);
    c = shop_call(s, "souk_order");
    c->idempotency_key = STR("co-9");
    c->body_hash = STR("h9");
    assert_refused(checkout(c, id, str_from(token), &plain, &r, &replayed, &e), e, PROBLEM_IN_FLIGHT);
    err_clear(&e);
    int64_t limit = c->deadline;
    c->deadline = clock_monotonic() + 200 * USEC_PER_MS;         /* a button's second press waits, but not for ever */
    assert_refused(checkout_pressed(c, id, str_from(token), &plain, &r, &replayed, &e), e, PROBLEM_IN_FLIGHT);
    c->deadline = limit;
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.orders WHERE cart_id = %s", uuid_sql(id.u, cart_id)), 0);
    idem_abort(&first, &k);
    err_clear(&e);
    assert_good(checkout_pressed(c, id, str_from(token), &plain, &r, &replayed, &e), e);
    assert_false(replayed);
    assert_good(checkout_pressed(c, id, str_from(token), &plain, &r, &replayed, &e), e);
    assert_true(replayed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(placed), cmocka_unit_test(incomplete), cmocka_unit_test(notes), cmocka_unit_test(told_first),
                                       cmocka_unit_test(expected_total), cmocka_unit_test(short_of_stock), cmocka_unit_test(short_at_the_last_moment),
                                       cmocka_unit_test(keys), cmocka_unit_test(in_flight)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
