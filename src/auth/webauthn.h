/* Passkeys: checking what a browser answers (Web Authentication level 2, sections 7.1 and 7.2); pure, in libidentity.
 *
 * Attestation: who made the authenticator does not matter to a shop. `none` is taken as it is; any other format is self-asserted for us: its statement is bounded
 * and must be well-formed, and is not looked at further. What is registered is bound by challenge, origin and rpId. */
#ifndef SOUK_AUTH_WEBAUTHN_H
#define SOUK_AUTH_WEBAUTHN_H

#include "base/arena.h"
#include "base/err.h"
#include "crypto/sign.h"

enum { WEBAUTHN_CHALLENGE_LEN = 32, WEBAUTHN_CREDENTIAL_ID_MAX = 1023, WEBAUTHN_COSE_MAX = 2048, WEBAUTHN_CLIENT_DATA_MAX = 8192, WEBAUTHN_AUTH_DATA_MAX = 8192,
       WEBAUTHN_ATTESTATION_MAX = 65536, WEBAUTHN_SIGNATURE_MAX = 1024, WEBAUTHN_USER_HANDLE_MAX = 64 };

struct webauthn_expect {
    struct str challenge;           /* the bytes that were sent (not base64url) */
    struct str origins;             /* "https://shop.example", several with a blank between */
    struct str rp_id;               /* "shop.example" */
    bool user_verification;         /* must the person have been verified (PIN, finger)? For a passkey without password: yes */
};

/* Everything as bytes: the service decodes base64url. */
struct webauthn_registration {      /* store these */
    struct str credential_id;       /* 1..1023 bytes */
    struct str public_key;          /* COSE_Key, as it came */
    enum sign_alg alg;
    uint32_t sign_count;
    uint8_t aaguid[16];
    bool user_verified, backup_eligible, backed_up;
    struct str format;              /* of the attestation: "none", "packed", … */
};
/* Every refusal is PROBLEM_INVALID (err.cause says which check failed, for the log). */
MUST_CHECK bool webauthn_register(struct arena *a, const struct webauthn_expect *expect, struct str client_data_json, struct str attestation_object,
                                  struct webauthn_registration *ret, struct err *e);

struct webauthn_credential { struct str public_key; uint32_t sign_count; struct str user_handle; /* the account's; required in the answer when `need_handle` */ bool need_handle; };
struct webauthn_answer { struct str client_data_json, authenticator_data, signature, user_handle /* absent: none came */; };
struct webauthn_assertion {
    uint32_t sign_count;            /* store it */
    bool user_verified, backed_up;
    bool count_went_back;           /* one of the counts is not zero and the new one is not above the stored one (7.2 step 21): a copy of the key may exist. The caller refuses and tells the owner */
};
/* PROBLEM_INVALID_CREDENTIALS. */
MUST_CHECK bool webauthn_assert(struct arena *a, const struct webauthn_expect *expect, const struct webauthn_credential *credential, const struct webauthn_answer *answer,
                                struct webauthn_assertion *ret, struct err *e);

/* A COSE_Key (RFC 9053): EC2 P-256 with alg -7, RSA with alg -257. The caller frees it. */
MUST_CHECK bool webauthn_public_key(struct str cose, struct verify_key **ret_key, struct err *e);

#endif
