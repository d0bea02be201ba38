#include "json/json.h"
#include "service/audit.h"
#include "service/person.h"
#include "service/users.h"
#include "sql/users.h"

enum { PAGE = 250, PAGE_SECONDS = 60 };

static void member(struct buf *b, const char *name, struct str value)
{
    if (str_is_null(value)) return;
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, value);
}

static bool open_field(struct call *c, const struct q_users_page_row *r, const char *place, struct str sealed, struct str *ret, struct err *e)
{
    return person_open(c, r->person, person_context(c->arena, place, r->id.u), sealed, ret, e);
}

static bool put_user(struct call *c, struct buf *b, const struct q_users_page_row *r, struct err *e)
{
    struct str email, name, phone;
    if (!open_field(c, r, "identity.account.email", r->email, &email, e) || !open_field(c, r, "identity.account.name", r->name, &name, e) ||
        !open_field(c, r, "identity.account.phone", r->phone, &phone, e))
        return false;
    buf_printf(b, "{\"id\":\"" STR_FMT "\"", STR_ARG(id_str(c->arena, ID_account, r->id.u)));
    member(b, "email", email);
    buf_printf(b, ",\"email_verified\":%s", r->email_verified ? "true" : "false");
    member(b, "name", name);
    member(b, "phone", phone);
    member(b, "locale", r->locale);
    member(b, "status", r->status);
    buf_printf(b, ",\"staff\":%s", r->staff ? "true" : "false");
    member(b, "password_hash", r->password);
    member(b, "created_at", time_format(c->arena, r->created_at));
    if (r->last_sign_in_at != 0) member(b, "last_sign_in_at", time_format(c->arena, r->last_sign_in_at));
    BUF_LIT(b, "}\n");
    return true;
}

static bool put_page(struct call *c, const struct q_users_page_rows *rows, users_write_fn *write, void *arg, struct err *e)
{
    struct person_id *persons = ARENA_ARRAY(c->arena, struct person_id, rows->n + 1);
    struct buf b;
    buf_init_arena(&b, c->arena, 0);
    for (size_t i = 0; i < rows->n; i++) persons[i] = rows->v[i].person;
    if (!person_load_keys(c, persons, rows->n, e)) return false;
    for (size_t i = 0; i < rows->n; i++)
        if (!put_user(c, &b, &rows->v[i], e)) return false;
    return write(arg, buf_view(&b), e);
}

bool users_export(struct call *given, users_write_fn *write, void *arg, int64_t *ret_users, struct err *e)
{
    struct call c = *given;
    struct account_id after = {0};
    size_t n = PAGE;
    bool good = true;
    *ret_users = 0;
    /* Written down first: an export that was broken off took people's data out, too. */
    if (!audit_write(given, "users.exported", NULL, (struct uuid){{0}}, STR_NULL, e)) return false;
    c.arena = arena_new();
    while (good && n == PAGE) {
        struct q_users_page_rows rows;
        db_deadline(c.db, clock_monotonic() + PAGE_SECONDS * USEC_PER_SEC);
        db_deadline(c.db_keys, clock_monotonic() + PAGE_SECONDS * USEC_PER_SEC);
        good = q_users_page(c.db, c.arena, &(struct q_users_page_in){.after = after, .lim = PAGE}, &rows, e) && put_page(&c, &rows, write, arg, e);
        if (!good) break;
        n = rows.n;
        if (n > 0) after = rows.v[n - 1].id;
        *ret_users += (int64_t)n;
        c.person_keys = NULL;
        arena_reset(c.arena);
    }
    arena_destroy(c.arena);
    return good;
}
