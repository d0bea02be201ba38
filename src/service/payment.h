/* Payments: attempts to pay an order, at a provider. Only the payment pool and `souk-jobs payment` call providers; every
 * call is an operation row before it is a call, and no transaction and no connection is held while a provider thinks.
 *
 * A payment outside (pay_…) is an attempt inside. Who holds the token of an order (service/order_link.h) may see and pay its
 * payments: pages carry it as ?t=…, the API takes it as the header Payment-Token. */
#ifndef SOUK_SERVICE_PAYMENT_H
#define SOUK_SERVICE_PAYMENT_H

#include "json/shape.h"
#include "net/payment_provider.h"
#include "service/call.h"

/* For the order pool: the token that the API takes (one of the order's own), and the page where an attempt is paid ("/pay/pay_…?t=…"). */
struct str payment_token(struct call *c, struct order_id order, usec_t from);
struct str payment_page_path(struct call *c, struct payment_id payment, struct order_id order, usec_t from);

/* Methods that the checkout page offers and attempt_create_v1 accepts. In the sandbox: the documented test tokens. The
 * label of each is the text `payment.method_<token>`, what it does `payment.hint_<token>`. Empty in production until a real provider is there. */
struct payment_method { const char *provider, *token, *text_key, *hint_key; };
const struct payment_method *payment_methods(const struct service_env *env, size_t *ret_n);
bool payment_method_known(const struct service_env *env, struct str token, const char **ret_provider);

/* The providers of this process, for env->providers (NULL-terminated). Called once at start, after fork. */
MUST_CHECK bool payment_providers_open(struct arena *a, const struct config *config, struct log *log, const struct keyring *keyring,
                                       const struct payment_provider *const **ret_providers, struct err *e);
void payment_providers_close(const struct payment_provider *const *providers);
const struct payment_provider *payment_provider(const struct service_env *env, struct str name);      /* NULL when not known */

/* --- one payment ------------------------------------------------------------------------------------------------------ */

struct payment_view {
    struct payment_id id;
    struct order_id order;
    struct str order_number, order_status;
    int64_t n;                        /* which try this is */
    struct money amount, captured, refunded;
    struct str state;                 /* created requires_action authorized captured voided failed */
    bool processing;                  /* the provider has it and has not decided, or its answer is being cleared up */
    bool payable;                     /* the order still waits for money: pay this attempt, or make another one after a failure */
    struct str failure_code;          /* absent, or card_declined, insufficient_funds, challenge_failed, … */
    struct str action_url;            /* where the payer must go; only while requires_action */
    usec_t created_at, expires_at;
    /* not shown */
    struct str provider, method, provider_ref;
    usec_t order_created_at;
    bool called;
};

/* How a payment looks in the API; also how it is kept under an idempotency key. */
extern const struct shape payment_shape;

/* PROBLEM_NOT_FOUND for a wrong id and for a token that does not open its order: all the same. */
MUST_CHECK bool payment_get(struct call *c, struct payment_id id, struct str token, struct payment_view *ret, struct err *e);
/* The newest payment of the order that `id` belongs to: pages of an older try show the newest. */
MUST_CHECK bool payment_newest(struct call *c, struct payment_id id, struct str token, struct payment_view *ret, struct err *e);
/* Moves it on: asks the provider for the money (created), or how it ended (requires_action). Otherwise just reads. */
MUST_CHECK bool payment_confirm(struct call *c, struct payment_id id, struct str token, struct payment_view *ret, bool *ret_replayed, struct err *e);
/* Another try after a failed one, and asks the provider for the money. PROBLEM_INVALID_STATE when one is open or the order waits for none. */
MUST_CHECK bool payment_create(struct call *c, struct order_id order, struct str token, struct str method, struct payment_view *ret, bool *ret_replayed,
                               struct err *e);
/* The payer came back from a challenge with the signed state of this attempt, which works once: *ret_used says that it was used before. */
MUST_CHECK bool payment_return(struct call *c, struct str state, struct payment_view *ret, bool *ret_used, struct err *e);
/* News from a provider: verified and stored; worked later. */
MUST_CHECK bool payment_hook(struct call *c, const char *provider, const struct provider_hook *hook, struct err *e);

/* --- work of `souk-jobs payment`; each does a portion and says how much it did ------------------------------------------ */

MUST_CHECK bool payment_work_pull(struct call *c, int *ret_done, struct err *e);         /* providers that cannot post to us */
MUST_CHECK bool payment_work_events(struct call *c, int *ret_done, struct err *e);
MUST_CHECK bool payment_work_commands(struct call *c, int *ret_done, struct err *e);
MUST_CHECK bool payment_work_sweep(struct call *c, int *ret_done, struct err *e);        /* settles what stayed open, then cancels unpaid orders */

#endif
