/* Passkeys (WebAuthn level 2): a key in the person's device or password manager that signs the shop's challenge after it looked at a finger, a face or a PIN. User
 * verification is always required, so a passkey is both factors in one. Keys are discoverable: signing in names nobody, the authenticator tells whose key it is
 * (user handle = the account's id).
 *
 * Challenges: the id is sent along and comes back; the 32 bytes to be signed are an HMAC of purpose, id and account under KEY_CHALLENGE, so asking writes nothing and
 * nobody can make one up. The id carries its time (5 minutes), and using it writes the row of identity.challenge that makes a second use impossible.
 *
 * What the browser made comes as base64url without padding, in flat fields, the same for API and forms. */
#ifndef SOUK_SERVICE_PASSKEY_H
#define SOUK_SERVICE_PASSKEY_H

#include "json/shape.h"
#include "service/account.h"
#include "service/call.h"

enum { PASSKEYS_MAX = 20 };

struct passkey_known { struct str id; struct shape_list transports; };     /* base64url; of struct str */

/* What navigator.credentials.create() needs. */
struct passkey_registration {
    struct challenge_id challenge_id;
    struct str challenge;                   /* base64url */
    struct str rp_id, rp_name;              /* host of the shop's address; its name */
    struct str user_id, user_name, user_display_name;
    struct shape_list exclude;              /* struct passkey_known: a device makes one key per account */
    int64_t timeout_ms;
};
/* For the signed-in account. PROBLEM_CONFLICT with PASSKEYS_MAX keys. */
MUST_CHECK bool passkey_register_begin(struct call *c, struct passkey_registration *ret, struct err *e);

struct passkey_register_in {
    struct challenge_id challenge;
    struct str client_data_json, attestation_object;
    struct shape_list transports;           /* struct str; unknown ones are left out */
    struct str name;                        /* absent: what the browser is */
};
struct passkey_info {
    struct passkey_id id;
    struct str name;
    bool backed_up;                         /* synchronised by its provider, so a lost device loses no key */
    usec_t created_at, last_used_at;        /* 0: never */
    int64_t version;
};
struct passkey_registered {
    struct passkey_info passkey;
    struct session_grant grant;             /* the session rose (user verification is a second factor) */
};
/* PROBLEM_INVALID (what the browser sent, param `attestation_object` or `client_data_json`), _EXPIRED (challenge), _ALREADY_EXISTS (key), _SECOND_FACTOR_REQUIRED. */
MUST_CHECK bool passkey_register_finish(struct call *c, const struct passkey_register_in *in, struct passkey_registered *ret, struct err *e);

/* What navigator.credentials.get() needs: the same for everybody. */
struct passkey_request {
    struct challenge_id challenge_id;
    struct str challenge, rp_id;
    int64_t timeout_ms;
};
MUST_CHECK bool passkey_login_begin(struct call *c, struct passkey_request *ret, struct err *e);

struct passkey_login_in {
    struct challenge_id challenge;
    struct str credential_id, client_data_json, authenticator_data, signature, user_handle;
    enum session_kind kind;
};
/* PROBLEM_INVALID_CREDENTIALS whatever is wrong with key or signature, _EXPIRED (challenge). A counter that went backwards (a copied key) is refused and told to the owner. */
MUST_CHECK bool passkey_login(struct call *c, const struct passkey_login_in *in, struct login_result *ret, struct err *e);
/* The signed-in person shows to be there by a passkey: raises the session. The key must be the account's. */
MUST_CHECK bool passkey_confirm(struct call *c, const struct passkey_login_in *in, struct session_grant *ret_grant, struct err *e);

/* Of the signed-in account. PROBLEM_NOT_FOUND for somebody else's. */
MUST_CHECK bool passkey_list(struct call *c, struct shape_list *ret_list, struct err *e);
MUST_CHECK bool passkey_rename(struct call *c, struct passkey_id passkey, struct str name, struct passkey_info *ret, struct err *e);
/* PROBLEM_INVALID_STATE: the only way into the account. */
MUST_CHECK bool passkey_remove(struct call *c, struct passkey_id passkey, struct err *e);

#endif
