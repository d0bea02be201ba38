#include "service/cart_claim.h"

#include "service/cart_internal.h"
#include "sql/orders_claim.h"

bool cart_claim(struct call *c, struct account_id account, struct cart_id id, struct str token, enum cart_claim_outcome *ret_outcome,
                struct cart_id *ret_cart, struct err *e)
{
    struct q_cart_claim_row row;
    BUG_IF(uuid_is_zero(account.u));
    bool usable = !str_is_empty(token) && token.n <= CART_TOKEN_LIMIT;
    struct q_cart_claim_in in = {.account = account, .token_hash = usable ? cart_token_hash(c->arena, token) : STR_NULL, .cart = id,
                                 .quantity_max = CART_QUANTITY_MAX, .lines_max = CART_LINES_MAX, .expires = cart_expiry(c),
                                 .now = c->now};
    if (!q_cart_claim(c->db, c->arena, &in, &row, e)) return false;
    *ret_outcome = str_eq_c(row.outcome, "claimed") ? CART_CLAIM_OWN : str_eq_c(row.outcome, "merged") ? CART_CLAIM_MERGED : CART_CLAIM_NONE;
    *ret_cart = row.cart;
    return true;
}

bool order_claim(struct call *c, struct account_id account, size_t n, const struct person_id *persons, int *ret_claimed, struct err *e)
{
    struct q_order_claim_row row;
    *ret_claimed = 0;
    if (n == 0) return true;
    struct q_order_claim_in in = {.account = account, .persons = {n, (struct person_id *)persons}, .now = c->now};
    if (!q_order_claim(c->db, c->arena, &in, &row, e)) return false;
    *ret_claimed = row.claimed;
    return true;
}
