/* The public keys that verify access tokens, as this process knows them: read again when they changed (asked each second), each minute, and when a token
 * names a key that nobody knows (at most once in 10 s: anybody can write a kid into a token). Real time. */
#ifndef SOUK_SERVICE_SESSION_KEYS_H
#define SOUK_SERVICE_SESSION_KEYS_H

#include "auth/token.h"
#include "db/db.h"
#include "service/cognito.h"

struct session_keys;

struct session_keys *session_keys_new(void);
void session_keys_destroy(struct session_keys *k);                       /* NULL is allowed */
/* Reads them if something changed or a minute has passed. The keys that are known stay when it fails. */
MUST_CHECK bool session_keys_refresh(struct session_keys *k, struct db *db, struct err *e);
/* Reads them now, unless somebody did less than 10 s ago. */
MUST_CHECK bool session_keys_unknown(struct session_keys *k, struct db *db, struct err *e);
/* Give back with token_keys_unref. NULL: none were read yet. */
struct token_keys *session_keys_get(struct session_keys *k);
/* The user pools of Cognito that are configured, read with the keys. Give back with cognito_pools_unref; NULL: none were read yet. */
struct cognito_pools *session_keys_pools(struct session_keys *k);

#endif
