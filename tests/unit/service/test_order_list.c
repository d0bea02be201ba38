/* The list of an account's orders: pages, filters, cursors that belong to one list. */
#include "shop.h"

#include "service/cart_claim.h"
#include "service/checkout.h"
#include "service/order_list.h"

static const struct account_id ada = {{{0xac, 1}}}, bob = {{{0xac, 2}}};

static void buy(struct shop *s, struct variant_id v, struct account_id account)
{
    static const struct cart_contact contact = {{"ada@example.com", 15}, {NULL, 0}};
    static const struct address berlin = {.name = {"Ada", 3}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"DE", 2}};
    struct call *c = shop_call(s, "souk_order");
    struct cart_wanted line = {v, 2};
    struct cart *cart;
    struct str token;
    struct checkout_result r;
    struct err e;
    bool replayed;
    char id[40], order[40];
    err_clear(&e);
    struct cart_open_in in = {.items = {1, &line}, .contact = &contact, .shipping_address = &berlin};
    assert_good(cart_open(c, &in, &token, &cart, &e) && checkout(c, cart->id, token, &(struct checkout_in){.method = STR("tok_ok")}, &r, &replayed, &e), e);
    shop_sql(s, "UPDATE orders.orders SET account_id = %s WHERE id = %s", uuid_sql(account.u, id), uuid_sql(r.order.u, order));
    shop_at(s, shop_now(s) + USEC_PER_SEC);
}

static struct shape_list list_of(struct shop *s, struct account_id account, const char *status, struct str cursor, int64_t limit, struct str *ret_next)
{
    struct shape_list list;
    struct err e;
    err_clear(&e);
    assert_good(order_list(shop_call(s, "souk_user"), account, &(struct order_list_in){str_from(status), cursor, limit}, &list, ret_next, &e), e);
    return list;
}

static void pages(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 1250, 50, 300, "standard");
    struct str next;
    for (int i = 0; i < 3; i++) buy(s, v, ada);
    buy(s, v, bob);
    struct shape_list list = list_of(s, ada, NULL, STR_NULL, 2, &next);
    const struct order_item *o = list.v;
    assert_true(list.n == 2 && o[0].created_at > o[1].created_at && o[0].item_count == 2 && o[0].total.amount > 0 && !o[0].claimed);
    assert_str(o[0].status, "pending_payment");
    char *cursor = strndup(next.p, next.n);
    usec_t last = o[1].created_at;
    list = list_of(s, ada, NULL, str_from(cursor), 2, &next);
    assert_true(list.n == 1 && str_is_null(next) && ((const struct order_item *)list.v)[0].created_at < last);
    assert_int_equal(list_of(s, ada, "open", STR_NULL, 10, &next).n, 3);
    assert_int_equal(list_of(s, ada, "canceled", STR_NULL, 10, &next).n, 0);
    assert_int_equal(list_of(s, bob, NULL, STR_NULL, 10, &next).n, 1);

    const struct { struct account_id account; const char *status, *cursor; enum problem why; } bad[] = {
        {bob, NULL, cursor, PROBLEM_INVALID_CURSOR}, {ada, "open", cursor, PROBLEM_INVALID_CURSOR}, {ada, NULL, "x", PROBLEM_INVALID_CURSOR},
        {ada, NULL, "", PROBLEM_INVALID_CURSOR}, {ada, "nonsense", NULL, PROBLEM_INVALID}};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct err e;
        err_clear(&e);
        struct order_list_in in = {str_from(bad[i].status), str_from(bad[i].cursor), 10};
        assert_refused(order_list(shop_call(s, "souk_order"), bad[i].account, &in, &list, &next, &e), e, bad[i].why);
    }
    free(cursor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
