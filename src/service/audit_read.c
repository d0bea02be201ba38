/* Reading the trail, and looking whether it is whole. */
#include "crypto/crypto.h"
#include "service/audit.h"
#include "service/page_cursor.h"
#include "sql/audit.h"

enum { LIMIT_MAX = 1000 };

static const char *const kind_names[] = {
#define ID(name, prefix) [ID_##name] = #name,
#include "base/ids.def"
#undef ID
};

static struct str uuid_text(struct arena *a, struct uuid u)
{
    char text[37];
    uuid_format(u, text);
    return str_dup(a, str_of(text, 36));
}

/* "acc_…" where the kind of the object has a prefix. */
static struct str object_text(struct arena *a, struct str type, struct uuid id)
{
    if (uuid_is_zero(id)) return STR_NULL;
    for (size_t i = 0; i < ID_KIND_COUNT; i++)
        if (str_eq_c(type, kind_names[i])) return id_str(a, (enum id_kind)i, id);
    return uuid_text(a, id);
}

static bool object_read(struct str text, struct uuid *ret)
{
    for (size_t i = 0; i < ID_KIND_COUNT; i++)
        if (id_parse((enum id_kind)i, text, ret)) return true;
    return uuid_parse(text, ret);
}

bool audit_list(struct call *c, const struct audit_filter *f, struct shape_list *ret_list, struct str *ret_next, struct err *e)
{
    struct arena *a = c->arena;
    struct q_audit_page_rows rows;
    struct q_audit_page_in in = {.since = f->from, .until = f->to};
    struct str filters = str_printf(a, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n%lld\n%lld", STR_ARG(f->actor), STR_ARG(f->action), STR_ARG(f->object), (long long)f->from,
                                    (long long)f->to);
    size_t limit = f->limit < 1 ? 20 : f->limit > LIMIT_MAX ? LIMIT_MAX : (size_t)f->limit;
    *ret_next = STR_NULL;
    if (!str_is_empty(f->actor)) in.actor = f->actor;
    if (str_ends(f->action, STR("*"))) in.starts = str_sub(f->action, 0, f->action.n - 1);
    else if (str_ends(f->action, STR("."))) in.starts = f->action;
    else if (!str_is_empty(f->action)) in.action = f->action;
    if (!str_is_empty(f->object) && !object_read(f->object, &in.object)) return err_param(e, PROBLEM_INVALID, "object", "This is no id");
    if (!page_cursor_read(a, filters, f->cursor, &in.before, &in.before_id, e)) return false;
    in.lim = (int32_t)limit + 1;
    if (!q_audit_page(c->db, a, &in, &rows, e)) return false;
    size_t n = rows.n > limit ? limit : rows.n;
    if (rows.n > limit) *ret_next = page_cursor_make(a, filters, rows.v[n - 1].created_at, rows.v[n - 1].id);
    struct audit_row *v = ARENA_ARRAY(a, struct audit_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct q_audit_page_row *r = &rows.v[i];
        v[i] = (struct audit_row){.id = uuid_text(a, r->id), .number = r->number.set ? r->number.v : 0, .actor = r->actor, .action = r->action, .object_type = r->object_type,
                                  .object = object_text(a, r->object_type, r->object), .detail = r->detail, .request_id = r->request_id, .trace_id = r->trace_id,
                                  .created_at = r->created_at};
    }
    *ret_list = (struct shape_list){n, v};
    return true;
}

bool audit_verify(struct call *c, usec_t grace_us, struct audit_state *ret_state, size_t *ret_n, struct audit_finding **ret_findings, struct err *e)
{
    struct q_audit_check_rows rows;
    struct q_audit_state_row s;
    if (!q_audit_check(c->db, c->arena, &(struct q_audit_check_in){.before = c->now - grace_us, .lim = AUDIT_FINDINGS_MAX}, &rows, e) ||
        !q_audit_state(c->db, c->arena, &s, e))
        return false;
    struct audit_finding *v = ARENA_ARRAY(c->arena, struct audit_finding, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        v[i] = (struct audit_finding){rows.v[i].number, uuid_is_zero(rows.v[i].id) ? STR_NULL : uuid_text(c->arena, rows.v[i].id), rows.v[i].problem, rows.v[i].detail};
    *ret_state = (struct audit_state){s.rows, s.last_number, s.last_hash, s.unsealed, s.retired};
    *ret_n = rows.n;
    *ret_findings = v;
    return true;
}

bool audit_holds(struct call *c, int64_t number, struct str hash_hex, bool *ret_holds, struct err *e)
{
    struct q_audit_hash_row row;
    bool found;
    if (!q_audit_hash(c->db, c->arena, &(struct q_audit_hash_in){.number = number}, &row, &found, e)) return false;
    *ret_holds = found && str_eq(crypto_hex(c->arena, row.hash.p, row.hash.n), str_lower(c->arena, hash_hex));
    return true;
}
