#include "crypto/crypto.h"
#include "http/parse.h"
#include "web/app.h"
#include "web/gates.h"
#include "web/input.h"

enum { USER_AGENT_MAX = 512 };

/* --- identity of the request ------------------------------------------------------------------------------------------- */

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    }
    return true;
}

static bool is_trace(struct str id)
{
    return id.n == 32 && is_hex(id) && !str_eq_c(id, "00000000000000000000000000000000");
}

/* W3C Trace Context: version "-" 32 hex "-" 16 hex "-" flags; all zero is invalid. A request that brings no trace begins one, under the
 * random id that nginx gave it. */
static struct str trace_of(const struct http_request *http, struct str request_id, struct arena *a)
{
    struct str h = http_header(http, "traceparent"), id = str_sub(h, 3, 32);
    uint8_t random[16];
    if (h.n >= 55 && h.p[2] == '-' && h.p[35] == '-' && h.p[52] == '-' && is_hex(str_sub(h, 0, 2)) && !str_eq_c(str_sub(h, 0, 2), "ff") && is_trace(id) &&
        is_hex(str_sub(h, 36, 16)))
        return id;
    if (is_trace(request_id))
        return request_id;
    crypto_random(random, sizeof(random));
    return crypto_hex(a, random, sizeof(random));
}

/* nginx gives each request its id, so that its log and ours name the same; without one (tests, other front ends) we make it. */
static struct str request_id_of(const struct http_request *http, struct arena *a)
{
    struct str given = http_header(http, "request-id");
    bool good = given.n >= 8 && given.n <= 64;
    for (size_t i = 0; good && i < given.n; i++)
        good = given.p[i] == '-' || given.p[i] == '_' || (given.p[i] >= '0' && given.p[i] <= '9') || (given.p[i] >= 'a' && given.p[i] <= 'z') ||
               (given.p[i] >= 'A' && given.p[i] <= 'Z');
    return good ? given : id_str(a, ID_request, uuid_v7(clock_real()));
}

static void begin_call(struct serving *s)
{
    struct app *app = s->thread->app;
    struct arena *a = s->thread->arena;
    s->state = app_state_get(app);
    s->env = app->env;
    s->env.clock.offset_us = s->state->clock_offset_us;
    struct str request_id = request_id_of(s->http, a);
    s->call = (struct call){
        .env = &s->env,
        .arena = a,
        .db = s->thread->db,
        .db_keys = s->thread->db_keys,
        .kv = s->thread->kv,
        .now = clock_now(&s->env.clock),
        .deadline = s->started + app->config->request_ms * USEC_PER_MS,
        .market = state_market(s->state, http_header(s->http, "market")),
        .request_id = request_id,
        .trace_id = trace_of(s->http, request_id, a),
        .client = s->http->remote_addr,
        .user_agent = str_sub(http_header(s->http, "user-agent"), 0, USER_AGENT_MAX),
    };
    if (s->call.db)
        db_deadline(s->call.db, s->call.deadline);
    if (s->call.db_keys)
        db_deadline(s->call.db_keys, s->call.deadline);
    http_response_init(&s->response, a);
    http_set_header(&s->response, "Request-Id", s->call.request_id);
    s->req = (struct req){.http = s->http, .call = &s->call, .arena = a,
                          .html = {&s->response.body, a, text_catalog(s->call.market->locale)}};
}

/* --- refusals ---------------------------------------------------------------------------------------------------------- */

static void bare_page(struct serving *s, const struct err *e)
{
    const struct problem_info *info = problem_info(e->problem);
    struct http_response *w = &s->response;
    w->content_type = STR("text/html; charset=utf-8");
    buf_clear(&w->body);
    buf_printf(&w->body, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>%d %s</title></head>"
               "<body><h1>%s</h1><p>%d</p><p><a href=\"/\">Home</a></p></body></html>\n", info->status, info->title, info->title, info->status);
}

/* The one place where an error becomes an answer. Headers that a handler set before it failed stay, except those of caching. */
static void refuse(struct serving *s, struct err *e)
{
    const struct pool_spec *spec = s->thread->app->spec;
    struct http_response *w = &s->response;
    if (e->problem == PROBLEM_NONE)
        (void)err_cause(e, "a handler failed without saying why");
    buf_clear(&w->body);
    w->status = problem_info(e->problem)->status;
    if (e->retry_after_s == 0 && w->status == 503)
        e->retry_after_s = 1;
    if (identity_redirect(s, e))
        return;
    if (!s->is_page) {
        identity_challenge(s, e);
        http_problem_data(w, e, s->call.request_id, s->match.route ? s->match.route->problem_data : NULL);
        return;
    }
    int status = w->status;
    w->content_type = STR("text/html; charset=utf-8");
    if (spec->page_error)
        spec->page_error(&s->req, w, e);
    else
        bare_page(s, e);
    if (w->status == 200)
        w->status = status;
    if (e->retry_after_s > 0)
        http_set_header(w, "Retry-After", str_printf(w->arena, "%d", e->retry_after_s));
    web_cache_never(w);
}

/* --- the way to the handler -------------------------------------------------------------------------------------------- */

static void answer_options(struct serving *s)
{
    s->response.status = 204;
    s->response.content_type = STR_NULL;
    http_set_header(&s->response, "Allow", route_allow(s->call.arena, s->match.methods));
    cors_preflight(s);
}

/* A page with a slash too many at its end has moved to where it is without. */
static bool redirect_slash(struct serving *s)
{
    struct str path = s->http->path;
    struct route_match m;
    if (path.n < 2 || path.p[path.n - 1] != '/' || !s->is_page || !method_is_safe(s->http->method))
        return false;
    route_find(s->thread->app->index, HTTP_GET, str_sub(path, 0, path.n - 1), &m);
    if (!m.route || m.route->kind != KIND_PAGE)
        return false;
    size_t q;
    struct str target = s->http->target, raw = str_find(target, '?', &q) ? str_sub(target, 0, q) : target;
    if (!str_starts(raw, STR("/")) || str_starts(raw, STR("//")))
        return false;
    struct str query = s->http->query;
    while (query.n > 0 && query.p[query.n - 1] == '&') query.n--;       /* nginx writes one behind each pair that it lets through */
    http_redirect(&s->response, 301, str_printf(s->call.arena, STR_FMT "%s" STR_FMT, STR_ARG(str_sub(raw, 0, raw.n - 1)), query.n ? "?" : "", STR_ARG(query)));
    return true;
}

static bool find_route(struct serving *s, bool *ret_done, struct err *e)
{
    route_find(s->thread->app->index, s->http->method, s->http->path, &s->match);
    *ret_done = false;
    if (s->match.route) {
        s->req.route = s->match.route;
        s->is_page = s->match.route->kind == KIND_PAGE;
        return true;
    }
    if (!s->match.path_known) {
        *ret_done = redirect_slash(s);
        return *ret_done ? true : err_set(e, PROBLEM_NOT_FOUND, "no such address");
    }
    if (s->http->method == HTTP_OPTIONS) {
        answer_options(s);
        *ret_done = true;
        return true;
    }
    http_set_header(&s->response, "Allow", route_allow(s->call.arena, s->match.methods));
    return err_set(e, PROBLEM_METHOD_NOT_ALLOWED, "see the Allow header");
}

static bool pass_gates(struct serving *s, struct err *e)
{
    struct shape_pairs form;
    return gate_threads(s, e) && gate_credentials(s, e) && gate_origin(s, e) && gate_rate(s, e) && gate_auth(s, e) && gate_body(s, e) && input_form(s, &form, e) &&
           gate_csrf_token(s, form, e) && gate_idempotency(s, form, e) && input_parse(s, form, e);
}

static bool handle(struct serving *s, struct err *e)
{
    bool done;
    if (!find_route(s, &done, e))
        return false;
    cors_headers(s);
    if (done)
        return true;
    s->response.content_type = s->is_page ? STR("text/html; charset=utf-8") : STR("application/json");
    csrf_prepare(s);
    if (!pass_gates(s, e))
        return false;
    if (!s->match.route->handler(&s->req, &s->response, e))
        return false;
    if (s->response.body.failed)
        return err_cause(e, "the answer grew beyond its limit");
    return true;
}

/* --- the end ----------------------------------------------------------------------------------------------------------- */

static struct str header_of(const struct http_response *w, const char *name)
{
    for (size_t i = 0; i < w->n_headers; i++) {
        if (str_eq_nocase(w->headers[i].name, str_from(name)))
            return w->headers[i].value;
    }
    return STR_NULL;
}

/* What a handler did not say about caching, and the rule that no shared page ever sets a cookie. */
static void settle_cache(struct serving *s)
{
    struct http_response *w = &s->response;
    struct str cache = header_of(w, "Cache-Control");
    if (str_is_null(cache))
        http_cache(w, str_is_null(header_of(w, "ETag")) ? "no-store" : "private, no-cache");
    else if (str_starts(cache, STR("public")) && !str_is_null(header_of(w, "Set-Cookie"))) {
        LOG(s->thread->app->log, LOG_ERROR, "public_page_with_cookie", LOGC("route", s->match.route ? s->match.route->name : "none"));
        web_cache_never(w);
    }
}

static struct str hashed_actor(struct serving *s)
{
    if (str_is_null(s->call.actor.id))
        return STR_NULL;
    return str_sub(crypto_sha256_hex(s->call.arena, s->call.actor.id), 0, 16);
}

static void write_log(struct serving *s, const struct err *e, int64_t us)
{
    const struct route *r = s->match.route;
    struct log *log = s->thread->app->log;
    int status = s->gone ? 0 : s->response.status;
    bool failed = status >= 500;
    LOG(log, failed ? LOG_ERROR : LOG_INFO, "request", LOGS("request_id", s->call.request_id), LOGS("trace_id", s->call.trace_id),
        LOGC("method", http_method_name(s->http->method)), LOGC("route", r ? r->name : "none"), LOGI("status", status), LOGI("us", us),
        LOGI("bytes", (int64_t)s->response.body.n), LOGS("user", hashed_actor(s)),
        LOGC("problem", e->problem != PROBLEM_NONE ? problem_info(e->problem)->code : NULL), LOGC("cause", failed && e->cause[0] ? e->cause : NULL));
}

static void end_call(struct serving *s, const struct err *e)
{
    int64_t us = clock_monotonic() - s->started;
    shared_count(s->thread->app->shared, s->match.route ? s->match.number : SIZE_MAX, s->gone ? 0 : s->response.status, us);
    if (s->gone)
        ADD(s->thread->app->shared->gone, 1);
    write_log(s, e, us);
    if (s->call.db)
        db_release(s->call.db);
    if (s->call.db_keys)
        db_release(s->call.db_keys);
    state_unref(s->state);
    gate_threads_leave(s);
}

bool serve(struct app_thread *t, struct http_request *http, bool (*is_last)(void *arg), void *arg, struct err *e)
{
    struct serving s = {.thread = t, .http = http, .started = clock_monotonic(), .head = http->method == HTTP_HEAD};
    s.is_page = !str_starts(http->path, STR("/v1/")) && !str_eq_c(http->path, "/v1");
    if (http->path.n == 0)               /* a target that could not be read */
        s.is_page = !str_starts(http->target, STR("/v1/"));
    begin_call(&s);
    bool ok = e->problem == PROBLEM_NONE && handle(&s, e);
    if (t->db)                           /* nobody holds a connection while the answer goes out */
        db_release(t->db);
    if (!ok && !s.gone)
        refuse(&s, e);
    settle_cache(&s);
    bool last = is_last(arg);
    if (!s.gone)
        s.gone = !(last ? fcgi_respond_last : fcgi_respond)(t->fcgi, &s.response, s.head);
    end_call(&s, e);
    return !s.gone && !last;
}
