/* Signing in with an identity from outside: OpenID Connect, code flow with PKCE (libidentity; the user pool, the operators' command, the jobs).
 *
 * A sign-in begins with a row of identity.challenge (purpose "oidc") and a cookie; nonce and PKCE verifier are derived from the row's id, so nothing secret is stored. The
 * state that travels is signed, works once, in one browser, for OIDC_LIFE, and for one provider.
 *
 * Whose account is it? The one that this (provider, subject) belongs to. Else, when the provider says that the e-mail address is verified and we verified the same address of an
 * account: that account, from now on. Else a new account: with the address when the provider verified it, without one otherwise. Nobody's account is ever taken over on
 * the strength of an address that was not verified on both sides. */
#ifndef SOUK_SERVICE_IDENTITY_PROVIDER_H
#define SOUK_SERVICE_IDENTITY_PROVIDER_H

#include "json/shape.h"
#include "service/account.h"

struct http_client;

#define OIDC_COOKIE "__Host-oidc"
#define OIDC_LIFE (10 * USEC_PER_MINUTE)

/* --- the buttons --- */
struct identity_provider_info {
    struct str name, label;
    struct str href;                     /* "/v1/auth/oidc/google" */
    struct str issuer, client_id, scopes;/* for apps that make the request themselves */
};
/* Enabled providers of kind oidc, by label. */
MUST_CHECK bool identity_providers_list(struct call *c, struct shape_list *ret_list, struct err *e);

/* --- sign-in in a browser --- */
struct identity_start {
    struct str location;                 /* at the provider: 303 */
    struct str cookie;                   /* value of OIDC_COOKIE, SameSite=Lax, for OIDC_LIFE */
};
/* What for: the last two are about the signed-in account (call->actor), which must still be signed in when the browser comes back. */
enum identity_purpose {
    IDENTITY_TO_SIGN_IN,
    IDENTITY_TO_LINK,                    /* one way more into the account */
    IDENTITY_TO_CONFIRM,                 /* its owner shows to be there, by signing in at the provider once more */
};
/* `cookie`: what the browser has already (two tabs share one). `return_to` must be checked.
 * PROBLEM_NOT_FOUND; PROBLEM_UNAVAILABLE: the provider does not answer and nothing is known of it. */
MUST_CHECK bool identity_start(struct call *c, struct str provider, struct str cookie, struct str return_to, enum identity_purpose purpose, struct identity_start *ret,
                               struct err *e);

enum identity_outcome {
    IDENTITY_SIGNED_IN,                  /* `login` says whether a second factor is owed */
    IDENTITY_LINKED,
    IDENTITY_CONFIRMED,                  /* the session rose */
    IDENTITY_ANOTHER,                    /* to confirm, somebody else signed in than the account's owner */
    IDENTITY_DENIED,                     /* the person changed their mind at the provider */
    IDENTITY_LINKED_ELSEWHERE,           /* this identity belongs to another account; or the account has another identity of this provider */
    IDENTITY_SIGN_IN_FIRST,              /* an account has this address but did not verify it: sign in there and link */
};
struct identity_answer { struct str state, code, error, issuer; };      /* the query of the callback; absent where missing */
struct identity_result {
    enum identity_outcome outcome;
    struct str label;                    /* of the provider */
    struct str return_to;
    struct login_result login;           /* IDENTITY_SIGNED_IN */
    struct session_grant grant;          /* IDENTITY_CONFIRMED: replaces what the browser holds */
};
/* PROBLEM_EXPIRED: a state that is not ours, of another browser or provider, used or too old. PROBLEM_INVALID_TOKEN: the provider refused the code, or its ID token is not right
 * (to confirm, also: it tells of a sign-in from before the question; a provider that does not tell when it was is believed, as it is when somebody signs in).
 * PROBLEM_UNAVAILABLE: it does not answer. */
MUST_CHECK bool identity_finish(struct call *c, struct str provider, struct str cookie, const struct identity_answer *in, struct str trusted, struct identity_result *ret, struct err *e);

/* --- sign-in in an app ---
 * The app itself sends the person to the provider (with our client id, its own PKCE pair and redirect_uri, which the provider's row allows) and hands over the code.
 * `nonce`: the one of its request; when absent the ID token must have none. PROBLEM_INVALID for a redirect_uri that is not allowed. */
struct identity_code { struct str code, code_verifier, redirect_uri, nonce, trusted; };
MUST_CHECK bool identity_exchange(struct call *c, struct str provider, const struct identity_code *in, struct identity_result *ret, struct err *e);

/* --- what an account has --- */
struct identity_link {
    struct str provider, label, kind;
    usec_t linked_at, last_used_at;
    bool removable;                      /* false: the only way into the account, or not the account's to remove */
};
MUST_CHECK bool identity_links(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e);
/* PROBLEM_NOT_FOUND, PROBLEM_INVALID_STATE (the only way in). The owner is told. */
MUST_CHECK bool identity_unlink(struct call *c, struct account_id account, struct str provider, struct err *e);

/* --- for operators --- */
struct identity_provider {
    struct str name, kind, label, issuer, client_id, scopes, jwks_url;
    struct shape_list allowed_clients, app_redirects;    /* of struct str */
    struct str group_roles;              /* JSON: {"group": ["role", …]} */
    bool has_secret, second_factor, enabled;
    usec_t fetched_at;                   /* real time; 0: never */
    struct str last_error;
};
MUST_CHECK bool identity_provider_list(struct call *c, struct shape_list *ret_list, struct err *e);
/* What is absent stays as it is (or gets its default in a new row). */
struct identity_provider_set {
    struct str name, kind, label, issuer, client_id, client_secret, scopes, jwks_url;
    bool has_clients, has_redirects, has_groups;
    struct shape_list allowed_clients, app_redirects, groups;    /* of struct str; groups: "group=role" */
    struct opt_bool second_factor, enabled;
};
/* PROBLEM_INVALID with the field. *ret_new: the row was made. */
MUST_CHECK bool identity_provider_put(struct call *c, const struct identity_provider_set *in, bool *ret_new, struct err *e);
/* Asks the provider for its document and its keys, now. */
struct identity_provider_test { struct str authorization, token, jwks; int keys; };
MUST_CHECK bool identity_provider_test(struct call *c, struct str name, struct identity_provider_test *ret, struct err *e);

/* Job of `souk-jobs core`: fetches keys that are old, or were missed. */
MUST_CHECK bool identity_provider_refresh(struct call *c, int *ret_done, struct err *e);

/* The HTTP client that the configuration describes. */
MUST_CHECK bool identity_http_open(const struct config *config, struct http_client **ret_client, struct err *e);
void identity_http_close(struct http_client *client);

#endif
