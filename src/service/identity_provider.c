/* Providers as data: their rows, what is fetched from them, and what operators do with them. */
#include "service/identity_provider.h"

#include "auth/token.h"
#include "base/clock.h"
#include "crypto/keyring.h"
#include "json/json.h"
#include "service/audit.h"
#include "service/identity_internal.h"

bool identity_http_open(const struct config *config, struct http_client **ret_client, struct err *e)
{
    bool sandbox = strcmp(config->mode, "production") != 0;
    struct http_client_options o = {.ca_file = config->provider_ca_file, .private_addresses = sandbox || config->provider_private, .plain = sandbox};
    return http_client_new(&o, ret_client, e);
}

void identity_http_close(struct http_client *client)
{
    http_client_destroy(client);
}

/* --- the secret ---------------------------------------------------------------------------------------------------------- */

static struct str secret_context(struct arena *a, struct uuid provider)
{
    char text[37];
    uuid_format(provider, text);
    return str_printf(a, "identity.provider.client_secret:%s", text);
}

struct str provider_secret_seal(struct call *c, struct uuid provider, struct str secret)
{
    uint8_t key[AEAD_KEY_LEN];
    keyring_derive(c->env->keyring, KEY_PROVIDER, key);
    struct str sealed = crypto_seal(c->arena, key, secret_context(c->arena, provider), secret);
    crypto_cleanse(key, sizeof key);
    return sealed;
}

bool provider_secret(struct call *c, const struct provider *p, struct str *ret_secret, struct err *e)
{
    uint8_t key[AEAD_KEY_LEN];
    if (str_is_null(p->row.client_secret)) {
        *ret_secret = STR_NULL;
        return true;
    }
    keyring_derive(c->env->keyring, KEY_PROVIDER, key);
    bool ok = crypto_open(c->arena, key, secret_context(c->arena, p->row.id), p->row.client_secret, ret_secret, e);
    crypto_cleanse(key, sizeof key);
    return ok;
}

struct str provider_detail(struct arena *a, struct str name)
{
    return str_printf(a, "{\"provider\":\"" STR_FMT "\"}", STR_ARG(name));       /* names are [a-z0-9-] */
}

/* --- what a provider says of itself ---------------------------------------------------------------------------------------- */

int64_t provider_deadline(const struct call *c)
{
    int64_t most = clock_monotonic() + c->env->config->provider_ms * USEC_PER_MS;
    return c->deadline > 0 && c->deadline < most ? c->deadline : most;
}

static bool ask(struct call *c, const struct provider_source *s, struct provider_news *ret, struct err *e)
{
    struct provider_news n = {0};
    struct token_keys *keys;
    struct str jwks_url = s->jwks_url;
    int64_t deadline = provider_deadline(c);
    if (str_is_null(jwks_url) || str_eq_c(s->kind, "oidc")) {
        if (!oidc_discover(c->env->http, c->arena, s->issuer, deadline, &n.discovery, e) ||
            !oidc_endpoints_parse(n.discovery, c->arena, s->issuer, &n.endpoints, e))
            return false;
        jwks_url = str_is_null(jwks_url) ? n.endpoints.jwks : jwks_url;
    }
    n.endpoints.jwks = jwks_url;
    if (!oidc_fetch_jwks(c->env->http, c->arena, jwks_url, deadline, &n.jwks, e))
        return false;
    if (!token_keys_parse(n.jwks, &keys, e)) {
        struct str why = str_printf(c->arena, "%s", e->detail);
        (void)err_set(e, PROBLEM_UNAVAILABLE, "The sign-in provider does not answer.");
        return err_cause(e, "the provider's keys cannot be used: " STR_FMT, STR_ARG(why));
    }
    n.keys = token_keys_count(keys);
    token_keys_unref(keys);
    *ret = n;
    return true;
}

bool provider_fetch(struct call *c, const struct provider_source *s, struct provider_news *ret, struct err *e)
{
    BUG_IF(c->env->http == NULL || db_in_transaction(c->db));
    db_release(c->db);                       /* whoever waits for a provider holds no connection */
    if (ask(c, s, ret, e))
        return q_provider_keys_store(c->db, c->arena, &(struct q_provider_keys_store_in){.provider = s->id, .discovery = ret->discovery, .jwks = ret->jwks,
                                         .real = clock_real()}, NULL, e);
    struct err ignored = {0};
    bool noted = q_provider_keys_failed(c->db, c->arena, &(struct q_provider_keys_failed_in){.provider = s->id, .real = clock_real(),
                                            .error = str_from(e->cause[0] ? e->cause : e->detail)}, NULL, &ignored);
    LOG(c->env->log, LOG_WARN, "provider_fetch", LOGC("cause", e->cause), LOGI("noted", noted), LOGS("request_id", c->request_id));
    return false;
}

bool provider_load(struct call *c, struct str name, struct provider *ret, struct err *e)
{
    bool found;
    struct provider p = {.name = name};
    if (!q_provider_get(c->db, c->arena, &(struct q_provider_get_in){.name = name}, &p.row, &found, e))
        return false;
    if (!found || !p.row.enabled || !str_eq_c(p.row.kind, "oidc"))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such sign-in provider.");
    *ret = p;
    return true;
}

static bool fetch_for(struct call *c, struct provider *p, struct err *e)
{
    struct provider_news n;
    if (!provider_fetch(c, &(struct provider_source){p->row.id, p->row.kind, p->row.issuer, p->row.jwks_url}, &n, e))
        return false;
    p->row.discovery = n.discovery;
    p->row.jwks = n.jwks;
    p->endpoints = n.endpoints;
    return true;
}

/* Old keys are better than none: `souk-jobs core` renews them, whatever the provider does meanwhile. */
bool provider_ready(struct call *c, struct str name, struct provider *ret, struct err *e)
{
    struct provider p;
    struct err stale = {0};
    if (!provider_load(c, name, &p, e))
        return false;
    bool known = !str_is_null(p.row.discovery) && !str_is_null(p.row.jwks) && oidc_endpoints_parse(p.row.discovery, c->arena, p.row.issuer, &p.endpoints, &stale);
    if (known && !str_is_null(p.row.jwks_url))
        p.endpoints.jwks = p.row.jwks_url;
    if (!known && !fetch_for(c, &p, e))
        return false;
    *ret = p;
    return true;
}

bool provider_keys_again(struct call *c, struct provider *p, bool *ret_newer, struct err *e)
{
    int64_t turn;
    *ret_newer = false;
    if (!q_provider_keys_turn(c->db, c->arena, &(struct q_provider_keys_turn_in){.provider = p->row.id, .real = clock_real(), .pause_s = PROVIDER_PAUSE_S}, &turn, e))
        return false;
    if (turn == 0)
        return true;
    struct str before = p->row.jwks;
    if (!fetch_for(c, p, e))
        return false;
    *ret_newer = !str_eq(before, p->row.jwks);
    return true;
}

bool identity_provider_refresh(struct call *c, int *ret_done, struct err *e)
{
    struct q_provider_keys_due_rows due;
    usec_t real = clock_real();
    int done = 0;
    *ret_done = 0;
    if (!q_provider_keys_due(c->db, c->arena, &(struct q_provider_keys_due_in){.real = real, .old = real - PROVIDER_KEYS_LIFE_S * USEC_PER_SEC,
                                 .recent = real - PROVIDER_PAUSE_S * USEC_PER_SEC}, &due, e))
        return false;
    for (size_t i = 0; i < due.n; i++) {
        struct provider_source s = {due.v[i].id, due.v[i].kind, due.v[i].issuer, due.v[i].jwks_url};
        struct provider_news n;
        struct err failed = {0};
        done += provider_fetch(c, &s, &n, &failed);      /* one that is down keeps no other waiting; its row says so */
    }
    *ret_done = done;
    return true;
}

/* --- lists ---------------------------------------------------------------------------------------------------------------- */

bool identity_providers_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    struct q_provider_buttons_rows rows;
    if (!q_provider_buttons(c->db, c->arena, &rows, e))
        return false;
    struct identity_provider_info *v = ARENA_ARRAY(c->arena, struct identity_provider_info, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct identity_provider_info){rows.v[i].name, rows.v[i].label, str_printf(c->arena, "/v1/auth/oidc/" STR_FMT, STR_ARG(rows.v[i].name)),
                                               rows.v[i].issuer, rows.v[i].client_id, rows.v[i].scopes};
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}

static struct shape_list list_of(struct arena *a, struct q_array_text texts)
{
    struct str *v = ARENA_ARRAY(a, struct str, texts.n + 1);
    for (size_t i = 0; i < texts.n; i++)
        v[i] = texts.v[i];
    return (struct shape_list){texts.n, v};
}

bool identity_provider_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    struct q_provider_all_rows rows;
    if (!q_provider_all(c->db, c->arena, &rows, e))
        return false;
    struct identity_provider *v = ARENA_ARRAY(c->arena, struct identity_provider, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_provider_all_row *r = &rows.v[i];
        v[i] = (struct identity_provider){.name = r->name, .kind = r->kind, .label = r->label, .issuer = r->issuer, .client_id = r->client_id, .scopes = r->scopes,
                                          .jwks_url = r->jwks_url, .allowed_clients = list_of(c->arena, r->allowed_clients),
                                          .app_redirects = list_of(c->arena, r->app_redirects), .group_roles = r->group_roles, .has_secret = r->has_secret,
                                          .second_factor = r->second_factor, .enabled = r->enabled, .fetched_at = r->fetched_at, .last_error = r->last_error};
    }
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}

bool identity_provider_test(struct call *c, struct str name, struct identity_provider_test *ret, struct err *e)
{
    struct q_provider_get_row row;
    struct provider_news n;
    bool found;
    if (!q_provider_get(c->db, c->arena, &(struct q_provider_get_in){.name = name}, &row, &found, e))
        return false;
    if (!found)
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such provider.");
    if (!provider_fetch(c, &(struct provider_source){row.id, row.kind, row.issuer, row.jwks_url}, &n, e))
        return false;
    *ret = (struct identity_provider_test){n.endpoints.authorization, n.endpoints.token, n.endpoints.jwks, (int)n.keys};
    return true;
}
