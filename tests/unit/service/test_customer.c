/* Accounts as operators see them. */
#include "service/customer.h"
#include "erasing.h"

static void pages_newest_first(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct shape_list list;
    struct str next;
    char email[40], cursor[200];
    for (int i = 0; i < 5; i++) {
        snprintf(email, sizeof email, "page%d@example.com", i);
        char id[40];
        shop_sql(s, "UPDATE identity.account SET created_at = created_at + make_interval(secs => %d) WHERE id = %s", i, uuid_sql(account_for(s, email).u, id));
    }
    struct customer_filter f = {.limit = 2};
    assert_good(customer_list(shop_call(s, "souk_user"), &f, &list, &next, &e), e);
    assert_int_equal(list.n, 2);
    assert_str(((struct customer *)list.v)[0].email, "page4@example.com");
    snprintf(cursor, sizeof cursor, STR_FMT, STR_ARG(next));
    f.cursor = str_from(cursor);
    assert_good(customer_list(shop_call(s, "souk_user"), &f, &list, &next, &e), e);
    assert_str(((struct customer *)list.v)[0].email, "page2@example.com");
    f.staff_only = true;
    assert_refused(customer_list(shop_call(s, "souk_user"), &f, &list, &next, &e), e, PROBLEM_INVALID_CURSOR);
    err_clear(&e);
    assert_good(customer_list(shop_call(s, "souk_user"), &(struct customer_filter){.email = STR("PAGE3@example.com")}, &list, &next, &e), e);
    assert_int_equal(list.n, 1);
    assert_good(customer_list(shop_call(s, "souk_user"), &(struct customer_filter){.email = STR("nobody")}, &list, &next, &e), e);
    assert_int_equal(list.n, 0);
    assert_refused(customer_list(shop_call(s, "souk_user"), &(struct customer_filter){.status = STR("gone")}, &list, &next, &e), e, PROBLEM_INVALID);
}

static void disabled_and_enabled(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "ada@example.com");
    (void)order_for(s, person_of(s, "else@example.com"), ada, "paid");
    struct err e = {0};
    struct customer x;
    char id[40];
    uuid_sql(ada.u, id);
    shop_sql(s, "INSERT INTO identity.session (id, account_id, kind, secret_hash, rotated_at, method, fresh_at, device, last_used_at, expires_at, created_at, updated_at) "
             "VALUES (gen_random_uuid(), %s, 'browser', sha256('x'), '2026-06-01', 'password', '2026-06-01', 'Firefox on Linux', '2026-06-01', '2026-07-01', '2026-06-01', '2026-06-01')", id);
    assert_good(customer_read(shop_call(s, "souk_user"), ada, &x, &e), e);
    assert_true(x.orders == 1 && x.open_orders == 1 && x.sessions == 1);
    assert_good(customer_set_enabled(shop_call(s, "souk_user"), ada, false, &x, &e), e);
    assert_str(x.status, "disabled");
    assert_int_equal(x.sessions, 0);
    assert_good(customer_set_enabled(shop_call(s, "souk_user"), ada, false, &x, &e), e);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'account.disabled' AND object_id = %s", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.revocation WHERE account_id = %s AND session_id IS NULL", id), 1);
    assert_good(customer_set_enabled(shop_call(s, "souk_user"), ada, true, &x, &e), e);
    assert_str(x.status, "active");
    assert_refused(customer_set_enabled(call_as(s, ada), ada, false, &x, &e), e, PROBLEM_INVALID_STATE);
    err_clear(&e);
    assert_refused(customer_set_enabled(shop_call(s, "souk_user"), (struct account_id){{{5}}}, false, &x, &e), e, PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_newest_first), cmocka_unit_test(disabled_and_enabled)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
