/* What handlers call to answer. */
#include "crypto/crypto.h"
#include "web/web.h"

static void set_status(struct req *r, struct http_response *w)
{
    if (r->route->status != 0 && w->status == 200)
        w->status = r->route->status;
    w->content_type = STR("application/json");
}

static bool has_header(const struct http_response *w, const char *name)
{
    for (size_t i = 0; i < w->n_headers; i++) {
        if (str_eq_nocase(w->headers[i].name, str_from(name)))
            return true;
    }
    return false;
}

/* Every GET that answers JSON has an ETag: the handler's own (a version, where If-Match takes one), else a hash of the body. */
static void tag_body(struct req *r, struct http_response *w)
{
    if ((r->http->method != HTTP_GET && r->http->method != HTTP_HEAD) || w->status != 200 || w->body.failed || has_header(w, "ETag"))
        return;
    (void)http_not_modified(r->http, w, str_sub(crypto_sha256_hex(r->arena, buf_view(&w->body)), 0, 24));
}

/* RFC 8288: the next page is the same address with another cursor. */
static void link_next(struct req *r, struct http_response *w, struct str cursor)
{
    struct str query = r->http->query, pair;
    struct buf b;
    if (str_is_null(cursor))
        return;
    buf_init_arena(&b, r->arena, 0);
    buf_printf(&b, "<%s" STR_FMT "?", r->call->env->config->base_url, STR_ARG(r->http->path));
    while (query.n > 0 && str_split(&query, '&', &pair)) {
        if (pair.n == 0 || str_starts(pair, STR("cursor=")))
            continue;
        buf_str(&b, http_header_safe(r->arena, pair));
        buf_char(&b, '&');
    }
    buf_printf(&b, "cursor=" STR_FMT ">; rel=\"next\"", STR_ARG(cursor));
    http_add_header(w, "Link", buf_view(&b));
}

void web_json(struct req *r, struct http_response *w, const void *value)
{
    BUG_IF(r->route->out == NULL);
    set_status(r, w);
    shape_write(&w->body, r->arena, r->route->out, value);
    tag_body(r, w);
}

void web_json_list(struct req *r, struct http_response *w, struct shape_list list, struct str next_cursor)
{
    web_json_counted(r, w, list, next_cursor, (struct opt_int64){false, 0});
}

void web_json_counted(struct req *r, struct http_response *w, struct shape_list list, struct str next_cursor, struct opt_int64 total)
{
    BUG_IF(r->route->out == NULL || !r->route->out_list);
    set_status(r, w);
    shape_write_counted(&w->body, r->arena, r->route->out, list, next_cursor, total);
    link_next(r, w, next_cursor);
    tag_body(r, w);
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
