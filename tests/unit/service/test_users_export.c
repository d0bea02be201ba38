/* Users into a file: everything about them in one line each, and written down that it was taken. */
#include "service/users.h"
#include "signed_in.h"

struct sink { char text[8192]; size_t n; };

static bool take(void *arg, struct str lines, struct err *e)
{
    struct sink *k = arg;
    (void)e;
    assert_true(k->n + lines.n < sizeof k->text);
    memcpy(k->text + k->n, lines.p, lines.n);
    k->n += lines.n;
    k->text[k->n] = '\0';
    return true;
}

static bool refuse(void *arg, struct str lines, struct err *e)
{
    (void)arg;
    (void)lines;
    return err_set(e, PROBLEM_INVALID, "no room");
}

static void a_line_each(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct sink k = {.n = 0};
    int64_t n;
    char id[40];
    (void)account_for(s, "ada@example.com");
    struct account_id bob = account_for(s, "bob@example.com"), gone = account_for(s, "gone@example.com");
    shop_sql(s, "UPDATE identity.account SET password = '$argon2id$v=19$x', locale = 'de' WHERE id = %s", uuid_sql(bob.u, id));
    shop_sql(s, "UPDATE identity.account SET status = 'erased', email = NULL, email_hash = NULL, email_verified_at = NULL WHERE id = %s", uuid_sql(gone.u, id));
    assert_good(users_export(shop_call(s, "souk_admin"), take, &k, &n, &e), e);
    assert_int_equal(n, 2);
    if (!strstr(k.text, "\"email\":\"ada@example.com\",\"email_verified\":true,\"status\":\"active\",\"staff\":false,\"created_at\":\"2026-06-01T00:00:00Z\"}\n")) fail_msg("%s", k.text);
    if (!strstr(k.text, "\"email\":\"bob@example.com\",\"email_verified\":true,\"locale\":\"de\"")) fail_msg("%s", k.text);
    if (!strstr(k.text, "\"password_hash\":\"$argon2id$v=19$x\"")) fail_msg("%s", k.text);
    assert_null(strstr(k.text, "gone@"));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'users.exported'"), 1);
    assert_refused(users_export(shop_call(s, "souk_admin"), refuse, NULL, &n, &e), e, PROBLEM_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_line_each)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
