/* What handlers call to answer. */
#include "web/web.h"

static void set_status(struct req *r, struct http_response *w)
{
    if (r->route->status != 0 && w->status == 200)
        w->status = r->route->status;
    w->content_type = STR("application/json");
}

void web_json(struct req *r, struct http_response *w, const void *value)
{
    BUG_IF(r->route->out == NULL);
    set_status(r, w);
    shape_write(&w->body, r->arena, r->route->out, value);
}

void web_json_list(struct req *r, struct http_response *w, struct shape_list list, struct str next_cursor)
{
    BUG_IF(r->route->out == NULL || !r->route->out_list);
    set_status(r, w);
    shape_write_list(&w->body, r->arena, r->route->out, list, next_cursor);
}

/* nginx keeps such a page for a second, hands out the old one for one more while it fetches a new one, and for a day when the pool is away. */
void web_cache_public(struct http_response *w)
{
    http_cache(w, "public, max-age=1, stale-while-revalidate=1, stale-if-error=86400");
}

void web_cache_never(struct http_response *w)
{
    http_cache(w, "no-store");
}
