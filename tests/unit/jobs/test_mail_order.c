/* Letters about orders: words and address in the order's language, nobody for who was erased. */
#include "../service/paying.h"

#include "jobs/mail.h"

static bool holds(struct str text, const char *words)
{
    return memmem(text.p, text.n, words, strlen(words)) != NULL;
}

static void says_what_was_ordered(void **state)
{
    struct shop *s = *state;
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct letter l;
    struct err e;
    char number[40], id[40];
    err_clear(&e);
    snprintf(number, sizeof number, STR_FMT, STR_ARG(r.number));
    const struct message m = {.kind = STR(MESSAGE_ORDER_CONFIRMATION), .order = r.order};
    const struct mail_kind *kind = mail_kind_find(m.kind);
    assert_good(kind->write(paying_call(s, "souk_jobs_core"), &m, kind, &l, &e), e);
    assert_str(l.to_email, "ada@example.com");
    assert_str(l.to_name, "Ada Example");
    assert_true(holds(l.subject, number) && holds(l.text, "Germany") && holds(l.html, "12.50") && holds(l.text, "https://shop.example/orders/ord_"));
    shop_sql(s, "UPDATE orders.orders SET locale = 'de' WHERE id = %s", uuid_sql(r.order.u, id));
    assert_good(mail_write_order(paying_call(s, "souk_jobs_core"), &m, kind, &l, &e), e);
    assert_true(holds(l.text, "Deutschland") && holds(l.html, "12,50"));
    shop_sql_keys(s, "DELETE FROM keys.person_key");
    assert_good(mail_write_order(paying_call(s, "souk_jobs_core"), &m, kind, &l, &e), e);
    assert_true(str_is_null(l.to_email));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_was_ordered)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
