/* The tidy house: reservations, carts, lists, audit, partitions. */
#include "../service/paying.h"
#include "jobs/jobs.h"
#include "service/challenge.h"

static int run(struct shop *s, bool (*job)(struct call *, int *, struct err *))
{
    struct err e;
    int done = -1;
    err_clear(&e);
    assert_good(job(paying_call(s, "souk_jobs_core"), &done, &e), e);
    return done;
}

static void reservations_end(void **state)
{
    struct shop *s = *state;
    usec_t was = shop_now(s);
    char id[40];
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 1, 300, "standard"), "tok_ok");
    uuid_sql(r.order.u, id);
    assert_int_equal(run(s, job_reservations), 0);
    shop_at(s, was + 901 * USEC_PER_SEC);
    assert_int_equal(run(s, job_reservations), 1);
    assert_int_equal(run(s, job_reservations), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM inventory.reservations WHERE order_id = %s AND status = 'expired'", id), 1);
    shop_at(s, was);
}

static void carts_close(void **state)
{
    struct shop *s = *state;
    usec_t was = shop_now(s);
    struct err e;
    struct str token;
    struct cart *cart;
    err_clear(&e);
    assert_good(cart_create(paying_call(s, "souk_order"), STR_NULL, &token, &cart, &e), e);
    assert_int_equal(run(s, job_carts), 0);
    shop_at(s, was + 400 * USEC_PER_DAY);
    assert_true(run(s, job_carts) >= 1);
    assert_int_equal(run(s, job_carts), 0);
    shop_at(s, was);
}

static void challenges_are_forgotten(void **state)
{
    struct shop *s = *state;
    usec_t was = shop_now(s);
    struct err e;
    err_clear(&e);
    assert_good(challenge_begin(paying_call(s, "souk_user"), &(struct challenge_new){.purpose = CHALLENGE_REGISTER, .email = STR("x@example.com"), .life = CHALLENGE_LINK_LIFE}, NULL, NULL,
                                &e), e);
    assert_int_equal(run(s, job_challenges), 0);
    shop_at(s, was + 3 * USEC_PER_DAY);
    assert_int_equal(run(s, job_challenges), 1);
    assert_int_equal(run(s, job_challenges), 0);
    shop_at(s, was);
}

static void audit_is_chained(void **state)
{
    struct shop *s = *state;
    shop_sql(s, "SELECT platform.audit_v1('unit', 'unit.test', NULL, NULL, '{}', NULL, NULL, '2026-06-01')");
    assert_true(run(s, job_audit) >= 1);
    assert_int_equal(run(s, job_audit), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE chain_hash IS NULL"), 0);
}

/* What is sent or worked goes after its time, what waits or was given up stays. */
static void done_things_are_forgotten(void **state)
{
    struct shop *s = *state;
    usec_t was = shop_now(s);
    char old[37], young[37];
    uuid_format(uuid_v7(was - 91 * USEC_PER_DAY), old);
    uuid_format(uuid_v7(was - 89 * USEC_PER_DAY), young);
    for (int i = 0; i < 4; i++) {
        static const char *const states[] = {"sent", "dropped", "failed", "queued"};
        for (int k = 0; k < 2; k++)
            shop_sql(s, "INSERT INTO notification.message (id, kind, account_id, state, sent_at, next_try_at, created_at, updated_at) "
                        "SELECT (substr('%s', 1, 14) || '7%d00-8000-000000000001')::uuid, 'unit_%s', gen_random_uuid(), '%s', CASE WHEN '%s' = 'sent' THEN now() END, 'infinity', now(), now()",
                     k ? old : young, i, states[i], states[i], states[i]);
    }
    shop_sql(s, "INSERT INTO payment.inbound_event (id, provider, provider_event, type, state, next_try_at, received_at) SELECT (substr('%s', 1, 14) || '7' || n || '00-8000-000000000001')::uuid, "
                "'unit', n::text, 'x', (ARRAY['done', 'ignored', 'flagged', 'open'])[n], 'infinity', now() FROM generate_series(1, 4) n", "01900000-0000-7000-8000-000000000001");
    assert_true(run(s, job_partitions) >= 4);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind IN ('unit_sent', 'unit_dropped')"), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind IN ('unit_failed', 'unit_queued')"), 4);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE provider = 'unit' AND state IN ('flagged', 'open')"), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM payment.inbound_event WHERE provider = 'unit'"), 2);
    shop_sql(s, "DELETE FROM notification.message WHERE kind LIKE 'unit%%'");
    shop_sql(s, "DELETE FROM payment.inbound_event WHERE provider = 'unit'");
}

static void partitions_are_ahead(void **state)
{
    struct shop *s = *state;
    shop_at(s, shop_now(s) + 30 * USEC_PER_DAY);
    assert_true(run(s, job_partitions) > 0);
    assert_int_equal(run(s, job_partitions), 0);
}

static void lists_are_renewed(void **state)
{
    struct shop *s = *state;
    shop_variant(s, 1250, 5, 300, "standard");
    while (run(s, job_listing) > 0) {
    }
    assert_int_equal(run(s, job_listing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reservations_end), cmocka_unit_test(carts_close), cmocka_unit_test(challenges_are_forgotten), cmocka_unit_test(audit_is_chained),
                                       cmocka_unit_test(done_things_are_forgotten), cmocka_unit_test(partitions_are_ahead), cmocka_unit_test(lists_are_renewed)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
