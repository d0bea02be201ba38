/* /v1/carts: everything with the header Cart-Token, or for the signed-in account that has the cart. */
#include "handlers.h"
#include "service/cart_claim.h"

static bool answer(struct req *r, struct http_response *w, const struct cart *cart, bool replayed)
{
    if (replayed) http_set_header(w, "Idempotent-Replayed", STR("true"));
    web_cache_never(w);
    web_json(r, w, cart);
    return true;
}

static struct str location_of(struct req *r, const struct cart *cart)
{
    struct str id = id_str(r->arena, ID_cart, cart->id.u);
    return str_printf(r->arena, "/v1/carts/" STR_FMT, STR_ARG(id));
}

static bool known(struct req *r, struct str token, struct err *e)
{
    return !str_is_null(token) || !uuid_is_zero(r->call->actor.account.u) ||
           err_param(e, PROBLEM_REQUIRED, "cart-token", "Send the token that came with the cart, or sign in");
}

static bool find(struct req *r, struct cart_id id, struct str token, bool personal, struct cart **ret_cart, struct err *e)
{
    return known(r, token, e) && cart_read(r->call, id, token, personal, ret_cart, e);
}

bool api_cart_create(struct req *r, struct http_response *w, struct err *e)
{
    const struct cart_create_in *in = r->in;
    struct cart *cart;
    struct str token;
    struct cart_open_in wish = {in->market, in->items, in->contact, in->shipping_address, in->shipping_option, false};
    bool good = uuid_is_zero(in->from_order.u) ? cart_open(r->call, &wish, &token, &cart, e)
                                               : order_copy_cart(r->call, in->from_order, in->order_token, &token, &cart, e);
    if (!good) return false;
    http_set_header(w, "Location", location_of(r, cart));
    return answer(r, w, cart, false);
}

bool api_cart_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct cart_in *in = r->in;
    struct cart *cart;
    return find(r, in->cart, in->token, true, &cart, e) && answer(r, w, cart, false);
}

bool api_cart_mine(struct req *r, struct http_response *w, struct err *e)
{
    struct cart *cart;
    if (!cart_read(r->call, (struct cart_id){0}, STR_NULL, true, &cart, e)) return false;
    if (!str_eq_c(cart->state, "open")) return err_set(e, PROBLEM_NOT_FOUND, "This account has no open cart");
    return answer(r, w, cart, false);
}

/* Claimed before is fine, too: the answer is the account's cart. */
bool api_cart_claim(struct req *r, struct http_response *w, struct err *e)
{
    const struct cart_in *in = r->in;
    enum cart_claim_outcome outcome;
    struct cart_id id;
    struct cart *cart;
    if (!cart_claim(r->call, r->call->actor.account, in->cart, in->token, &outcome, &id, e)) return false;
    if (uuid_is_zero(id.u)) return err_set(e, PROBLEM_NOT_FOUND, "There is no such cart");
    return cart_read(r->call, id, STR_NULL, true, &cart, e) && answer(r, w, cart, false);
}

bool api_cart_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct cart_patch_in *in = r->in;
    struct cart *cart;
    struct cart_patch patch = {in->contact, in->shipping_address, in->shipping_option};
    bool replayed;
    return find(r, in->cart, in->token, false, &cart, e) && cart_change(r->call, cart, &patch, &cart, &replayed, e) &&
           answer(r, w, cart, replayed);
}

bool api_item_add(struct req *r, struct http_response *w, struct err *e)
{
    const struct item_add_in *in = r->in;
    struct cart *cart;
    bool replayed;
    return find(r, in->cart, in->token, false, &cart, e) &&
           cart_add(r->call, cart, in->variant, in->quantity, &cart, &replayed, e) && answer(r, w, cart, replayed);
}

static bool set_item(struct req *r, struct http_response *w, const struct item_in *in, int64_t quantity, struct err *e)
{
    struct cart *cart;
    bool replayed;
    return find(r, in->cart, in->token, false, &cart, e) && cart_set(r->call, cart, in->item, quantity, &cart, &replayed, e) &&
           answer(r, w, cart, replayed);
}

bool api_item_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct item_in *in = r->in;
    return set_item(r, w, in, in->quantity, e);
}

bool api_item_delete(struct req *r, struct http_response *w, struct err *e)
{
    return set_item(r, w, r->in, 0, e);
}

bool api_shipping_options(struct req *r, struct http_response *w, struct err *e)
{
    const struct options_in *in = r->in;
    struct cart *cart;
    struct shape_list options;
    if (!find(r, in->cart, in->token, false, &cart, e)) return false;
    if (!str_is_null(in->country)) {
        const struct country *known = country_find(in->country);
        if (known == NULL) return err_param(e, PROBLEM_INVALID, "country", "This country is not known");
        cart->country = str_of(known->code, 2);
    }
    if (!cart_shipping_options(r->call, cart, &options, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, options, STR_NULL);
    return true;
}

bool api_checkout(struct req *r, struct http_response *w, struct err *e)
{
    const struct checkout_api_in *in = r->in;
    struct checkout_in wish = {.method = in->payment_method, .note = in->note};
    struct checkout_result result;
    bool replayed;
    if (in->expected_total.currency.code[0] != '\0') wish.expected_total = (struct opt_int64)OPT(in->expected_total.amount);
    wish.expected_currency = in->expected_total.currency;
    if (!known(r, in->token, e) || !checkout(r->call, in->cart, in->token, &wish, &result, &replayed, e)) return false;
    struct str id = id_str(r->arena, ID_order, result.order.u);
    http_set_header(w, "Location", str_printf(r->arena, "/v1/orders/" STR_FMT, STR_ARG(id)));
    if (replayed) http_set_header(w, "Idempotent-Replayed", STR("true"));
    web_cache_never(w);
    web_json(r, w, &result);
    return true;
}
