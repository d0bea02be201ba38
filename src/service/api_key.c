#include "service/api_key.h"

#include "auth/refresh.h"
#include "domain/client.h"
#include "service/audit.h"
#include "service/role.h"
#include "service/session_internal.h"
#include "sql/identity_staff.h"

enum { KEY_TEXT = 3 + 43, HINT = 4 };

bool api_key_is_one(struct str token)
{
    return str_starts(token, STR("sk_")) || str_starts(token, STR("pk_"));
}

bool api_key_check(struct call *c, struct str token, struct str origin, struct actor *ret_actor, bool *ret_publishable, struct err *e)
{
    struct q_api_key_use_row row;
    bool found = false;
    struct q_api_key_use_in in = {.hash = session_hash(c->arena, token), .place = client_place(c->arena, c->client), .request_id = c->request_id,
                                  .trace_id = c->trace_id, .now = c->now};
    if (token.n == KEY_TEXT && !q_api_key_use(c->db, c->arena, &in, &row, &found, e))
        return false;
    if (!found || str_starts(token, STR("sk_")) != str_eq_c(row.kind, "secret"))
        return err_set(e, PROBLEM_INVALID_TOKEN, "this API key is not valid (any more)");
    *ret_publishable = !str_eq_c(row.kind, "secret");
    if (!*ret_publishable) {
        *ret_actor = (struct actor){.kind = ACTOR_KEY, .id = id_str(c->arena, ID_api_key, row.id.u), .permissions = permission_parse(row.permissions)};
        return true;
    }
    struct str allowed = row.origins, one;
    bool ours = str_is_empty(allowed);
    while (!ours && str_split(&allowed, ' ', &one))
        ours = !str_is_null(origin) && str_eq_nocase(one, origin);
    return ours || err_set(e, PROBLEM_CROSS_ORIGIN, "this publishable key belongs to other origins");
}

/* --- making ------------------------------------------------------------------------------------------------------------ */

/* scheme://host[:port], nothing behind it: as browsers send it. */
static bool is_origin(struct str s)
{
    struct str rest = str_starts(s, STR("https://")) ? str_sub(s, 8, s.n) : str_starts(s, STR("http://")) ? str_sub(s, 7, s.n) : STR_NULL;
    bool good = rest.n > 0 && s.n <= 200;
    for (size_t i = 0; good && i < rest.n; i++) {
        char ch = rest.p[i];
        good = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '.' || ch == ':' || ch == '[' || ch == ']';
    }
    return good;
}

static bool check(struct call *c, const struct api_key_new *in, struct err *e)
{
    const struct str *origins = in->origins.v;
    bool secret = str_eq_c(in->kind, "secret");
    permission_set set;
    if (in->expires_at != 0 && in->expires_at <= c->now)
        return err_param(e, PROBLEM_INVALID, "expires_at", "This time is over already");
    if (secret && in->origins.n > 0)
        return err_param(e, PROBLEM_INVALID, "origins", "A secret key does not belong into a browser; origins are a publishable key's");
    if (!secret && in->permissions.n > 0)
        return err_param(e, PROBLEM_INVALID, "permissions", "A publishable key has none");
    if (secret && in->permissions.n == 0)
        return err_param(e, PROBLEM_REQUIRED, "permissions", "A secret key needs at least one");
    for (size_t i = 0; i < in->origins.n; i++) {
        if (!is_origin(origins[i]))
            return err_param(e, PROBLEM_INVALID, "origins", "An origin is written \"https://app.example:8443\"");
    }
    return role_check_permissions(c, in->permissions, &set, e);
}

bool api_key_create(struct call *c, const struct api_key_new *in, struct api_key *ret_key, struct err *e)
{
    bool secret = str_eq_c(in->kind, "secret");
    if (!check(c, in, e))
        return false;
    struct str token = str_printf(c->arena, "%s_" STR_FMT, secret ? "sk" : "pk", STR_ARG(secret_new(c->arena)));
    arena_cleanse(c->arena, (char *)(uintptr_t)token.p, token.n);
    struct api_key k = {.id = {uuid_v7(c->now)}, .kind = in->kind, .name = in->name, .hint = str_dup(c->arena, str_sub(token, token.n - HINT, HINT)),
                        .permissions = in->permissions, .origins = in->origins, .created_by = session_actor(c), .state = STR("active"),
                        .expires_at = in->expires_at, .created_at = c->now, .secret = token};
    struct q_api_key_create_in q = {.id = k.id, .kind = k.kind, .name = k.name, .hash = session_hash(c->arena, token), .hint = k.hint,
                                    .permissions = {k.permissions.n, k.permissions.v ? k.permissions.v : &token}, .origins = {k.origins.n, k.origins.v ? k.origins.v : &token},
                                    .expires = k.expires_at, .actor = k.created_by, .place = audit_place(c->arena, c->client), .request_id = c->request_id,
                                    .trace_id = c->trace_id, .now = c->now};
    if (!q_api_key_create(c->db, c->arena, &q, NULL, e))
        return false;
    *ret_key = k;
    return true;
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

static struct api_key key_of(struct call *c, const struct q_api_key_list_row *r)
{
    bool over = r->expires_at != 0 && r->expires_at <= c->now;
    return (struct api_key){.id = r->id, .kind = r->kind, .name = r->name, .hint = r->hint, .created_by = r->created_by,
                            .state = r->revoked_at ? STR("revoked") : over ? STR("expired") : STR("active"),
                            .permissions = {r->permissions.n, (void *)(uintptr_t)r->permissions.v}, .origins = {r->origins.n, (void *)(uintptr_t)r->origins.v},
                            .expires_at = r->expires_at, .last_used_at = r->last_used_at, .revoked_at = r->revoked_at, .created_at = r->created_at};
}

bool api_key_list(struct call *c, struct api_key_id before, int64_t limit, struct shape_list *ret_list, struct api_key_id *ret_next, struct err *e)
{
    struct q_api_key_list_rows rows;
    if (!q_api_key_list(c->db, c->arena, &(struct q_api_key_list_in){.before = before, .lim = (int32_t)limit + 1}, &rows, e))
        return false;
    size_t n = rows.n > (size_t)limit ? (size_t)limit : rows.n;
    struct api_key *v = ARENA_ARRAY(c->arena, struct api_key, n + 1);
    for (size_t i = 0; i < n; i++)
        v[i] = key_of(c, &rows.v[i]);
    *ret_list = (struct shape_list){n, v};
    *ret_next = rows.n > n ? v[n - 1].id : (struct api_key_id){0};
    return true;
}

static bool no_key(struct err *e)
{
    return err_set(e, PROBLEM_NOT_FOUND, "There is no such API key");
}

bool api_key_read(struct call *c, struct api_key_id id, struct api_key *ret_key, struct err *e)
{
    struct q_api_key_get_row r;
    bool found;
    if (!q_api_key_get(c->db, c->arena, &(struct q_api_key_get_in){.id = id}, &r, &found, e))
        return false;
    if (!found)
        return no_key(e);
    struct q_api_key_list_row same = {.id = r.id, .kind = r.kind, .name = r.name, .hint = r.hint, .permissions = r.permissions, .origins = r.origins,
                                      .created_by = r.created_by, .expires_at = r.expires_at, .last_used_at = r.last_used_at, .revoked_at = r.revoked_at,
                                      .created_at = r.created_at};
    *ret_key = key_of(c, &same);
    return true;
}

bool api_key_revoke(struct call *c, struct api_key_id id, struct err *e)
{
    struct q_api_key_revoke_row row;
    struct q_api_key_revoke_in in = {.id = id, .actor = session_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id,
                                    .trace_id = c->trace_id, .now = c->now};
    if (!q_api_key_revoke(c->db, c->arena, &in, &row, e))
        return false;
    return row.known || no_key(e);
}
