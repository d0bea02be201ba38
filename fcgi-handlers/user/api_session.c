/* Tokens and sessions: refreshing, revoking, the list of devices. */
#include "json/json.h"
#include "user/auth.h"
#include "user/session.h"

static bool nothing(struct http_response *w)
{
    web_cache_never(w);
    w->status = 204;
    return true;
}

bool api_refresh(struct req *r, struct http_response *w, struct err *e)
{
    const struct refresh_in *in = r->in;
    struct session_grant g;
    if (!session_refresh(r->call, in->refresh_token, &g, e)) return false;
    struct auth_tokens *t = ARENA_NEW(r->arena, struct auth_tokens);
    *t = (struct auth_tokens){.access_token = g.access_token, .token_type = STR("Bearer"), .refresh_token = g.refresh_token, .expires_in = {true, g.access_s}, .account = g.account};
    web_cache_never(w);
    web_json(r, w, t);
    return true;
}

/* --- the same for standard clients: RFC 6749 sections 5 and 6, RFC 7009. Their refusals have a form of their own. --- */

static bool oauth_error(struct http_response *w, const char *code, struct str what)
{
    w->status = 400;
    w->content_type = STR("application/json");
    web_cache_never(w);
    http_set_header(w, "Pragma", STR("no-cache"));
    buf_clear(&w->body);
    buf_printf(&w->body, "{\"error\":\"%s\",\"error_description\":", code);
    json_put_string(&w->body, what);
    buf_char(&w->body, '}');
    return true;
}

/* False: answered. */
static bool read_form(struct req *r, struct http_response *w, struct shape_pairs *ret_form)
{
    struct err bad;
    err_clear(&bad);
    if (!http_is_media(r->http->content_type, "application/x-www-form-urlencoded"))
        return !oauth_error(w, "invalid_request", STR("the body must be application/x-www-form-urlencoded"));
    if (!http_parse_pairs(r->arena, r->http->body, ret_form, &bad))
        return !oauth_error(w, "invalid_request", STR("the body cannot be read"));
    for (size_t i = 0; i < ret_form->n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (str_eq(ret_form->v[i].name, ret_form->v[k].name))
                return !oauth_error(w, "invalid_request", STR("a parameter stands twice"));
        }
    }
    return true;
}

static struct str value_of(struct shape_pairs form, const char *name)
{
    for (size_t i = 0; i < form.n; i++) {
        if (str_eq_c(form.v[i].name, name)) return form.v[i].value;
    }
    return STR_NULL;
}

bool api_token(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_pairs form;
    struct session_grant g;
    if (!read_form(r, w, &form)) return true;
    if (str_is_empty(value_of(form, "grant_type"))) return oauth_error(w, "invalid_request", STR("grant_type is missing"));
    if (!str_eq_c(value_of(form, "grant_type"), "refresh_token")) return oauth_error(w, "unsupported_grant_type", STR("only refresh_token is supported"));
    if (str_is_empty(value_of(form, "refresh_token"))) return oauth_error(w, "invalid_request", STR("refresh_token is missing"));
    if (!str_is_empty(value_of(form, "scope"))) return oauth_error(w, "invalid_scope", STR("the scope of a session cannot be chosen"));
    if (!session_refresh(r->call, value_of(form, "refresh_token"), &g, e))
        return e->problem == PROBLEM_INVALID_TOKEN ? oauth_error(w, "invalid_grant", str_from(e->detail)) : false;
    web_cache_never(w);
    http_set_header(w, "Pragma", STR("no-cache"));
    web_json(r, w, &(struct oauth_tokens){g.access_token, STR("Bearer"), g.refresh_token, g.access_s});
    return true;
}

/* A token that is none is revoked already (RFC 7009 section 2.2). */
bool api_revoke(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_pairs form;
    if (!read_form(r, w, &form)) return true;
    if (str_is_empty(value_of(form, "token"))) return oauth_error(w, "invalid_request", STR("token is missing"));
    if (!session_revoke(r->call, value_of(form, "token"), e)) return false;
    web_cache_never(w);
    w->content_type = STR_NULL;
    return true;
}

/* --- devices ----------------------------------------------------------------------------------------------------------- */

bool api_session_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!session_list(r->call, r->call->actor.account, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

bool api_session_end(struct req *r, struct http_response *w, struct err *e)
{
    const struct session_key_in *in = r->in;
    return session_end(r->call, r->call->actor.account, in->id, "ended_by_owner", e) && nothing(w);
}

bool api_session_end_all(struct req *r, struct http_response *w, struct err *e)
{
    const struct session_end_in *in = r->in;
    struct session_id spare = in->everywhere ? (struct session_id){0} : r->call->actor.session;
    return session_end_all(r->call, r->call->actor.account, spare, "ended_by_owner", NULL, e) && nothing(w);
}
