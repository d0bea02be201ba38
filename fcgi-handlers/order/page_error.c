/* Errors of pages, in the shop's layout. */
#include "tpl/shop_error.h"
#include "view.h"

static const struct { int status; const char *key; } texts[] = {
    {400, "error.bad_request"}, {403, "error.forbidden"}, {404, "error.not_found"}, {405, "error.method"}, {409, "error.conflict"},
    {413, "error.bad_request"}, {415, "error.bad_request"}, {422, "error.bad_request"}, {429, "error.too_many"}, {503, "error.unavailable"},
    {504, "error.unavailable"}, {0, "error.internal"}};

void order_page_error(struct req *r, struct http_response *w, const struct err *e)
{
    struct tpl_shop_error v;
    int status = problem_info(e->problem)->status;
    size_t i = 0;
    while (texts[i].status != 0 && texts[i].status != status) i++;
    memset(&v, 0, sizeof v);
    v.status = status;
    v.heading = view_text(r, arena_printf(r->arena, "%s_title", texts[i].key));
    v.text = view_text(r, texts[i].key);
    v.request_id = r->call->request_id;
    view_layout(r, v.heading, status < 500, &v.page);
    w->status = status;
    web_cache_never(w);
    tpl_shop_error(&r->html, &v);
}
