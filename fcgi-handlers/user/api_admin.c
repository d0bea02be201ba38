/* Keys of programs, permissions and roles. */
#include "user/session.h"

bool admin_version(struct str if_match, int64_t *ret_version, struct err *e)
{
    struct str s = str_trim(if_match);
    *ret_version = 0;
    if (str_is_null(if_match) || str_eq_c(s, "*")) return true;
    if (str_starts(s, STR("W/"))) s = str_sub(s, 2, s.n);
    if (s.n > 2 && s.p[0] == '"' && s.p[s.n - 1] == '"' && str_to_int64(str_sub(s, 1, s.n - 2), ret_version) && *ret_version > 0 && *ret_version <= INT32_MAX) return true;
    return err_set(e, PROBLEM_PRECONDITION_FAILED, "If-Match names no version of this object");
}

bool admin_cursor(enum id_kind kind, struct str cursor, struct uuid *ret_id, struct err *e)
{
    *ret_id = (struct uuid){{0}};
    return str_is_null(cursor) || id_parse(kind, cursor, ret_id) || err_param(e, PROBLEM_INVALID_CURSOR, "cursor", "This cursor does not belong to this list");
}

static bool nothing(struct http_response *w)
{
    web_cache_never(w);
    w->status = 204;
    return true;
}

/* --- keys ---------------------------------------------------------------------------------------------------------------- */

bool api_key_list_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_in *in = r->in;
    struct api_key_id before, next;
    struct shape_list list;
    if (!admin_cursor(ID_api_key, in->cursor, &before.u, e) || !api_key_list(r->call, before, in->limit, &list, &next, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, uuid_is_zero(next.u) ? STR_NULL : id_str(r->arena, ID_api_key, next.u));
    return true;
}

bool api_key_add(struct req *r, struct http_response *w, struct err *e)
{
    struct api_key *key = ARENA_NEW(r->arena, struct api_key);
    if (!api_key_create(r->call, r->in, key, e)) return false;
    web_cache_never(w);
    http_set_header(w, "Location", str_printf(r->arena, "/v1/admin/api-keys/" STR_FMT, STR_ARG(id_str(r->arena, ID_api_key, key->id.u))));
    web_json(r, w, key);
    return true;
}

bool api_key_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct api_key_key_in *in = r->in;
    struct api_key *key = ARENA_NEW(r->arena, struct api_key);
    if (!api_key_read(r->call, in->id, key, e)) return false;
    web_cache_never(w);
    web_json(r, w, key);
    return true;
}

bool api_key_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct api_key_key_in *in = r->in;
    return api_key_revoke(r->call, in->id, e) && nothing(w);
}

/* --- permissions and roles ------------------------------------------------------------------------------------------------ */

bool api_permission_list(struct req *r, struct http_response *w, struct err *e)
{
    struct permission_out *v = ARENA_ARRAY(r->arena, struct permission_out, PERMISSION_END);
    size_t n = 0;
    (void)e;
    for (int p = PERMISSION_NONE + 1; p < PERMISSION_END; p++)
        v[n++] = (struct permission_out){str_from(permission_name((enum permission)p)), str_from(permission_doc((enum permission)p))};
    web_cache_never(w);
    web_json_list(r, w, (struct shape_list){n, v}, STR_NULL);
    return true;
}

bool api_role_list(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list list;
    if (!role_list(r->call, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

static bool answer_role(struct req *r, struct http_response *w, const struct role *role)
{
    struct str tag = str_printf(r->arena, "%lld", (long long)role->version);
    web_cache_never(w);
    if (r->http->method == HTTP_GET && http_not_modified(r->http, w, tag)) return true;
    if (r->http->method != HTTP_GET) http_set_header(w, "ETag", str_printf(r->arena, "\"" STR_FMT "\"", STR_ARG(tag)));
    web_json(r, w, role);
    return true;
}

bool api_role_get(struct req *r, struct http_response *w, struct err *e)
{
    const struct role_key_in *in = r->in;
    struct role *role = ARENA_NEW(r->arena, struct role);
    return role_read(r->call, in->id, role, e) && answer_role(r, w, role);
}

bool api_role_add(struct req *r, struct http_response *w, struct err *e)
{
    const struct role_body_in *in = r->in;
    struct role *role = ARENA_NEW(r->arena, struct role);
    if (!role_put(r->call, &(struct role_in){.name = in->name, .title = in->title, .permissions = in->permissions}, role, e)) return false;
    http_set_header(w, "Location", str_printf(r->arena, "/v1/admin/roles/" STR_FMT, STR_ARG(id_str(r->arena, ID_role, role->id.u))));
    return answer_role(r, w, role);
}

/* What is absent stays. */
bool api_role_patch(struct req *r, struct http_response *w, struct err *e)
{
    const struct role_body_in *in = r->in;
    struct role *role = ARENA_NEW(r->arena, struct role);
    int64_t version;
    if (!admin_version(in->if_match, &version, e) || !role_read(r->call, in->id, role, e)) return false;
    struct role_in change = {.id = in->id, .version = version ? version : role->version, .title = str_is_null(in->title) ? role->title : in->title,
                             .permissions = in->permissions.v ? in->permissions : role->permissions};
    return role_put(r->call, &change, role, e) && answer_role(r, w, role);
}

bool api_role_delete(struct req *r, struct http_response *w, struct err *e)
{
    const struct role_key_in *in = r->in;
    return role_delete(r->call, in->id, e) && nothing(w);
}
