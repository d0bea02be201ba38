/* One-time codes of an authenticator app (RFC 6238: HMAC-SHA1, 30 seconds, six digits, as every app understands) and recovery codes (libidentity). */
#ifndef SOUK_AUTH_TOTP_H
#define SOUK_AUTH_TOTP_H

#include "crypto/crypto.h"

enum { TOTP_SECRET_LEN = 20, TOTP_DIGITS = 6, TOTP_STEP_S = 30, TOTP_WINDOW = 1 /* steps before and after */, RECOVERY_CODES = 10, RECOVERY_TEXT_LEN = 11 };

void totp_secret_new(uint8_t ret_secret[TOTP_SECRET_LEN]);
/* For people who type: base32 in groups of four. */
struct str totp_secret_text(struct arena *a, const uint8_t secret[TOTP_SECRET_LEN]);
/* otpauth://totp/Shop:ada%40example.com?secret=…&issuer=Shop&algorithm=SHA1&digits=6&period=30 */
struct str totp_uri(struct arena *a, const uint8_t secret[TOTP_SECRET_LEN], struct str issuer, struct str account);
uint32_t totp_code(struct str secret, int64_t step);                         /* step = seconds since 1970 / 30 */
/* Blanks in `code` are fine. Accepts steps from one before to one after `now_s`, none at or before `last_step`: the caller stores *ret_step (in the same transaction, with
 * WHERE last_step < it), so that a code works once. last_step 0: none used yet. */
bool totp_check(const uint8_t secret[TOTP_SECRET_LEN], struct str code, int64_t now_s, int64_t last_step, int64_t *ret_step);

/* "k7m2p-x9qra": 50 random bits in letters and digits that nobody mistakes. */
struct str recovery_code_new(struct arena *a);
/* Any case, with or without '-' and blanks, "o" for "0", "i" and "l" for "1": the one form, or false. */
bool recovery_code_normalise(struct arena *a, struct str typed, struct str *ret_code);
/* What is stored. 50 bits are few, so the hash is keyed: keyring_derive(KEY_RECOVERY). Takes the normalised form. */
void recovery_code_hash(const uint8_t key[AEAD_KEY_LEN], struct str account, struct str code, uint8_t ret_hash[SHA256_LEN]);

#endif
