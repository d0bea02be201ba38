/* /v1/orders: by the order's access token, by the token of the cart it came from, or for its account. */
#include "handlers.h"

static struct str token_of(const struct order_in *in)
{
    return str_is_null(in->order_token) ? in->cart_token : in->order_token;
}

static bool answer(struct req *r, struct http_response *w, const struct order *order)
{
    web_cache_never(w);
    web_json(r, w, order);
    return true;
}

bool api_order_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct order_in *in = r->in;
    struct order *order;
    return order_read(r->call, in->order, token_of(in), &order, e) && answer(r, w, order);
}

bool api_order_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    struct str next;
    if (!order_list(r->call, r->call->actor.account, r->in, &list, &next, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, next);
    return true;
}

bool api_order_lookup(struct req *r, struct http_response *w, struct err *e)
{
    const struct lookup_in *in = r->in;
    struct order *order;
    return order_lookup(r->call, in->number, in->email, &order, e) && answer(r, w, order);
}

bool api_order_cancel(struct req *r, struct http_response *w, struct err *e)
{
    const struct order_in *in = r->in;
    struct order *order;
    return order_cancel(r->call, in->order, token_of(in), &order, e) && answer(r, w, order);
}
