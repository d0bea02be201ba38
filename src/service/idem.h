/* Idempotency keys around a transaction of ours (checkout has its own way: one statement does it all).
 *
 *   struct idem k;
 *   if (!idem_begin(c, scope, &k, e)) return false;              // with a key: the transaction is open from here on
 *   if (k.replay) return idem_replay... (render k.result)
 *   ... writes ...
 *   return idem_end(c, &k, 200, result, e);                       // stores the result and commits; without a key: nothing
 *
 * Between the two, a failure calls idem_abort. */
#ifndef SOUK_SERVICE_IDEM_H
#define SOUK_SERVICE_IDEM_H

#include "service/call.h"

struct idem {
    bool keyed;            /* a key was sent: a transaction is open */
    bool replay;           /* it was used before: nothing is open, `status` and `result` are those of that time */
    struct str scope;
    int64_t status;
    struct str result;
};

/* PROBLEM_IN_FLIGHT, PROBLEM_IDEMPOTENCY_REUSED. A call without a key gets {.keyed = false} and no transaction. */
MUST_CHECK bool idem_begin(struct call *c, struct str scope, struct idem *ret_idem, struct err *e);
MUST_CHECK bool idem_end(struct call *c, const struct idem *k, int status, struct str result, struct err *e);
void idem_abort(struct call *c, const struct idem *k);

/* What idem_begin answers, for those who ask in their own statement. */
bool idem_refused(struct str outcome, struct err *e);

#endif
