#include "crypto/crypto.h"
#include "unit.h"

static struct arena *a;

static int setup(void **state) { (void)state; a = arena_new(); return 0; }
static int teardown(void **state) { (void)state; arena_destroy(a); return 0; }

static void sha256_of_fips_180(void **state)
{
    (void)state;
    assert_str(crypto_sha256_hex(a, STR("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(crypto_sha256_hex(a, STR("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(crypto_sha256_hex(a, STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void hmac_of_rfc_4231(void **state)
{
    (void)state;
    uint8_t mac[SHA256_LEN];
    struct str key;
    assert_true(crypto_unhex(a, STR("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"), &key));
    crypto_hmac_sha256(key, STR("Hi There"), mac);
    assert_str(crypto_hex(a, mac, sizeof mac), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    crypto_hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"), mac);
    assert_str(crypto_hex(a, mac, sizeof mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    char long_key[131];
    memset(long_key, 0xaa, sizeof long_key);
    crypto_hmac_sha256(str_of(long_key, sizeof long_key), STR("Test Using Larger Than Block-Size Key - Hash Key First"), mac);
    assert_str(crypto_hex(a, mac, sizeof mac), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void equal_needs_same_bytes(void **state)
{
    (void)state;
    assert_true(crypto_equal(STR("abc"), STR("abc")));
    assert_false(crypto_equal(STR("abc"), STR("abd")));
    assert_false(crypto_equal(STR("abc"), STR("ab")));
    assert_false(crypto_equal(STR_NULL, STR_NULL));
    assert_true(crypto_equal(STR(""), STR("")));
}

static void hexadecimal_both_ways(void **state)
{
    (void)state;
    struct str b;
    assert_true(crypto_unhex(a, STR("00fFa1"), &b));
    assert_str(crypto_hex(a, b.p, b.n), "00ffa1");
    assert_false(crypto_unhex(a, STR("abc"), &b));
    assert_false(crypto_unhex(a, STR("zz"), &b));
    assert_false(crypto_unhex(a, STR_NULL, &b));
    assert_true(crypto_unhex(a, STR(""), &b));
    assert_int_equal(b.n, 0);
}

static void base64url_of_rfc_4648(void **state)
{
    (void)state;
    static const struct { const char *plain, *text; } cases[] = {
        {"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str back;
        assert_str(crypto_base64url(a, str_from(cases[i].plain)), cases[i].text);
        assert_true(crypto_unbase64url(a, str_from(cases[i].text), &back));
        assert_str(back, cases[i].plain);
    }
    struct str b;
    assert_str(crypto_base64url(a, STR("\xfb\xff\xfe")), "-__-");
    assert_false(crypto_unbase64url(a, STR("Z"), &b));
    assert_false(crypto_unbase64url(a, STR("Zh"), &b));         /* not canonical: bits behind the last byte */
    assert_false(crypto_unbase64url(a, STR("Zg=="), &b));
    assert_false(crypto_unbase64url(a, STR("+/+/"), &b));
}

static void random_bytes_differ(void **state)
{
    (void)state;
    uint8_t x[32], y[32];
    crypto_random(x, sizeof x);
    crypto_random(y, sizeof y);
    assert_memory_not_equal(x, y, sizeof x);
    crypto_cleanse(x, sizeof x);
    for (size_t i = 0; i < sizeof x; i++)
        assert_int_equal(x[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_fips_180), cmocka_unit_test(hmac_of_rfc_4231), cmocka_unit_test(equal_needs_same_bytes),
        cmocka_unit_test(hexadecimal_both_ways), cmocka_unit_test(base64url_of_rfc_4648), cmocka_unit_test(random_bytes_differ),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
