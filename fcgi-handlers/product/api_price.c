/* /v1/admin/price-lists and /v1/admin/prices. */
#include "product/price.h"

bool api_price_lists(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list lists;
    if (!price_lists(r->call, &lists, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, lists, STR_NULL);
    return true;
}

bool api_prices(struct req *r, struct http_response *w, struct err *e)
{
    const struct price_page_in *in = r->in;
    struct shape_list prices;
    struct str next;
    if (!price_list_page(r->call, &in->filter, &prices, &next, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, prices, next);
    return true;
}

bool api_price_batch(struct req *r, struct http_response *w, struct err *e)
{
    const struct price_batch_in *in = r->in;
    struct price_batch batch;
    bool replayed;
    if (!price_set(r->call, in->prices.v, in->prices.n, &batch, &replayed, e)) return false;
    if (replayed) http_set_header(w, "Idempotent-Replayed", STR("true"));
    web_cache_never(w);
    web_json(r, w, &batch);
    return true;
}
