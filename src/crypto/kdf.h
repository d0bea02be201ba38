/* Slow hashes of passwords made elsewhere, and old hashes that an RFC insists on. Nothing new is built on these: our own passwords are argon2id
 * (auth/password.h), our own hashes SHA-256. Callers bound the cost before they call. */
#ifndef SOUK_CRYPTO_KDF_H
#define SOUK_CRYPTO_KDF_H

#include "crypto/crypto.h"

enum { SHA1_LEN = 20 };
enum kdf_hash { KDF_SHA1, KDF_SHA256, KDF_SHA512 };

void crypto_hmac_sha1(struct str key, struct str data, uint8_t ret_mac[SHA1_LEN]);      /* RFC 4226 and 6238 only */

MUST_CHECK bool kdf_pbkdf2(enum kdf_hash hash, struct str password, struct str salt, uint32_t iterations, void *ret_key, size_t n, struct err *e);
/* cost = log2(N). Memory: 128 * r * N bytes; fails when that is more than memory_max. */
MUST_CHECK bool kdf_scrypt(struct str password, struct str salt, int cost, uint32_t r, uint32_t p, uint64_t memory_max, void *ret_key, size_t n, struct err *e);

/* --- text forms (RFC 4648) --- */
struct str crypto_base32(struct arena *a, struct str bytes);                            /* upper case, no padding */
bool crypto_unbase32(struct arena *a, struct str text, struct str *ret_bytes);          /* upper case, no padding, canonical */
struct str crypto_base64(struct arena *a, struct str bytes, bool padding);              /* '+' and '/' */
bool crypto_unbase64(struct arena *a, struct str text, struct str *ret_bytes);          /* with the right padding or none; canonical */

#endif
