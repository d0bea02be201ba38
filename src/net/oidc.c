#include "net/oidc.h"

#include "base/buf.h"
#include "crypto/crypto.h"

static bool no_answer(struct err *e, const char *why)
{
    (void)err_set(e, PROBLEM_UNAVAILABLE, "The sign-in provider does not answer.");
    return err_cause(e, "%s", why);
}

/* A word of the provider's, fit for a log line. */
static const char *word(struct arena *a, struct str s)
{
    char *w = str_cstr(a, str_sub(str_is_null(s) ? STR("") : s, 0, 60));
    for (char *p = w; *p; p++) {
        if (*p < ' ' || *p > '~')
            *p = '?';
    }
    return w;
}

static bool get(struct http_client *h, struct arena *a, struct str url, size_t max, int64_t deadline, struct str *ret_body, struct err *e)
{
    struct http_ask ask = {.method = "GET", .url = url, .n_headers = 1, .headers = {{"Accept", STR("application/json")}}, .max = max, .deadline = deadline};
    struct http_got got;
    if (!http_client_call(h, a, &ask, &got, e))
        return e->problem == PROBLEM_INVALID ? no_answer(e, arena_printf(a, "an address of the provider cannot be called: %s", e->detail)) : false;
    if (got.status != 200)
        return no_answer(e, arena_printf(a, "the provider answered %d", got.status));
    *ret_body = got.body;
    return true;
}

/* --- what the provider says of itself ------------------------------------------------------------------------------------- */

bool oidc_discover(struct http_client *h, struct arena *a, struct str issuer, int64_t deadline, struct str *ret_document, struct err *e)
{
    struct str base = str_ends(issuer, STR("/")) ? str_sub(issuer, 0, issuer.n - 1) : issuer;
    struct str url = str_printf(a, STR_FMT "/.well-known/openid-configuration", STR_ARG(base));
    return get(h, a, url, OIDC_DISCOVERY_MAX, deadline, ret_document, e);
}

static bool lists(const struct json_value *array, const char *want)
{
    struct str s;
    for (size_t i = 0; i < json_length(array); i++) {
        if (json_value_str(json_item(array, i), &s) && str_eq_c(s, want))
            return true;
    }
    return false;
}

/* An https issuer has https endpoints only. */
static bool endpoint(const struct json_value *doc, const char *name, struct str issuer, bool required, struct str *ret_url)
{
    struct str url = json_member_str(doc, name);
    *ret_url = url;
    if (str_is_null(url))
        return !required;
    return http_url_ok(url) && (str_starts(url, STR("https://")) || str_starts(issuer, STR("http://")));
}

bool oidc_endpoints_parse(struct str document, struct arena *a, struct str issuer, struct oidc_endpoints *ret, struct err *e)
{
    const struct json_value *doc;
    struct oidc_endpoints p = {0};
    if (!json_object_read(document, a, &doc, e))
        return no_answer(e, "the provider's document is not JSON");
    p.issuer = json_member_str(doc, "issuer");
    if (!str_eq(p.issuer, issuer))
        return no_answer(e, arena_printf(a, "the provider's document is that of another issuer: %s", word(a, p.issuer)));
    if (!endpoint(doc, "authorization_endpoint", issuer, true, &p.authorization) || !endpoint(doc, "token_endpoint", issuer, true, &p.token) ||
        !endpoint(doc, "userinfo_endpoint", issuer, false, &p.userinfo) || !endpoint(doc, "jwks_uri", issuer, true, &p.jwks))
        return no_answer(e, "the provider's document lacks an endpoint, or names one that cannot be called");
    const struct json_value *methods = json_member(doc, "token_endpoint_auth_methods_supported");
    p.secret_in_body = lists(methods, "client_secret_post") && !lists(methods, "client_secret_basic");
    (void)json_value_bool(json_member(doc, "authorization_response_iss_parameter_supported"), &p.names_issuer);
    *ret = p;
    return true;
}

bool oidc_fetch_jwks(struct http_client *h, struct arena *a, struct str url, int64_t deadline, struct str *ret_jwks, struct err *e)
{
    return get(h, a, url, OIDC_JWKS_MAX, deadline, ret_jwks, e);
}

/* --- the way out ------------------------------------------------------------------------------------------------------------ */

struct str oidc_challenge(struct arena *a, struct str verifier)
{
    uint8_t hash[SHA256_LEN];
    crypto_sha256(verifier, hash);
    return crypto_base64url(a, str_of((const char *)hash, sizeof hash));
}

struct str oidc_authorization_url(struct arena *a, const struct oidc_endpoints *p, const struct oidc_request *q)
{
    struct buf query, url;
    size_t at;
    buf_init_arena(&query, a, 0);
    buf_init_arena(&url, a, 0);
    http_form_add(&query, "response_type", STR("code"));
    http_form_add(&query, "client_id", q->client_id);
    http_form_add(&query, "redirect_uri", q->redirect_uri);
    http_form_add(&query, "scope", q->scopes);
    http_form_add(&query, "state", q->state);
    http_form_add(&query, "nonce", q->nonce);
    http_form_add(&query, "code_challenge", oidc_challenge(a, q->verifier));
    http_form_add(&query, "code_challenge_method", STR("S256"));
    if (!str_is_null(q->locale))
        http_form_add(&query, "ui_locales", q->locale);
    if (q->again) {
        http_form_add(&query, "prompt", STR("login"));
        http_form_add(&query, "max_age", STR("0"));
    }
    buf_str(&url, p->authorization);
    buf_char(&url, str_find(p->authorization, '?', &at) ? '&' : '?');
    buf_str(&url, buf_view(&query));
    return buf_view(&url);
}

/* --- the way back ----------------------------------------------------------------------------------------------------------- */

static struct str encoded(struct arena *a, struct str s)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    http_form_add(&b, "", s);
    return str_sub(buf_view(&b), 1, b.n);
}

/* RFC 6749 section 2.3.1: name and secret are form-encoded before they become Basic. */
static void authenticate(struct arena *a, const struct oidc_endpoints *p, const struct oidc_exchange *x, struct http_ask *ask, struct buf *form)
{
    if (str_is_null(x->client_secret) || p->secret_in_body)
        http_form_add(form, "client_id", x->client_id);
    if (str_is_null(x->client_secret))
        return;
    if (p->secret_in_body) {
        http_form_add(form, "client_secret", x->client_secret);
        return;
    }
    ask->user = encoded(a, x->client_id);
    ask->password = encoded(a, x->client_secret);
}

/* RFC 6749 section 5.2. A refused code is the caller's matter, everything else ours or the provider's. */
static bool refused(struct arena *a, const struct http_got *got, struct err *e)
{
    const struct json_value *answer;
    struct err ignored = {0};
    struct str error = json_object_read(got->body, a, &answer, &ignored) ? json_member_str(answer, "error") : STR_NULL;
    if (str_eq_c(error, "invalid_grant")) {
        (void)err_set(e, PROBLEM_INVALID_TOKEN, "The sign-in provider did not accept the code (any more).");
        return err_cause(e, "invalid_grant");
    }
    return no_answer(e, arena_printf(a, "the token endpoint answered %d %s", got->status, word(a, error)));
}

bool oidc_exchange_code(struct http_client *h, struct arena *a, const struct oidc_endpoints *p, const struct oidc_exchange *x, int64_t deadline,
                        struct oidc_tokens *ret, struct err *e)
{
    struct http_ask ask = {.method = "POST", .url = p->token, .n_headers = 2, .max = OIDC_TOKENS_MAX, .deadline = deadline,
                           .headers = {{"Accept", STR("application/json")}, {"Content-Type", STR("application/x-www-form-urlencoded")}}};
    struct http_got got;
    const struct json_value *answer;
    struct buf form;
    buf_init_arena(&form, a, 0);
    http_form_add(&form, "grant_type", STR("authorization_code"));
    http_form_add(&form, "code", x->code);
    http_form_add(&form, "redirect_uri", x->redirect_uri);
    http_form_add(&form, "code_verifier", x->verifier);
    authenticate(a, p, x, &ask, &form);
    arena_cleanse(a, form.p, form.n);
    ask.body = buf_view(&form);
    if (!http_client_call(h, a, &ask, &got, e))
        return false;
    if (got.status != 200)
        return refused(a, &got, e);
    if (!json_object_read(got.body, a, &answer, e))
        return no_answer(e, "the token endpoint's answer is not JSON");
    struct oidc_tokens t = {json_member_str(answer, "id_token"), json_member_str(answer, "access_token")};
    if (str_is_null(t.id_token) || str_is_null(t.access_token))
        return no_answer(e, "the token endpoint gave no ID token or no access token");
    *ret = t;
    return true;
}

bool oidc_userinfo(struct http_client *h, struct arena *a, const struct oidc_endpoints *p, struct str access_token, struct str subject, int64_t deadline,
                   const struct json_value **ret_claims, struct err *e)
{
    struct http_ask ask = {.method = "GET", .url = p->userinfo, .n_headers = 2, .max = OIDC_TOKENS_MAX, .deadline = deadline,
                           .headers = {{"Accept", STR("application/json")}, {"Authorization", str_printf(a, "Bearer " STR_FMT, STR_ARG(access_token))}}};
    struct http_got got;
    const struct json_value *claims;
    if (!http_client_call(h, a, &ask, &got, e))
        return false;
    if (got.status != 200 || !json_object_read(got.body, a, &claims, e))
        return no_answer(e, arena_printf(a, "the userinfo endpoint answered %d", got.status));
    if (!str_eq(json_member_str(claims, "sub"), subject))
        return no_answer(e, "the userinfo endpoint spoke of another subject");
    *ret_claims = claims;
    return true;
}
