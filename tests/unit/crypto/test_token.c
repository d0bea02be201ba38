#include "crypto/crypto.h"
#include "unit.h"

static struct arena *a;

static int setup(void **state) { (void)state; a = arena_new(); return 0; }
static int teardown(void **state) { (void)state; arena_destroy(a); return 0; }

static bool check(const char *key, const char *purpose, struct str token, int64_t now, struct str *ret_payload)
{
    struct err e = {0};
    bool ok = crypto_token_check(a, str_from(key), purpose, token, now, ret_payload, &e);
    if (!ok)
        assert_int_equal(e.problem, PROBLEM_FORBIDDEN);
    return ok;
}

static void carries_its_payload(void **state)
{
    (void)state;
    struct str got, token = crypto_token_make(a, STR("key"), "order", STR("ord_1"), 1000);
    assert_true(check("key", "order", token, 999, &got));
    assert_str(got, "ord_1");
    token = crypto_token_make(a, STR("key"), "order", STR(""), 1000);
    assert_true(check("key", "order", token, 0, &got));
    assert_int_equal(got.n, 0);
}

static void is_bound_to_key_purpose_and_time(void **state)
{
    (void)state;
    struct str got, token = crypto_token_make(a, STR("key"), "order", STR("ord_1"), 1000);
    assert_false(check("kez", "order", token, 999, &got));
    assert_false(check("key", "pay", token, 999, &got));
    assert_false(check("key", "order", token, 1000, &got));
    assert_false(check("key", "order", token, INT64_MAX, &got));
}

static void refuses_any_change(void **state)
{
    (void)state;
    struct str got, token = crypto_token_make(a, STR("key"), "order", STR("ord_1"), 1000);
    for (size_t i = 0; i < token.n; i++) {
        char *bad = (char *)str_dup(a, token).p;
        bad[i] = bad[i] == 'A' ? 'B' : 'A';
        assert_false(check("key", "order", str_of(bad, token.n), 999, &got));
        assert_false(check("key", "order", str_sub(token, 0, i), 999, &got));
    }
    static const char *odd[] = {"", ".", "..", "a.b", "AAAA.", ".AAAA", "AAAA.AAAA.AAAA", "===.==="};
    for (size_t i = 0; i < ARRAY_LEN(odd); i++)
        assert_false(check("key", "order", str_from(odd[i]), 0, &got));
    assert_false(check("key", "order", STR_NULL, 0, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(carries_its_payload), cmocka_unit_test(is_bound_to_key_purpose_and_time), cmocka_unit_test(refuses_any_change),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
