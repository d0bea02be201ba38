/* Vectors: RFC 6979 appendix A.2.5, RFC 7515 appendix A.3; keys made with Python's cryptography. */
#include "with_arena.h"

#include "crypto/sign.h"

#define EC_SPKI "3059301306072a8648ce3d020106082a8648ce3d03010703420004a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dc"
#define EC_PKCS8 "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420c8a473dd5644b29dff78fae0d1580fa8bf3c08358d489f17b0492c53fbfb6706a14403420004a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dc"
#define P384_SPKI "3076301006072a8648ce3d020106052b8104002203620004d22737de5f506542ba9d8b2b4b33b29deb0b6e35fbe035865192b58ddbe34ed593535bd617e26133f0be0ed32d942ac6e8f1e5f3d62160fa9e254526c299066666a6edee65af3590ed1db3792dd953e2557b391b5636c67a1ddd72a4cebd0c9e"
#define P384_PKCS8 "3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430de546ecbf5ea62004246429527e0f27518ad1934fc3cde729ca4f0a5eec2f414dc7359dea7d9eafcad34f3bbd8f822c5a16403620004d22737de5f506542ba9d8b2b4b33b29deb0b6e35fbe035865192b58ddbe34ed593535bd617e26133f0be0ed32d942ac6e8f1e5f3d62160fa9e254526c299066666a6edee65af3590ed1db3792dd953e2557b391b5636c67a1ddd72a4cebd0c9e"
#define RSA_N "d0deab839817949485acb9f4b0e51eb1e984e22c4b720812d26d2eeebb6e4b0af14516482685ed318f59669c727e29ac8ea5cc8114f1db8e30c3a906176a2b9ffe67fcd257fe16c498d82cc800a1636694170efed4207d3210b6b33a2661bc99d84e8ee82d7d7b0610e579de7f762fdf6f27659b2ca607205be8734c66fe3ece496d71af8296efc303f92f44646eb2f9fa08f1c706e2abea666accfa838c83e5b3caa583c070c610deffb440f4ce1fc295210a30f706e08141890c54e750e05ee3ebf4024a0272da31f0d6e611f2b73b4a0ccdcc603dd1831927982283012818d56eb80fd8618d72b5d72b447e05092c8f727d36d405114e5766c482f80f16c9"
#define RSA_SPKI "30820122300d06092a864886f70d01010105000382010f003082010a0282010100" RSA_N "0203010001"

static struct str bytes(struct arena *a, const char *hex)
{
    struct str s;
    assert_true(crypto_unhex(a, str_from(hex), &s));
    return s;
}

static struct verify_key *ec(struct arena *a, const char *x, const char *y)
{
    struct verify_key *k = NULL;
    struct err e;
    err_clear(&e);
    if (!verify_key_ec(bytes(a, x), bytes(a, y), &k, &e)) fail_msg("%s", e.detail);
    return k;
}

static void es256_vectors(void **state)
{
    struct verify_key *k = ec(*state, "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6", "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
    struct str sample = bytes(*state, "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8");
    struct str test = bytes(*state, "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083");
    assert_true(verify_signature(k, STR("sample"), sample));
    assert_true(verify_signature(k, STR("test"), test));
    assert_false(verify_signature(k, STR("test"), sample));
    assert_false(verify_signature(k, STR("sample"), str_sub(sample, 0, 63)));
    char *longer = arena_alloc(*state, 65);
    memcpy(longer, sample.p, 64);
    assert_false(verify_signature(k, STR("sample"), str_of(longer, 65)));
    char zeros[64] = {0};
    assert_false(verify_signature(k, STR("sample"), str_of(zeros, 64)));
    memset(zeros, 0xff, sizeof zeros);
    assert_false(verify_signature(k, STR("sample"), str_of(zeros, 64)));
    assert_false(verify_signature(k, STR("sample"), STR_NULL));
    for (size_t i = 0; i < 64; i++) {                  /* every byte counts */
        char *changed = arena_alloc(*state, 64);
        memcpy(changed, sample.p, 64);
        changed[i] ^= 1;
        assert_false(verify_signature(k, STR("sample"), str_of(changed, 64)));
    }
    verify_key_free(k);
    k = ec(*state, "7fcdce2770f6c45d4183cbee6fdb4b7b580733357be9ef13bacf6e3c7bd15445", "c7f144cd1bbd9b7e872cdfedb9eeb9f4b3695d6ea90b24ad8a4623288588e5ad");
    struct str jws;
    assert_true(crypto_unbase64url(*state, STR("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"), &jws));
    assert_true(verify_signature(k, STR("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"), jws));
    verify_key_free(k);
    verify_key_free(NULL);
}

static void sign_and_verify(void **state)
{
    struct sign_key *k = sign_key_generate(), *again = NULL;
    struct verify_key *v = sign_key_public(k);
    uint8_t signature[ES256_LEN];
    struct err e;
    err_clear(&e);
    for (int i = 0; i < 300; i++) {                    /* short numbers, high bits: every shape of DER comes by */
        struct str text = str_printf(*state, "text %d", i);
        sign_es256(k, text, signature);
        assert_true(verify_signature(v, text, str_of((const char *)signature, sizeof signature)));
        assert_false(verify_signature(v, STR("another"), str_of((const char *)signature, sizeof signature)));
    }
    struct str pkcs8 = sign_key_to_pkcs8(k, *state);
    assert_true(sign_key_from_pkcs8(pkcs8, &again, &e));
    assert_true(str_eq(sign_key_to_spki(again, *state), verify_key_to_spki(v, *state)));
    sign_es256(again, STR("x"), signature);
    assert_true(verify_signature(v, STR("x"), str_of((const char *)signature, sizeof signature)));
    verify_key_free(v);
    sign_key_free(k);
    sign_key_free(again);
    sign_key_free(NULL);
}

static void stored_keys(void **state)
{
    struct verify_key *v = NULL;
    struct sign_key *k = NULL;
    struct verify_parts parts;
    struct err e;
    err_clear(&e);
    assert_true(verify_key_spki(bytes(*state, EC_SPKI), &v, &e));
    assert_int_equal(verify_key_alg(v), SIGN_ES256);
    verify_key_parts(v, *state, &parts);
    assert_true(str_eq(crypto_hex(*state, parts.x.p, parts.x.n), STR("a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838")));
    assert_true(str_eq(crypto_hex(*state, parts.y.p, parts.y.n), STR("cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dc")) && str_is_null(parts.n));
    assert_true(str_eq(verify_key_to_spki(v, *state), bytes(*state, EC_SPKI)));
    verify_key_free(v);
    assert_true(sign_key_from_pkcs8(bytes(*state, EC_PKCS8), &k, &e));
    assert_true(str_eq(sign_key_to_spki(k, *state), bytes(*state, EC_SPKI)));
    sign_key_free(k);
    assert_true(verify_key_spki(bytes(*state, RSA_SPKI), &v, &e));
    assert_int_equal(verify_key_alg(v), SIGN_RS256);
    verify_key_parts(v, *state, &parts);
    assert_true(str_eq(parts.n, bytes(*state, RSA_N)) && str_eq(parts.e, bytes(*state, "010001")) && str_is_null(parts.x));
    assert_true(str_eq(verify_key_to_spki(v, *state), bytes(*state, RSA_SPKI)));
    verify_key_free(v);
}

static void refused(void **state)
{
    static const char *const spki[] = {"", "30", EC_SPKI "00", P384_SPKI,
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dd",
        "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"};      /* Ed25519 */
    static const char *const pkcs8[] = {"", "30", EC_PKCS8 "00", P384_PKCS8, EC_SPKI,
        /* a private key with another's public part */
        "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420c8a473dd5644b29dff78fae0d1580fa8bf3c08358d489f17b0492c53fbfb6706a1440342000460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"};
    struct verify_key *v = NULL;
    struct sign_key *k = NULL;
    struct err e;
    err_clear(&e);
    for (size_t i = 0; i < ARRAY_LEN(spki); i++)
        if (verify_key_spki(bytes(*state, spki[i]), &v, &e)) fail_msg("%s", spki[i]);
    for (size_t i = 0; i < ARRAY_LEN(pkcs8); i++)
        if (sign_key_from_pkcs8(bytes(*state, pkcs8[i]), &k, &e)) fail_msg("%s", pkcs8[i]);
    assert_false(verify_key_spki(STR_NULL, &v, &e) || sign_key_from_pkcs8(STR_NULL, &k, &e));
    struct str x = bytes(*state, "a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838"), zero = bytes(*state, "0000000000000000000000000000000000000000000000000000000000000000");
    assert_false(verify_key_ec(x, x, &v, &e));
    assert_false(verify_key_ec(zero, zero, &v, &e));
    assert_false(verify_key_ec(str_sub(x, 0, 31), x, &v, &e));
    assert_false(verify_key_ec(STR_NULL, x, &v, &e));
    struct str n = bytes(*state, RSA_N), f4 = bytes(*state, "010001");
    assert_false(verify_key_rsa(str_sub(n, 0, 128), f4, &v, &e));         /* 1024 bits */
    assert_false(verify_key_rsa(str_sub(n, 0, 255), f4, &v, &e));
    assert_false(verify_key_rsa(STR_NULL, f4, &v, &e));
    assert_false(verify_key_rsa(n, STR_NULL, &v, &e));
    assert_false(verify_key_rsa(n, bytes(*state, "01"), &v, &e));
    assert_false(verify_key_rsa(n, bytes(*state, "010000"), &v, &e));
    assert_false(verify_key_rsa(n, bytes(*state, "010000000001"), &v, &e));
    char *even = arena_alloc(*state, n.n), *big = arena_alloc(*state, 2000);
    memcpy(even, n.p, n.n);
    even[n.n - 1] ^= 1;
    memset(big, 0xff, 2000);
    assert_false(verify_key_rsa(str_of(even, n.n), f4, &v, &e));
    assert_false(verify_key_rsa(str_of(big, 2000), f4, &v, &e));
    assert_int_equal(e.problem, PROBLEM_INVALID);
    assert_int_equal(sign_alg_find(STR("ES256")), SIGN_ES256);
    assert_int_equal(sign_alg_find(STR("RS256")), SIGN_RS256);
    static const char *const algs[] = {"", "none", "None", "HS256", "es256", "ES256 ", "ES384", "PS256", "RS512"};
    for (size_t i = 0; i < ARRAY_LEN(algs); i++)
        assert_int_equal(sign_alg_find(str_from(algs[i])), SIGN_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(es256_vectors), WITH_ARENA(sign_and_verify), WITH_ARENA(stored_keys), WITH_ARENA(refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
