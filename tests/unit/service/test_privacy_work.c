/* The work on requests: an erasure waits for open orders, tells the owner, and then it happens; what fails is tried again. */
#include "erasing.h"

static struct data_request read_request(struct shop *s, struct account_id account, struct data_request_id id)
{
    struct err e = {0};
    struct data_request q;
    assert_good(privacy_read(call_as(s, account), account, id, &q, &e), e);
    return q;
}

static void an_erasure_waits_tells_and_erases(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "wait@example.com");
    struct order_id order = order_for(s, person_of(s, "someone@example.com"), ada, "paid");
    struct err e = {0};
    struct data_request q;
    char id[40], o[40];
    assert_good(privacy_ask_erase(call_as(s, ada), ada, false, &q, &e), e);
    struct data_request_id request = q.id;
    assert_int_equal(work(s), 1);
    q = read_request(s, ada, request);
    assert_str(q.state, "waiting");
    assert_int_equal(q.open_orders, 1);
    assert_true(q.can_cancel);
    uuid_sql(ada.u, id), uuid_sql(order.u, o);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE account_id = %s AND kind = 'erasure_waiting'", id), 1);
    assert_int_equal(work(s), 0);                                   /* not due yet */
    mails_are_sent(s);
    assert_int_equal(work(s), 1);
    assert_str(read_request(s, ada, request).state, "waiting");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE account_id = %s AND kind = 'erasure_waiting'", id), 1);
    shop_sql(s, "UPDATE orders.orders SET state = 'canceled', canceled_at = '2026-06-02' WHERE id = %s", o);
    mails_are_sent(s);
    assert_int_equal(work(s), 1);
    assert_str(read_request(s, ada, request).state, "telling");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND status = 'disabled' AND email IS NOT NULL", id), 1);
    assert_refused(privacy_cancel(call_as(s, ada), ada, request, &q, &e), e, PROBLEM_INVALID_STATE);
    shop_sql(s, "UPDATE identity.data_request SET next_try_at = '2020-01-01'");
    assert_int_equal(work(s), 1);                                   /* the mail is not written yet */
    assert_str(read_request(s, ada, request).state, "telling");
    mails_are_sent(s);
    assert_int_equal(work(s), 1);
    assert_str(read_request(s, ada, request).state, "done");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE id = %s AND status = 'erased' AND num_nonnulls(email, email_hash, name, phone, password) = 0", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.orders WHERE id = %s AND address_sealed = '\\x' AND ship_postal_area = '10' AND total = 1490", o), 1);
}

static void an_operator_need_not_wait(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "despite@example.com");
    (void)order_for(s, person_of(s, "despite2@example.com"), ada, "paid");
    struct err e = {0};
    struct data_request q;
    assert_good(privacy_ask_erase(call_as(s, ada), ada, false, &q, &e), e);
    assert_int_equal(work(s), 1);
    assert_good(privacy_ask_erase(shop_call(s, "souk_admin"), ada, true, &q, &e), e);
    assert_int_equal(work(s), 1);
    assert_str(read_request(s, ada, q.id).state, "telling");
    mails_are_sent(s);
    assert_int_equal(work(s), 1);
}

static bool pack_fails(struct call *c, const struct privacy_export *x, struct str *ret_zip, struct err *e)
{
    (void)c;
    (void)x;
    (void)ret_zip;
    return err_cause(e, "no room on the disk");
}

static void a_failed_export_is_tried_again_and_given_up(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "fails@example.com");
    struct err e = {0};
    struct data_request q;
    int done;
    char id[40];
    assert_good(privacy_ask_export(call_as(s, ada), ada, &q, &e), e);
    struct data_request_id request = q.id;
    for (int i = 0; i < 8; i++) {
        assert_str(read_request(s, ada, request).state, "queued");
        assert_good(privacy_work(shop_call(s, "souk_jobs_core"), pack_fails, &done, &e), e);
        assert_int_equal(done, 1);
        assert_good(privacy_work(shop_call(s, "souk_jobs_core"), pack_fails, &done, &e), e);
        assert_int_equal(done, 0);                                   /* later again */
        shop_sql(s, "UPDATE identity.data_request SET next_try_at = '2020-01-01'");
    }
    assert_str(read_request(s, ada, request).state, "failed");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.data_request WHERE account_id = %s AND last_error = 'no room on the disk'", uuid_sql(ada.u, id)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_erasure_waits_tells_and_erases), cmocka_unit_test(an_operator_need_not_wait),
                                       cmocka_unit_test(a_failed_export_is_tried_again_and_given_up)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
