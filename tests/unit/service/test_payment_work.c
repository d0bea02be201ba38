/* What souk-jobs payment settles: lost answers, calls of killed workers, late news, commands, orders that nobody pays. */
#include "paying.h"

#include "service/payment_internal.h"

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
    shop_sql(s, "SELECT payment.event_store_v1(gen_random_uuid(), 'sandbox', 'lie', 'payment.captured', provider_ref, id, 'captured', '-infinity') FROM payment.attempt WHERE id = %s", id);
    shop_sql(s, "SELECT payment.event_store_v1(gen_random_uuid(), 'sandbox', 'stranger', 'payment.captured', 'sbx_x', NULL, 'captured', '-infinity')");
    work_payments(s);
    assert_payment(s, r, "requires_action");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE provider_event = 'lie' AND state = 'done'"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE provider_event = 'stranger' AND state = 'ignored'"), 1);
}

/* The answer of the call said it before the news did; what nobody answered (a refund by hand) is asked about. */
static void news_that_is_no_news_is_not_asked_about(void **state)
{
    struct shop *s = *state;
    char id[40];
    struct checkout_result r = order_to_pay(s, cup(s), "tok_ok");
    confirm(s, &r);
    work_payments(s);
    work_payments(s);
    assert_payment(s, r, "captured");
    uuid_sql(r.payment.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE attempt_id = %s AND state = 'done' AND tries = 0", id), 2);
    shop_sql(s, "SELECT sandbox.change_v1(provider_ref, gen_random_uuid(), 'refund', 0, clock_timestamp()) FROM payment.attempt WHERE id = %s", id);
    work_payments(s);
    work_payments(s);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE attempt_id = %s AND type = 'refund.succeeded' AND state = 'done' AND tries = 1", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE id = %s AND refunded = captured AND captured > 0", id), 1);
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

/* The shopper cancels while a request waits for the provider's answer: `started_ago_s` since that call began. */
static struct checkout_result canceled_at_the_provider(struct shop *s, int started_ago_s, struct operation_id operation)
{
    char id[40], order[40], op[40];
    struct checkout_result r = order_to_pay(s, cup(s), "tok_ok");
    uuid_sql(r.payment.u, id);
    uuid_sql(r.order.u, order);
    uuid_sql(operation.u, op);
    shop_sql(s, "SELECT payment.begin_v1(%s, %s, 'authorize', NULL, '\\x00112233445566778899aabbccddeeff', 3600, NULL, NULL, clock_timestamp() - interval '%d seconds', '2026-06-01 12:00:01+00')",
             id, op, started_ago_s);
    shop_sql(s, "SELECT orders.cancel_by_shopper_v1(%s, 'guest', NULL, NULL, '2026-06-01 12:00:02+00')", order);
    work_payments(s);
    return r;
}

/* What the provider does not know yet may be on its way to it: the cancellation waits, and when the money is there, it goes back. */
static void canceled_while_the_money_was_on_its_way(void **state)
{
    struct shop *s = *state;
    struct operation_id operation = {uuid_v7(clock_real())};
    char id[40];
    struct checkout_result r = canceled_at_the_provider(s, 1, operation);
    uuid_sql(r.payment.u, id);
    assert_payment(s, r, "created");
    assert_order(s, r, "pending_payment");
    struct call *c = paying_call(s, "souk_payment");
    struct provider_order order = {.attempt = r.payment, .order_number = r.number, .amount = r.total, .method = STR("tok_ok")};
    struct payment_result result;
    struct err e;
    err_clear(&e);
    assert_good(payment_call_and_finish(c, paying_sandbox(), "authorize", operation, &order, STR_NULL, &result, &e), e);
    assert_order(s, r, "canceled");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.orders WHERE id = (SELECT order_id FROM payment.attempt WHERE id = %s) AND paid_at IS NULL", id), 1);
    due(s);
    work_payments(s);
    assert_payment(s, r, "voided");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM sandbox.intent WHERE attempt_id = %s AND state = 'voided'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND state <> 'done'", id), 0);
}

/* A call whose request ended long ago is on no way any more. */
static void canceled_after_a_call_that_never_arrived(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = canceled_at_the_provider(s, 60, (struct operation_id){uuid_v7(clock_real())});
    assert_payment(s, r, "failed");
    assert_order(s, r, "canceled");
}

/* Taking the money and giving it back are commanded at once: whichever comes first, nobody is left with money or with a flag. */
static void canceled_before_it_was_captured(void **state)
{
    struct shop *s = *state;
    for (int release_first = 0; release_first < 2; release_first++) {
        char id[40], order[40];
        struct checkout_result r = order_to_pay(s, cup(s), "tok_ok");
        confirm(s, &r);
        uuid_sql(r.payment.u, id);
        uuid_sql(r.order.u, order);
        shop_sql(s, "SELECT orders.cancel_locked_v1(%s, 'test', 'test', NULL, NULL, '2026-06-01 12:00:02+00')", order);
        shop_sql(s, "SELECT payment.release_v1(%s, 'test', NULL, NULL, '2026-06-01 12:00:02+00')", order);
        shop_sql(s, "UPDATE payment.command SET next_try_at = clock_timestamp() + interval '1 hour' WHERE attempt_id = %s AND kind = '%s'", id, release_first ? "capture" : "release");
        work_payments(s);
        due(s);
        work_payments(s);
        assert_payment(s, r, "voided");
        assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND state <> 'done'", id), 0);
        assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE id = %s AND flag IS NOT NULL", id), 0);
    }
}

/* A provider that is away for longer than anybody waits: a person is called, and what was commanded is done all the same when it is back. */
static void a_provider_away_for_long(void **state)
{
    struct shop *s = *state;
    const struct payment_provider *nobody[] = {NULL};
    char id[40];
    struct checkout_result r = order_to_pay(s, cup(s), "tok_ok"), asked = order_to_pay(s, cup(s), "tok_late");
    confirm(s, &r);
    confirm(s, &asked);
    uuid_sql(r.payment.u, id);
    shop_sql(s, "UPDATE payment.command SET tries = 20 WHERE attempt_id = %s", id);
    due(s);
    struct call *c = paying_call(s, "souk_jobs_payment");
    struct service_env env = *c->env;
    struct err e;
    int done;
    err_clear(&e);
    env.providers = nobody;
    c->env = &env;
    assert_good(payment_work_commands(c, &done, &e) && payment_work_sweep(c, &done, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE id = %s AND flag = 'command_failed'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE id = %s AND flag = 'provider_not_configured'", uuid_sql(asked.payment.u, (char[40]){0})), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND state = 'open' AND next_try_at > clock_timestamp()", id), 1);
    due(s);
    work_payments(s);
    assert_payment(s, r, "captured");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE flag IS NOT NULL"), 0);
}

/* A provider that is there and says no has said it often enough: a person decides. */
static void a_provider_that_refuses(void **state)
{
    struct shop *s = *state;
    char id[40];
    struct checkout_result r = order_to_pay(s, cup(s), "tok_ok");
    confirm(s, &r);
    uuid_sql(r.payment.u, id);
    shop_sql(s, "UPDATE sandbox.intent SET state = 'requires_action' WHERE attempt_id = %s", id);     /* nothing that can be captured */
    for (int tries = 10; tries < 13; tries++) {
        shop_sql(s, "UPDATE payment.command SET tries = %d WHERE attempt_id = %s AND state = 'open'", tries, id);
        due(s);
        work_payments(s);
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.command WHERE attempt_id = %s AND state = 'flagged' AND tries = 12 AND note = 'refused'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.attempt WHERE id = %s AND flag = 'command_refused'", id), 1);
    shop_sql(s, "UPDATE payment.attempt SET flag = NULL WHERE id = %s", id);
}

/* What is repeated is the call as it was: a refund of what was taken, also where less was taken than had been authorized. */
static void repeated_as_it_was(void **state)
{
    struct shop *s = *state;
    char id[40], order[40];
    paying_config()->payment_capture = "shipment";
    struct checkout_result r = order_to_pay(s, cup(s), "tok_ok");
    confirm(s, &r);
    uuid_sql(r.payment.u, id);
    uuid_sql(r.order.u, order);
    shop_sql(s, "SELECT sandbox.change_v1(provider_ref, gen_random_uuid(), 'capture', 1000, '2026-06-01 12:00:02+00') FROM payment.attempt WHERE id = %s", id);
    work_payments(s);
    assert_payment(s, r, "captured");
    shop_sql(s, "SELECT orders.cancel_locked_v1(%s, 'test', 'test', NULL, NULL, '2026-06-01 12:00:02+00')", order);
    shop_sql(s, "SELECT payment.begin_v1(%s, gen_random_uuid(), 'refund', NULL, NULL, 30, NULL, NULL, clock_timestamp() - interval '60 seconds', '2026-06-01 12:00:02+00')", id);
    due(s);
    work_payments(s);
    assert_int_equal(shop_ask(s, "SELECT refunded FROM payment.attempt WHERE id = %s", id), 1000);
    assert_int_equal(shop_ask(s, "SELECT refunded FROM sandbox.intent WHERE attempt_id = %s", id), 1000);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.operation WHERE attempt_id = %s AND kind = 'refund' AND state = 'done' AND amount = 1000", id), 1);
    paying_config()->payment_capture = "order";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_answers_are_found), cmocka_unit_test(calls_of_the_dead), cmocka_unit_test(nobody_paid), cmocka_unit_test(news_are_asked_not_believed),
        cmocka_unit_test(news_that_is_no_news_is_not_asked_about),
        cmocka_unit_test(money_goes_back), cmocka_unit_test(paid_meanwhile),
        cmocka_unit_test(canceled_while_the_money_was_on_its_way), cmocka_unit_test(canceled_after_a_call_that_never_arrived),
        cmocka_unit_test(canceled_before_it_was_captured), cmocka_unit_test(a_provider_away_for_long), cmocka_unit_test(a_provider_that_refuses),
        cmocka_unit_test(repeated_as_it_was)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
