/* Places in the feed, and readers that do each event once. */
#include "../service/paying.h"
#include "jobs/jobs.h"

static int run(struct shop *s, bool (*job)(struct call *, int *, struct err *))
{
    struct err e;
    int done = 0;
    err_clear(&e);
    assert_good(job(paying_call(s, "souk_jobs_core"), &done, &e), e);
    return done;
}

static struct checkout_result pay(struct shop *s)
{
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct payment_view v;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(payment_confirm(paying_call(s, "souk_payment"), r.payment, r.payment_token, &v, &replayed, &e), e);
    return r;
}

static void events_get_places(void **state)
{
    struct shop *s = *state;
    pay(s);
    assert_true(run(s, job_relay) >= 4);                       /* cart, order placed, payment created, authorized, order paid … */
    assert_int_equal(run(s, job_relay), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE position IS NULL"), 0);
    assert_int_equal(shop_ask(s, "SELECT max(position) - count(*) FROM platform.outbox"), 0);
}

static void a_paid_order_owes_one_mail(void **state)
{
    struct shop *s = *state;
    char id[40];
    struct checkout_result r = pay(s);
    order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    run(s, job_relay);
    while (run(s, job_consume) > 0) {
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE order_id = %s", uuid_sql(r.order.u, id)), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message m JOIN orders.orders o ON o.id = m.order_id WHERE o.state <> 'paid'"), 0);
    /* a reader that was set back (a restore, say) reads again and owes nothing twice */
    shop_sql(s, "UPDATE platform.consumer SET position = 0");
    assert_true(run(s, job_consume) > 0);
    while (run(s, job_consume) > 0) {
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE order_id = %s", id), 1);
}

/* The work and the reader's place are one transaction: when the work fails, the event is read again. */
static void nothing_is_skipped(void **state)
{
    struct shop *s = *state;
    char id[40];
    struct checkout_result r = pay(s);
    struct err e;
    int done = 0;
    run(s, job_relay);
    shop_sql(s, "ALTER TABLE notification.message ADD CONSTRAINT no_more CHECK (created_at < '2000-01-01') NOT VALID");
    err_clear(&e);
    assert_refused(job_consume(paying_call(s, "souk_jobs_core"), &done, &e), e, PROBLEM_INTERNAL);
    shop_sql(s, "ALTER TABLE notification.message DROP CONSTRAINT no_more");
    while (run(s, job_consume) > 0) {
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE order_id = %s", uuid_sql(r.order.u, id)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(events_get_places), cmocka_unit_test(a_paid_order_owes_one_mail), cmocka_unit_test(nothing_is_skipped)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
