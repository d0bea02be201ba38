/* Hashes, HMAC, random, comparison, and the text forms of bytes. */
/* EVP looks its algorithm up anew for each hash, under locks that all threads share; that took as long as the hashing itself.
 * The plain functions of SHA-256 are deprecated for engines and FIPS, which nobody needs here. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

void crypto_random(void *p, size_t n)
{
    BUG_IF(n > INT_MAX || RAND_priv_bytes(p, (int)n) != 1);
}

static void begin(SHA256_CTX *c)
{
    BUG_IF(SHA256_Init(c) != 1);
}

static void add(SHA256_CTX *c, const void *p, size_t n)
{
    BUG_IF(n > 0 && SHA256_Update(c, p, n) != 1);
}

static void end(SHA256_CTX *c, uint8_t ret_hash[SHA256_LEN])
{
    BUG_IF(SHA256_Final(ret_hash, c) != 1);
}

void crypto_sha256(struct str data, uint8_t ret_hash[SHA256_LEN])
{
    SHA256_CTX c;
    begin(&c);
    add(&c, data.p, data.n);
    end(&c, ret_hash);
}

struct str crypto_sha256_hex(struct arena *a, struct str data)
{
    uint8_t hash[SHA256_LEN];
    crypto_sha256(data, hash);
    return crypto_hex(a, hash, sizeof hash);
}

/* RFC 2104. */
void crypto_hmac_sha256(struct str key, struct str data, uint8_t ret_mac[SHA256_LEN])
{
    uint8_t pad[SHA256_CBLOCK] = {0}, inner[SHA256_LEN];
    SHA256_CTX c;
    if (key.n > sizeof pad)
        crypto_sha256(key, pad);
    else if (key.n > 0)
        memcpy(pad, key.p, key.n);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36;
    begin(&c);
    add(&c, pad, sizeof pad);
    add(&c, data.p, data.n);
    end(&c, inner);
    for (size_t i = 0; i < sizeof pad; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    begin(&c);
    add(&c, pad, sizeof pad);
    add(&c, inner, sizeof inner);
    end(&c, ret_mac);
    OPENSSL_cleanse(pad, sizeof pad);
    OPENSSL_cleanse(inner, sizeof inner);
    OPENSSL_cleanse(&c, sizeof c);
}

bool crypto_equal(struct str a, struct str b)
{
    if (a.p == NULL || b.p == NULL || a.n != b.n)
        return false;
    return CRYPTO_memcmp(a.p, b.p, a.n) == 0;
}

void crypto_cleanse(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}

struct str crypto_hex(struct arena *a, const void *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *in = p;
    char *out = arena_alloc(a, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[in[i] >> 4];
        out[2 * i + 1] = digits[in[i] & 15];
    }
    return str_of(out, n * 2);
}

bool crypto_unhex(struct arena *a, struct str hex, struct str *ret_bytes)
{
    if (hex.p == NULL || hex.n % 2 != 0)
        return false;
    char *out = arena_alloc(a, hex.n / 2 + 1);
    for (size_t i = 0; i < hex.n / 2; i++) {
        int high = str_hex_digit(hex.p[2 * i]), low = str_hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (char)(high << 4 | low);
    }
    *ret_bytes = str_of(out, hex.n / 2);
    return true;
}

static const char base64url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str crypto_base64url(struct arena *a, struct str bytes)
{
    const uint8_t *in = (const uint8_t *)bytes.p;
    char *out = arena_alloc(a, bytes.n / 3 * 4 + 5);
    size_t n = 0, i = 0;
    for (; i + 3 <= bytes.n; i += 3) {
        uint32_t v = (uint32_t)in[i] << 16 | (uint32_t)in[i + 1] << 8 | in[i + 2];
        out[n++] = base64url_digits[v >> 18];
        out[n++] = base64url_digits[v >> 12 & 63];
        out[n++] = base64url_digits[v >> 6 & 63];
        out[n++] = base64url_digits[v & 63];
    }
    if (bytes.n - i == 1) {
        out[n++] = base64url_digits[in[i] >> 2];
        out[n++] = base64url_digits[(in[i] & 3) << 4];
    } else if (bytes.n - i == 2) {
        out[n++] = base64url_digits[in[i] >> 2];
        out[n++] = base64url_digits[(in[i] & 3) << 4 | in[i + 1] >> 4];
        out[n++] = base64url_digits[(in[i + 1] & 15) << 2];
    }
    return str_of(out, n);
}

static int base64url_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool crypto_unbase64url(struct arena *a, struct str text, struct str *ret_bytes)
{
    if (text.p == NULL || text.n % 4 == 1)
        return false;
    uint8_t *out = arena_alloc(a, text.n / 4 * 3 + 4);
    size_t n = 0;
    uint32_t v = 0;
    int bits = 0;
    for (size_t i = 0; i < text.n; i++) {
        int d = base64url_value(text.p[i]);
        if (d < 0)
            return false;
        v = v << 6 | (uint32_t)d;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[n++] = (uint8_t)(v >> bits);
            v &= (1u << bits) - 1;
        }
    }
    if (v != 0)                 /* bits behind the last byte must be zero: one text per value */
        return false;
    *ret_bytes = str_of((const char *)out, n);
    return true;
}
