/* Browsers that need no second factor for 30 days after they gave one: a token "<dev_…>.<secret>" (cookie __Host-trusted). It replaces the second step
 * only, never the password, and ends with a change of the password, with the app, by its owner, or by an operator. */
#ifndef SOUK_SERVICE_TRUSTED_DEVICE_H
#define SOUK_SERVICE_TRUSTED_DEVICE_H

#include "json/shape.h"
#include "service/call.h"

#define TRUSTED_COOKIE "__Host-trusted"
#define TRUSTED_LIFE (30 * USEC_PER_DAY)

/* After a second factor was given. The oldest go when there are more than ten. *ret_token is a secret. */
MUST_CHECK bool trusted_device_make(struct call *c, struct account_id account, struct str *ret_token, struct err *e);
/* Whatever the token looks like, it is only ever good or not. */
MUST_CHECK bool trusted_device_check(struct call *c, struct account_id account, struct str token, bool *ret_trusted, struct err *e);
/* All of an account: after a change of the password. `reason` for the audit. */
MUST_CHECK bool trusted_device_end_all(struct call *c, struct account_id account, const char *reason, struct err *e);

struct trusted_device_info {
    struct trusted_device_id id;
    struct str device;
    usec_t created_at, last_used_at, expires_at;
};
/* Of the signed-in account, newest first. */
MUST_CHECK bool trusted_device_list(struct call *c, struct shape_list *ret_list, struct err *e);
/* PROBLEM_NOT_FOUND for somebody else's. */
MUST_CHECK bool trusted_device_end(struct call *c, struct trusted_device_id device, struct err *e);

#endif
