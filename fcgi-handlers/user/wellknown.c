/* What other programs need to know to check our tokens: the keys, and where things are (OpenID Connect Discovery 1.0, RFC 8414). Only what is true: there is no
 * authorization endpoint, people sign in on our own pages or over /v1/auth. */
#include "json/json.h"
#include "user/session.h"

enum { KEEP_S = 60 };                    /* less than a new key is published before it signs */

static bool send(struct http_response *w, const char *type)
{
    w->content_type = str_from(type);
    http_cache(w, arena_printf(w->arena, "public, max-age=%d", KEEP_S));
    http_set_header(w, "Access-Control-Allow-Origin", STR("*"));
    return true;
}

bool wellknown_jwks(struct req *r, struct http_response *w, struct err *e)
{
    struct str jwks;
    if (!session_jwks(r->call, &jwks, e)) return false;
    buf_str(&w->body, jwks);
    return send(w, "application/jwk-set+json");
}

static void put(struct req *r, struct http_response *w, const char *name, const char *path)
{
    buf_printf(&w->body, "\"%s\":", name);
    json_put_string(&w->body, str_printf(r->arena, "%s%s", r->call->env->config->base_url, path));
    buf_char(&w->body, ',');
}

bool wellknown_discovery(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    buf_char(&w->body, '{');
    put(r, w, "issuer", "");
    put(r, w, "jwks_uri", "/.well-known/jwks.json");
    put(r, w, "token_endpoint", "/v1/auth/token");
    put(r, w, "revocation_endpoint", "/v1/auth/revoke");
    put(r, w, "service_documentation", "/v1/openapi.json");
    BUF_LIT(&w->body, "\"grant_types_supported\":[\"refresh_token\"],\"response_types_supported\":[],\"subject_types_supported\":[\"public\"],"
                      "\"id_token_signing_alg_values_supported\":[\"ES256\"],\"token_endpoint_auth_methods_supported\":[\"none\"],"
                      "\"revocation_endpoint_auth_methods_supported\":[\"none\"],\"scopes_supported\":[\"customer\",\"staff\",\"mfa\"");
    for (int p = PERMISSION_NONE + 1; p < PERMISSION_END; p++)
        buf_printf(&w->body, ",\"%s\"", permission_name((enum permission)p));
    BUF_LIT(&w->body, "]}");
    return send(w, "application/json");
}
