/* Everything about a person: each domain's published function tells what it has, what is sealed is opened here. */
#include "json/json.h"
#include "json/value.h"
#include "service/address_book.h"
#include "service/cart_internal.h"
#include "service/person.h"
#include "service/privacy_internal.h"
#include "service/profile.h"
#include "sql/account.h"
#include "sql/privacy.h"
#include "sql/profile.h"

enum { LINES_MAX = 200000, JSON_MAX = 32 << 20 };

/* --- one JSON document -------------------------------------------------------------------------------------------------------------- */

static void member(struct buf *b, const char *name, struct str value)
{
    if (str_is_null(value)) return;
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, value);
}

/* What is JSON already. */
static void raw(struct buf *b, const char *name, struct str json)
{
    if (str_is_empty(json)) return;
    buf_printf(b, ",\"%s\":", name);
    buf_str(b, json);
}

bool privacy_owner(struct call *c, struct account_id id, struct account *ret, struct err *e)
{
    struct q_account_get_row r;
    bool found;
    if (!q_account_get(c->db, c->arena, &(struct q_account_get_in){.id = id}, &r, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    struct account a = {.id = r.id, .person = r.person, .locale = r.locale, .email_verified = r.email_verified, .staff = r.staff, .has_password = r.has_password,
                        .status = r.status, .version = r.version, .created_at = r.created_at, .last_sign_in_at = r.last_sign_in_at};
    if (!person_open(c, r.person, person_context(c->arena, "identity.account.email", id.u), r.email, &a.email, e) ||
        !person_open(c, r.person, person_context(c->arena, "identity.account.name", id.u), r.name, &a.name, e) ||
        !person_open(c, r.person, person_context(c->arena, "identity.account.phone", id.u), r.phone, &a.phone, e))
        return false;
    *ret = a;
    return true;
}

static bool put_account(struct call *c, struct buf *b, struct account_id id, struct account *a, struct err *e)
{
    struct q_profile_get_row row;
    bool found;
    if (!privacy_owner(c, id, a, e) || !q_profile_get(c->db, c->arena, &(struct q_profile_get_in){.account = id}, &row, &found, e)) return false;
    buf_printf(b, ",\"account\":{\"id\":\"" STR_FMT "\"", STR_ARG(id_str(c->arena, ID_account, id.u)));
    member(b, "email", a->email);
    buf_printf(b, ",\"email_verified\":%s", a->email_verified ? "true" : "false");
    member(b, "name", a->name);
    member(b, "phone", a->phone);
    member(b, "language", a->locale);
    member(b, "status", a->status);
    buf_printf(b, ",\"has_password\":%s", a->has_password ? "true" : "false");
    member(b, "began_at", time_format(c->arena, a->created_at));
    if (a->last_sign_in_at != 0) member(b, "last_sign_in_at", time_format(c->arena, a->last_sign_in_at));
    if (found) raw(b, "preferences", row.preferences);
    buf_char(b, '}');
    return true;
}

static void put_postal(struct call *c, struct buf *b, const struct address *a)
{
    struct str json = address_to_json(c->arena, a);
    raw(b, "address", json);
    member(b, "country", a->country);
}

static bool put_addresses(struct call *c, struct buf *b, struct account_id id, struct err *e)
{
    struct shape_list list;
    if (!address_book_of(c, id, &list, e)) return false;
    const struct book_address *v = list.v;
    BUF_LIT(b, ",\"addresses\":[");
    for (size_t i = 0; i < list.n; i++) {
        buf_printf(b, "%s{\"default_shipping\":%s,\"default_billing\":%s", i > 0 ? "," : "", v[i].default_shipping ? "true" : "false", v[i].default_billing ? "true" : "false");
        member(b, "label", v[i].label);
        member(b, "phone", v[i].phone);
        if (v[i].address != NULL) put_postal(c, b, v[i].address);
        member(b, "added_at", time_format(c->arena, v[i].created_at));
        buf_char(b, '}');
    }
    buf_char(b, ']');
    return true;
}

struct sealed { struct person_id person; struct cart_id cart; struct str email, phone, address, note, country, facts; };

/* {facts…, "email":…, "phone":…, "address":{…}, "country":…, "note":…} */
static bool put_sealed(struct call *c, struct buf *b, const struct sealed *s, struct err *e)
{
    struct str email, phone, address, note;
    if (!person_open(c, s->person, person_context(c->arena, CART_PLACE_EMAIL, s->cart.u), s->email, &email, e) ||
        !person_open(c, s->person, person_context(c->arena, CART_PLACE_PHONE, s->cart.u), s->phone, &phone, e) ||
        !person_open(c, s->person, person_context(c->arena, CART_PLACE_ADDRESS, s->cart.u), s->address, &address, e) ||
        !person_open(c, s->person, person_context(c->arena, CART_PLACE_NOTE, s->cart.u), s->note, &note, e))
        return false;
    buf_str(b, str_sub(s->facts, 0, s->facts.n - 1));
    member(b, "email", email);
    member(b, "phone", phone);
    raw(b, "address", address);
    member(b, "country", s->country);
    member(b, "note", note);
    buf_char(b, '}');
    return true;
}

static bool put_orders(struct call *c, struct buf *b, struct account_id id, struct q_array_person_id persons, struct q_array_order_id *ret_orders, struct err *e)
{
    struct q_export_orders_rows rows;
    if (!q_export_orders(c->db, c->arena, &(struct q_export_orders_in){.account = id, .persons = persons}, &rows, e)) return false;
    struct order_id *ids = ARENA_ARRAY(c->arena, struct order_id, rows.n + 1);
    BUF_LIT(b, ",\"orders\":[");
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_export_orders_row *r = &rows.v[i];
        ids[i] = r->id;
        if (i > 0) buf_char(b, ',');
        if (!put_sealed(c, b, &(struct sealed){r->person, r->cart, r->email, r->phone, r->address, r->note, r->country, r->facts}, e)) return false;
    }
    buf_char(b, ']');
    *ret_orders = (struct q_array_order_id){rows.n, ids};
    return true;
}

static bool put_carts(struct call *c, struct buf *b, struct account_id id, struct q_array_person_id persons, struct err *e)
{
    struct q_export_carts_rows rows;
    if (!q_export_carts(c->db, c->arena, &(struct q_export_carts_in){.account = id, .persons = persons}, &rows, e)) return false;
    BUF_LIT(b, ",\"carts\":[");
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_export_carts_row *r = &rows.v[i];
        if (i > 0) buf_char(b, ',');
        if (!put_sealed(c, b, &(struct sealed){r->person, r->id, r->email, r->phone, r->address, STR_NULL, r->country, r->facts}, e)) return false;
    }
    buf_char(b, ']');
    return true;
}

/* --- the same for people -------------------------------------------------------------------------------------------------------------- */

struct lines { struct arena *a; struct privacy_line *v; size_t n, cap; };

static void add(struct lines *l, int depth, struct str label, struct str value)
{
    if (l->n == LINES_MAX) return;
    if (l->n == l->cap) {
        size_t more = l->cap > 0 ? l->cap * 2 : 256;
        struct privacy_line *v = ARENA_ARRAY(l->a, struct privacy_line, more);
        if (l->n > 0) memcpy(v, l->v, l->n * sizeof *v);
        l->v = v;
        l->cap = more;
    }
    l->v[l->n++] = (struct privacy_line){depth, label, value};
}

/* "placed_at" becomes "placed at". */
static struct str words(struct arena *a, struct str name)
{
    char *p = str_cstr(a, name);
    for (size_t i = 0; i < name.n; i++)
        if (p[i] == '_') p[i] = ' ';
    return str_of(p, name.n);
}

static struct str scalar(struct arena *a, const struct json_value *v)
{
    struct str text;
    int64_t n;
    bool yes;
    if (json_value_str(v, &text)) return text;
    if (json_value_int(v, &n)) return str_printf(a, "%lld", (long long)n);
    if (json_value_bool(v, &yes)) return yes ? STR("yes") : STR("no");
    return STR("-");
}

/* `label` stays in front of what it names; a heading of its own where there is more below. */
static void flatten(struct lines *l, int depth, struct str label, const struct json_value *v)
{
    enum json_kind kind = json_value_kind(v);
    struct str name;
    const struct json_value *x;
    if (kind != JSON_OBJECT && kind != JSON_ARRAY) {
        add(l, depth, label, scalar(l->a, v));
        return;
    }
    add(l, depth, label, STR_NULL);
    for (size_t i = 0; kind == JSON_OBJECT && json_member_at(v, i, &name, &x); i++) flatten(l, depth + 1, words(l->a, name), x);
    for (size_t i = 0; kind == JSON_ARRAY && i < json_length(v); i++) flatten(l, depth + 1, str_printf(l->a, "%zu", i + 1), json_item(v, i));
}

/* A part's members at depth 1; parts keep their keys as labels. */
static bool to_lines(struct call *c, struct str json, struct privacy_export *x, struct err *e)
{
    struct lines l = {.a = c->arena};
    const struct json_value *all, *part;
    struct str name;
    if (!json_object_read(json, c->arena, &all, e)) return err_cause(e, "an export is no JSON: %s", e->detail);
    for (size_t i = 0; json_member_at(all, i, &name, &part); i++) {
        if (json_value_kind(part) != JSON_OBJECT && json_value_kind(part) != JSON_ARRAY) continue;
        size_t before = l.n;
        flatten(&l, 0, name, part);
        l.v[before].label = name;
    }
    x->n_lines = l.n;
    x->lines = l.v;
    return true;
}

bool privacy_collect(struct call *c, struct account_id account, struct privacy_export *ret_export, struct err *e)
{
    struct q_account_persons_row persons;
    struct q_export_identity_row identity;
    struct q_export_payments_row payments;
    struct q_export_messages_row messages;
    struct account a;
    struct buf b;
    if (!q_account_persons(c->db, c->arena, &(struct q_account_persons_in){.account = account}, &persons, e)) return false;
    struct q_array_person_id all = {persons.persons.n, persons.persons.v};
    struct q_array_order_id orders = {0};
    if (!person_load_keys(c, all.v, all.n, e)) return false;
    buf_init_arena(&b, c->arena, JSON_MAX);
    BUF_LIT(&b, "{\"shop\":");
    json_put_string(&b, str_from(c->env->config->shop_name));
    member(&b, "made_at", time_format(c->arena, c->now));
    if (!put_account(c, &b, account, &a, e) || !put_addresses(c, &b, account, e) ||
        !q_export_identity(c->db, c->arena, &(struct q_export_identity_in){.account = account}, &identity, e) || !put_orders(c, &b, account, all, &orders, e) ||
        !put_carts(c, &b, account, all, e) || !q_export_payments(c->db, c->arena, &(struct q_export_payments_in){.orders = orders}, &payments, e) ||
        !q_export_messages(c->db, c->arena, &(struct q_export_messages_in){.account = account, .orders = orders}, &messages, e))
        return false;
    raw(&b, "sign_in", identity.facts);
    raw(&b, "payments", payments.facts);
    raw(&b, "messages", messages.facts);
    buf_char(&b, '}');
    if (b.failed) return err_cause(e, "the export of %d MB is too large", JSON_MAX >> 20);
    *ret_export = (struct privacy_export){.shop = str_from(c->env->config->shop_name), .locale = a.locale, .made_at = c->now, .json = buf_view(&b)};
    return to_lines(c, ret_export->json, ret_export, e);
}
