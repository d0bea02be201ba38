/* Password hashes of others, HMAC-SHA1, and the text forms they come in. */
#include "crypto/kdf.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

void crypto_hmac_sha1(struct str key, struct str data, uint8_t ret_mac[SHA1_LEN])
{
    unsigned int n = SHA1_LEN;
    BUG_IF(key.n > INT_MAX || !HMAC(EVP_sha1(), key.p ? key.p : "", (int)key.n, (const unsigned char *)(data.p ? data.p : ""), data.n, ret_mac, &n) || n != SHA1_LEN);
}

static bool derive(const char *name, const OSSL_PARAM *params, void *ret_key, size_t n, struct err *e)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
    EVP_KDF_CTX *ctx = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    bool ok = ctx != NULL && EVP_KDF_derive(ctx, ret_key, n, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return ok || err_cause(e, "%s with these parameters failed", name);
}

static OSSL_PARAM bytes_param(const char *name, struct str s)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(s.p ? s.p : ""), s.n);
}

bool kdf_pbkdf2(enum kdf_hash hash, struct str password, struct str salt, uint32_t iterations, void *ret_key, size_t n, struct err *e)
{
    static const char *const names[] = {[KDF_SHA1] = "SHA1", [KDF_SHA256] = "SHA256", [KDF_SHA512] = "SHA512"};
    unsigned int rounds = iterations;
    int lenient = 1;                      /* salts shorter than SP 800-132 wants were used by others */
    const OSSL_PARAM params[] = {bytes_param(OSSL_KDF_PARAM_PASSWORD, password), bytes_param(OSSL_KDF_PARAM_SALT, salt),
                                 OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &rounds), OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &lenient),
                                 OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char *)names[hash], 0), OSSL_PARAM_construct_end()};
    return derive(OSSL_KDF_NAME_PBKDF2, params, ret_key, n, e);
}

bool kdf_scrypt(struct str password, struct str salt, int cost, uint32_t r, uint32_t p, uint64_t memory_max, void *ret_key, size_t n, struct err *e)
{
    if (cost < 1 || cost > 62) return err_cause(e, "scrypt with a cost of 2^%d", cost);
    uint64_t rounds = UINT64_C(1) << cost;
    const OSSL_PARAM params[] = {bytes_param(OSSL_KDF_PARAM_PASSWORD, password), bytes_param(OSSL_KDF_PARAM_SALT, salt),
                                 OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &rounds), OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
                                 OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p), OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_MAXMEM, &memory_max),
                                 OSSL_PARAM_construct_end()};
    return derive("SCRYPT", params, ret_key, n, e);
}

static const char base32_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* `width` bits a character; what is left over at the end is filled with zero bits. */
static struct str encode(struct arena *a, struct str bytes, const char *digits, int width, size_t pad_to)
{
    char *out = arena_alloc(a, bytes.n * 8 / (size_t)width + 1 + pad_to);
    size_t n = 0;
    uint32_t v = 0;
    int bits = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        v = v << 8 | (uint8_t)bytes.p[i];
        for (bits += 8; bits >= width; bits -= width)
            out[n++] = digits[v >> (bits - width) & ((1u << width) - 1)];
        v &= (1u << bits) - 1;
    }
    if (bits > 0) out[n++] = digits[v << (width - bits) & ((1u << width) - 1)];
    while (pad_to > 0 && n % pad_to != 0) out[n++] = '=';
    return str_of(out, n);
}

/* One text per value: the last character's spare bits must be zero, and no character may be superfluous. */
static bool decode(struct arena *a, struct str text, const char *digits, int width, struct str *ret_bytes)
{
    if (str_is_null(text)) return false;
    char *out = arena_alloc(a, text.n * (size_t)width / 8 + 1);
    size_t n = 0;
    uint32_t v = 0;
    int bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        const char *d = text.p[i] != '\0' ? strchr(digits, text.p[i]) : NULL;
        if (d == NULL) return false;
        v = v << width | (uint32_t)(d - digits);
        bits += width;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (char)(uint8_t)(v >> bits);
            v &= (1u << bits) - 1;
        }
    }
    if (v != 0 || bits >= width) return false;
    *ret_bytes = str_of(out, n);
    return true;
}

struct str crypto_base32(struct arena *a, struct str bytes)
{
    return encode(a, bytes, base32_digits, 5, 0);
}

bool crypto_unbase32(struct arena *a, struct str text, struct str *ret_bytes)
{
    return decode(a, text, base32_digits, 5, ret_bytes);
}

struct str crypto_base64(struct arena *a, struct str bytes, bool padding)
{
    return encode(a, bytes, base64_digits, 6, padding ? 4 : 0);
}

bool crypto_unbase64(struct arena *a, struct str text, struct str *ret_bytes)
{
    size_t n = text.n;
    while (n > 0 && text.n - n < 2 && text.p[n - 1] == '=') n--;
    if (n < text.n && (text.n % 4 != 0)) return false;
    return decode(a, str_sub(text, 0, n), base64_digits, 6, ret_bytes);
}
