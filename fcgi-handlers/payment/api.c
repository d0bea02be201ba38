#include "pool.h"
#include "service/payment.h"

static const struct shape_field payment_path_fields[] = {
    {"id", SHAPE_ID, offsetof(struct payment_path_in, id), .in = SHAPE_PATH, .required = true, .id = ID_payment, .doc = "The payment"},
    {"payment-token", SHAPE_STR, offsetof(struct payment_path_in, token), .in = SHAPE_HEADER, .required = true, .max = 400, .doc = "From the checkout's answer"},
    {NULL}};
const struct shape payment_path_shape = {"PaymentPath", payment_path_fields, sizeof(struct payment_path_in)};

static const struct shape_field payment_create_fields[] = {
    {"payment-token", SHAPE_STR, offsetof(struct payment_create_in, token), .in = SHAPE_HEADER, .required = true, .max = 400, .doc = "From the checkout's answer"},
    {"order_id", SHAPE_ID, offsetof(struct payment_create_in, order), .required = true, .id = ID_order, .doc = "The order to pay"},
    {"method", SHAPE_STR, offsetof(struct payment_create_in, method), .required = true, .min = 1, .max = 200,
     .doc = "The provider's one-time token of the payer's card; in the sandbox a test token", .example = "tok_ok"},
    {NULL}};
const struct shape payment_create_shape = {"PaymentInput", payment_create_fields, sizeof(struct payment_create_in)};

static void answer(struct req *r, struct http_response *w, const struct payment_view *v, bool replayed)
{
    if (replayed)
        http_set_header(w, "Idempotent-Replayed", STR("true"));
    http_cache(w, "no-store");
    web_json(r, w, v);
}

bool api_payment_create(struct req *r, struct http_response *w, struct err *e)
{
    const struct payment_create_in *in = r->in;
    struct payment_view v;
    bool replayed = false;
    if (!payment_create(r->call, in->order, in->token, in->method, &v, &replayed, e))
        return false;
    http_set_header(w, "Location", str_printf(r->arena, "/v1/payments/" STR_FMT, STR_ARG(id_str(r->arena, ID_payment, v.id.u))));
    answer(r, w, &v, replayed);
    return true;
}

bool api_payment_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct payment_path_in *in = r->in;
    struct payment_view v;
    if (!payment_get(r->call, in->id, in->token, &v, e))
        return false;
    answer(r, w, &v, false);
    return true;
}

bool api_payment_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct payment_path_in *in = r->in;
    struct payment_view v;
    bool replayed = false;
    if (!payment_confirm(r->call, in->id, in->token, &v, &replayed, e))
        return false;
    answer(r, w, &v, replayed);
    return true;
}

bool api_hook_sandbox(struct req *r, struct http_response *w, struct err *e)
{
    struct provider_header *headers = ARENA_ARRAY(r->arena, struct provider_header, r->http->n_headers + 1);
    for (size_t i = 0; i < r->http->n_headers; i++)
        headers[i] = (struct provider_header){r->http->headers[i].name, r->http->headers[i].value};
    struct provider_hook hook = {.body = r->http->body, .n_headers = r->http->n_headers, .headers = headers};
    if (!payment_hook(r->call, "sandbox", &hook, e))
        return false;
    w->status = 204;
    w->content_type = STR_NULL;
    return true;
}
