#include "service/api_key.h"
#include "signing.h"

static struct str names[] = {{"read_orders", 11}, {"write_orders", 12}}, origins[] = {{"https://app.example", 19}, {"http://localhost:5173", 21}};

static struct call *as_owner(struct shop *s)
{
    struct call *c = shop_call(s, "souk_user");
    c->actor = (struct actor){.kind = ACTOR_STAFF, .id = STR("acc_unit"), .permissions = permission_all(), .second_factor = true};
    return c;
}

static struct api_key made(struct shop *s, const struct api_key_new *in, char token[80])
{
    struct api_key k;
    struct err e = {0};
    assert_good(api_key_create(as_owner(s), in, &k, &e), e);
    snprintf(token, 80, STR_FMT, STR_ARG(k.secret));
    return k;
}

static void secret_keys(void **state)
{
    struct shop *s = *state;
    struct api_key_new in = {.kind = STR("secret"), .name = STR("Warehouse"), .permissions = {2, names}};
    struct actor who;
    struct api_key k, read;
    struct err e = {0};
    char token[80], id[40];
    bool publishable;
    static const char *const roles[] = {"souk_product", "souk_user", "souk_order", "souk_payment", "souk_inventory"};
    k = made(s, &in, token);
    uuid_sql(k.id.u, id);
    assert_true(strncmp(token, "sk_", 3) == 0 && strlen(token) == 46 && api_key_is_one(str_from(token)));
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        assert_good(api_key_check(shop_call(s, roles[i]), str_from(token), STR_NULL, &who, &publishable, &e), e);
        assert_true(!publishable && who.kind == ACTOR_KEY && who.permissions == (permission_bit(PERMISSION_READ_ORDERS) | permission_bit(PERMISSION_WRITE_ORDERS)));
        assert_true(uuid_is_zero(who.account.u));
    }
    /* only its hash is kept; reading never shows it */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.api_key k WHERE k.id = %s AND k::text LIKE '%%%s%%'", id, token + 3), 0);
    assert_good(api_key_read(as_owner(s), k.id, &read, &e), e);
    assert_true(str_is_null(read.secret));
    assert_str(read.hint, token + 42);
    assert_str(read.state, "active");
    /* the last use once a minute, told to the trail once an hour */
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'api_key.used' AND object_id = %s", id), 1);
    /* revoked: at once, twice is fine */
    assert_good(api_key_revoke(as_owner(s), k.id, &e), e);
    assert_good(api_key_revoke(as_owner(s), k.id, &e), e);
    assert_refused(api_key_check(shop_call(s, "souk_order"), str_from(token), STR_NULL, &who, &publishable, &e), e, PROBLEM_INVALID_TOKEN);
    err_clear(&e);
    assert_refused(api_key_revoke(as_owner(s), (struct api_key_id){uuid_v7(1)}, &e), e, PROBLEM_NOT_FOUND);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'api_key.revoked' AND object_id = %s", id), 1);
}

static void keys_expire(void **state)
{
    struct shop *s = *state;
    usec_t begin = shop_now(s);
    struct api_key_new in = {.kind = STR("secret"), .name = STR("Short"), .permissions = {1, names}, .expires_at = begin + USEC_PER_HOUR};
    struct actor who;
    struct err e = {0};
    char token[80];
    bool publishable;
    (void)made(s, &in, token);
    shop_at(s, begin + USEC_PER_HOUR - 1);
    assert_good(api_key_check(shop_call(s, "souk_order"), str_from(token), STR_NULL, &who, &publishable, &e), e);
    shop_at(s, begin + USEC_PER_HOUR);
    assert_refused(api_key_check(shop_call(s, "souk_order"), str_from(token), STR_NULL, &who, &publishable, &e), e, PROBLEM_INVALID_TOKEN);
    shop_at(s, begin);
}

static void publishable_keys(void **state)
{
    struct shop *s = *state;
    struct api_key_new in = {.kind = STR("publishable"), .name = STR("Shop window"), .origins = {2, origins}};
    struct actor who = {.kind = ACTOR_GUEST};
    struct err e = {0};
    char token[80], swapped[80];
    bool publishable;
    (void)made(s, &in, token);
    assert_good(api_key_check(shop_call(s, "souk_order"), str_from(token), STR("https://app.example"), &who, &publishable, &e), e);
    assert_true(publishable && who.kind == ACTOR_GUEST && who.permissions == 0);
    assert_good(api_key_check(shop_call(s, "souk_order"), str_from(token), STR("http://localhost:5173"), &who, &publishable, &e), e);
    static const char *const elsewhere[] = {"https://evil.example", "https://app.example.evil", "null", NULL};
    for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++) {
        err_clear(&e);
        assert_refused(api_key_check(shop_call(s, "souk_order"), str_from(token), str_from(elsewhere[i]), &who, &publishable, &e), e, PROBLEM_CROSS_ORIGIN);
    }
    snprintf(swapped, sizeof swapped, "sk_%s", token + 3);
    err_clear(&e);
    assert_refused(api_key_check(shop_call(s, "souk_order"), str_from(swapped), STR_NULL, &who, &publishable, &e), e, PROBLEM_INVALID_TOKEN);
    in.origins = (struct shape_list){0};
    (void)made(s, &in, token);
    assert_good(api_key_check(shop_call(s, "souk_order"), str_from(token), STR("https://anywhere.example"), &who, &publishable, &e), e);
}

static void what_nobody_gets(void **state)
{
    struct shop *s = *state;
    static struct str unknown[] = {{"fly_to_moon", 11}}, paths[] = {{"https://app.example/", 20}};
    const struct { struct api_key_new in; enum problem why; } cases[] = {
        {{.kind = STR("secret"), .name = STR("x")}, PROBLEM_REQUIRED},
        {{.kind = STR("secret"), .name = STR("x"), .permissions = {1, unknown}}, PROBLEM_INVALID},
        {{.kind = STR("secret"), .name = STR("x"), .permissions = {1, names}, .origins = {1, origins}}, PROBLEM_INVALID},
        {{.kind = STR("publishable"), .name = STR("x"), .permissions = {1, names}}, PROBLEM_INVALID},
        {{.kind = STR("publishable"), .name = STR("x"), .origins = {1, paths}}, PROBLEM_INVALID},
        {{.kind = STR("secret"), .name = STR("x"), .permissions = {1, names}, .expires_at = 1}, PROBLEM_INVALID}};
    struct api_key k;
    struct err e;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        err_clear(&e);
        assert_refused(api_key_create(as_owner(s), &cases[i].in, &k, &e), e, cases[i].why);
    }
    struct call *c = as_owner(s);
    c->actor.permissions = permission_bit(PERMISSION_WRITE_KEYS) | permission_bit(PERMISSION_READ_ORDERS);
    err_clear(&e);
    assert_refused(api_key_create(c, &(struct api_key_new){.kind = STR("secret"), .name = STR("x"), .permissions = {2, names}}, &k, &e), e, PROBLEM_FORBIDDEN);
}

static void lists(void **state)
{
    struct shop *s = *state;
    struct shape_list list;
    struct api_key_id next = {0};
    struct err e = {0};
    char token[80];
    int64_t all = shop_ask(s, "SELECT count(*) FROM identity.api_key"), seen = 0;
    for (int i = 0; i < 3; i++, all++) (void)made(s, &(struct api_key_new){.kind = STR("publishable"), .name = STR("x")}, token);
    do {
        assert_good(api_key_list(as_owner(s), next, 2, &list, &next, &e), e);
        seen += (int64_t)list.n;
    } while (!uuid_is_zero(next.u));
    assert_int_equal(seen, all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(secret_keys), cmocka_unit_test(keys_expire), cmocka_unit_test(publishable_keys), cmocka_unit_test(what_nobody_gets),
                                       cmocka_unit_test(lists)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
