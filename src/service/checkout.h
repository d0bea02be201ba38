/* Checkout: a quote is read, domain/ computes, one statement makes the order (sql/functions/orders_checkout.sql). */
#ifndef SOUK_SERVICE_CHECKOUT_H
#define SOUK_SERVICE_CHECKOUT_H

#include "service/cart.h"
#include "service/call.h"

enum { CHECKOUT_NOTE_MAX = 500 };

struct checkout_in {
    struct str method;               /* a token of payment_methods() */
    struct str note;                 /* to the shop; optional */
    struct currency expected_currency;
    bool same_currency;              /* the sum came without a currency: the cart's is meant */
    struct opt_int64 expected_total; /* what the shopper was shown: with it, a price that changed since is accepted when the sum is still this */
};

struct checkout_result {
    struct order_id order;
    struct str number;
    struct str status;
    struct payment_id payment;       /* to be confirmed at the payment pool */
    struct money total;
    usec_t created_at, expires_at;   /* until expires_at the stock is held */
    struct str access_token;         /* opens the order; made again at each rendering, never stored */
    struct str payment_token;
    struct str payment_path;         /* where a browser goes next: "/pay/pay_...?t=..." */
};

/* What PROBLEM_CART_CHANGED and PROBLEM_INSUFFICIENT_STOCK carry in err.data: the cart as it is now; its `changes` say what. After the
 * refusal the new prices count as seen. */

/* The cart's id and token stand in `cart` (cart_read). With an idempotency key a repeated call answers as the first one did
 * (*ret_replayed). PROBLEM_CART_EMPTY, PROBLEM_REQUIRED (contact, address, shipping option), PROBLEM_NOT_SHIPPABLE, PROBLEM_CART_CHANGED,
 * PROBLEM_INSUFFICIENT_STOCK, PROBLEM_UNAVAILABLE_VARIANT, PROBLEM_INVALID_STATE (ordered already), PROBLEM_IN_FLIGHT, PROBLEM_IDEMPOTENCY_REUSED. */
MUST_CHECK bool checkout(struct call *c, struct cart_id id, struct str token, const struct checkout_in *in, struct checkout_result *ret_result,
                         bool *ret_replayed, struct err *e);
/* The same for a button that is pressed twice: a browser shows the answer to the second press only, so that one waits for the first's (while it
 * is worked on, at most two seconds) instead of PROBLEM_IN_FLIGHT. */
MUST_CHECK bool checkout_pressed(struct call *c, struct cart_id id, struct str token, const struct checkout_in *in, struct checkout_result *ret_result,
                                 bool *ret_replayed, struct err *e);

#endif
