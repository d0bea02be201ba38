/* Making access tokens (RFC 9068): ES256 with the present key; about 30 us each (libidentity). */
#ifndef SOUK_AUTH_TOKEN_SIGN_H
#define SOUK_AUTH_TOKEN_SIGN_H

#include "crypto/sign.h"

/* Holds the present key; any thread may sign while another one brings the next key. Empty at first. */
struct token_signer;
struct token_signer *token_signer_new(void);
void token_signer_destroy(struct token_signer *s);               /* NULL is allowed */
/* `pkcs8`: the opened private key; the caller cleanses its copy. The present key stays when it fails. */
MUST_CHECK bool token_signer_set(struct token_signer *s, struct str kid, struct str pkcs8, struct err *e);
struct str token_signer_kid(struct token_signer *s, struct arena *a);       /* absent: none yet */

struct token_grant {
    struct str issuer, audience, subject, session, scope;        /* an absent one is left out; scope: permission_format() */
    int64_t issued_s, expires_s;                                 /* real time */
};
/* {"alg":"ES256","kid":…,"typ":"at+jwt"} with iss, aud, sub, sid, scope, iat, exp and a random jti. PROBLEM_UNAVAILABLE while there is no key. */
MUST_CHECK bool token_sign(struct token_signer *s, const struct token_grant *g, struct arena *a, struct str *ret_token, struct err *e);

#endif
