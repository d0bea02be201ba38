/* Vectors: RFC 2202 (HMAC-SHA1), RFC 6070 (PBKDF2-SHA1), RFC 7914 (PBKDF2-SHA256, scrypt), RFC 4648 (base32, base64). */
#include "with_arena.h"

#include "crypto/kdf.h"

static void check_hex(struct arena *a, const void *p, size_t n, const char *hex)
{
    assert_str(crypto_hex(a, p, n), hex);
}

static void hmac_sha1(void **state)
{
    uint8_t mac[SHA1_LEN];
    crypto_hmac_sha1(STR("Jefe"), STR("what do ya want for nothing?"), mac);
    check_hex(*state, mac, sizeof mac, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    crypto_hmac_sha1(str_of("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", 20), STR("Hi There"), mac);
    check_hex(*state, mac, sizeof mac, "b617318655057264e28bc0b6fb378c8ef146be00");
}

static void pbkdf2(void **state)
{
    static const struct { enum kdf_hash hash; const char *password, *salt; uint32_t rounds; size_t n; const char *hex; } rows[] = {
        {KDF_SHA1, "password", "salt", 1, 20, "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
        {KDF_SHA1, "password", "salt", 4096, 20, "4b007901b765489abead49d926f721d065a429c1"},
        {KDF_SHA1, "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25, "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"},
        {KDF_SHA256, "passwd", "salt", 1, 64, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc" "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
        {KDF_SHA512, "password", "salt", 1, 64, "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252" "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t out[64];
        struct err e;
        err_clear(&e);
        assert_true(kdf_pbkdf2(rows[i].hash, str_from(rows[i].password), str_from(rows[i].salt), rows[i].rounds, out, rows[i].n, &e));
        check_hex(*state, out, rows[i].n, rows[i].hex);
    }
}

static void scrypt(void **state)
{
    uint8_t out[64];
    struct err e;
    err_clear(&e);
    assert_true(kdf_scrypt(STR(""), STR(""), 4, 1, 1, 1 << 20, out, sizeof out, &e));
    check_hex(*state, out, 32, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
    assert_true(kdf_scrypt(STR("password"), STR("NaCl"), 10, 8, 16, 32 << 20, out, sizeof out, &e));
    check_hex(*state, out, 32, "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    assert_false(kdf_scrypt(STR("password"), STR("NaCl"), 20, 8, 1, 32 << 20, out, sizeof out, &e));        /* a gigabyte */
    assert_false(kdf_scrypt(STR("password"), STR("NaCl"), 0, 8, 1, 32 << 20, out, sizeof out, &e));
    assert_false(kdf_scrypt(STR("password"), STR("NaCl"), 63, 8, 1, 32 << 20, out, sizeof out, &e));
}

static void texts(void **state)
{
    static const struct { const char *plain, *base32, *base64; } rows[] = {{"", "", ""}, {"f", "MY", "Zg=="}, {"fo", "MZXQ", "Zm8="}, {"foo", "MZXW6", "Zm9v"},
        {"foob", "MZXW6YQ", "Zm9vYg=="}, {"fooba", "MZXW6YTB", "Zm9vYmE="}, {"foobar", "MZXW6YTBOI", "Zm9vYmFy"}};
    struct str out;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str plain = str_from(rows[i].plain), b64 = str_from(rows[i].base64), bare = crypto_base64(*state, plain, false);
        assert_str(crypto_base32(*state, plain), rows[i].base32);
        assert_true(crypto_unbase32(*state, str_from(rows[i].base32), &out) && str_eq(out, plain));
        assert_str(crypto_base64(*state, plain, true), rows[i].base64);
        assert_true(crypto_unbase64(*state, b64, &out) && str_eq(out, plain));
        assert_true(crypto_unbase64(*state, bare, &out) && str_eq(out, plain));
    }
    assert_str(crypto_base64(*state, STR("\xfb\xff\xfe"), false), "+//+");
    static const char *const bad32[] = {"M", "MZ=", "mzxw6", "MZX", "M1XQ", "MZXQ====", "MB"}, *const bad64[] = {"Z", "Zh==", "Zg=", "Zm9v=", "Zm9v====", "Zm9_", "Zm 9", "=", "Zg==="};
    for (size_t i = 0; i < ARRAY_LEN(bad32); i++)
        if (crypto_unbase32(*state, str_from(bad32[i]), &out)) fail_msg("%s", bad32[i]);
    for (size_t i = 0; i < ARRAY_LEN(bad64); i++)
        if (crypto_unbase64(*state, str_from(bad64[i]), &out)) fail_msg("%s", bad64[i]);
    assert_false(crypto_unbase64(*state, STR_NULL, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(hmac_sha1), WITH_ARENA(pbkdf2), WITH_ARENA(scrypt), WITH_ARENA(texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
