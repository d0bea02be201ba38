/* Claims of carts and orders, as the services see them; what they do at the same time is tried in tests/http/account-shopping.mjs. */
#include "shop.h"

#include "service/cart_claim.h"
#include "service/cart_internal.h"

static const struct account_id ada = {{{0xac, 1}}}, bob = {{{0xac, 2}}};

static struct cart_id guest_cart(struct shop *s, struct variant_id v, int64_t quantity, char token[64])
{
    struct cart_wanted line = {v, quantity};
    struct cart *cart;
    struct str text;
    struct err e;
    err_clear(&e);
    assert_good(cart_open(shop_call(s, "souk_order"), &(struct cart_open_in){.items = {1, &line}}, &text, &cart, &e), e);
    snprintf(token, 64, STR_FMT, STR_ARG(text));
    return cart->id;
}

static struct call *call_of(struct shop *s, struct account_id account)
{
    struct call *c = shop_call(s, "souk_order");
    c->actor.account = account;
    return c;
}

static void claimed(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 10, 300, "standard");
    char token[64], second[64];
    struct cart_id id = guest_cart(s, cup, 2, token), got;
    enum cart_claim_outcome outcome;
    struct cart *cart;
    struct err e;
    err_clear(&e);
    assert_good(cart_claim(call_of(s, ada), ada, (struct cart_id){0}, str_from(token), &outcome, &got, &e), e);
    assert_int_equal(outcome, CART_CLAIM_OWN);
    assert_true(uuid_eq(got.u, id.u));
    assert_refused(cart_read(shop_call(s, "souk_order"), id, str_from(token), false, &cart, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_refused(cart_read(call_of(s, bob), id, STR_NULL, false, &cart, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_good(cart_read(call_of(s, ada), (struct cart_id){0}, STR_NULL, false, &cart, &e), e);
    assert_true(uuid_eq(cart->id.u, id.u) && uuid_eq(cart->account.u, ada.u) && cart->changes.n == 0);

    guest_cart(s, cup, 7, second);
    assert_good(cart_claim(call_of(s, ada), ada, (struct cart_id){0}, str_from(second), &outcome, &got, &e), e);
    assert_int_equal(outcome, CART_CLAIM_MERGED);
    assert_true(uuid_eq(got.u, id.u));
    assert_good(cart_read(call_of(s, ada), (struct cart_id){0}, STR_NULL, false, &cart, &e), e);
    const struct cart_change *x = cart->changes.v;
    assert_int_equal(cart->changes.n, 1);
    assert_str(x->code, "merge_raised");
    assert_true(x->quantity == 7 && x->previous_quantity == 2 && x->wanted_quantity == 7 && x->available == 10);
    assert_true(uuid_eq(x->variant.u, cup.u) && !uuid_is_zero(x->item.u));
    struct str name;
    assert_good(cart_variant_name(call_of(s, ada), cup, &name, &e), e);
    assert_false(str_is_empty(name));
}

static void nothing(void **state)
{
    struct shop *s = *state;
    static const char *const tokens[] = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < ARRAY_LEN(tokens); i++) {
        enum cart_claim_outcome outcome;
        struct cart_id got;
        struct err e;
        err_clear(&e);
        assert_good(cart_claim(call_of(s, bob), bob, (struct cart_id){0}, str_from(tokens[i]), &outcome, &got, &e), e);
        assert_int_equal(outcome, CART_CLAIM_NONE);
        assert_true(uuid_is_zero(got.u));
    }
    int n = 1;
    struct err e;
    err_clear(&e);
    assert_good(order_claim(shop_call(s, "souk_user"), bob, 0, NULL, &n, &e), e);
    assert_int_equal(n, 0);
    const struct person_id nobody[2] = {{{{1}}}, {{{2}}}};
    assert_good(order_claim(shop_call(s, "souk_user"), bob, 2, nobody, &n, &e), e);
    assert_int_equal(n, 0);
}

/* A cart that an account begins while it has one: the lines come together, and the details that were given hold. */
static void opened(void **state)
{
    struct shop *s = *state;
    struct variant_id pot = shop_variant(s, 4000, 5, 900, "standard");
    struct cart_wanted line = {pot, 1};
    struct cart *cart;
    struct str token;
    struct err e;
    err_clear(&e);
    assert_good(cart_open(call_of(s, bob), &(struct cart_open_in){.items = {1, &line}}, &token, &cart, &e), e);
    assert_true(str_is_null(token) && str_is_null(cart->shown_token) && cart->items.n == 1);
    struct cart_id first = cart->id;
    line.quantity = 3;
    assert_good(cart_open(call_of(s, bob), &(struct cart_open_in){.items = {1, &line}}, &token, &cart, &e), e);
    assert_true(uuid_eq(cart->id.u, first.u) && cart->item_count == 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(claimed), cmocka_unit_test(nothing), cmocka_unit_test(opened)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
