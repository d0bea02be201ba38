/* /v1/me/data-requests and DELETE /v1/me. */
#include "service/privacy.h"
#include "user/privacy.h"

static bool answer(struct req *r, struct http_response *w, const struct data_request *q)
{
    web_cache_never(w);
    web_json(r, w, q);
    return true;
}

static bool answer_new(struct req *r, struct http_response *w, const struct data_request *q)
{
    struct str id = id_str(r->arena, ID_data_request, q->id.u);
    http_set_header(w, "Location", str_printf(r->arena, "/v1/me/data-requests/" STR_FMT, STR_ARG(id)));
    return answer(r, w, q);
}

bool api_data_ask(struct req *r, struct http_response *w, struct err *e)
{
    const struct data_ask_in *in = r->in;
    struct account_id account = r->call->actor.account;
    struct data_request *q = ARENA_NEW(r->arena, struct data_request);
    bool good = str_eq_c(in->kind, "export") ? privacy_ask_export(r->call, account, q, e) : privacy_ask_erase(r->call, account, false, q, e);
    return good && answer_new(r, w, q);
}

bool api_me_delete(struct req *r, struct http_response *w, struct err *e)
{
    struct data_request *q = ARENA_NEW(r->arena, struct data_request);
    return privacy_ask_erase(r->call, r->call->actor.account, false, q, e) && answer_new(r, w, q);
}

bool api_data_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!privacy_list(r->call, r->call->actor.account, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

bool api_data_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct data_key_in *in = r->in;
    struct data_request *q = ARENA_NEW(r->arena, struct data_request);
    return privacy_read(r->call, r->call->actor.account, in->id, q, e) && answer(r, w, q);
}

bool api_data_cancel(struct req *r, struct http_response *w, struct err *e)
{
    const struct data_key_in *in = r->in;
    struct data_request *q = ARENA_NEW(r->arena, struct data_request);
    return privacy_cancel(r->call, r->call->actor.account, in->id, q, e) && answer(r, w, q);
}

static bool answer_zip(struct req *r, struct http_response *w, struct str token, struct err *e)
{
    const struct data_key_in *in = r->in;
    struct str zip;
    if (!privacy_download(r->call, in->id, token, &zip, e)) return false;
    web_cache_never(w);
    w->content_type = STR("application/zip");
    http_set_header(w, "Content-Disposition", STR("attachment; filename=\"my-data.zip\""));
    http_set_header(w, "X-Robots-Tag", STR("noindex"));
    buf_str(&w->body, zip);
    return true;
}

bool api_data_download(struct req *r, struct http_response *w, struct err *e)
{
    return answer_zip(r, w, STR_NULL, e);
}

/* The mail's link: good for whoever holds it, for a week. */
bool page_export_download(struct req *r, struct http_response *w, struct err *e)
{
    const struct data_key_in *in = r->in;
    return answer_zip(r, w, in->token, e);
}
