/* OpenID Connect as the relying party (OpenID Connect Core 1.0, Discovery 1.0, PKCE RFC 7636, issuer in the answer RFC 9207): the code flow's messages (libidentity).
 * Who checks the ID token is service/identity_provider.c, with auth/token.h. */
#ifndef SOUK_NET_OIDC_H
#define SOUK_NET_OIDC_H

#include "json/value.h"
#include "net/http_client.h"

enum { OIDC_DISCOVERY_MAX = 65536, OIDC_JWKS_MAX = 262144, OIDC_TOKENS_MAX = 65536, OIDC_CODE_MAX = 2048, OIDC_SUBJECT_MAX = 255 };

struct oidc_endpoints {
    struct str issuer, authorization, token, userinfo, jwks;         /* userinfo may be absent */
    bool names_issuer;               /* its answers carry `iss` (RFC 9207): one without is refused */
    bool secret_in_body;             /* client_secret_post is all it knows */
};

/* {issuer}/.well-known/openid-configuration, as it came. */
MUST_CHECK bool oidc_discover(struct http_client *h, struct arena *a, struct str issuer, int64_t deadline, struct str *ret_document, struct err *e);
/* PROBLEM_UNAVAILABLE with a cause when it is another issuer's or lacks something. */
MUST_CHECK bool oidc_endpoints_parse(struct str document, struct arena *a, struct str issuer, struct oidc_endpoints *ret, struct err *e);
MUST_CHECK bool oidc_fetch_jwks(struct http_client *h, struct arena *a, struct str url, int64_t deadline, struct str *ret_jwks, struct err *e);

struct oidc_request {
    struct str client_id, redirect_uri, scopes, state, nonce;
    struct str verifier;             /* RFC 7636 section 4.1: 43..128 characters; only its S256 goes out */
    struct str locale;               /* ui_locales; may be absent */
    bool again;                      /* the person shall show to be there now, signed in or not: prompt=login, max_age=0 (Core section 3.1.2.1) */
};
struct str oidc_authorization_url(struct arena *a, const struct oidc_endpoints *p, const struct oidc_request *q);
struct str oidc_challenge(struct arena *a, struct str verifier);

struct oidc_exchange { struct str client_id, client_secret /* absent: public client */, redirect_uri, code, verifier; };
struct oidc_tokens { struct str id_token, access_token; };
/* PROBLEM_INVALID_TOKEN: the provider refused the code (invalid_grant); PROBLEM_UNAVAILABLE: everything else that is no answer, the cause says what. */
MUST_CHECK bool oidc_exchange_code(struct http_client *h, struct arena *a, const struct oidc_endpoints *p, const struct oidc_exchange *x, int64_t deadline,
                                   struct oidc_tokens *ret, struct err *e);
/* The claims of the userinfo endpoint; `sub` must be `subject`. */
MUST_CHECK bool oidc_userinfo(struct http_client *h, struct arena *a, const struct oidc_endpoints *p, struct str access_token, struct str subject, int64_t deadline,
                              const struct json_value **ret_claims, struct err *e);

#endif
