/* What an operator may write into a provider's row. */
#include "base/clock.h"
#include "json/json.h"
#include "net/http_client.h"
#include "service/audit.h"
#include "service/identity_internal.h"

enum { NAME_LEN_MAX = 40, LABEL_LEN_MAX = 60, ISSUER_LEN_MAX = 400, CLIENT_LEN_MAX = 200, SCOPES_LEN_MAX = 300, GROUP_LEN_MAX = 128, LIST_MAX = 20 };

static bool name_ok(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (!((ch >= 'a' && ch <= 'z') || (i > 0 && ((ch >= '0' && ch <= '9') || ch == '-'))))
            return false;
    }
    return s.n > 0 && s.n <= NAME_LEN_MAX;
}

/* One word of printable ASCII. */
static bool word_ok(struct str s, size_t max)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    }
    return s.n > 0 && s.n <= max;
}

static bool scopes_ok(struct str s)
{
    struct str rest = s, one;
    bool openid = false;
    while (!str_is_null(rest) && str_split(&rest, ' ', &one)) {
        if (!word_ok(one, SCOPES_LEN_MAX))
            return false;
        openid = openid || str_eq_c(one, "openid");
    }
    return openid && s.n <= SCOPES_LEN_MAX;
}

/* An address of this app's own: https, or a scheme in reverse domain notation (RFC 8252 section 7.1). */
static bool redirect_ok(struct str s)
{
    size_t colon, dot;
    if (!word_ok(s, ISSUER_LEN_MAX) || str_find(s, '#', &colon) || !str_find(s, ':', &colon))
        return false;
    if (str_starts(s, STR("https://")))
        return http_url_ok(s);
    return str_find(str_sub(s, 0, colon), '.', &dot) && dot > 0 && !str_starts(s, STR("http:"));
}

static bool url_ok(const struct call *c, struct str url)
{
    bool production = strcmp(c->env->config->mode, "production") == 0;
    return url.n <= ISSUER_LEN_MAX && http_url_ok(url) && (!production || str_starts(url, STR("https://")));
}

static void check(struct call *c, const struct identity_provider_set *in, const struct q_provider_insert_in *q, struct err *e)
{
    bool cognito = str_eq_c(q->kind, "cognito");
    size_t query;
    if (!name_ok(q->name))
        err_field(e, PROBLEM_INVALID, "name", "Small letters, digits and '-', at most %d.", NAME_LEN_MAX);
    if (!cognito && !str_eq_c(q->kind, "oidc"))
        err_field(e, PROBLEM_INVALID, "kind", "One of: oidc, cognito.");
    if (!str_is_text(q->label, false) || q->label.n == 0 || str_utf8_length(q->label) > LABEL_LEN_MAX)
        err_field(e, PROBLEM_INVALID, "label", "What the button says, at most %d characters.", LABEL_LEN_MAX);
    if (!url_ok(c, q->issuer) || str_find(q->issuer, '?', &query))
        err_field(e, PROBLEM_INVALID, "issuer", "The provider's address exactly as its tokens have it in `iss`; in production https.");
    if (!str_is_null(q->jwks_url) && !url_ok(c, q->jwks_url))
        err_field(e, PROBLEM_INVALID, "jwks-url", "An address; in production https.");
    if (!cognito && !word_ok(q->client_id, CLIENT_LEN_MAX))
        err_field(e, PROBLEM_INVALID, "client-id", "The client id that the provider gave to this shop.");
    if (!scopes_ok(q->scopes))
        err_field(e, PROBLEM_INVALID, "scopes", "Words with a blank between, `openid` among them.");
    if (cognito && q->allowed_clients.n == 0)
        err_field(e, PROBLEM_REQUIRED, "client", "The client ids of the user pool whose access tokens count.");
    for (size_t i = 0; i < q->allowed_clients.n; i++) {
        if (!word_ok(q->allowed_clients.v[i], CLIENT_LEN_MAX))
            err_field(e, PROBLEM_INVALID, "client", "A client id is one word.");
    }
    for (size_t i = 0; i < q->app_redirects.n; i++) {
        if (!redirect_ok(q->app_redirects.v[i]))
            err_field(e, PROBLEM_INVALID, "app-redirect", "An https address, or one whose scheme is in reverse domain notation (com.example.app:/callback).");
    }
    if (q->allowed_clients.n > LIST_MAX || q->app_redirects.n > LIST_MAX || in->groups.n > 100)
        err_field(e, PROBLEM_OUT_OF_RANGE, "client", "Too many values.");
}

/* --- groups ---------------------------------------------------------------------------------------------------------------- */

struct group { struct str group, role; };

static bool groups_split(struct arena *a, struct shape_list in, struct group **ret, struct err *e)
{
    struct group *g = ARENA_ARRAY(a, struct group, in.n + 1);
    const struct str *v = in.v;
    for (size_t i = 0; i < in.n; i++) {
        g[i].role = v[i];
        if (!str_split(&g[i].role, '=', &g[i].group) || str_is_null(g[i].role) || !str_is_text(g[i].group, false) || g[i].group.n == 0 ||
            g[i].group.n > GROUP_LEN_MAX || !word_ok(g[i].role, NAME_LEN_MAX))
            return err_param(e, PROBLEM_INVALID, "group", "GROUP=ROLE");
    }
    *ret = g;
    return true;
}

static bool roles_exist(struct call *c, const struct group *g, size_t n, struct err *e)
{
    struct q_provider_roles_known_rows known;
    struct str *names = ARENA_ARRAY(c->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = g[i].role;
    if (!q_provider_roles_known(c->db, c->arena, &(struct q_provider_roles_known_in){.names = {n, names}}, &known, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < known.n; k++)
            found = found || str_eq(known.v[k].name, names[i]);
        if (!found)
            return err_param(e, PROBLEM_INVALID, "group", "There is no role " STR_FMT ".", STR_ARG(names[i]));
    }
    return true;
}

/* {"admins":["owner","support"]} */
static struct str groups_json(struct arena *a, const struct group *g, size_t n)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_char(&b, '{');
    for (size_t i = 0; i < n; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || str_eq(g[k].group, g[i].group);
        if (seen)
            continue;
        if (b.n > 1)
            buf_char(&b, ',');
        json_put_string(&b, g[i].group);
        buf_cstr(&b, ":[");
        json_put_string(&b, g[i].role);
        for (size_t k = i + 1; k < n; k++) {
            if (!str_eq(g[k].group, g[i].group))
                continue;
            buf_char(&b, ',');
            json_put_string(&b, g[k].role);
        }
        buf_char(&b, ']');
    }
    buf_char(&b, '}');
    return buf_view(&b);
}

/* --- the row ---------------------------------------------------------------------------------------------------------------- */

static struct str either(struct str given, struct str present)
{
    return str_is_null(given) ? present : str_is_empty(given) ? STR_NULL : given;
}

static struct q_array_text texts(bool given, struct shape_list list, struct q_array_text present)
{
    return given ? (struct q_array_text){list.n, list.v} : present;
}

static void merge(const struct identity_provider_set *in, const struct q_provider_get_row *row, struct str groups, struct q_provider_insert_in *q)
{
    q->name = in->name;
    q->kind = either(in->kind, row->kind);
    q->label = either(in->label, row->label);
    q->issuer = either(in->issuer, row->issuer);
    q->client_id = either(in->client_id, row->client_id);
    q->scopes = either(in->scopes, row->scopes);
    q->jwks_url = either(in->jwks_url, row->jwks_url);
    q->allowed_clients = texts(in->has_clients, in->allowed_clients, row->allowed_clients);
    q->app_redirects = texts(in->has_redirects, in->app_redirects, row->app_redirects);
    q->group_roles = groups;
    q->second_factor = in->second_factor.set ? in->second_factor.v : row->second_factor;
    q->enabled = in->enabled.set ? in->enabled.v : row->enabled;
}

static bool groups_of(struct call *c, const struct identity_provider_set *in, const struct q_provider_get_row *row, bool found, struct str *ret, struct err *e)
{
    struct q_provider_groups_row present;
    struct group *g = NULL;
    bool there;
    *ret = STR("{}");
    if (in->has_groups) {
        if (!groups_split(c->arena, in->groups, &g, e) || !roles_exist(c, g, in->groups.n, e))
            return false;
        *ret = groups_json(c->arena, g, in->groups.n);
        return true;
    }
    if (!found)
        return true;
    if (!q_provider_groups(c->db, c->arena, &(struct q_provider_groups_in){.id = row->id}, &present, &there, e))
        return false;
    if (there)
        *ret = present.group_roles;
    return true;
}

bool identity_provider_put(struct call *c, const struct identity_provider_set *in, bool *ret_new, struct err *e)
{
    struct q_provider_get_row row = {.scopes = STR("openid email profile"), .kind = STR("oidc"), .enabled = true};
    struct q_provider_insert_in q = {.now = c->now};
    struct str groups;
    bool found;
    struct q_provider_get_row present;
    if (!q_provider_get(c->db, c->arena, &(struct q_provider_get_in){.name = in->name}, &present, &found, e))
        return false;
    if (found)
        row = present;
    else
        row.label = in->name;
    if (found && !str_is_null(in->kind) && !str_eq(in->kind, row.kind))
        return err_param(e, PROBLEM_INVALID, "kind", "The kind of a provider stays; make another one.");
    if (found && !str_is_null(in->issuer) && !str_eq(in->issuer, row.issuer))       /* its subjects would be other people */
        return err_param(e, PROBLEM_INVALID, "issuer", "The issuer of a provider stays; make another one.");
    if (!groups_of(c, in, &row, found, &groups, e))
        return false;
    merge(in, &row, groups, &q);
    check(c, in, &q, e);
    if (e->n_fields > 0)
        return false;
    q.id = found ? row.id : uuid_v7(c->now);
    q.client_secret = str_is_null(in->client_secret) ? row.client_secret : str_is_empty(in->client_secret) ? STR_NULL : provider_secret_seal(c, q.id, in->client_secret);
    struct q_provider_update_in u = {q.id, q.label, q.issuer, q.client_id, q.client_secret, q.scopes, q.jwks_url, q.allowed_clients, q.app_redirects, q.group_roles,
                                     q.second_factor, q.enabled, q.now};
    if (found ? !q_provider_update(c->db, c->arena, &u, NULL, e) : !q_provider_insert(c->db, c->arena, &q, NULL, e))
        return false;
    *ret_new = !found;
    return audit_write(c, found ? "provider.changed" : "provider.created", NULL, (struct uuid){0}, provider_detail(c->arena, in->name), e);
}
