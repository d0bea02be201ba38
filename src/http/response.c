#include "http/http.h"
#include "json/json.h"

void http_response_init(struct http_response *w, struct arena *a)
{
    memset(w, 0, sizeof(*w));
    w->arena = a;
    w->status = 200;
    buf_init_arena(&w->body, a, 0);
}

static bool is_safe(struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

struct str http_header_safe(struct arena *a, struct str value)
{
    if (is_safe(value))
        return value;
    char *out = ARENA_ARRAY(a, char, value.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        if (c >= 0x20 && c != 0x7f)
            out[n++] = (char)c;
    }
    return str_of(out, n);
}

void http_add_header(struct http_response *w, const char *name, struct str value)
{
    BUG_IF(w->n_headers == sizeof(w->headers) / sizeof(*w->headers));
    BUG_IF(!is_safe(value));
    w->headers[w->n_headers++] = (struct http_header){str_from(name), value};
}

void http_set_header(struct http_response *w, const char *name, struct str value)
{
    BUG_IF(!is_safe(value));
    for (size_t i = 0; i < w->n_headers; i++) {
        if (str_eq_nocase(w->headers[i].name, str_from(name))) {
            w->headers[i].value = value;
            return;
        }
    }
    http_add_header(w, name, value);
}

/* cookie-octet of RFC 6265 section 4.1.1 */
static bool is_cookie_value(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == ';' || c == '\\')
            return false;
    }
    return true;
}

void http_set_cookie(struct http_response *w, const char *name, struct str value, struct http_cookie_options o)
{
    BUG_IF(!is_cookie_value(value));
    struct str path = str_is_null(o.path) ? STR("/") : o.path;
    const char *age = o.session ? "" : arena_printf(w->arena, "; Max-Age=%lld", (long long)o.max_age_s);
    http_add_header(w, "Set-Cookie",
                    str_printf(w->arena, "%s=" STR_FMT "; Path=" STR_FMT "%s; Secure%s; SameSite=%s", name, STR_ARG(value), STR_ARG(path), age,
                               o.http_only ? "; HttpOnly" : "", o.lax ? "Lax" : "Strict"));
}

void http_redirect(struct http_response *w, int status, struct str location)
{
    w->status = status;
    w->content_type = STR_NULL;
    buf_clear(&w->body);
    http_set_header(w, "Location", http_header_safe(w->arena, location));
}

void http_cache(struct http_response *w, const char *cache_control)
{
    http_set_header(w, "Cache-Control", str_from(cache_control));
}

static void put_member(struct buf *out, const char *name, struct str value)
{
    buf_printf(out, ",\"%s\":", name);
    json_put_string(out, value);
}

static void put_fields(struct buf *out, const struct err *e)
{
    const struct err_field *fields = e->n_all > 0 ? e->all : e->fields;
    size_t n = e->n_all > 0 ? e->n_all : e->n_fields;
    BUF_LIT(out, ",\"errors\":[");
    for (size_t i = 0; i < n; i++) {
        const struct err_field *f = &fields[i];
        if (i)
            buf_char(out, ',');
        BUF_LIT(out, "{\"code\":");
        json_put_string(out, str_from(problem_info(f->problem)->code));
        put_member(out, "param", str_from(f->param));
        put_member(out, "detail", str_from(f->detail));
        buf_char(out, '}');
    }
    buf_char(out, ']');
}

void http_problem_data(struct http_response *w, const struct err *e, struct str request_id, const struct shape *data)
{
    const struct problem_info *info = problem_info(e->problem == PROBLEM_NONE ? PROBLEM_INTERNAL : e->problem);
    struct buf *out = &w->body;
    w->status = info->status;
    w->content_type = STR("application/problem+json");
    buf_clear(out);
    BUF_LIT(out, "{\"type\":");
    json_put_string(out, str_printf(w->arena, "urn:souk:problem:%s", info->code));
    put_member(out, "title", str_from(info->title));
    buf_printf(out, ",\"status\":%d", info->status);
    put_member(out, "code", str_from(info->code));
    if (e->detail[0])
        put_member(out, "detail", str_from(e->detail));
    if (e->param[0])
        put_member(out, "param", str_from(e->param));
    if (e->n_fields > 0 || e->n_all > 0)
        put_fields(out, e);
    if (data && e->data) {
        BUF_LIT(out, ",\"data\":");
        shape_write(out, w->arena, data, e->data);
    }
    if (!str_is_null(request_id))
        put_member(out, "request_id", request_id);
    buf_char(out, '}');
    if (e->retry_after_s > 0)
        http_set_header(w, "Retry-After", str_printf(w->arena, "%d", e->retry_after_s));
    http_cache(w, "no-store");
}

void http_problem(struct http_response *w, const struct err *e, struct str request_id)
{
    http_problem_data(w, e, request_id, NULL);
}

static struct str etag_core(struct str tag)
{
    tag = str_trim(tag);
    if (str_starts(tag, STR("W/")))
        tag = str_sub(tag, 2, tag.n);
    if (tag.n >= 2 && tag.p[0] == '"' && tag.p[tag.n - 1] == '"')
        tag = str_sub(tag, 1, tag.n - 2);
    return tag;
}

/* Weak comparison (RFC 9110 section 8.8.3.2): nginx's gzip turns our strong tags into weak ones. */
bool http_etag_matches(struct str header, struct str etag)
{
    struct str one;
    if (str_is_null(header))
        return false;
    if (str_eq_c(str_trim(header), "*"))
        return true;
    while (!str_is_null(header) && str_split(&header, ',', &one)) {
        if (str_eq(etag_core(one), etag_core(etag)))
            return true;
    }
    return false;
}

bool http_not_modified(const struct http_request *r, struct http_response *w, struct str etag)
{
    struct str core = http_header_safe(w->arena, etag_core(etag));
    http_set_header(w, "ETag", str_printf(w->arena, "\"" STR_FMT "\"", STR_ARG(core)));
    if ((r->method != HTTP_GET && r->method != HTTP_HEAD) || !http_etag_matches(http_header(r, "if-none-match"), core))
        return false;
    w->status = 304;
    w->content_type = STR_NULL;
    buf_clear(&w->body);
    return true;
}
