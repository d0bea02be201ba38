/* Secrets of sessions, and the successor of a refresh token: pure functions (libsouk).
 *
 * successor = HMAC-SHA256(key, old secret): two exchanges of one token at once give the same successor, and nothing has to be kept in clear for that.
 * Stored are hashes only (SHA-256: the secrets have 256 bits). `key`: keyring_derive(KEY_REFRESH). */
#ifndef SOUK_AUTH_REFRESH_H
#define SOUK_AUTH_REFRESH_H

#include "base/ids.h"
#include "crypto/crypto.h"

enum { SECRET_TEXT_LEN = 43 };      /* 32 bytes as base64url */

struct str secret_new(struct arena *a);                                      /* random, SECRET_TEXT_LEN characters, cleansed with the arena */
struct str secret_successor(struct arena *a, const uint8_t key[AEAD_KEY_LEN], struct str secret);      /* of the same form */
/* What is stored; also of other random secrets ("sk_…"). Takes the text as it is. */
void secret_hash(struct str secret, uint8_t ret_hash[SHA256_LEN]);

/* "<prefix>_<26>.<secret>", as cookies, refresh tokens and verifications are: ses, chl, dev … False for any other form. */
struct str secret_token(struct arena *a, enum id_kind kind, struct uuid id, struct str secret);
bool secret_token_split(struct str token, enum id_kind kind, struct uuid *ret_id, struct str *ret_secret);

#endif
