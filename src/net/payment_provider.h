/* What Souk asks of a payment provider: one table of functions per provider, the same for the sandbox, Stripe and PayPal.
 *
 * A call never fails with an error: it has an outcome. The important one is PROVIDER_UNKNOWN: no answer came, or one that
 * does not say what happened. Whoever gets it asks later (get, find) and never assumes.
 *
 * Money is only reserved by `authorize`; `capture` takes it. Every changing call carries the id of our operation row, which
 * the driver sends as the provider's idempotency key (Stripe: Idempotency-Key; PayPal: PayPal-Request-Id) and our attempt's
 * id as metadata (Stripe: metadata[attempt]; PayPal: custom_id), by which `find` finds it again.
 * Drivers are called by several threads at once and hold nothing of ours while they wait. */
#ifndef SOUK_NET_PAYMENT_PROVIDER_H
#define SOUK_NET_PAYMENT_PROVIDER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/str.h"

enum provider_outcome {
    PROVIDER_ANSWERED,        /* `payment` says how things stand now; a declined card is an answer too (PROVIDER_FAILED) */
    PROVIDER_REFUSED,         /* the provider will not do this and changed nothing; `code` says why */
    PROVIDER_UNKNOWN,         /* lost answer, time limit, 5xx */
    PROVIDER_ABSENT,          /* get, find: there is no such payment */
    PROVIDER_UNSUPPORTED,     /* find: this provider cannot look for it */
};

enum provider_state {
    PROVIDER_PROCESSING,      /* decides later */
    PROVIDER_REQUIRES_ACTION, /* the payer must go to action_url */
    PROVIDER_AUTHORIZED,
    PROVIDER_CAPTURED,        /* perhaps refunded in part or whole */
    PROVIDER_VOIDED,
    PROVIDER_FAILED,          /* declined, challenge failed, expired */
};

struct provider_payment {
    struct str ref;                       /* the provider's id */
    enum provider_state state;
    struct money amount;                  /* authorized, or to be authorized */
    int64_t captured, refunded;           /* minor units */
    struct str code;                      /* of a failure: card_declined, insufficient_funds, challenge_failed, … */
    struct str action_url;
};

struct provider_result {
    enum provider_outcome outcome;
    struct str code;                      /* of a refusal */
    const char *cause;                    /* for the log; NULL when there is nothing to say */
    struct provider_payment payment;      /* with PROVIDER_ANSWERED */
};

struct provider_call {
    struct arena *arena;                  /* results live here */
    int64_t deadline;                     /* monotonic microseconds */
    struct uuid operation;                /* idempotency key; zero for questions */
    struct str request_id;
};

struct provider_order {
    struct payment_id attempt;            /* metadata */
    struct str order_number;              /* metadata, and what the payer may read on a statement */
    struct money amount;
    struct str method;                    /* one-time token of the method that the payer chose */
    struct str return_url;                /* where a challenge sends the payer back to, by GET */
};

struct provider_header { struct str name, value; };      /* name in lower case */

struct provider_hook {
    struct str body;                      /* as received, byte for byte */
    size_t n_headers;
    const struct provider_header *headers;
};

struct provider_event {
    struct str id;                        /* the provider's; news with one id is the same news */
    struct str type;                      /* for the log: what it means is asked of the provider, unless `says` is what we have */
    struct str ref;                       /* absent: not about a payment */
    struct payment_id attempt;            /* from the metadata; zero: not said */
    struct str says;                      /* the state that it reports, by provider_state_name(); absent: it must be asked about */
};

struct payment_provider {
    const char *name;                     /* "sandbox", "stripe", "paypal"; stored with every attempt */
    int repeat_window_s;                  /* how long a creating call may be repeated with the same operation (Stripe 24 h, PayPal 6 h) */
    void *self;

    struct provider_result (*authorize)(const struct payment_provider *p, const struct provider_call *c, const struct provider_order *o);
    /* After the payer came back. Stripe: get; PayPal: authorize the approved order. */
    struct provider_result (*complete)(const struct payment_provider *p, const struct provider_call *c, struct str ref);
    struct provider_result (*capture)(const struct payment_provider *p, const struct provider_call *c, struct str ref, struct money amount);
    struct provider_result (*release)(const struct payment_provider *p, const struct provider_call *c, struct str ref);      /* void */
    struct provider_result (*refund)(const struct payment_provider *p, const struct provider_call *c, struct str ref, struct money amount);
    struct provider_result (*get)(const struct payment_provider *p, const struct provider_call *c, struct str ref);
    struct provider_result (*find)(const struct payment_provider *p, const struct provider_call *c, struct payment_id attempt);

    /* Checks the signature over the raw bytes before anything is parsed. */
    bool (*parse_event)(const struct payment_provider *p, const struct provider_call *c, const struct provider_hook *h,
                        struct provider_event *ret_event, struct err *e);
    /* For a provider that cannot reach us: fetches news and hands each over as if it had been posted. `deliver` answers
     * true when it is stored; otherwise it comes again. NULL for providers that post. Returns how many were handed over; -1: it could not be asked. */
    int (*pull)(const struct payment_provider *p, const struct provider_call *c, bool (*deliver)(void *arg, const struct provider_hook *h), void *arg);
    void (*close)(const struct payment_provider *p);
};

const char *provider_state_name(enum provider_state s);        /* as stored: "authorized" */
const char *provider_outcome_name(enum provider_outcome o);

#endif
