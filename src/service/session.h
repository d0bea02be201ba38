/* Sessions: who is signed in, in which browser or app. PostgreSQL holds them, Redis serves them ({u:ACCOUNT}:s:SESSION), and each worker reads each
 * second which accounts and sessions have news (identity.revocation), so that an end reaches every worker within a second, whatever Redis says.
 *
 * A browser holds the cookie __Host-session: "<ses_…>.<secret>.<acc_…>" (the account only says where Redis may know it). An app holds an access token (JWT, ES256, minutes) and a refresh token
 * "<ses_…>.<secret>", exchanged at each use; the successor is an HMAC of the old one, so two exchanges at once give the same one. */
#ifndef SOUK_SERVICE_SESSION_H
#define SOUK_SERVICE_SESSION_H

#include "json/shape.h"
#include "service/call.h"

#define SESSION_COOKIE "__Host-session"

enum session_kind { SESSION_BROWSER, SESSION_APP };
enum session_method { SESSION_BY_PASSWORD, SESSION_BY_PASSKEY, SESSION_BY_OIDC, SESSION_BY_COGNITO, SESSION_BY_LINK };

struct session_new {
    struct account_id account;
    enum session_kind kind;
    enum session_method method;
    bool second_factor;
    usec_t password_at;                  /* when the password was chosen that was looked at; 0: none was. No session when there is another one by now */
};

struct session_grant {
    struct session_id session;
    struct account_id account;
    struct str cookie;                   /* browsers: value of SESSION_COOKIE */
    int64_t cookie_s;                    /* its life */
    struct str access_token;             /* apps */
    int64_t access_s;
    struct str refresh_token;
};

/* Opens a session: row, audit ("session.opened"), last_sign_in_at. Device and place come from call->user_agent and call->client. */
MUST_CHECK bool session_open(struct call *c, const struct session_new *in, struct session_grant *ret_grant, struct err *e);

/* Fill *ret_actor (customer or staff). PROBLEM_UNAUTHENTICATED for a session that is over, PROBLEM_INVALID_TOKEN for a token that is none. Checking a token touches no
 * database; checking a cookie asks Redis, and PostgreSQL where Redis does not know. */
MUST_CHECK bool session_by_cookie(struct call *c, struct str cookie, struct actor *ret_actor, struct err *e);
/* Is this cookie, which opens nothing, the one before the present one of a session that lives on (a request that left before the answer with the new one came)? */
MUST_CHECK bool session_cookie_rotated(struct call *c, struct str cookie, bool *ret_rotated, struct err *e);
MUST_CHECK bool session_by_token(struct call *c, struct str access_token, struct actor *ret_actor, struct err *e);

/* The same actor as PostgreSQL knows it now: whether the person proved to be there is in no token. PROBLEM_UNAUTHENTICATED. */
MUST_CHECK bool session_look(struct call *c, struct actor *actor, struct err *e);

/* Exchanges a refresh token. Reuse later than the race window ends the session, tells the owner by mail, PROBLEM_INVALID_TOKEN. */
MUST_CHECK bool session_refresh(struct call *c, struct str refresh_token, struct session_grant *ret_grant, struct err *e);
/* Ends the session of a refresh or access token; a token that is none is fine (RFC 7009). */
MUST_CHECK bool session_revoke(struct call *c, struct str token, struct err *e);
/* The public keys that check access tokens, as a JWK Set. PROBLEM_UNAVAILABLE before the first one is known. */
MUST_CHECK bool session_jwks(struct call *c, struct str *ret_json, struct err *e);
/* At a rise of privilege (second factor, fresh proof): a new secret, and what was proved is written down. For apps a new access token. */
MUST_CHECK bool session_raise(struct call *c, struct session_id session, bool second_factor, struct session_grant *ret_grant, struct err *e);

/* PROBLEM_NOT_FOUND for somebody else's. Ending twice is fine. `reason`: signed_out, ended_by_owner, password_changed, token_reused, disabled, … */
MUST_CHECK bool session_end(struct call *c, struct account_id account, struct session_id session, const char *reason, struct err *e);
/* All sessions of an account but one (zero: none is spared), and everything that a user pool issued for it until now. */
MUST_CHECK bool session_end_all(struct call *c, struct account_id account, struct session_id spare, const char *reason, int *ret_ended, struct err *e);
/* What anybody remembers of the account's permissions and status is void: after a change of roles. */
MUST_CHECK bool session_forget(struct call *c, struct account_id account, struct err *e);

struct session_info {
    struct session_id id;
    enum session_kind kind;
    struct str kind_name, method;        /* "browser", "app"; "password", "passkey" … */
    struct str device, place;
    usec_t created_at, last_used_at;
    bool second_factor, current;
};
MUST_CHECK bool session_list(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e);

#endif
