#include "service/customer.h"

#include "domain/contact.h"
#include "service/audit.h"
#include "service/page_cursor.h"
#include "service/person.h"
#include "service/role.h"
#include "service/session.h"
#include "sql/customer.h"

enum { LIMIT_MAX = 100 };

static const char *const states[] = {"active", "disabled", "erased", NULL};

static bool open_field(struct call *c, const struct q_customer_page_row *r, const char *place, struct str sealed, struct str *ret, struct err *e)
{
    return person_open(c, r->person, person_context(c->arena, place, r->id.u), sealed, ret, e);
}

static bool open_row(struct call *c, const struct q_customer_page_row *r, struct customer *ret, struct err *e)
{
    *ret = (struct customer){.id = r->id, .person = r->person, .locale = r->locale, .status = r->status, .email_verified = r->email_verified, .staff = r->staff,
                             .has_password = r->has_password, .second_factor = r->second_factor, .version = r->version, .orders = r->orders,
                             .open_orders = r->open_orders, .sessions = r->sessions, .created_at = r->created_at, .last_sign_in_at = r->last_sign_in_at};
    return open_field(c, r, "identity.account.email", r->email, &ret->email, e) && open_field(c, r, "identity.account.name", r->name, &ret->name, e) &&
           open_field(c, r, "identity.account.phone", r->phone, &ret->phone, e);
}

static bool open_rows(struct call *c, const struct q_customer_page_rows *rows, size_t n, struct shape_list *ret, struct err *e)
{
    struct customer *v = ARENA_ARRAY(c->arena, struct customer, n + 1);
    struct person_id *persons = ARENA_ARRAY(c->arena, struct person_id, n + 1);
    for (size_t i = 0; i < n; i++) persons[i] = rows->v[i].person;
    if (n > 0 && !person_load_keys(c, persons, n, e)) return false;
    for (size_t i = 0; i < n; i++)
        if (!open_row(c, &rows->v[i], &v[i], e)) return false;
    *ret = (struct shape_list){n, v};
    return true;
}

static bool is_state(struct str s)
{
    for (const char *const *x = states; *x != NULL; x++)
        if (str_eq_c(s, *x)) return true;
    return false;
}

bool customer_list(struct call *c, const struct customer_filter *f, struct shape_list *ret_list, struct str *ret_next, struct err *e)
{
    struct q_customer_page_rows rows;
    struct q_customer_page_in in = {.staff = f->staff_only, .now = c->now};
    struct str email = STR_NULL, filters = str_printf(c->arena, STR_FMT "\n" STR_FMT "\n%d", STR_ARG(f->email), STR_ARG(f->status), f->staff_only);
    size_t limit = f->limit < 1 ? 20 : f->limit > LIMIT_MAX ? LIMIT_MAX : (size_t)f->limit;
    *ret_next = STR_NULL;
    *ret_list = (struct shape_list){0};
    if (!str_is_empty(f->status) && !is_state(f->status)) return err_param(e, PROBLEM_INVALID, "status", "An account is active, disabled or erased");
    if (!str_is_empty(f->status)) in.status = f->status;
    if (!page_cursor_read(c->arena, filters, f->cursor, &in.before, &in.before_id.u, e)) return false;
    if (!str_is_empty(f->email)) {
        if (!email_normalise(c->arena, f->email, &email)) return true;            /* nobody has it */
        in.email_hash = person_email_hash(c, email);
    }
    in.lim = (int32_t)limit + 1;
    if (!q_customer_page(c->db, c->arena, &in, &rows, e)) return false;
    size_t n = rows.n > limit ? limit : rows.n;
    if (rows.n > limit) *ret_next = page_cursor_make(c->arena, filters, rows.v[n - 1].created_at, rows.v[n - 1].id.u);
    return open_rows(c, &rows, n, ret_list, e);
}

bool customer_read(struct call *c, struct account_id id, struct customer *ret_customer, struct err *e)
{
    struct q_customer_page_rows rows;
    if (!q_customer_page(c->db, c->arena, &(struct q_customer_page_in){.id = id, .now = c->now, .lim = 1}, &rows, e)) return false;
    if (rows.n == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    return open_row(c, &rows.v[0], ret_customer, e);
}

struct enabling { struct call *c; struct account_id id; bool enabled; struct str outcome; };

static bool set_enabled(struct db *d, void *arg, struct err *e)
{
    struct enabling *x = arg;
    struct call *c = x->c;
    struct q_customer_enable_row row;
    int ended;
    if (!q_customer_enable(d, c->arena, &(struct q_customer_enable_in){.id = x->id, .enabled = x->enabled, .actor = audit_actor(c), .place = audit_place(c->arena, c->client),
                                            .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, &row, e))
        return false;
    x->outcome = row.outcome;
    if (!str_eq_c(row.outcome, "ok")) return true;
    return x->enabled ? session_forget(c, x->id, e) : session_end_all(c, x->id, (struct session_id){{{0}}}, "disabled", &ended, e);
}

bool customer_set_enabled(struct call *c, struct account_id id, bool enabled, struct customer *ret_customer, struct err *e)
{
    struct enabling x = {.c = c, .id = id, .enabled = enabled};
    if (!enabled && uuid_eq(id.u, c->actor.account.u)) return err_set(e, PROBLEM_INVALID_STATE, "Nobody can disable the own account");
    if (!role_check_over(c, id, e) || !db_transaction(c->db, set_enabled, &x, e)) return false;
    if (str_eq_c(x.outcome, "gone")) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    if (str_eq_c(x.outcome, "last_owner")) return err_set(e, PROBLEM_INVALID_STATE, "The shop's last owner stays");
    if (str_eq_c(x.outcome, "erased")) return err_set(e, PROBLEM_INVALID_STATE, "This account was erased");
    return customer_read(c, id, ret_customer, e);
}
