#include "service/role.h"

#include "service/audit.h"
#include "service/session_internal.h"
#include "sql/identity_staff.h"

struct shape_list role_permission_names(struct arena *a, permission_set set)
{
    struct str *v = ARENA_ARRAY(a, struct str, PERMISSION_END);
    size_t n = 0;
    for (int p = PERMISSION_NONE + 1; p < PERMISSION_END; p++) {
        if (set & permission_bit((enum permission)p))
            v[n++] = str_from(permission_name((enum permission)p));
    }
    return (struct shape_list){n, v};
}

/* The operators' command may do everything. */
bool role_may_all(const struct call *c, permission_set set)
{
    return c->actor.kind == ACTOR_SYSTEM || (set & ~c->actor.permissions) == 0;
}

static bool too_much(struct call *c, permission_set set, struct err *e)
{
    struct str lacking = permission_format(c->arena, set & ~c->actor.permissions);
    return err_param(e, PROBLEM_FORBIDDEN, "permissions", "nobody gives what he does not have: " STR_FMT, STR_ARG(lacking));
}

bool role_check_permissions(struct call *c, struct shape_list names, permission_set *ret_set, struct err *e)
{
    const struct str *v = names.v;
    permission_set set = 0;
    for (size_t i = 0; i < names.n; i++) {
        enum permission p = permission_find(v[i]);
        if (p == PERMISSION_NONE)
            return err_param(e, PROBLEM_INVALID, "permissions", "There is no permission \"" STR_FMT "\"", STR_ARG(str_sub(v[i], 0, 60)));
        set |= permission_bit(p);
    }
    if (!role_may_all(c, set))
        return too_much(c, set, e);
    *ret_set = set;
    return true;
}

bool role_check_grant(struct call *c, struct shape_list roles, struct err *e)
{
    struct q_role_permissions_row row;
    const struct str none = STR("");
    struct q_role_permissions_in in = {.roles = {roles.n, roles.v ? roles.v : &none}};
    if (!q_role_permissions(c->db, c->arena, &in, &row, e))
        return false;
    permission_set set = permission_parse(row.permissions);
    return role_may_all(c, set) || too_much(c, set, e);
}

bool role_check_over(struct call *c, struct account_id account, struct err *e)
{
    struct q_staff_get_row row;
    bool found;
    if (c->actor.kind == ACTOR_SYSTEM || uuid_eq(account.u, c->actor.account.u))
        return true;
    if (!q_staff_get(c->db, c->arena, &(struct q_staff_get_in){.id = account}, &row, &found, e))
        return false;
    return !found || role_may_all(c, permission_parse(row.permissions)) || err_set(e, PROBLEM_FORBIDDEN, "this member of staff may do more than you");
}

static struct role role_of(struct call *c, const struct q_role_get_row *r)
{
    permission_set set = 0;
    for (size_t i = 0; i < r->permissions.n; i++)
        set |= permission_parse(r->permissions.v[i]);
    return (struct role){.id = r->id, .name = r->name, .title = r->title, .permissions = role_permission_names(c->arena, set), .builtin = r->builtin,
                         .members = r->members, .version = r->version, .created_at = r->created_at, .updated_at = r->updated_at};
}

bool role_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    struct q_role_list_rows rows;
    if (!q_role_list(c->db, c->arena, &rows, e))
        return false;
    struct role *v = ARENA_ARRAY(c->arena, struct role, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_role_list_row *r = &rows.v[i];
        struct q_role_get_row same = {r->id, r->name, r->title, r->permissions, r->builtin, r->members, r->version, r->created_at, r->updated_at};
        v[i] = role_of(c, &same);
    }
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}

static bool no_role(struct err *e)
{
    return err_set(e, PROBLEM_NOT_FOUND, "There is no such role");
}

bool role_read(struct call *c, struct role_id id, struct role *ret_role, struct err *e)
{
    struct q_role_get_row row;
    bool found;
    if (!q_role_get(c->db, c->arena, &(struct q_role_get_in){.id = id}, &row, &found, e))
        return false;
    if (!found)
        return no_role(e);
    *ret_role = role_of(c, &row);
    return true;
}

static bool refused(struct str outcome, struct err *e)
{
    if (str_eq_c(outcome, "ok"))
        return true;
    if (str_eq_c(outcome, "not_found"))
        return no_role(e);
    if (str_eq_c(outcome, "exists"))
        return err_param(e, PROBLEM_ALREADY_EXISTS, "name", "There is a role of this name");
    if (str_eq_c(outcome, "changed"))
        return err_set(e, PROBLEM_PRECONDITION_FAILED, "The role changed in the meantime");
    if (str_eq_c(outcome, "in_use"))
        return err_set(e, PROBLEM_INVALID_STATE, "Somebody, or a group of a user pool, has this role");
    return err_set(e, PROBLEM_INVALID_STATE, "This role is built in");
}

static bool name_ok(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char ch = name.p[i];
        if (!(ch >= 'a' && ch <= 'z') && (i == 0 || (!(ch >= '0' && ch <= '9') && ch != '_' && ch != '-')))
            return false;
    }
    return name.n >= 1 && name.n <= 40;
}

/* Somebody who may do less than the role could not have made it, so he does not take from it either. */
static bool may_change(struct call *c, struct role_id id, struct err *e)
{
    struct role before;
    permission_set set;
    return role_read(c, id, &before, e) && role_check_permissions(c, before.permissions, &set, e);
}

bool role_put(struct call *c, const struct role_in *in, struct role *ret_role, struct err *e)
{
    struct q_role_put_row row;
    permission_set set;
    bool fresh = uuid_is_zero(in->id.u);
    struct role_id id = fresh ? (struct role_id){uuid_v7(c->now)} : in->id;
    if (fresh && !name_ok(in->name))
        return err_param(e, PROBLEM_INVALID, "name", "A name begins with a letter and has letters, digits, - and _");
    if (!role_check_permissions(c, in->permissions, &set, e) || (!fresh && !may_change(c, id, e)))
        return false;
    struct shape_list names = role_permission_names(c->arena, set);
    struct q_role_put_in q = {.id = id, .version = {!fresh, (int32_t)in->version}, .name = in->name, .title = in->title, .permissions = {names.n, names.v},
                              .actor = session_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id, .trace_id = c->trace_id,
                              .now = c->now, .real = clock_real()};
    return q_role_put(c->db, c->arena, &q, &row, e) && refused(row.outcome, e) && role_read(c, id, ret_role, e);
}

bool role_delete(struct call *c, struct role_id id, struct err *e)
{
    struct q_role_delete_row row;
    struct q_role_delete_in in = {.id = id, .actor = session_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id,
                                 .trace_id = c->trace_id, .now = c->now};
    return may_change(c, id, e) && q_role_delete(c->db, c->arena, &in, &row, e) && refused(row.outcome, e);
}
