/* Orders: who may read them, how they are found again, canceled, and put back into a cart. */
#include "shop.h"

#include "service/checkout.h"
#include "service/order.h"

struct bought { struct order_id order; struct payment_id payment; char number[32], token[600], cart_token[64]; };

static struct bought buy(struct shop *s, struct variant_id v, int64_t quantity)
{
    static const struct cart_contact ada = {{"Ada@example.com", 15}, {"+4930123456", 11}};
    static const struct address berlin = {.name = {"Ada", 3}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"DE", 2}};
    struct call *c = shop_call(s, "souk_order");
    struct cart *cart;
    struct str token;
    struct checkout_result r;
    struct err e;
    bool replayed;
    struct bought b;
    err_clear(&e);
    struct cart_patch p = {.contact = &ada, .shipping_address = &berlin};
    struct checkout_in in = {.method = STR("tok_ok"), .note = STR("Ring twice")};
    assert_good(cart_create(c, STR_NULL, &token, &cart, &e) && cart_add(c, cart, v, quantity, &cart, &replayed, &e) &&
                cart_change(c, cart, &p, &cart, &replayed, &e) && checkout(c, cart->id, token, &in, &r, &replayed, &e), e);
    b.order = r.order;
    b.payment = r.payment;
    snprintf(b.number, sizeof b.number, STR_FMT, STR_ARG(r.number));
    snprintf(b.token, sizeof b.token, STR_FMT, STR_ARG(r.access_token));
    snprintf(b.cart_token, sizeof b.cart_token, STR_FMT, STR_ARG(token));
    return b;
}

static void read_it(void **state)
{
    struct shop *s = *state;
    struct bought b = buy(s, shop_variant(s, 1250, 10, 300, "standard"), 2);
    const struct { const char *token; bool opens; } rows[] = {{b.token, true}, {b.cart_token, true}, {"", false}, {"x", false}, {NULL, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct order *o;
        struct err e;
        err_clear(&e);
        bool good = order_read(shop_call(s, "souk_order"), b.order, str_from(rows[i].token), &o, &e);
        assert_int_equal(good, rows[i].opens);
        if (!good) {
            assert_int_equal(e.problem, PROBLEM_NOT_FOUND);
            continue;
        }
        assert_str(o->number, b.number);
        assert_str(o->contact->email, "Ada@example.com");
        assert_str(o->contact->phone, "+4930123456");
        assert_str(o->shipping_address->city, "Berlin");
        assert_str(o->note, "Ring twice");
        assert_str(o->access_token, b.token);
        assert_int_equal(o->totals.total.amount, 2990);
        assert_int_equal(o->totals.taxes.n, 1);
        assert_int_equal(((const struct cart_tax *)o->totals.taxes.v)[0].tax.amount, 477);
        assert_int_equal(((const struct cart_tax *)o->totals.taxes.v)[0].net.amount, 2990 - 477);
        assert_true(o->can_cancel && !o->can_pay && o->payment != NULL && o->lines.n == 1);
    }
    struct order *o;
    struct err e;
    err_clear(&e);
    assert_refused(order_read(shop_call(s, "souk_order"), (struct order_id){uuid_v7(5)}, str_from(b.token), &o, &e), e, PROBLEM_NOT_FOUND);
}

static void looked_up(void **state)
{
    struct shop *s = *state;
    struct bought b = buy(s, shop_variant(s, 1250, 10, 300, "standard"), 1);
    char lower[32];
    for (size_t i = 0; i < sizeof lower; i++) lower[i] = b.number[i] >= 'A' && b.number[i] <= 'Z' ? (char)(b.number[i] + 32) : b.number[i];
    const struct { const char *number, *email; bool found; } rows[] = {
        {b.number, "ada@example.com", true}, {b.number, " ADA@EXAMPLE.com ", true}, {lower, "Ada@example.com", true},
        {b.number, "eve@example.com", false}, {"10000-AAAAAA", "ada@example.com", false}, {b.number, "", false}, {b.number, "not an address", false}, {"", "", false}};
    char refusal[ERR_DETAIL_MAX] = "";
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct order *o;
        struct err e;
        err_clear(&e);
        bool good = order_lookup(shop_call(s, "souk_order"), str_from(rows[i].number), str_from(rows[i].email), &o, &e);
        assert_int_equal(good, rows[i].found);
        if (good) {
            assert_true(uuid_eq(o->id.u, b.order.u));
            continue;
        }
        assert_int_equal(e.problem, PROBLEM_NOT_FOUND);
        if (refusal[0]) assert_string_equal(refusal, e.detail);           /* one answer for all */
        snprintf(refusal, sizeof refusal, "%s", e.detail);
    }
}

/* Without the person's key the order stays, and what it says of the person is gone. */
static void erased(void **state)
{
    struct shop *s = *state;
    struct bought b = buy(s, shop_variant(s, 1250, 10, 300, "standard"), 1);
    struct order *o;
    struct err e;
    err_clear(&e);
    assert_good(order_read(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e);
    assert_non_null(o->contact);
    shop_sql_keys(s, "DELETE FROM keys.person_key");
    assert_good(order_read(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e);
    assert_true(o->contact == NULL && o->shipping_address == NULL && str_is_null(o->note));
    assert_int_equal(o->totals.total.amount, 1740);
}

static void canceled(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 3, 300, "standard");
    struct bought b = buy(s, v, 2);
    struct order *o;
    struct cart *cart;
    struct str token;
    struct err e;
    char order[40], variant[40];
    uuid_sql(b.order.u, order);
    uuid_sql(v.u, variant);
    err_clear(&e);
    assert_refused(order_cancel(shop_call(s, "souk_order"), b.order, STR("x"), &o, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_refused(order_copy_cart(shop_call(s, "souk_order"), b.order, str_from(b.token), &token, &cart, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    assert_good(order_cancel(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e);
    assert_true(o->cancel_requested && o->state == ORDER_PENDING_PAYMENT);       /* an attempt is open: the provider is asked first */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command c JOIN payment.attempt a ON a.id = c.attempt_id WHERE a.order_id = %s AND c.kind = 'release'", order), 1);
    assert_good(order_cancel(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e);
    shop_sql(s, "UPDATE payment.attempt SET state = 'failed' WHERE order_id = %s", order);
    assert_good(order_cancel(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e);
    assert_int_equal(o->state, ORDER_CANCELED);
    assert_true(!o->can_cancel && !o->can_pay && str_is_null(o->payment_token));
    assert_int_equal(shop_ask(s, "SELECT reserved FROM inventory.levels WHERE variant_id = %s", variant), 0);
    assert_good(order_copy_cart(shop_call(s, "souk_order"), b.order, str_from(b.token), &token, &cart, &e), e);
    assert_int_equal(cart->item_count, 2);
    assert_false(str_eq_c(token, b.cart_token));
    shop_sql(s, "SELECT inventory.adjust_v1(%s, '01900000-0000-7000-8000-000000000301', -2, 'adjust', 'x', 'unit', NULL, NULL, '2026-01-01')", variant);
    assert_good(order_copy_cart(shop_call(s, "souk_order"), b.order, str_from(b.token), &token, &cart, &e), e);
    assert_int_equal(cart->item_count, 1);                               /* what is left */
}

static void paid(void **state)
{
    struct shop *s = *state;
    struct bought b = buy(s, shop_variant(s, 1250, 3, 300, "standard"), 1);
    struct order *o;
    struct err e;
    char order[40], attempt[40];
    shop_sql(s, "SELECT orders.payment_secured_v1(%s, %s, 1740, 'EUR', 'unit', NULL, NULL, '2026-06-01 12:05:00+00')", uuid_sql(b.order.u, order), uuid_sql(b.payment.u, attempt));
    err_clear(&e);
    assert_good(order_read(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e);
    assert_int_equal(o->state, ORDER_PAID);
    assert_true(o->paid_at != 0 && !o->can_cancel && !o->can_pay);
    assert_refused(order_cancel(shop_call(s, "souk_order"), b.order, str_from(b.token), &o, &e), e, PROBLEM_INVALID_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(read_it), cmocka_unit_test(looked_up), cmocka_unit_test(erased), cmocka_unit_test(canceled), cmocka_unit_test(paid)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
