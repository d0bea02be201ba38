/* The keyring: one master key per shop, from a file that only its user may read. Nothing is encrypted with the master key
 * itself: purpose keys are derived from it, and the key of each person is wrapped with one of them.
 *
 * The file holds 64 hexadecimal digits. Who loses it loses the names and addresses of every order: it belongs into a
 * safe, never beside the backups. A KMS would be another way to fill `struct keyring`. */
#ifndef SOUK_CRYPTO_KEYRING_H
#define SOUK_CRYPTO_KEYRING_H

#include "crypto/crypto.h"

struct keyring;

/* Purposes of derived keys. A name is for ever: changing it makes what was made with it unreadable. */
#define KEY_PERSON_WRAP "person-wrap/1"      /* wraps the key of each person */
#define KEY_EMAIL_HASH "email-hash/1"        /* keyed hash of e-mail addresses */
#define KEY_ORDER_LINK "order-link/1"        /* links to a guest's order page */
#define KEY_CART_TOKEN "cart-token/1"
#define KEY_PAYMENT_STATE "payment-state/1"  /* single-use state of a challenge's return */
#define KEY_SANDBOX_HOOK "sandbox-hook/1"    /* HMAC secret of the sandbox provider's events */
#define KEY_CSRF "csrf/1"
#define KEY_CHALLENGE "challenge/1"          /* codes and links of mails, derived from the challenge's id */
#define KEY_CHALLENGE_SEAL "challenge-seal/1" /* seals what a challenge keeps for its short life */
#define KEY_REFRESH "refresh-token/1"        /* the successor of a refresh token */
#define KEY_SIGNING_WRAP "signing-wrap/1"    /* seals the private keys of access tokens */
#define KEY_THROTTLE "throttle/1"            /* keyed hash of what tries are counted for */
#define KEY_TOTP "totp/1"                    /* seals the secrets of authenticator apps */
#define KEY_RECOVERY "recovery-code/1"       /* keyed hash of recovery codes */
#define KEY_PROVIDER "provider/1"            /* seals the client secrets of outside identity providers */
#define KEY_STATE "identity-state/1"         /* signed single-use states and links of sign-in, export, invitation */

/* Fails when the file is missing, of another form, or readable by group or others. */
MUST_CHECK bool keyring_load(const char *path, struct keyring **ret_keyring, struct err *e);
/* Writes a new random master key (mode 0600) unless the file exists already. */
MUST_CHECK bool keyring_create_file(const char *path, struct err *e);
struct keyring *keyring_from_bytes(const uint8_t master[AEAD_KEY_LEN]);      /* tests */
void keyring_destroy(struct keyring *k);                                     /* cleanses; NULL is allowed */

/* HKDF-SHA-256 (RFC 5869) of the master key with `purpose` as info. */
void keyring_derive(const struct keyring *k, const char *purpose, uint8_t ret_key[AEAD_KEY_LEN]);

/* Wraps a 32-byte key for storage; `context` names whose it is. */
struct str keyring_wrap(const struct keyring *k, struct arena *a, struct str context, const uint8_t key[AEAD_KEY_LEN]);
MUST_CHECK bool keyring_unwrap(const struct keyring *k, struct arena *a, struct str context, struct str wrapped,
                               uint8_t ret_key[AEAD_KEY_LEN], struct err *e);

#endif
