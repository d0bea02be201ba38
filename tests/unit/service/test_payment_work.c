/* What souk-jobs payment settles: lost answers, calls of killed workers, late news, commands, orders that nobody pays. */
#include "paying.h"

static void confirm(struct shop *s, const struct checkout_result *r)
{
    struct payment_view v;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(payment_confirm(paying_call(s, "souk_payment"), r->payment, r->payment_token, &v, &replayed, &e), e);
}

static void due(struct shop *s)
{
    shop_sql(s, "UPDATE payment.attempt SET next_check_at = '-infinity' WHERE next_check_at IS NOT NULL");
    shop_sql(s, "UPDATE payment.command SET next_try_at = '-infinity'");
}

static struct variant_id cup(struct shop *s)
{
    return shop_variant(s, 1250, 5, 300, "standard");
}

static void lost_answers_are_found(void **state)
{
    static const struct { const char *token, *payment, *order; } rows[] = {
        {"tok_lost", "captured", "paid"}, {"tok_lost_declined", "failed", "pending_payment"}, {"tok_lost_request", "captured", "paid"},
        {"tok_lost_capture", "captured", "paid"}, {"tok_error", "failed", "pending_payment"}, {"tok_twice", "captured", "paid"}};
    struct shop *s = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct checkout_result r = order_to_pay(s, cup(s), rows[i].token);
        confirm(s, &r);
        for (int round = 0; round < 5; round++) {
            due(s);
            work_payments(s);
        }
        assert_payment(s, r, rows[i].payment);
        assert_order(s, r, rows[i].order);
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.operation WHERE state IN ('started', 'unknown')"), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE flag IS NOT NULL"), 0);
}

/* The worker died after the operation was written: before the call, and after it. */
static void calls_of_the_dead(void **state)
{
    struct shop *s = *state;
    char id[40];
    struct checkout_result before = order_to_pay(s, cup(s), "tok_ok");
    uuid_sql(before.payment.u, id);
    shop_sql(s, "SELECT payment.begin_v1(%s, gen_random_uuid(), 'authorize', NULL, '\\x00112233445566778899aabbccddeeff', 30, NULL, NULL, clock_timestamp(), '2026-06-01 12:00:01+00')", id);
    due(s);
    work_payments(s);
    assert_order(s, before, "paid");
    struct checkout_result after = order_to_pay(s, cup(s), "tok_ok");
    confirm(s, &after);
    work_payments(s);
    uuid_sql(after.payment.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM sandbox.booking b JOIN sandbox.intent i ON i.id = b.intent_id WHERE i.attempt_id = %s", id), 2);
}

static void nobody_paid(void **state)
{
    struct shop *s = *state;
    usec_t was = shop_now(s);
    struct checkout_result never = order_to_pay(s, cup(s), "tok_ok"), bank = order_to_pay(s, cup(s), "tok_challenge"), failed = order_to_pay(s, cup(s), "tok_declined"),
                           silent = order_to_pay(s, cup(s), "tok_lost_request");
    confirm(s, &bank);
    confirm(s, &failed);
    confirm(s, &silent);
    work_payments(s);
    assert_order(s, never, "pending_payment");
    shop_at(s, was + 901 * USEC_PER_SEC);
    due(s);
    work_payments(s);
    assert_payment(s, never, "failed");
    assert_payment(s, bank, "voided");
    assert_payment(s, failed, "failed");
    assert_payment(s, silent, "failed");
    assert_order(s, never, "canceled");
    assert_order(s, bank, "canceled");
    assert_order(s, failed, "canceled");
    assert_order(s, silent, "canceled");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM sandbox.intent i JOIN payment.attempt a ON a.id = i.attempt_id WHERE a.state = 'voided' AND i.state <> 'voided'"), 0);
    shop_at(s, was);
}

static void news_are_asked_not_believed(void **state)
{
    struct shop *s = *state;
    char id[40];
    struct checkout_result r = order_to_pay(s, cup(s), "tok_challenge");
    confirm(s, &r);
    uuid_sql(r.payment.u, id);
    shop_sql(s, "SELECT payment.event_store_v1(gen_random_uuid(), 'sandbox', 'lie', 'payment.captured', provider_ref, id, '-infinity') FROM payment.attempt WHERE id = %s", id);
    shop_sql(s, "SELECT payment.event_store_v1(gen_random_uuid(), 'sandbox', 'stranger', 'payment.captured', 'sbx_x', NULL, '-infinity')");
    work_payments(s);
    assert_payment(s, r, "requires_action");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE provider_event = 'lie' AND state = 'done'"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE provider_event = 'stranger' AND state = 'ignored'"), 1);
}

static void money_goes_back(void **state)
{
    static const struct { const char *token; bool captured; const char *ends; } rows[] = {
        {"tok_ok", true, "captured"}, {"tok_ok", false, "voided"}, {"tok_lost_void", false, "voided"}, {"tok_challenge", false, "voided"}};
    struct shop *s = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char id[40], order[40];
        struct checkout_result r = order_to_pay(s, cup(s), rows[i].token);
        paying_config()->payment_capture = rows[i].captured ? "order" : "shipment";
        confirm(s, &r);
        work_payments(s);
        uuid_sql(r.payment.u, id);
        uuid_sql(r.order.u, order);
        shop_sql(s, "SELECT orders.cancel_locked_v1(%s, 'test', 'test', NULL, NULL, '2026-06-01 12:00:02+00')", order);
        shop_sql(s, "SELECT payment.release_v1(%s, 'test', NULL, NULL, '2026-06-01 12:00:02+00')", order);
        for (int round = 0; round < 3; round++) {
            work_payments(s);
            due(s);
        }
        assert_payment(s, r, rows[i].ends);
        assert_int_equal(shop_ask(s, "SELECT captured - refunded FROM payment.attempt WHERE id = %s", id), 0);
        assert_int_equal(shop_ask(s, "SELECT captured - refunded FROM sandbox.intent WHERE attempt_id = %s", id), 0);
        assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND state <> 'done'", id), 0);
    }
    paying_config()->payment_capture = "order";
}

/* A cancellation that came too late: the order is paid, so its money stays. */
static void paid_meanwhile(void **state)
{
    struct shop *s = *state;
    char id[40], order[40];
    struct checkout_result r = order_to_pay(s, cup(s), "tok_ok");
    uuid_sql(r.payment.u, id);
    uuid_sql(r.order.u, order);
    paying_config()->payment_capture = "shipment";
    shop_sql(s, "SELECT payment.release_v1(%s, 'shopper', NULL, NULL, '2026-06-01 12:00:02+00')", order);
    confirm(s, &r);
    work_payments(s);
    assert_payment(s, r, "authorized");
    assert_order(s, r, "paid");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND state = 'done' AND note LIKE 'the order was paid%%'", id), 1);
    paying_config()->payment_capture = "order";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_answers_are_found), cmocka_unit_test(calls_of_the_dead), cmocka_unit_test(nobody_paid), cmocka_unit_test(news_are_asked_not_believed),
        cmocka_unit_test(money_goes_back), cmocka_unit_test(paid_meanwhile)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
