/* Which methods there are, where. */
#include "service/payment.h"
#include "service/provider_sandbox.h"
#include "unit.h"

static struct config config = {.mode = "sandbox"};
static const struct service_env env = {.config = &config};

static void methods_are_the_test_tokens(void **state)
{
    (void)state;
    size_t n, n_tokens;
    config.mode = "sandbox";
    const struct payment_method *m = payment_methods(&env, &n);
    const struct sandbox_token *t = sandbox_tokens(&n_tokens);
    assert_int_equal(n, n_tokens);
    for (size_t i = 0; i < n; i++) {
        const char *provider;
        assert_string_equal(m[i].token, t[i].token);
        assert_true(payment_method_known(&env, str_from(m[i].token), &provider));
        assert_string_equal(provider, "sandbox");
        assert_non_null(strstr(m[i].text_key, m[i].token));
        assert_non_null(strstr(m[i].hint_key, m[i].token));
    }
    const char *provider;
    assert_false(payment_method_known(&env, STR("tok_"), &provider));
    assert_false(payment_method_known(&env, STR_NULL, &provider));
}

static void production_knows_no_test_money(void **state)
{
    (void)state;
    size_t n;
    const char *provider;
    config.mode = "production";
    payment_methods(&env, &n);
    assert_int_equal(n, 0);
    assert_false(payment_method_known(&env, STR("tok_ok"), &provider));
}

static void without_providers(void **state)
{
    (void)state;
    assert_null(payment_provider(&env, STR("sandbox")));
    payment_providers_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(methods_are_the_test_tokens), cmocka_unit_test(production_knows_no_test_money),
                                       cmocka_unit_test(without_providers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
