#include "service/staff.h"

#include "auth/hasher.h"
#include "auth/password.h"
#include "service/account_internal.h"
#include "service/challenge.h"
#include "service/person.h"
#include "service/audit.h"
#include "service/role.h"
#include "service/session_internal.h"
#include "sql/identity_staff.h"

static bool no_staff(struct err *e)
{
    return err_set(e, PROBLEM_NOT_FOUND, "There is no such member of staff");
}

/* --- who --------------------------------------------------------------------------------------------------------------- */

static bool fill(struct call *c, const struct q_staff_get_row *r, struct staff *ret, struct err *e)
{
    struct staff s = {.id = r->id, .status = r->status, .roles = {r->roles.n, (void *)(uintptr_t)r->roles.v},
                      .permissions = role_permission_names(c->arena, permission_parse(r->permissions)), .second_factor = r->second_factor, .version = r->version,
                      .last_sign_in_at = r->last_sign_in_at, .created_at = r->created_at};
    if (!person_open(c, r->person, person_context(c->arena, ACCOUNT_PLACE_EMAIL, r->id.u), r->email, &s.email, e) ||
        !person_open(c, r->person, person_context(c->arena, ACCOUNT_PLACE_NAME, r->id.u), r->name, &s.name, e))
        return false;
    *ret = s;
    return true;
}

bool staff_list(struct call *c, struct account_id after, int64_t limit, struct shape_list *ret_list, struct account_id *ret_next, struct err *e)
{
    struct q_staff_list_rows rows;
    if (!q_staff_list(c->db, c->arena, &(struct q_staff_list_in){.after = after, .lim = (int32_t)limit + 1}, &rows, e))
        return false;
    size_t n = rows.n > (size_t)limit ? (size_t)limit : rows.n;
    struct staff *v = ARENA_ARRAY(c->arena, struct staff, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct q_staff_list_row *r = &rows.v[i];
        struct q_staff_get_row same = {r->id, r->person, r->email, r->name, r->status, r->roles, r->permissions, r->second_factor, r->version, r->last_sign_in_at,
                                       r->created_at};
        if (!fill(c, &same, &v[i], e))
            return false;
    }
    *ret_list = (struct shape_list){n, v};
    *ret_next = rows.n > n ? v[n - 1].id : (struct account_id){0};
    return true;
}

bool staff_read(struct call *c, struct account_id id, struct staff *ret_staff, struct err *e)
{
    struct q_staff_get_row row;
    bool found;
    if (!q_staff_get(c->db, c->arena, &(struct q_staff_get_in){.id = id}, &row, &found, e))
        return false;
    return found ? fill(c, &row, ret_staff, e) : no_staff(e);
}

/* --- roles ------------------------------------------------------------------------------------------------------------- */

static bool write_roles(struct call *c, struct account_id id, int64_t version, struct shape_list roles, struct err *e)
{
    struct q_staff_roles_row row;
    const struct str none = STR("");
    struct q_staff_roles_in in = {.account = id, .version = {version != 0, (int32_t)version}, .roles = {roles.n, roles.v ? roles.v : &none},
                                  .actor = session_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id, .trace_id = c->trace_id,
                                  .now = c->now, .real = clock_real()};
    if (!q_staff_roles(c->db, c->arena, &in, &row, e))
        return false;
    if (str_eq_c(row.outcome, "not_found"))
        return no_staff(e);
    if (str_eq_c(row.outcome, "unknown_role"))
        return err_param(e, PROBLEM_INVALID, "roles", "There is no role of this name");
    if (str_eq_c(row.outcome, "last_owner"))
        return err_set(e, PROBLEM_INVALID_STATE, "This is the last owner: make another one first");
    if (str_eq_c(row.outcome, "changed"))
        return err_set(e, PROBLEM_PRECONDITION_FAILED, "The account changed in the meantime");
    session_news_add(c->env->news, id, (struct session_id){0}, in.real);
    return true;
}

bool staff_set_roles(struct call *c, struct account_id id, int64_t version, struct shape_list roles, struct err *e)
{
    struct q_staff_get_row before;
    bool found;
    if (!q_staff_get(c->db, c->arena, &(struct q_staff_get_in){.id = id}, &before, &found, e))
        return false;
    if (!found && c->actor.kind != ACTOR_SYSTEM)            /* others become staff by an invitation that they accept */
        return no_staff(e);
    if (found && !role_may_all(c, permission_parse(before.permissions)))
        return err_set(e, PROBLEM_FORBIDDEN, "this member of staff may do more than you");
    return role_check_grant(c, roles, e) && write_roles(c, id, version, roles, e);
}

/* --- invitations ------------------------------------------------------------------------------------------------------- */

/* What the challenge of an invitation remembers: names of roles, and who invited (absent: the operators' command). */
struct invitation_data {
    struct shape_list roles;
    struct account_id by;
};
static const struct shape_field data_fields[] = {
    {"roles", SHAPE_LIST, offsetof(struct invitation_data, roles), .item = SHAPE_STR, .required = true},
    {"by", SHAPE_ID, offsetof(struct invitation_data, by), .id = ID_account},
    {NULL}};
static const struct shape data_shape = {"InvitationData", data_fields, sizeof(struct invitation_data)};

bool staff_invite(struct call *c, const struct staff_invite_in *in, struct staff_invitation *ret_invitation, struct err *e)
{
    struct str email;
    struct buf data;
    struct challenge_id id;
    struct invitation_data d = {.roles = in->roles, .by = c->actor.account};
    if (!account_take_email(c, in->email, &email, e) || !role_check_grant(c, in->roles, e))
        return false;
    buf_init_arena(&data, c->arena, 0);
    shape_write(&data, c->arena, &data_shape, &d);
    if (!challenge_begin(c, &(struct challenge_new){.purpose = CHALLENGE_INVITATION, .email = email, .data = buf_view(&data), .mail = "staff_invitation",
                                                    .life = CHALLENGE_LINK_LIFE}, &id, NULL, e))
        return false;
    *ret_invitation = (struct staff_invitation){id, email, in->roles, c->now + CHALLENGE_LINK_LIFE};
    return audit_write(c, "staff.invited", "challenge", id.u, buf_view(&data), e);
}

/* An invitation is worth what its maker may still give. */
static bool open_link(struct call *c, struct str link, struct challenge *ret_challenge, struct invitation_data *ret_data, struct err *e)
{
    struct q_role_permissions_row gives;
    struct q_staff_get_row maker;
    bool found;
    if (!challenge_by_link(c, CHALLENGE_INVITATION, link, ret_challenge, e) || !shape_read_json(&data_shape, ret_challenge->data, c->arena, ret_data, e))
        return false;
    if (uuid_is_zero(ret_data->by.u))
        return true;
    if (!q_staff_get(c->db, c->arena, &(struct q_staff_get_in){.id = ret_data->by}, &maker, &found, e) ||
        !q_role_permissions(c->db, c->arena, &(struct q_role_permissions_in){.roles = {ret_data->roles.n, ret_data->roles.v}}, &gives, e))
        return false;
    if (!found || !str_eq_c(maker.status, "active") || (permission_parse(gives.permissions) & ~permission_parse(maker.permissions)) != 0)
        return err_set(e, PROBLEM_EXPIRED, "The invitation was taken back");
    return true;
}

bool staff_offer(struct call *c, struct str link, struct staff_offer *ret_offer, struct err *e)
{
    struct challenge ch;
    struct invitation_data d;
    struct account_id account;
    bool known;
    if (!open_link(c, link, &ch, &d, e) || !account_find(c, ch.email, &account, &known, e))
        return false;
    *ret_offer = (struct staff_offer){ch.email, d.roles, known};
    return true;
}

/* The roles that an account has, and those of the invitation. */
static bool add_roles(struct call *c, struct account_id account, struct shape_list more, struct err *e)
{
    struct q_staff_get_row row;
    bool found;
    if (!q_staff_get(c->db, c->arena, &(struct q_staff_get_in){.id = account}, &row, &found, e))
        return false;
    size_t have = found ? row.roles.n : 0, n = 0;
    struct str *v = ARENA_ARRAY(c->arena, struct str, have + more.n + 1);
    for (size_t i = 0; i < have; i++)
        v[n++] = row.roles.v[i];
    for (size_t i = 0; i < more.n; i++)
        v[n++] = ((const struct str *)more.v)[i];
    return write_roles(c, account, 0, (struct shape_list){n, v}, e);
}

static bool accept_new(struct call *c, const struct staff_accept_in *in, const struct challenge *ch, const struct invitation_data *d, struct login_result *ret,
                       struct err *e)
{
    struct account_id account;
    struct str encoded;
    if (str_is_empty(in->password))
        return err_param(e, PROBLEM_REQUIRED, "password", "Choose a password.");
    if (!password_rules(c->arena, in->password, ch->email, in->name, "password", e) ||
        !hasher_encode(c->env->hasher, c->arena, in->password, c->deadline, &encoded, e))
        return false;
    struct account_begin begin = {.challenge = ch->id, .email = ch->email, .name = in->name, .locale = ch->locale, .password = encoded, .verified = true, .staff = true};
    return account_begin(c, &begin, &account, e) && add_roles(c, account, d->roles, e) &&
           login_finish(c, account, in->kind, SESSION_BY_PASSWORD, false, STR_NULL, ret, e);
}

static bool use_once(struct call *c, const struct challenge *ch, struct err *e)
{
    bool first;
    if (!challenge_use(c, ch->id, &first, e))
        return false;
    return first || err_set(e, PROBLEM_EXPIRED, "This invitation was accepted already.");
}

bool staff_accept(struct call *c, const struct staff_accept_in *in, struct login_result *ret, struct err *e)
{
    struct challenge ch;
    struct invitation_data d;
    struct account_id account;
    struct login_result result;
    bool known;
    if (!open_link(c, in->link, &ch, &d, e) || !account_find(c, ch.email, &account, &known, e))
        return false;
    if (!known)
        return accept_new(c, in, &ch, &d, ret, e);
    struct login_in login = {.email = ch.email, .password = in->password, .kind = in->kind};
    if (!account_login(c, &login, &result, e) || !use_once(c, &ch, e) || !add_roles(c, account, d.roles, e))
        return false;
    /* What a plain shopper's session may do stays; as staff it needs the second factor, and the gate says so. */
    result.setup_needed = result.outcome == LOGIN_DONE;
    *ret = result;
    return true;
}
