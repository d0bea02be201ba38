#include "crypto/sign.h"

#include <limits.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

/* `ready` is a context after initialisation, copied for each signature: initialising fetches algorithms by name, which takes locks and microseconds. */
struct verify_key {
    enum sign_alg alg;
    EVP_PKEY *pkey;
    EVP_PKEY_CTX *ready;
};

struct sign_key {
    EVP_PKEY *pkey;
    EVP_PKEY_CTX *ready;
};

enum { RSA_EXPONENT_MAX = 5, DER_ES256_MAX = 72 };

const char *sign_alg_name(enum sign_alg alg)
{
    return alg == SIGN_ES256 ? "ES256" : alg == SIGN_RS256 ? "RS256" : "";
}

enum sign_alg sign_alg_find(struct str name)
{
    return str_eq_c(name, "ES256") ? SIGN_ES256 : str_eq_c(name, "RS256") ? SIGN_RS256 : SIGN_NONE;
}

static bool bad_key(struct err *e, const char *why)
{
    return err_set(e, PROBLEM_INVALID, "the key %s", why);
}

static EVP_PKEY *from_params(const char *kind, int selection, OSSL_PARAM *params)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    BUG_IF(ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1);
    if (EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1) pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

/* Takes pkey over. */
static bool verify_key_ready(enum sign_alg alg, EVP_PKEY *pkey, struct verify_key **ret_key, struct err *e)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ok = ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
              (alg != SIGN_RS256 || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1);
    if (!ok) {
        EVP_PKEY_CTX_free(ctx);
        EVP_PKEY_free(pkey);
        return bad_key(e, "cannot verify");
    }
    struct verify_key *k = calloc(1, sizeof *k);
    BUG_IF(k == NULL);
    *k = (struct verify_key){alg, pkey, ctx};
    *ret_key = k;
    return true;
}

bool verify_key_ec(struct str x, struct str y, struct verify_key **ret_key, struct err *e)
{
    uint8_t point[1 + 2 * P256_COORD_LEN] = {POINT_CONVERSION_UNCOMPRESSED};
    if (str_is_null(x) || str_is_null(y) || x.n != P256_COORD_LEN || y.n != P256_COORD_LEN) return bad_key(e, "has coordinates that are not 32 bytes long");
    memcpy(point + 1, x.p, P256_COORD_LEN);
    memcpy(point + 1 + P256_COORD_LEN, y.p, P256_COORD_LEN);
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char *)"P-256", 0),
                           OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point), OSSL_PARAM_construct_end()};
    EVP_PKEY *pkey = from_params("EC", EVP_PKEY_PUBLIC_KEY, params);
    if (pkey == NULL) return bad_key(e, "is no point of P-256");
    return verify_key_ready(SIGN_ES256, pkey, ret_key, e);
}

static struct str without_zeros(struct str s)
{
    while (s.n > 0 && s.p[0] == '\0') s = str_sub(s, 1, s.n - 1);
    return s;
}

static EVP_PKEY *rsa_pkey(struct str n, struct str exponent)
{
    BIGNUM *bn_n = BN_bin2bn((const uint8_t *)n.p, (int)n.n, NULL), *bn_e = BN_bin2bn((const uint8_t *)exponent.p, (int)exponent.n, NULL);
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    BUG_IF(bn_n == NULL || bn_e == NULL || b == NULL || OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, bn_n) != 1 ||
           OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, bn_e) != 1);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
    BUG_IF(params == NULL);
    EVP_PKEY *pkey = from_params("RSA", EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(b);
    BN_free(bn_n);
    BN_free(bn_e);
    return pkey;
}

bool verify_key_rsa(struct str n, struct str exponent, struct verify_key **ret_key, struct err *e)
{
    n = without_zeros(n);
    exponent = without_zeros(exponent);
    if (n.n < RSA_BITS_MIN / 8 || n.n > RSA_BITS_MAX / 8 || (n.n == RSA_BITS_MIN / 8 && ((uint8_t)n.p[0] & 0x80) == 0))
        return bad_key(e, "has a modulus outside 2048 to 8192 bits");
    if ((n.p[n.n - 1] & 1) == 0 || exponent.n == 0 || exponent.n > RSA_EXPONENT_MAX || (exponent.p[exponent.n - 1] & 1) == 0 || (exponent.n == 1 && exponent.p[0] == 1))
        return bad_key(e, "has an even modulus or a strange exponent");
    EVP_PKEY *pkey = rsa_pkey(n, exponent);
    if (pkey == NULL) return bad_key(e, "is no RSA key");
    return verify_key_ready(SIGN_RS256, pkey, ret_key, e);
}

static struct str big_param(const EVP_PKEY *pkey, const char *name, size_t width, struct arena *a)
{
    BIGNUM *bn = NULL;
    if (EVP_PKEY_get_bn_param(pkey, name, &bn) != 1) return STR_NULL;
    size_t n = width > 0 ? width : (size_t)BN_num_bytes(bn);
    uint8_t *out = arena_alloc(a, n + 1);
    bool ok = BN_bn2binpad(bn, out, (int)n) == (int)n;
    BN_free(bn);
    return ok ? str_of((const char *)out, n) : STR_NULL;
}

static void pkey_parts(const EVP_PKEY *pkey, struct arena *a, struct verify_parts *ret)
{
    *ret = (struct verify_parts){STR_NULL, STR_NULL, STR_NULL, STR_NULL};
    if (EVP_PKEY_is_a(pkey, "EC")) {
        ret->x = big_param(pkey, OSSL_PKEY_PARAM_EC_PUB_X, P256_COORD_LEN, a);
        ret->y = big_param(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, P256_COORD_LEN, a);
    } else if (EVP_PKEY_is_a(pkey, "RSA")) {
        ret->n = big_param(pkey, OSSL_PKEY_PARAM_RSA_N, 0, a);
        ret->e = big_param(pkey, OSSL_PKEY_PARAM_RSA_E, 0, a);
    }
}

static bool is_p256(const EVP_PKEY *pkey)
{
    char group[64];
    return EVP_PKEY_is_a(pkey, "EC") && EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) == 1 && strcmp(group, "prime256v1") == 0;
}

/* Taken apart and put together again, so that every key passes the same checks. */
bool verify_key_spki(struct str der, struct verify_key **ret_key, struct err *e)
{
    const uint8_t *p = (const uint8_t *)der.p;
    struct verify_parts parts;
    if (p == NULL || der.n > SIGN_DER_MAX) return bad_key(e, "is no SubjectPublicKeyInfo");
    EVP_PKEY *pkey = d2i_PUBKEY(NULL, &p, (long)der.n);
    if (pkey == NULL || p != (const uint8_t *)der.p + der.n || (EVP_PKEY_is_a(pkey, "EC") && !is_p256(pkey))) {
        EVP_PKEY_free(pkey);
        return bad_key(e, "is no SubjectPublicKeyInfo of a kind that is used here");
    }
    struct arena *a = arena_new();
    pkey_parts(pkey, a, &parts);
    EVP_PKEY_free(pkey);
    bool ok = str_is_null(parts.n) ? verify_key_ec(parts.x, parts.y, ret_key, e) : verify_key_rsa(parts.n, parts.e, ret_key, e);
    arena_destroy(a);
    return ok;
}

void verify_key_free(struct verify_key *k)
{
    if (k == NULL) return;
    EVP_PKEY_CTX_free(k->ready);
    EVP_PKEY_free(k->pkey);
    free(k);
}

enum sign_alg verify_key_alg(const struct verify_key *k)
{
    return k->alg;
}

void verify_key_parts(const struct verify_key *k, struct arena *a, struct verify_parts *ret_parts)
{
    pkey_parts(k->pkey, a, ret_parts);
}

static struct str pkey_spki(const EVP_PKEY *pkey, struct arena *a)
{
    uint8_t *der = NULL;
    int n = i2d_PUBKEY(pkey, &der);
    BUG_IF(n <= 0);
    struct str s = str_dup(a, str_of((const char *)der, (size_t)n));
    OPENSSL_free(der);
    return s;
}

struct str verify_key_to_spki(const struct verify_key *k, struct arena *a)
{
    return pkey_spki(k->pkey, a);
}

/* --- verifying ----------------------------------------------------------------------------------------------------- */

static bool verify_raw(const struct verify_key *k, struct str data, const uint8_t *signature, size_t n)
{
    uint8_t hash[SHA256_LEN];
    crypto_sha256(data, hash);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_dup(k->ready);
    BUG_IF(ctx == NULL);
    bool ok = EVP_PKEY_verify(ctx, signature, n, hash, sizeof hash) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

/* INTEGER of 32 big-endian bytes, in its shortest form. */
static size_t der_integer(uint8_t *out, const uint8_t *v)
{
    size_t skip = 0;
    while (skip < P256_COORD_LEN - 1 && v[skip] == 0) skip++;
    size_t pad = v[skip] >= 0x80, n = P256_COORD_LEN - skip;
    out[0] = 2;
    out[1] = (uint8_t)(n + pad);
    out[2] = 0;
    memcpy(out + 2 + pad, v + skip, n);
    return 2 + pad + n;
}

bool verify_signature(const struct verify_key *k, struct str data, struct str signature)
{
    const uint8_t *s = (const uint8_t *)signature.p;
    if (s == NULL) return false;
    if (k->alg != SIGN_ES256) return verify_raw(k, data, s, signature.n);
    uint8_t der[DER_ES256_MAX] = {0x30};
    if (signature.n != ES256_LEN) return false;
    size_t n = 2 + der_integer(der + 2, s);
    n += der_integer(der + n, s + P256_COORD_LEN);
    der[1] = (uint8_t)(n - 2);
    return verify_raw(k, data, der, n);
}

bool verify_signature_der(const struct verify_key *k, struct str data, struct str signature)
{
    return !str_is_null(signature) && verify_raw(k, data, (const uint8_t *)signature.p, signature.n);
}

/* --- private keys -------------------------------------------------------------------------------------------------- */

static struct sign_key *sign_key_ready(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    struct sign_key *k = calloc(1, sizeof *k);
    BUG_IF(ctx == NULL || k == NULL || EVP_PKEY_sign_init(ctx) != 1 || EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) != 1);
    *k = (struct sign_key){pkey, ctx};
    return k;
}

struct sign_key *sign_key_generate(void)
{
    EVP_PKEY *pkey = EVP_EC_gen("P-256");
    BUG_IF(pkey == NULL);
    return sign_key_ready(pkey);
}

static bool is_pair(EVP_PKEY *pkey)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    bool ok = ctx != NULL && EVP_PKEY_check(ctx) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

bool sign_key_from_pkcs8(struct str der, struct sign_key **ret_key, struct err *e)
{
    const uint8_t *p = (const uint8_t *)der.p;
    PKCS8_PRIV_KEY_INFO *info = p != NULL && der.n <= SIGN_DER_MAX ? d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.n) : NULL;
    EVP_PKEY *pkey = info != NULL && p == (const uint8_t *)der.p + der.n ? EVP_PKCS82PKEY(info) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    if (pkey == NULL || !is_p256(pkey) || !is_pair(pkey)) {
        EVP_PKEY_free(pkey);
        return bad_key(e, "is no private key of P-256");
    }
    *ret_key = sign_key_ready(pkey);
    return true;
}

void sign_key_free(struct sign_key *k)
{
    if (k == NULL) return;
    EVP_PKEY_CTX_free(k->ready);
    EVP_PKEY_free(k->pkey);
    free(k);
}

static struct str secret_copy(struct arena *a, const void *p, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    memcpy(out, p, n);
    arena_cleanse(a, out, n);
    return str_of(out, n);
}

struct str sign_key_to_pkcs8(const struct sign_key *k, struct arena *a)
{
    uint8_t *der = NULL;
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(k->pkey);
    int n = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : -1;
    BUG_IF(n <= 0);
    struct str s = secret_copy(a, der, (size_t)n);
    OPENSSL_clear_free(der, (size_t)n);
    PKCS8_PRIV_KEY_INFO_free(info);
    return s;
}

struct str sign_key_to_spki(const struct sign_key *k, struct arena *a)
{
    return pkey_spki(k->pkey, a);
}

struct verify_key *sign_key_public(const struct sign_key *k)
{
    struct verify_key *v = NULL;
    struct err e;
    struct arena *a = arena_new();
    err_clear(&e);
    bool ok = verify_key_spki(pkey_spki(k->pkey, a), &v, &e);
    arena_destroy(a);
    BUG_IF(!ok);
    return v;
}

void sign_es256(const struct sign_key *k, struct str data, uint8_t ret_signature[ES256_LEN])
{
    uint8_t hash[SHA256_LEN], der[DER_ES256_MAX];
    const uint8_t *p = der;
    size_t n = sizeof der;
    crypto_sha256(data, hash);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_dup(k->ready);
    BUG_IF(ctx == NULL || EVP_PKEY_sign(ctx, der, &n, hash, sizeof hash) != 1);
    EVP_PKEY_CTX_free(ctx);
    ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)n);
    BUG_IF(sig == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret_signature, P256_COORD_LEN) != P256_COORD_LEN ||
           BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret_signature + P256_COORD_LEN, P256_COORD_LEN) != P256_COORD_LEN);
    ECDSA_SIG_free(sig);
}
