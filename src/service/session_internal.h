/* Between the files of sessions. */
#ifndef SOUK_SERVICE_SESSION_INTERNAL_H
#define SOUK_SERVICE_SESSION_INTERNAL_H

#include "service/session.h"
#include "service/session_news.h"

/* The time in a UUIDv7: created_at of the session's row, which finds its partition. */
usec_t session_created(struct session_id id);
/* Who did it, for the audit trail: the actor's id, else "guest". */
struct str session_actor(const struct call *c);
struct str session_cookie(struct arena *a, struct session_id session, struct str secret, struct account_id account);
struct str session_redis_key(struct arena *a, struct account_id account, struct session_id session);

struct str session_hash(struct arena *a, struct str secret);     /* what is stored of a secret */

/* Words of a token's scope beside the permissions. */
#define SCOPE_CUSTOMER "customer"
#define SCOPE_STAFF "staff"
#define SCOPE_SECOND_FACTOR "mfa"
struct str session_audience(const struct call *c);

/* What an access token says. */
struct session_claims {
    struct account_id account;
    struct session_id session;
    bool staff, second_factor;
    struct str permissions;              /* names, blanks between */
    usec_t expires_at;                   /* of the session: no token outlives it */
};
/* Fills access_token and access_s (libidentity). PROBLEM_UNAVAILABLE while no key signs. */
MUST_CHECK bool session_access_token(struct call *c, const struct session_claims *claims, struct session_grant *grant, struct err *e);

#endif
