#include "service/trusted_device.h"

#include "signing.h"

static struct call *call_of(struct shop *s, struct account_id account)
{
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_CUSTOMER, .id = id_str(c->arena, ID_account, account.u), .account = account};
    c->user_agent = STR("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
    return c;
}

static struct str make(struct shop *s, struct arena *keep, struct account_id account)
{
    struct err e = {0};
    struct str token;
    assert_good(trusted_device_make(call_of(s, account), account, &token, &e), e);
    return str_dup(keep, token);
}

static bool trusted(struct shop *s, struct account_id account, struct str token)
{
    struct err e = {0};
    bool is = false;
    assert_good(trusted_device_check(call_of(s, account), account, token, &is, &e), e);
    return is;
}

static void good_for_thirty_days(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct account_id account = an_account(s, NULL), other = an_account(s, NULL);
    struct str token = make(s, keep, account), second = make(s, keep, account);
    usec_t begin = shop_now(s);
    assert_true(trusted(s, account, token) && trusted(s, account, second));
    assert_false(trusted(s, other, token));
    shop_at(s, begin + TRUSTED_LIFE - 1);
    assert_true(trusted(s, account, token));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.trusted_device WHERE account_id = %s AND last_used_at > created_at", uuid_sql(account.u, (char[40]){0})), 1);
    shop_at(s, begin + TRUSTED_LIFE);
    assert_false(trusted(s, account, token));
    shop_at(s, begin);
    arena_destroy(keep);
}

static void anything_else_is_not_trusted(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct account_id account = an_account(s, NULL);
    struct str token = make(s, keep, account), foreign = make(s, keep, account);
    size_t dot;
    assert_true(str_find(token, '.', &dot));
    const struct str bad[] = {STR_NULL, STR(""), STR("."), STR("dev_x.y"), str_sub(token, 0, dot), str_sub(token, 0, dot + 1), str_sub(token, 0, token.n - 1),
                              str_printf(keep, STR_FMT "A", STR_ARG(token)), str_printf(keep, STR_FMT STR_FMT, STR_ARG(str_sub(foreign, 0, dot)), STR_ARG(str_sub(token, dot, token.n))),
                              str_printf(keep, "%0300d", 7)};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) assert_false(trusted(s, account, bad[i]));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.trusted_device WHERE account_id = %s AND position(convert_to('" STR_FMT "', 'UTF8') IN secret_hash) > 0",
                              uuid_sql(account.u, (char[40]){0}), STR_ARG(str_sub(token, dot + 1, token.n))), 0);
    arena_destroy(keep);
}

static void ended_by_its_owner_or_with_the_password(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct account_id account = an_account(s, NULL), other = an_account(s, NULL);
    struct str one = make(s, keep, account), two = make(s, keep, account);
    struct shape_list list;
    struct err e = {0};
    assert_good(trusted_device_list(call_of(s, account), &list, &e), e);
    assert_int_equal(list.n, 2);
    struct trusted_device_info first = ((const struct trusted_device_info *)list.v)[1];
    assert_str(first.device, "Firefox on Linux");
    assert_refused(trusted_device_end(call_of(s, other), first.id, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_good(trusted_device_end(call_of(s, account), first.id, &e), e);
    assert_int_equal(trusted(s, account, one) + trusted(s, account, two), 1);
    assert_good(trusted_device_end_all(call_of(s, account), account, "password_changed", &e), e);
    assert_false(trusted(s, account, one) || trusted(s, account, two));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'trusted_devices.ended' AND detail->>'reason' = 'password_changed' AND object_id = %s",
                              uuid_sql(account.u, (char[40]){0})), 1);
    arena_destroy(keep);
}

static void ten_are_kept(void **state)
{
    struct shop *s = *state;
    struct arena *keep = arena_new();
    struct account_id account = an_account(s, NULL);
    usec_t begin = shop_now(s);
    struct str first = make(s, keep, account), last = STR_NULL;
    for (int i = 0; i < 10; i++) {
        shop_at(s, shop_now(s) + USEC_PER_MINUTE);
        last = make(s, keep, account);
    }
    assert_false(trusted(s, account, first));
    assert_true(trusted(s, account, last));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.trusted_device WHERE account_id = %s", uuid_sql(account.u, (char[40]){0})), 10);
    shop_at(s, begin);
    arena_destroy(keep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(good_for_thirty_days), cmocka_unit_test(anything_else_is_not_trusted),
                                       cmocka_unit_test(ended_by_its_owner_or_with_the_password), cmocka_unit_test(ten_are_kept)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
