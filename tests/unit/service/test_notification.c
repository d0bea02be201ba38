/* Messages: owed once, claimed by one, sent or given up. */
#include "paying.h"

#include "service/notification.h"

static struct call *core(struct shop *s, struct err *e)
{
    err_clear(e);
    return paying_call(s, "souk_jobs_core");
}

static void owed_once(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct err e;
    bool fresh;
    assert_good(message_queue(core(s, &e), MESSAGE_ORDER_CONFIRMATION, r.order, STR("req_1"), STR_NULL, &fresh, &e), e);
    assert_true(fresh);
    assert_good(message_queue(core(s, &e), MESSAGE_ORDER_CONFIRMATION, r.order, STR("req_2"), STR_NULL, &fresh, &e), e);
    assert_false(fresh);
    struct message_list list;
    assert_good(message_claim(core(s, &e), 10, &list, &e), e);
    assert_int_equal(list.n, 1);
    assert_str(list.v[0].request_id, "req_1");
    /* nobody begins it anew while its worker may still hold it */
    int64_t ends = shop_ask(s, "SELECT (extract(epoch FROM next_try_at) * 1000000)::bigint FROM notification.message");
    assert_true(list.until > clock_monotonic() && clock_real() + (list.until - clock_monotonic()) < ends && ends < clock_real() + 20 * USEC_PER_SEC);
    struct message m = {.id = list.v[0].id, .order = list.v[0].order, .tries = 1};
    assert_good(message_claim(core(s, &e), 10, &list, &e), e);
    assert_int_equal(list.n, 0);                                     /* leased */
    assert_good(message_failed(core(s, &e), &m, false, "the spool is full", &e), e);
    shop_sql(s, "UPDATE notification.message SET next_try_at = '-infinity'");
    assert_good(message_claim(core(s, &e), 10, &list, &e), e);
    assert_int_equal(list.n, 1);
    assert_int_equal(list.v[0].tries, 2);
    assert_good(message_sent(core(s, &e), &m, &e), e);
    assert_good(message_failed(core(s, &e), &m, true, "too late", &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE state = 'sent'"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'notification.sent'"), 1);
}

static void gives_up(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct err e;
    bool fresh;
    struct message_list list;
    assert_good(message_queue(core(s, &e), MESSAGE_ORDER_CONFIRMATION, r.order, STR_NULL, STR_NULL, &fresh, &e), e);
    assert_good(message_claim(core(s, &e), 10, &list, &e), e);
    struct message m = {.id = list.v[0].id, .tries = 20};
    assert_good(message_failed(core(s, &e), &m, false, "never", &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE state = 'failed' AND last_error = 'never'"), 1);
}

static void says_what_was_bought(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct message_order o;
    struct err e;
    assert_good(message_order_read(core(s, &e), r.order, &o, &e), e);
    assert_str(o.email, "ada@example.com");
    assert_str(o.address->city, "Berlin");
    assert_str(o.address->country, "DE");
    assert_int_equal(o.n_lines, 1);
    assert_int_equal(o.lines[0].total.amount, 1250);
    assert_int_equal(o.total.amount, r.total.amount);
    assert_true(str_starts(o.order_url, STR("https://shop.example/orders/ord_")));
    /* Where tax comes on top, a line says what the shopper saw, without it: 1250 / 1.19 = 1050. */
    char id[40];
    shop_sql(s, "SET session_replication_role = replica");
    shop_sql(s, "UPDATE orders.orders SET prices_include_tax = false, total = total + tax WHERE id = %s", uuid_sql(r.order.u, id));
    shop_sql(s, "RESET session_replication_role");
    assert_good(message_order_read(core(s, &e), r.order, &o, &e), e);
    assert_int_equal(o.lines[0].total.amount, 1050);
    shop_sql_keys(s, "DELETE FROM keys.person_key");
    assert_good(message_order_read(core(s, &e), r.order, &o, &e), e);
    assert_true(str_is_null(o.email) && o.address == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(owed_once), cmocka_unit_test(gives_up), cmocka_unit_test(says_what_was_bought)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
