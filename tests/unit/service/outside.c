#include "outside.h"

#include <stdlib.h>

#include "auth/token.h"
#include "base/clock.h"

struct str outside_token(struct outside *o, struct arena *a, const char *header, struct str payload)
{
    uint8_t signature[ES256_LEN];
    struct str h = crypto_base64url(a, str_from(header)), p = crypto_base64url(a, payload);
    struct str data = str_printf(a, STR_FMT "." STR_FMT, STR_ARG(h), STR_ARG(p));
    sign_es256(o->key, data, signature);
    struct str sig = crypto_base64url(a, str_of((const char *)signature, sizeof signature));
    return str_printf(a, STR_FMT "." STR_FMT, STR_ARG(data), STR_ARG(sig));
}

static struct str id_token(struct outside *o, struct arena *a)
{
    int64_t now = clock_real() / USEC_PER_SEC;
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_printf(&b, "{\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%lld,\"exp\":%lld,%s", o->token_issuer ? o->token_issuer : o->issuer, o->audience ? o->audience : "shop",
               (long long)now, (long long)(now + o->life_s), o->claims);
    if (o->nonce[0])
        buf_printf(&b, ",\"nonce\":\"%s\"", o->nonce);
    buf_char(&b, '}');
    return outside_token(o, a, arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", o->kid), buf_view(&b));
}

static struct str jwks(struct outside *o, struct arena *a)
{
    struct token_keys *keys = token_keys_new();
    struct err e = {0};
    assert_true(token_keys_add(keys, o->rotated ? STR("k2") : STR("k1"), sign_key_public(o->key), 0, &e));
    struct str text = token_keys_print(keys, a, clock_real() / USEC_PER_SEC);
    token_keys_unref(keys);
    return text;
}

static void tokens(struct outside *o, struct arena *a, struct str request, struct buf *out)
{
    const char *body = memmem(request.p, request.n, "\r\n\r\n", 4);
    snprintf(o->form, sizeof o->form, "%.*s", (int)(request.p + request.n - body - 4), body + 4);
    o->exchanges++;
    struct str id = id_token(o, a);
    if (o->refuses)
        counterpart_answer(out, 400, "application/json", STR("{\"error\":\"invalid_grant\"}"));
    else
        counterpart_answer(out, 200, "application/json", str_printf(a, "{\"access_token\":\"at\",\"token_type\":\"Bearer\",\"id_token\":\"" STR_FMT "\"}", STR_ARG(id)));
}

static void answer(void *arg, struct arena *a, struct str request, struct buf *out)
{
    struct outside *o = arg;
    struct str line = request, path;
    if (o->down || !str_split(&line, ' ', &path) || !str_split(&line, ' ', &path))
        return;
    if (str_eq_c(path, "/.well-known/openid-configuration")) {
        o->discoveries++;
        counterpart_answer(out, 200, "application/json", str_printf(a, "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/auth\",\"token_endpoint\":\"%s/token\","
            "\"userinfo_endpoint\":\"%s/me\",\"jwks_uri\":\"%s/jwks\"}", o->issuer, o->issuer, o->issuer, o->issuer, o->issuer));
    } else if (str_eq_c(path, "/jwks")) {
        counterpart_answer(out, 200, "application/json", jwks(o, a));
    } else if (str_eq_c(path, "/token")) {
        tokens(o, a, request, out);
    } else if (str_eq_c(path, "/me")) {
        counterpart_answer(out, 200, "application/json", o->userinfo ? str_from(o->userinfo) : str_printf(a, "{%s}", o->claims));
    } else {
        counterpart_answer(out, 404, "application/json", STR("{}"));
    }
}

int outside_start(void **state)
{
    struct outside *o = calloc(1, sizeof *o);
    struct err e = {0};
    void *shop;
    if (shop_start(&shop) != 0)
        return -1;
    o->s = shop;
    o->arena = arena_new();
    o->key = sign_key_generate();
    o->kid = "k1";
    o->life_s = 300;
    o->claims = "\"sub\":\"s1\"";
    o->c = counterpart_start(answer, o);
    snprintf(o->issuer, sizeof o->issuer, "http://127.0.0.1:%d", counterpart_port(o->c));
    struct call *c = shop_call(o->s, "souk_admin");
    if (!identity_http_open(c->env->config, &o->http, &e))
        return -1;
    *state = o;
    outside_provider(o, "fake");
    return 0;
}

int outside_stop(void **state)
{
    struct outside *o = *state;
    void *shop = o->s;
    identity_http_close(o->http);
    counterpart_stop(o->c);
    sign_key_free(o->key);
    arena_destroy(o->arena);
    free(o);
    return shop_stop(&shop);
}

struct call *outside_call(struct outside *o, const char *role)
{
    struct call *c = shop_call(o->s, role);
    o->env = *c->env;
    o->env.http = o->http;
    c->env = &o->env;
    c->deadline = clock_monotonic() + 10 * USEC_PER_SEC;
    return c;
}

void outside_provider(struct outside *o, const char *name)
{
    struct str redirect = STR("com.example.app:/in");
    struct identity_provider_set in = {.name = str_from(name), .label = STR("The Fake"), .issuer = str_from(o->issuer), .client_id = STR("shop"),
                                       .client_secret = STR("very secret"), .has_redirects = true, .app_redirects = {1, &redirect}};
    struct err e = {0};
    bool created;
    assert_good(identity_provider_put(outside_call(o, "souk_admin"), &in, &created, &e), e);
}

struct str outside_param(struct outside *o, struct str url, const char *name)
{
    struct str rest = url, pair, key;
    if (!str_split(&rest, '?', &pair))
        return STR_NULL;
    while (!str_is_null(rest) && str_split(&rest, '&', &pair)) {
        if (str_split(&pair, '=', &key) && str_eq_c(key, name))
            return str_dup(o->arena, pair);
    }
    return STR_NULL;
}
