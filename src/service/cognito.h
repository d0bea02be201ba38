/* Access tokens of Amazon Cognito user pools as bearer tokens: a shop that has Cognito keeps it. Part of libsouk, because every pool's gate does it.
 *
 * A token counts when its user pool is configured (`souk providers set … --kind cognito`), its signature holds (RS256, the pool's keys as they were last fetched), it is an
 * access token (`token_use`), its `client_id` is allowed and it is in time. Its groups (`cognito:groups`) are mapped to roles each time; nothing of them is stored. Who is
 * seen for the first time gets an account without a password and without an address.
 *
 * The keys are fetched by `souk-jobs core` (job provider_keys); other processes only read them from PostgreSQL. */
#ifndef SOUK_SERVICE_COGNITO_H
#define SOUK_SERVICE_COGNITO_H

#include "auth/token.h"
#include "service/call.h"

/* The configured user pools with keys and groups: immutable, with one reference at first. Empty in most shops. */
struct cognito_pools;

/* Reads them (any pool's role may): with the signing keys, every 60 s and on an unknown key. A pool whose keys do not parse is left out. */
MUST_CHECK bool cognito_pools_read(struct db *d, struct cognito_pools **ret_pools, struct err *e);
struct cognito_pools *cognito_pools_ref(struct cognito_pools *p);
void cognito_pools_unref(struct cognito_pools *p);                   /* NULL is allowed */
size_t cognito_pools_count(const struct cognito_pools *p);           /* 0 for NULL */

/* Checks the token (`pools` may be NULL) and fills *ret_actor: a customer, or staff when a group of theirs maps to roles with permissions. `now_s`: real time.
 * *ret_fault is always written. TOKEN_UNKNOWN_KEY: no configured pool has that key, so it may be nobody's, or one that was not fetched yet (cognito_keys_wanted() asks for
 * that). One look-up in PostgreSQL, which also knows whether the account's sessions were ended after the token was issued; the actor's session stays zero.
 * PROBLEM_INVALID_TOKEN; PROBLEM_UNAUTHENTICATED for an account that is disabled. */
MUST_CHECK bool cognito_token_actor(struct call *c, const struct cognito_pools *pools, struct str token, int64_t now_s, struct actor *ret_actor, enum token_fault *ret_fault,
                                    struct err *e);
/* Tells `souk-jobs core` that a key is missing; it fetches at most every 10 s. Cheap, and silent when there is no user pool. */
void cognito_keys_wanted(struct call *c, const struct cognito_pools *pools);

#endif
