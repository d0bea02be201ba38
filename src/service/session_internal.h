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

/* Secrets: 32 random bytes as text; stored is their SHA-256. */
struct str session_secret(struct arena *a);
struct str session_hash(struct arena *a, struct str secret);

#endif
