/* Checking signed tokens (JWT, RFC 7519, RFC 8725, RFC 9068): part of libsouk, because every pool's gate does it.
 *
 * Strict: at most TOKEN_MAX bytes, three parts of canonical base64url, no two equal JSON keys, no `crit`, no `b64`;
 * keys that a header brings along (jwk, jku, x5c) are not looked at. The key
 * is found by `kid` and brings its algorithm; a token that names another one is refused, so "none" and HS256 have no meaning here.
 * All times are real time, in seconds since 1970. */
#ifndef SOUK_AUTH_TOKEN_H
#define SOUK_AUTH_TOKEN_H

#include "crypto/sign.h"
#include "json/value.h"

enum {
    TOKEN_MAX = 4096,               /* of an access token */
    TOKEN_ID_MAX = 16384,           /* of an ID token, which comes in a body */
    TOKEN_KID_MAX = 128,
    TOKEN_KEYS_MAX = 64,
    TOKEN_JWKS_MAX = 262144,
    TOKEN_LEEWAY_S = 30,
};

/* --- sets of public keys: filled once, then read by any number of threads; a new state is a new set --- */
struct token_keys;

struct token_keys *token_keys_new(void);                                     /* with one reference */
struct token_keys *token_keys_ref(struct token_keys *s);
void token_keys_unref(struct token_keys *s);                                 /* NULL is allowed */
/* Takes the key over, also when it fails. not_after_s: refused from then on; 0: no end. Two equal kids are refused. */
MUST_CHECK bool token_keys_add(struct token_keys *s, struct str kid, struct verify_key *key, int64_t not_after_s, struct err *e);
size_t token_keys_count(const struct token_keys *s);
bool token_keys_has(const struct token_keys *s, struct str kid);

/* A JWK Set (RFC 7517) of somebody else. What is of no use here is skipped (RFC 7517 section 5): other kinds and curves, keys for encryption, weak or broken keys, keys
 * without kid. A private or symmetric key, a kid that comes twice, or no usable key at all refuse the set. PROBLEM_INVALID. */
MUST_CHECK bool token_keys_parse(struct str jwks, struct token_keys **ret_keys, struct err *e);
/* {"keys":[{"kty":"EC","crv":"P-256","x":…,"y":…,"kid":…,"use":"sig","alg":"ES256"}]}: for /.well-known/jwks.json. Ended keys are left out. */
struct str token_keys_print(const struct token_keys *s, struct arena *a, int64_t now_s);

/* --- tokens --- */
struct token_rules {
    struct str issuer;              /* `iss`, exactly */
    struct str audience;            /* must be `aud` or in it. Absent: `aud` is not looked at (Cognito's access tokens have none) */
    const char *type;               /* accepted `typ`s, blank between: "at+jwt", "JWT"; with or without "application/", any case */
    bool type_optional;             /* a missing `typ` is fine */
    size_t max;                     /* bytes; 0: TOKEN_MAX */
    /* ID tokens (OpenID Connect Core section 3.1.3.7): absent = not looked at */
    struct str nonce;               /* `nonce`, exactly */
    struct str client_id;           /* `azp` must be it where there is one, and there must be one when `aud` names several */
    struct str access_token;        /* `at_hash` must fit where there is one */
};

struct token_claims {
    struct str issuer, subject, session /* sid */, scope, id /* jti */, client_id, nonce;       /* absent where missing; `subject` never is */
    int64_t issued_s, expires_s, not_before_s, auth_time_s;                                      /* 0: missing; exp and iat never are */
    struct str kid;
    const struct json_value *all;   /* every claim, for what is special to an issuer (token_use, cognito:groups, email) */
};

enum token_fault {
    TOKEN_FINE, TOKEN_MALFORMED, TOKEN_UNKNOWN_KEY /* read the keys again, at most every 10 s */, TOKEN_WRONG_ALGORITHM, TOKEN_BAD_SIGNATURE, TOKEN_EXPIRED,
    TOKEN_TOO_EARLY, TOKEN_WRONG_ISSUER, TOKEN_WRONG_AUDIENCE, TOKEN_WRONG_NONCE, TOKEN_BAD_CLAIMS
};
const char *token_fault_name(enum token_fault f);                /* "expired", for logs and metrics */

/* PROBLEM_INVALID_TOKEN; *ret_fault (may be NULL) is always written. Claims live in the arena; nothing in them was looked at before the signature was right. */
MUST_CHECK bool token_check(const struct token_keys *keys, const struct token_rules *rules, struct str token, int64_t now_s, struct arena *a,
                            struct token_claims *ret_claims, enum token_fault *ret_fault, struct err *e);

/* Does it look like a JWT at all (three parts)? An API key and a refresh token do not. */
bool token_is_jwt(struct str token);

#endif
