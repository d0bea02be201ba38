/* Who calls, and may they? A row of the table says what it asks for; this file is the only one that decides. */
#include "service/api_key.h"
#include "web/gates.h"

/* --- the way to the sign-in --------------------------------------------------------------------------------------------- */

/* Percent-encoded for a query value. */
static struct str encoded(struct arena *a, struct str s)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || strchr("-._~/", ch))
            buf_char(&b, (char)ch);
        else
            buf_printf(&b, "%%%02X", ch);
    }
    return buf_view(&b);
}

/* The page itself; after a form the page of the same address, or the nearest one above it, where the form stood. Whoever leads back checks it (domain/return_to). */
static struct str own_path(struct serving *s)
{
    struct str path = s->http->path;
    struct route_match m;
    if (method_is_safe(s->http->method))
        return s->http->target;
    while (path.n > 1) {
        route_find(s->thread->app->index, HTTP_GET, path, &m);
        if (m.route && m.route->kind == KIND_PAGE)
            return path.n == s->http->path.n ? s->http->target : path;
        do
            path.n--;
        while (path.n > 0 && path.p[path.n] != '/');
    }
    return STR("/account");
}

bool identity_redirect(struct serving *s, const struct err *e)
{
    const char *where = e->problem == PROBLEM_UNAUTHENTICATED ? "/sign-in" : e->problem == PROBLEM_FRESH_REQUIRED ? "/sign-in/confirm" : NULL;
    if (!where || !s->is_page || !s->match.route)
        return false;
    http_redirect(&s->response, 303, str_printf(s->call.arena, "%s?return_to=" STR_FMT, where, STR_ARG(encoded(s->call.arena, own_path(s)))));
    web_cache_never(&s->response);
    return true;
}

void identity_challenge(struct serving *s, const struct err *e)
{
    if (problem_info(e->problem)->status == 401)
        http_set_header(&s->response, "WWW-Authenticate",
                        e->problem == PROBLEM_INVALID_TOKEN ? STR("Bearer realm=\"souk\", error=\"invalid_token\"") : STR("Bearer realm=\"souk\""));
}

/* --- the browser's session ---------------------------------------------------------------------------------------------- */

void web_session_set(struct http_response *w, const struct session_grant *grant)
{
    if (!str_is_empty(grant->cookie))
        http_set_cookie(w, SESSION_COOKIE, grant->cookie, (struct http_cookie_options){.max_age_s = grant->cookie_s, .http_only = true, .lax = true});
}

void web_session_clear(struct http_response *w)
{
    http_set_cookie(w, SESSION_COOKIE, STR(""), (struct http_cookie_options){.max_age_s = 0, .http_only = true, .lax = true});
}

/* --- who --------------------------------------------------------------------------------------------------------------- */

/* A cookie counts where another site's page cannot use it: on pages, and on API rows that look at the origin. */
static bool takes_cookie(const struct route *r)
{
    return r->kind == KIND_PAGE || r->csrf != CSRF_NONE || r->navigation;
}

static bool from_bearer(struct serving *s, struct str header, struct err *e)
{
    struct str scheme;
    if (!str_split(&header, ' ', &scheme) || !str_eq_nocase(scheme, STR("bearer")) || str_is_empty(str_trim(header)))
        return err_set(e, PROBLEM_INVALID_TOKEN, "the Authorization header must be \"Bearer <token>\"");
    struct str token = str_trim(header);
    if (api_key_is_one(token))
        return api_key_check(&s->call, token, http_header(s->http, "origin"), &s->call.actor, &s->publishable, e);
    return session_by_token(&s->call, token, &s->call.actor, e);
}

/* A cookie that is none any more is taken away; its bearer is a guest then. One that was exchanged a moment ago stays: another request of that browser brought the new one, and
 * taking it away would sign the person out. */
static bool from_cookie(struct serving *s, struct str cookie, struct err *e)
{
    bool rotated;
    if (session_by_cookie(&s->call, cookie, &s->call.actor, e))
        return true;
    if (e->problem != PROBLEM_UNAUTHENTICATED)
        return false;
    err_clear(e);
    if (!session_cookie_rotated(&s->call, cookie, &rotated, e))
        return false;
    if (!rotated)
        web_session_clear(&s->response);
    return true;
}

static bool identify(struct serving *s, struct err *e)
{
    const struct route *r = s->match.route;
    struct str header = http_header(s->http, "authorization"), cookie = http_cookie(s->http, SESSION_COOKIE);
    s->call.actor.kind = r->auth == AUTH_GUEST ? ACTOR_GUEST : ACTOR_ANONYMOUS;
    if (!s->call.db)                     /* a pool without a database knows nobody */
        return true;
    if (!str_is_null(header))
        return from_bearer(s, header, e);
    if (!str_is_null(cookie) && takes_cookie(r))
        return from_cookie(s, cookie, e);
    return true;
}

/* --- may they ---------------------------------------------------------------------------------------------------------- */

static bool is_fresh(const struct serving *s)
{
    return s->call.actor.fresh_at != 0 && s->call.actor.fresh_at >= s->call.now - s->call.env->config->fresh_s * USEC_PER_SEC;
}

static bool check_staff(struct serving *s, struct err *e)
{
    const struct route *r = s->match.route;
    const struct actor *who = &s->call.actor;
    if (who->kind != ACTOR_STAFF && who->kind != ACTOR_KEY)
        return err_set(e, PROBLEM_FORBIDDEN, "this is for the shop's staff");
    if (who->kind == ACTOR_KEY && (r->sessions_only || r->fresh))
        return err_set(e, PROBLEM_FORBIDDEN, "only a person may do this, no API key");
    if (who->kind == ACTOR_STAFF && !who->second_factor && !r->one_factor)
        return err_set(e, PROBLEM_SECOND_FACTOR_REQUIRED, "staff signs in with a second factor");
    if (!permission_has(who->permissions, r->permission))
        return err_set(e, PROBLEM_FORBIDDEN, "this needs the permission %s", permission_name(r->permission));
    return true;
}

bool gate_auth(struct serving *s, struct err *e)
{
    const struct route *r = s->match.route;
    if (r->auth == AUTH_NONE)
        return true;
    if (!identify(s, e))
        return false;
    if (r->auth == AUTH_GUEST)
        return true;
    if (s->publishable)
        return err_set(e, PROBLEM_FORBIDDEN, "a publishable key may do no more than a guest");
    if (s->call.actor.kind == ACTOR_ANONYMOUS)
        return err_set(e, PROBLEM_UNAUTHENTICATED, "this needs an account");
    if (r->auth == AUTH_CUSTOMER && s->call.actor.kind == ACTOR_KEY)
        return err_set(e, PROBLEM_FORBIDDEN, "this is an account's own; an API key has none");
    if (r->auth == AUTH_STAFF && !check_staff(s, e))
        return false;
    if (r->fresh && !is_fresh(s) && !uuid_is_zero(s->call.actor.session.u) && !session_look(&s->call, &s->call.actor, e))       /* no token says so, and Redis may be a minute behind */
        return false;
    if (r->fresh && !is_fresh(s))
        return err_set(e, PROBLEM_FRESH_REQUIRED, "confirm that it is you, then try again");
    return true;
}
