/* One payment from checkout to its end: tokens, calls, keys, returns, retries. */
#include "paying.h"

static bool confirm(struct shop *s, const struct checkout_result *r, const char *key, struct payment_view *v, bool *replayed, struct err *e)
{
    struct call *c = paying_call(s, "souk_payment");
    err_clear(e);
    *replayed = false;
    c->idempotency_key = str_from(key);
    c->body_hash = str_from(key ? "hash" : NULL);
    return payment_confirm(c, r->payment, r->payment_token, v, replayed, e);
}

static void authorized_pays_the_order(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct payment_view v;
    struct err e;
    bool replayed;
    assert_good(confirm(s, &r, NULL, &v, &replayed, &e), e);
    assert_str(v.state, "authorized");
    assert_str(v.order_status, "paid");
    assert_false(v.payable || v.processing);
    assert_order(s, r, "paid");
    char id[40];
    uuid_sql(r.payment.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND kind = 'capture' AND state = 'open'", id), 1);
    assert_good(confirm(s, &r, NULL, &v, &replayed, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.operation WHERE attempt_id = %s", id), 1);
}

static void a_key_answers_the_same_again(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_challenge");
    struct payment_view v, again;
    struct err e;
    bool replayed;
    assert_good(confirm(s, &r, "key-1", &v, &replayed, &e), e);
    assert_false(replayed);
    assert_str(v.state, "requires_action");
    assert_false(str_is_null(v.action_url));
    assert_good(confirm(s, &r, "key-1", &again, &replayed, &e), e);
    assert_true(replayed);
    assert_str(again.state, "requires_action");
    assert_true(!str_is_null(again.action_url) && str_starts(again.action_url, STR("https://shop.example/pay/challenge")));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.idempotency WHERE result::text LIKE '%%challenge?id%%'"), 0);
    struct call *c = paying_call(s, "souk_payment");
    c->idempotency_key = STR("key-1");
    c->body_hash = STR("another");
    err_clear(&e);
    assert_refused(payment_confirm(c, r.payment, r.payment_token, &v, &replayed, &e), e, PROBLEM_IDEMPOTENCY_REUSED);
}

/* Two calls with one key: the one that only looks on does not say the last word. */
static void looking_on_decides_nothing(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct payment_view v;
    struct err e;
    bool replayed;
    char id[40], order[64];
    uuid_sql(r.payment.u, id);
    /* the first call wrote its key and its operation, and is at the provider */
    snprintf(order, sizeof order, "%.*s", STR_ARG(id_str(paying_call(s, "souk_payment")->arena, ID_order, r.order.u)));
    shop_sql(s, "SELECT payment.begin_v1(%s, gen_random_uuid(), 'authorize', NULL, '\\x00112233445566778899aabbccddeeff', 30, NULL, NULL, clock_timestamp(), '2026-06-01 12:00:01+00')", id);
    char payment[64];
    snprintf(payment, sizeof payment, "%.*s", STR_ARG(id_str(paying_call(s, "souk_payment")->arena, ID_payment, r.payment.u)));
    shop_sql(s, "SELECT platform.idem_start_v1('payment:%s:confirm', 'key-2', 'hash', jsonb_build_object('id', '%s', 'order_id', '%s', 'state', 'created'), '2026-06-01 12:00:00+00')",
             order, payment, order);
    assert_good(confirm(s, &r, "key-2", &v, &replayed, &e), e);
    assert_false(replayed);
    assert_str(v.state, "created");
    assert_true(v.processing);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.idempotency WHERE key = 'key-2' AND state = 'started'"), 1);
    shop_sql(s, "UPDATE payment.attempt SET next_check_at = '-infinity' WHERE id = %s", id);
    work_payments(s);
    assert_good(confirm(s, &r, "key-2", &v, &replayed, &e), e);
    assert_str(v.state, "captured");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.idempotency WHERE key = 'key-2' AND state = 'done'"), 1);
    assert_good(confirm(s, &r, "key-2", &v, &replayed, &e), e);
    assert_true(replayed);
}

static void only_with_the_orders_token(void **state)
{
    struct shop *s = *state;
    struct variant_id cup = shop_variant(s, 1250, 5, 300, "standard");
    struct checkout_result r = order_to_pay(s, cup, "tok_ok"), other = order_to_pay(s, cup, "tok_ok");
    const struct str bad[] = {other.payment_token, STR(""), STR("x.y"), STR_NULL};
    struct payment_view v;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err_clear(&e);
        assert_refused(payment_get(paying_call(s, "souk_payment"), r.payment, bad[i], &v, &e), e, PROBLEM_NOT_FOUND);
    }
    err_clear(&e);
    assert_refused(payment_get(paying_call(s, "souk_payment"), (struct payment_id){uuid_v7(1)}, r.payment_token, &v, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_good(payment_get(paying_call(s, "souk_payment"), r.payment, r.payment_token, &v, &e), e);
    assert_int_equal(v.amount.amount, r.total.amount);
}

static void declined_then_another_card(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_declined");
    struct payment_view v, next;
    struct err e;
    bool replayed;
    assert_good(confirm(s, &r, NULL, &v, &replayed, &e), e);
    assert_str(v.state, "failed");
    assert_str(v.failure_code, "card_declined");
    assert_true(v.payable);
    struct call *c = paying_call(s, "souk_payment");
    err_clear(&e);
    assert_refused(payment_create(c, r.order, r.payment_token, STR("tok_gold"), &next, &replayed, &e), e, PROBLEM_INVALID);
    err_clear(&e);
    assert_refused(payment_create(c, r.order, STR("no"), STR("tok_ok"), &next, &replayed, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_good(payment_create(c, r.order, r.payment_token, STR("tok_ok"), &next, &replayed, &e), e);
    assert_int_equal(next.n, 2);
    assert_str(next.state, "authorized");
    err_clear(&e);
    assert_refused(payment_create(paying_call(s, "souk_payment"), r.order, r.payment_token, STR("tok_ok"), &next, &replayed, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    assert_good(payment_newest(paying_call(s, "souk_payment"), r.payment, r.payment_token, &v, &e), e);
    assert_int_equal(v.n, 2);
}

static void expired_orders_are_not_paid(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct payment_view v;
    struct err e;
    bool replayed;
    usec_t was = shop_now(s);
    shop_at(s, was + 901 * USEC_PER_SEC);
    assert_good(confirm(s, &r, NULL, &v, &replayed, &e), e);
    assert_str(v.state, "created");
    assert_false(v.payable);
    char id[40];
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.operation WHERE attempt_id = %s", uuid_sql(r.payment.u, id)), 0);
    shop_at(s, was);
}

/* Goods that cost nothing, shipped for nothing: paid without a word to the provider, and the books agree. */
static void nothing_to_pay(void **state)
{
    struct shop *s = *state;
    char id[40];
    shop_sql(s, "UPDATE orders.shipping_option SET price = 0");
    struct checkout_result r = order_to_pay(s, shop_variant(s, 0, 5, 300, "standard"), "tok_ok");
    shop_sql(s, "UPDATE orders.shipping_option SET price = 490 WHERE code = 'standard' AND 'DE' = ANY (countries)");
    struct payment_view v;
    struct err e;
    bool replayed;
    assert_int_equal(r.total.amount, 0);
    assert_good(confirm(s, &r, "key-0", &v, &replayed, &e), e);
    assert_str(v.state, "authorized");
    assert_str(v.order_status, "paid");
    work_payments(s);
    uuid_sql(r.payment.u, id);
    assert_int_equal(shop_ask(s, "SELECT (SELECT count(*) FROM payment.operation WHERE attempt_id = %s) + (SELECT count(*) FROM payment.command WHERE attempt_id = %s) "
                                 "+ (SELECT count(*) FROM payment.ledger_transaction WHERE attempt_id = %s) + (SELECT count(*) FROM sandbox.intent WHERE attempt_id = %s)", id, id, id, id), 0);
    assert_good(confirm(s, &r, "key-0", &v, &replayed, &e), e);
    assert_false(v.payable || v.processing);
    assert_order(s, r, "paid");
}

static void the_return_works_once(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_challenge");
    struct payment_view v;
    struct err e;
    bool replayed, used;
    char id[40];
    uuid_sql(r.payment.u, id);
    assert_good(confirm(s, &r, NULL, &v, &replayed, &e), e);
    shop_sql(s, "SELECT sandbox.challenge_v1(i.id, i.challenge_key, true, '2026-06-01') FROM sandbox.intent i WHERE i.attempt_id = %s", id);
    /* the return address, as the bank got it */
    char state_text[600] = {0};
    int64_t n = shop_ask(s, "SELECT length(substring(return_url from 'state=([^&]+)')) FROM sandbox.intent WHERE attempt_id = %s", id);
    for (int64_t i = 0; i < n; i++)
        state_text[i] = (char)shop_ask(s, "SELECT ascii(substr(substring(return_url from 'state=([^&]+)'), %d, 1)) FROM sandbox.intent WHERE attempt_id = %s", (int)i + 1, id);
    err_clear(&e);
    assert_good(payment_return(paying_call(s, "souk_payment"), str_from(state_text), &v, &used, &e), e);
    assert_false(used);
    assert_str(v.state, "authorized");
    err_clear(&e);
    assert_good(payment_return(paying_call(s, "souk_payment"), str_from(state_text), &v, &used, &e), e);
    assert_true(used);
    state_text[10] = state_text[10] == 'A' ? 'B' : 'A';
    err_clear(&e);
    assert_refused(payment_return(paying_call(s, "souk_payment"), str_from(state_text), &v, &used, &e), e, PROBLEM_FORBIDDEN);
}

static void an_unsigned_hook_is_refused(void **state)
{
    struct err e;
    struct provider_hook hook = {.body = STR("{}")};
    err_clear(&e);
    assert_refused(payment_hook(paying_call(*state, "souk_payment"), "sandbox", &hook, &e), e, PROBLEM_UNAUTHENTICATED);
    err_clear(&e);
    assert_refused(payment_hook(paying_call(*state, "souk_payment"), "stripe", &hook, &e), e, PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorized_pays_the_order), cmocka_unit_test(a_key_answers_the_same_again), cmocka_unit_test(looking_on_decides_nothing), cmocka_unit_test(only_with_the_orders_token),
        cmocka_unit_test(declined_then_another_card), cmocka_unit_test(expired_orders_are_not_paid), cmocka_unit_test(nothing_to_pay), cmocka_unit_test(the_return_works_once),
        cmocka_unit_test(an_unsigned_hook_is_refused)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
