/* Between payment.c and payment_work.c: one provider call from its operation row to its stored answer. */
#ifndef SOUK_SERVICE_PAYMENT_INTERNAL_H
#define SOUK_SERVICE_PAYMENT_INTERNAL_H

#include "service/payment.h"

struct payment_result {
    struct str outcome;             /* of begin_v1; "go" when the provider was called */
    enum provider_outcome provider;
    struct str code;
    struct str state;               /* of the attempt now */
};

/* kind: authorize | complete | capture | void | refund. `nonce` absent: not a return. */
MUST_CHECK bool payment_operate(struct call *c, struct payment_id id, const char *kind, struct str nonce, struct payment_result *ret, struct err *e);
/* Calls the provider for an operation that is written already, and stores the answer. */
MUST_CHECK bool payment_call_and_finish(struct call *c, const struct payment_provider *p, const char *kind, struct operation_id operation,
                                        const struct provider_order *order, struct str ref, struct payment_result *ret, struct err *e);
/* Asks the provider how the attempt stands and stores what it says. PROVIDER_ABSENT and the like store nothing. */
MUST_CHECK bool payment_ask(struct call *c, const struct payment_provider *p, struct payment_id id, struct str ref, struct provider_result *ret_answer,
                            struct str *ret_state, struct err *e);
/* Where a challenge of this operation sends the payer back to. The same for the same operation: a repeated call has the same body. */
struct str payment_return_url(struct call *c, struct payment_id id, struct order_id order, struct str nonce, usec_t started);
void payment_log(struct call *c, enum log_level level, const char *event, struct payment_id id, const char *kind, const struct provider_result *x);

#endif
