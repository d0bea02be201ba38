/* Hashes, HMAC, authenticated encryption, random, comparison in constant time. The only folder that includes OpenSSL. */
#ifndef SOUK_CRYPTO_CRYPTO_H
#define SOUK_CRYPTO_CRYPTO_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { SHA256_LEN = 32, AEAD_KEY_LEN = 32 };

void crypto_random(void *p, size_t n);                               /* aborts when the kernel gives none */
void crypto_sha256(struct str data, uint8_t ret_hash[SHA256_LEN]);
struct str crypto_sha256_hex(struct arena *a, struct str data);
void crypto_hmac_sha256(struct str key, struct str data, uint8_t ret_mac[SHA256_LEN]);
bool crypto_equal(struct str a, struct str b);                       /* constant time in the content; lengths are public */
void crypto_cleanse(void *p, size_t n);

struct str crypto_hex(struct arena *a, const void *p, size_t n);
bool crypto_unhex(struct arena *a, struct str hex, struct str *ret_bytes);
struct str crypto_base64url(struct arena *a, struct str bytes);      /* no padding (RFC 4648 section 5) */
bool crypto_unbase64url(struct arena *a, struct str text, struct str *ret_bytes);

/* AES-256-GCM, random 96-bit nonce in front: version byte, nonce, ciphertext, tag. `context` is authenticated, not stored:
 * name the table, column and row, so that a ciphertext cannot be moved to another place. */
struct str crypto_seal(struct arena *a, const uint8_t key[AEAD_KEY_LEN], struct str context, struct str plain);
MUST_CHECK bool crypto_open(struct arena *a, const uint8_t key[AEAD_KEY_LEN], struct str context, struct str sealed, struct str *ret_plain, struct err *e);

/* Signed, expiring, purpose-bound tokens for links and states: base64url(payload) '.' base64url(HMAC). */
struct str crypto_token_make(struct arena *a, struct str key, const char *purpose, struct str payload, int64_t expires_s);
MUST_CHECK bool crypto_token_check(struct arena *a, struct str key, const char *purpose, struct str token, int64_t now_s, struct str *ret_payload, struct err *e);

#endif
