/* The keys that sign access tokens (libidentity). A shop has one from the first start of its user pool on. Rotation: the new key is published at once, so that every pool
 * knows it before it signs two minutes later; the old one verifies until the last token that it signed has expired. Private keys are
 * stored sealed (KEY_SIGNING_WRAP). Real time throughout. */
#ifndef SOUK_SERVICE_SIGNING_KEY_H
#define SOUK_SERVICE_SIGNING_KEY_H

#include "json/shape.h"
#include "service/call.h"

#define SIGNING_KEY_AHEAD (120 * USEC_PER_SEC)     /* published before it signs */

/* env->signer, still without a key; and its end. */
void signing_key_start(struct service_env *env);
void signing_key_stop(struct service_env *env);
/* Makes the first key of the shop unless there is one, and brings the signer to the key of this moment. Called each second; asks the database
 * when something may have changed. */
MUST_CHECK bool signing_key_tick(const struct service_env *env, struct db *db, struct err *e);

/* `at_once`: the old keys are in somebody else's hands: the new one signs from now on, tokens of the others are void. *ret_kid: the new key's name. */
MUST_CHECK bool signing_key_rotate(struct call *c, bool at_once, struct str *ret_kid, struct err *e);

struct signing_key {
    struct str kid, state;               /* "next", "signs", "verifies" */
    usec_t activates_at, retires_at, created_at;
};
/* Those that are not over, the newest first. */
MUST_CHECK bool signing_key_list(struct call *c, struct shape_list *ret_list, struct err *e);

#endif
