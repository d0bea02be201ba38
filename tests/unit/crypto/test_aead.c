#include "crypto/crypto.h"
#include "unit.h"

static struct arena *a;
static uint8_t key[AEAD_KEY_LEN] = {1, 2, 3};

static int setup(void **state) { (void)state; a = arena_new(); return 0; }
static int teardown(void **state) { (void)state; arena_destroy(a); return 0; }

static bool opens(const uint8_t *k, struct str context, struct str sealed, struct str *ret_plain)
{
    struct err e = {0};
    bool ok = crypto_open(a, k, context, sealed, ret_plain, &e);
    if (!ok)
        assert_int_equal(e.problem, PROBLEM_INTERNAL);
    return ok;
}

static void opens_what_it_sealed(void **state)
{
    (void)state;
    static const char *texts[] = {"", "x", "Zoë Müller-Lüdenscheidt, Straße 1", "0123456789abcdef0123456789abcdef"};
    for (size_t i = 0; i < 4; i++) {
        struct str plain = STR_NULL, sealed = crypto_seal(a, key, STR("orders.orders.email:1"), str_from(texts[i]));
        assert_int_equal(sealed.n, strlen(texts[i]) + 29);
        assert_true(opens(key, STR("orders.orders.email:1"), sealed, &plain));
        assert_true(str_eq_c(plain, texts[i]));
    }
}

static void two_seals_differ(void **state)
{
    (void)state;
    struct str x = crypto_seal(a, key, STR("c"), STR("same")), y = crypto_seal(a, key, STR("c"), STR("same"));
    assert_memory_not_equal(x.p, y.p, x.n);
}

static void refuses_any_change(void **state)
{
    (void)state;
    struct str plain, sealed = crypto_seal(a, key, STR("context"), STR("secret"));
    uint8_t other[AEAD_KEY_LEN] = {1, 2, 4};
    assert_false(opens(other, STR("context"), sealed, &plain));
    assert_false(opens(key, STR("contexT"), sealed, &plain));
    assert_false(opens(key, STR(""), sealed, &plain));
    for (size_t i = 0; i < sealed.n * 8; i++) {
        char *bad = (char *)str_dup(a, sealed).p;
        bad[i / 8] = (char)(bad[i / 8] ^ 1 << i % 8);
        assert_false(opens(key, STR("context"), str_of(bad, sealed.n), &plain));
    }
    for (size_t n = 0; n < sealed.n; n++)
        assert_false(opens(key, STR("context"), str_sub(sealed, 0, n), &plain));
    assert_false(opens(key, STR("context"), STR_NULL, &plain));
}

/* Made by python3-cryptography: key 00..1f, nonce 00..0b, associated data 01 "ctx". Whoever changes the form breaks stored data. */
static void reads_a_known_ciphertext(void **state)
{
    (void)state;
    uint8_t k[AEAD_KEY_LEN];
    for (size_t i = 0; i < sizeof k; i++)
        k[i] = (uint8_t)i;
    struct str sealed, plain;
    assert_true(crypto_unhex(a, STR("01000102030405060708090a0b" "2f67ba77aac5b174f82a3d3579585ee4f378c34a59265866696c"), &sealed));
    assert_true(opens(k, STR("ctx"), sealed, &plain));
    assert_true(str_eq_c(plain, "hello souk"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_it_sealed), cmocka_unit_test(two_seals_differ), cmocka_unit_test(refuses_any_change),
        cmocka_unit_test(reads_a_known_ciphertext),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
