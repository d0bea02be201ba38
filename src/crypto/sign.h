/* Signatures: ES256 (ECDSA on P-256 with SHA-256) and RS256 (RSASSA-PKCS1-v1_5 with SHA-256), RFC 7518 sections 3.3 and 3.4.
 * A key is parsed and checked once and used by any number of threads; it knows its one algorithm, nobody else chooses. */
#ifndef SOUK_CRYPTO_SIGN_H
#define SOUK_CRYPTO_SIGN_H

#include "crypto/crypto.h"

enum sign_alg { SIGN_NONE, SIGN_ES256, SIGN_RS256 };
const char *sign_alg_name(enum sign_alg alg);                    /* "ES256" as in JWS; "" for SIGN_NONE */
enum sign_alg sign_alg_find(struct str name);                    /* exact; SIGN_NONE for everything else */

enum { ES256_LEN = 64, P256_COORD_LEN = 32, RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192, SIGN_DER_MAX = 4096 };

/* --- public keys --- */
struct verify_key;
struct verify_parts { struct str x, y, n, e; };                  /* big-endian; x and y 32 bytes each, n and e without leading zeros */

/* PROBLEM_INVALID for a point that is not on the curve, a modulus outside RSA_BITS_MIN..MAX, an even or tiny exponent, trailing bytes. */
MUST_CHECK bool verify_key_ec(struct str x, struct str y, struct verify_key **ret_key, struct err *e);
MUST_CHECK bool verify_key_rsa(struct str n, struct str exponent, struct verify_key **ret_key, struct err *e);
MUST_CHECK bool verify_key_spki(struct str der, struct verify_key **ret_key, struct err *e);     /* SubjectPublicKeyInfo, DER */
void verify_key_free(struct verify_key *k);                      /* NULL is allowed */
enum sign_alg verify_key_alg(const struct verify_key *k);
void verify_key_parts(const struct verify_key *k, struct arena *a, struct verify_parts *ret_parts);
struct str verify_key_to_spki(const struct verify_key *k, struct arena *a);

/* A JWS signature: ES256 is r and s, 32 bytes each. False is all there is to know. */
bool verify_signature(const struct verify_key *k, struct str data, struct str signature);
/* ES256 as ASN.1 (WebAuthn sends it so); RS256 is the same in both. */
bool verify_signature_der(const struct verify_key *k, struct str data, struct str signature);

/* --- private keys: P-256 only --- */
struct sign_key;
struct sign_key *sign_key_generate(void);
MUST_CHECK bool sign_key_from_pkcs8(struct str der, struct sign_key **ret_key, struct err *e);
void sign_key_free(struct sign_key *k);                          /* NULL is allowed */
/* PrivateKeyInfo, DER, cleansed with the arena: seal it (KEY_SIGNING_WRAP) before it goes anywhere. */
struct str sign_key_to_pkcs8(const struct sign_key *k, struct arena *a);
struct str sign_key_to_spki(const struct sign_key *k, struct arena *a);
struct verify_key *sign_key_public(const struct sign_key *k);    /* a key of its own */
void sign_es256(const struct sign_key *k, struct str data, uint8_t ret_signature[ES256_LEN]);

#endif
