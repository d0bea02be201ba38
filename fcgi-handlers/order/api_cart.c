/* /v1/carts: everything with the header Cart-Token. */
#include "handlers.h"

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
    return cart_read(r->call, in->cart, in->token, true, &cart, e) && answer(r, w, cart, false);
}

bool api_cart_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct cart_patch_in *in = r->in;
    struct cart *cart;
    struct cart_patch patch = {in->contact, in->shipping_address, in->shipping_option};
    bool replayed;
    return cart_read(r->call, in->cart, in->token, false, &cart, e) && cart_change(r->call, cart, &patch, &cart, &replayed, e) &&
           answer(r, w, cart, replayed);
}

bool api_item_add(struct req *r, struct http_response *w, struct err *e)
{
    const struct item_add_in *in = r->in;
    struct cart *cart;
    bool replayed;
    return cart_read(r->call, in->cart, in->token, false, &cart, e) &&
           cart_add(r->call, cart, in->variant, in->quantity, &cart, &replayed, e) && answer(r, w, cart, replayed);
}

static bool set_item(struct req *r, struct http_response *w, const struct item_in *in, int64_t quantity, struct err *e)
{
    struct cart *cart;
    bool replayed;
    return cart_read(r->call, in->cart, in->token, false, &cart, e) && cart_set(r->call, cart, in->item, quantity, &cart, &replayed, e) &&
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
    if (!cart_read(r->call, in->cart, in->token, false, &cart, e)) return false;
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
    if (!checkout(r->call, in->cart, in->token, &wish, &result, &replayed, e)) return false;
    struct str id = id_str(r->arena, ID_order, result.order.u);
    http_set_header(w, "Location", str_printf(r->arena, "/v1/orders/" STR_FMT, STR_ARG(id)));
    if (replayed) http_set_header(w, "Idempotent-Replayed", STR("true"));
    web_cache_never(w);
    web_json(r, w, &result);
    return true;
}
