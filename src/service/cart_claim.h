/* What somebody did as a guest becomes her account's: carts by their token, orders by the verified e-mail address. */
#ifndef SOUK_SERVICE_CART_CLAIM_H
#define SOUK_SERVICE_CART_CLAIM_H

#include "service/cart.h"
#include "service/call.h"

enum cart_claim_outcome {
    CART_CLAIM_NONE,        /* no open cart of a guest has this token (any more) */
    CART_CLAIM_OWN,         /* it is the account's cart now */
    CART_CLAIM_MERGED,      /* its lines are in the cart that the account had */
};

/* Of a variant in both carts the larger quantity is kept, clamped to what is left and to the limits; nothing is refused, and what came out
 * differently stands among the `changes` of the cart until a line is changed. From now on only the account opens the cart: its token is void.
 * *ret_cart: where the lines are now; zero when there is nothing. `id` may be zero. Repeating it is harmless: with `id`, _NONE comes with the cart that they were put into before. */
MUST_CHECK bool cart_claim(struct call *c, struct account_id account, struct cart_id id, struct str token, enum cart_claim_outcome *ret_outcome,
                           struct cart_id *ret_cart, struct err *e);

/* The orders of these persons, whose address the account proved to own. It sees of them what it could see as that guest. Only the user pool may. Inside or
 * outside a transaction. */
MUST_CHECK bool order_claim(struct call *c, struct account_id account, size_t n, const struct person_id *persons, int *ret_claimed, struct err *e);

#endif
