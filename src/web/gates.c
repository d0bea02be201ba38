#include "web/gates.h"

#include "crypto/crypto.h"
#include "http/parse.h"

enum { IDEMPOTENCY_KEY_MAX = 255 };

bool method_is_safe(enum http_method m)
{
    return m == HTTP_GET || m == HTTP_HEAD || m == HTTP_OPTIONS;
}

/* When every thread waits for a provider, the provider's own hooks must still find one. */
bool gate_threads(struct serving *s, struct err *e)
{
    struct app *app = s->thread->app;
    if (app->spec->reserve == 0 || s->match.route->reserved)
        return true;
    int most = app->threads - app->spec->reserve, half = (app->threads + 1) / 2;       /* half at least, whatever the configuration says */
    s->ordinary = true;
    if (__atomic_add_fetch(&app->ordinary, 1, __ATOMIC_RELAXED) <= (most > half ? most : half))
        return true;
    return err_set(e, PROBLEM_UNAVAILABLE, "too much is going on at once; try again in a moment");
}

void gate_threads_leave(struct serving *s)
{
    if (s->ordinary)
        ADD(s->thread->app->ordinary, -1);
}

/* Cookies of ours have the __Host- prefix; a stray one of somebody's analytics is no credential. */
bool gate_credentials(struct serving *s, struct err *e)
{
    struct str cookies = http_header(s->http, "cookie"), one;
    if (str_is_null(http_header(s->http, "authorization")))
        return true;
    while (!str_is_null(cookies) && str_split(&cookies, ';', &one)) {
        if (str_starts(str_trim(one), STR("__Host-")))
            return err_set(e, PROBLEM_AMBIGUOUS_CREDENTIALS, "there is a cookie of this shop and an Authorization header");
    }
    return true;
}

/* --- origin ------------------------------------------------------------------------------------------------------------ */

struct str origin_of(struct str url)
{
    size_t slashes = 0;
    for (size_t i = 0; i < url.n; i++) {
        slashes += url.p[i] == '/';
        if (slashes == 3)
            return str_sub(url, 0, i);
    }
    return url;
}

/* Origin in the list; without one Sec-Fetch-Site same-origin; else no. "null" is nobody's origin. */
bool origin_is_ours(const struct app *app, const struct http_request *http)
{
    struct str origin = http_header(http, "origin"), list = str_from(app->config->allowed_origins), one;
    if (str_is_null(origin))
        return str_eq_c(http_header(http, "sec-fetch-site"), "same-origin");
    if (str_eq_nocase(origin, app->origin))
        return true;
    while (!str_is_null(list) && str_split(&list, ' ', &one)) {
        if (one.n > 0 && str_eq_nocase(origin, origin_of(one)))
            return true;
    }
    return false;
}

bool gate_origin(struct serving *s, struct err *e)
{
    if (s->match.route->csrf == CSRF_NONE || method_is_safe(s->http->method))
        return true;
    if (!origin_is_ours(s->thread->app, s->http))
        return err_set(e, PROBLEM_CROSS_ORIGIN, "the Origin header does not name this shop");
    return true;
}

void cors_headers(struct serving *s)
{
    const struct route *r = s->match.route;
    if (!r || r->cors != CORS_PUBLIC || str_is_null(http_header(s->http, "origin")))
        return;
    http_set_header(&s->response, "Access-Control-Allow-Origin", STR("*"));
    http_set_header(&s->response, "Access-Control-Expose-Headers",
                    STR("Request-Id, ETag, Link, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Idempotent-Replayed"));
}

void cors_preflight(struct serving *s)
{
    enum http_method wanted = http_parse_method(http_header(s->http, "access-control-request-method"));
    struct route_match m;
    route_find(s->thread->app->index, wanted, s->http->path, &m);
    if (!m.route || m.route->cors != CORS_PUBLIC || str_is_null(http_header(s->http, "origin")))
        return;
    http_set_header(&s->response, "Access-Control-Allow-Origin", STR("*"));
    http_set_header(&s->response, "Access-Control-Allow-Methods", route_allow(s->call.arena, m.methods));
    http_set_header(&s->response, "Access-Control-Allow-Headers",
                    STR("Authorization, Cart-Token, Content-Type, Idempotency-Key, If-Match, If-None-Match, Market, Order-Token, Payment-Token, traceparent"));
    http_set_header(&s->response, "Access-Control-Max-Age", STR("7200"));
}

/* --- rate -------------------------------------------------------------------------------------------------------------- */

/* An IPv6 customer has a whole /64; the first four groups name it (nginx prints addresses in canonical form, "::" inside included). */
static struct str client_of(struct str addr)
{
    size_t colons = 0;
    for (size_t i = 0; i < addr.n; i++) {
        colons += addr.p[i] == ':';
        if (colons == 4)
            return str_sub(addr, 0, i);
    }
    return addr;
}

bool gate_rate(struct serving *s, struct err *e)
{
    const struct route *r = s->match.route;
    struct app_thread *t = s->thread;
    int wait = 1, burst = r->rate_per_minute;
    if (r->rate_per_minute <= 0)
        return true;
    struct str client = client_of(s->http->remote_addr);
    struct str key = str_printf(s->call.arena, "{rl:" STR_FMT "}:%s", STR_ARG(client), r->name);
    enum kv_limit limit = kv_rate_limit(t->kv, key, r->rate_per_minute, burst, &wait);
    if (limit == KV_LIMIT_AWAY) {
        bool ok = bucket_take(t->app->buckets, key, r->rate_per_minute, burst, clock_monotonic(), &wait);
        limit = ok ? KV_LIMIT_ALLOWED : KV_LIMIT_REFUSED;
    }
    http_set_header(&s->response, "RateLimit-Limit", str_printf(s->call.arena, "%d", r->rate_per_minute));
    if (limit == KV_LIMIT_ALLOWED)
        return true;
    http_set_header(&s->response, "RateLimit-Remaining", STR("0"));
    http_set_header(&s->response, "RateLimit-Reset", str_printf(s->call.arena, "%d", wait));
    e->retry_after_s = wait < 1 ? 1 : wait;
    int keep = e->retry_after_s;
    (void)err_set(e, PROBLEM_RATE_LIMITED, "at most %d requests a minute", r->rate_per_minute);
    e->retry_after_s = keep;
    return false;
}

/* --- body -------------------------------------------------------------------------------------------------------------- */

static bool takes_body(const struct route *r)
{
    for (const struct shape_field *f = r->in ? r->in->fields : NULL; f && f->name; f++) {
        if (f->in == SHAPE_BODY)
            return true;
    }
    return false;
}

bool gate_body(struct serving *s, struct err *e)
{
    const struct route *r = s->match.route;
    size_t max = (size_t)(r->body_max > 0 ? r->body_max : s->thread->app->config->body_max);
    if (!fcgi_body(s->thread->fcgi, s->call.arena, max, s->call.deadline, &s->http->body, &s->gone, e))
        return false;
    if (r->raw_body || s->http->body.n == 0 || method_is_safe(s->http->method))
        return true;
    const char *type = r->kind == KIND_PAGE ? "application/x-www-form-urlencoded" : "application/json";
    if (!http_is_media(s->http->content_type, type))
        return err_set(e, PROBLEM_UNSUPPORTED_MEDIA, "the body must be %s", type);
    if (r->kind == KIND_API && !takes_body(r) && !str_eq_c(str_trim(s->http->body), "{}"))
        return err_set(e, PROBLEM_UNKNOWN_FIELD, "this call takes no body");
    return true;
}

/* --- synchronizer token ------------------------------------------------------------------------------------------------ */

/* The token is a hash of a random cookie that only this visitor's browser has: __Host- keeps other hosts from setting it, HttpOnly keeps
 * scripts from reading it, the hash keeps a leaked page from revealing it, and the mask makes each token look different (BREACH). No key, so any
 * pool can check what another pool's page carried. */
enum { CSRF_MASK = 16 };
static const char csrf_cookie[] = "__Host-form";

static void csrf_digest(struct arena *a, struct str cookie, uint8_t ret[SHA256_LEN])
{
    crypto_sha256(str_printf(a, "souk-form/1:" STR_FMT, STR_ARG(cookie)), ret);
}

struct str csrf_token_make(struct arena *a, struct str cookie)
{
    uint8_t digest[SHA256_LEN], token[CSRF_MASK * 2];
    csrf_digest(a, cookie, digest);
    crypto_random(token, CSRF_MASK);
    for (int i = 0; i < CSRF_MASK; i++)
        token[CSRF_MASK + i] = token[i] ^ digest[i];
    return crypto_base64url(a, str_of((const char *)token, sizeof(token)));
}

bool csrf_token_ok(struct arena *a, struct str cookie, struct str token)
{
    uint8_t digest[SHA256_LEN], value[CSRF_MASK];
    struct str bytes;
    if (str_is_null(cookie) || cookie.n < 22 || str_is_null(token) || !crypto_unbase64url(a, token, &bytes) || bytes.n != CSRF_MASK * 2)
        return false;
    csrf_digest(a, cookie, digest);
    for (int i = 0; i < CSRF_MASK; i++)
        value[i] = (uint8_t)bytes.p[i] ^ (uint8_t)bytes.p[CSRF_MASK + i];
    return crypto_equal(str_of((const char *)value, CSRF_MASK), str_of((const char *)digest, CSRF_MASK));
}

static struct str form_value(struct shape_pairs form, const char *name)
{
    for (size_t i = 0; i < form.n; i++) {
        if (str_eq_c(form.v[i].name, name))
            return form.v[i].value;
    }
    return STR_NULL;
}

bool gate_csrf_token(struct serving *s, struct shape_pairs form, struct err *e)
{
    if (s->match.route->csrf != CSRF_TOKEN || method_is_safe(s->http->method))
        return true;
    struct str token = http_header(s->http, "x-csrf-token");
    if (str_is_null(token))
        token = form_value(form, "_csrf");
    if (!csrf_token_ok(s->call.arena, http_cookie(s->http, csrf_cookie), token))
        return err_set(e, PROBLEM_CSRF, "the form's token does not belong to this visitor; load the page again");
    return true;
}

void csrf_prepare(struct serving *s)
{
    struct str cookie = http_cookie(s->http, csrf_cookie);
    struct arena *a = s->call.arena;
    if (s->match.route->kind != KIND_PAGE || s->match.route->csrf != CSRF_TOKEN)
        return;
    if (str_is_null(cookie) || cookie.n < 22 || cookie.n > 64) {
        uint8_t random[18];
        crypto_random(random, sizeof(random));
        cookie = crypto_base64url(a, str_of((const char *)random, sizeof(random)));
        http_set_cookie(&s->response, csrf_cookie, cookie, (struct http_cookie_options){.session = true, .http_only = true, .lax = true});
    }
    s->req.csrf_token = csrf_token_make(a, cookie);
    web_cache_never(&s->response);
}

/* --- idempotency ------------------------------------------------------------------------------------------------------- */

static bool key_ok(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        if ((unsigned char)key.p[i] < 0x21 || (unsigned char)key.p[i] > 0x7e)
            return false;
    }
    return key.n >= 1 && key.n <= IDEMPOTENCY_KEY_MAX;
}

static int cmp_pairs(const void *x, const void *y)
{
    const struct shape_pair *a = x, *b = y;
    int c = str_cmp(a->name, b->name);
    return c ? c : str_cmp(a->value, b->value);
}

/* SHA-256 over method, row, path and a body that is the same however it was written: sorted JSON, or sorted form fields without ours. */
static bool hash_body(struct serving *s, struct shape_pairs form, struct err *e)
{
    struct arena *a = s->call.arena;
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_printf(&b, "%s %s " STR_FMT "\n", http_method_name(s->http->method), s->match.route->name, STR_ARG(s->http->path));
    if (s->match.route->raw_body) {
        buf_str(&b, s->http->body);
    } else if (s->match.route->kind == KIND_PAGE) {
        struct shape_pair *v = ARENA_ARRAY(a, struct shape_pair, form.n + 1);
        for (size_t i = 0; i < form.n; i++)
            v[i] = form.v[i];
        qsort(v, form.n, sizeof(*v), cmp_pairs);
        for (size_t i = 0; i < form.n; i++) {
            if (!str_starts(v[i].name, STR("_")))
                buf_printf(&b, "%zu:" STR_FMT "%zu:" STR_FMT, v[i].name.n, STR_ARG(v[i].name), v[i].value.n, STR_ARG(v[i].value));
        }
    } else if (str_trim(s->http->body).n > 0 && !http_json_canonical(s->http->body, a, &b, e)) {
        return false;
    }
    s->call.body_hash = crypto_sha256_hex(a, buf_view(&b));
    return true;
}

bool gate_idempotency(struct serving *s, struct shape_pairs form, struct err *e)
{
    const struct route *r = s->match.route;
    if (r->idem == IDEM_IGNORED || method_is_safe(s->http->method))
        return true;
    struct str key = r->kind == KIND_PAGE ? form_value(form, "_key") : http_header(s->http, "idempotency-key");
    if (str_is_null(key)) {
        if (r->idem == IDEM_REQUIRED)
            return err_set(e, PROBLEM_IDEMPOTENCY_REQUIRED, r->kind == KIND_PAGE ? "the form lacks its hidden field _key" : "send an Idempotency-Key header");
        return true;
    }
    if (!key_ok(key))
        return err_param(e, PROBLEM_BAD_REQUEST, "Idempotency-Key", "must have 1 to %d visible ASCII characters", IDEMPOTENCY_KEY_MAX);
    s->call.idempotency_key = key;
    return hash_body(s, form, e);
}
