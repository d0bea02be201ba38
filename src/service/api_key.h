/* Keys of programs. A secret key ("sk_…") is a server's: it may do what its permissions say, like a role. A publishable key ("pk_…") names who asks (a page, an app),
 * may do nothing that a guest may not, and can be bound to origins. Shown once, stored as SHA-256; revoked at once: every use asks PostgreSQL. */
#ifndef SOUK_SERVICE_API_KEY_H
#define SOUK_SERVICE_API_KEY_H

#include "json/shape.h"
#include "service/call.h"

enum { API_KEY_ORIGINS_MAX = 20 };

struct api_key_new {
    struct str kind;                     /* "secret", "publishable" */
    struct str name;
    struct shape_list permissions;       /* of struct str; a secret key's */
    struct shape_list origins;           /* of struct str: "https://app.example:8443"; a publishable key's; none: anywhere */
    usec_t expires_at;                   /* 0: never */
};
struct api_key {
    struct api_key_id id;
    struct str kind, name, hint, created_by, state;      /* state: "active", "expired", "revoked" */
    struct shape_list permissions, origins;
    usec_t expires_at, last_used_at, revoked_at, created_at;
    struct str secret;                   /* only in the answer to its making; absent otherwise */
};

/* Nobody gives a key more than he may do himself (call->actor). PROBLEM_INVALID, _FORBIDDEN. */
MUST_CHECK bool api_key_create(struct call *c, const struct api_key_new *in, struct api_key *ret_key, struct err *e);
/* The newest first; `cursor` absent: from the start. */
MUST_CHECK bool api_key_list(struct call *c, struct api_key_id before, int64_t limit, struct shape_list *ret_list, struct api_key_id *ret_next, struct err *e);
MUST_CHECK bool api_key_read(struct call *c, struct api_key_id id, struct api_key *ret_key, struct err *e);
/* Effective at once; twice is fine. */
MUST_CHECK bool api_key_revoke(struct call *c, struct api_key_id id, struct err *e);

/* For gates: does it look like a key, and whose is it? `origin`: the request's Origin header, may be absent. A publishable key leaves the actor a guest.
 * PROBLEM_INVALID_TOKEN; PROBLEM_CROSS_ORIGIN for a publishable key from elsewhere. */
bool api_key_is_one(struct str token);
MUST_CHECK bool api_key_check(struct call *c, struct str token, struct str origin, struct actor *ret_actor, bool *ret_publishable, struct err *e);

#endif
