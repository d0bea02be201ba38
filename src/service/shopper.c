#include "service/shopper.h"

#include "service/cart_internal.h"
#include "service/person.h"
#include "sql/orders_account.h"

static bool find(struct call *c, struct q_shopper_row *ret_row, struct err *e)
{
    bool found;
    if (!q_shopper(c->db, c->arena, &(struct q_shopper_in){.account = c->actor.account}, ret_row, &found, e)) return false;
    return found || err_set(e, PROBLEM_UNAUTHENTICATED, "This account is gone");
}

bool shopper_person(struct call *c, struct person_id *ret_person, struct err *e)
{
    struct q_shopper_row row;
    *ret_person = (struct person_id){0};
    if (uuid_is_zero(c->actor.account.u)) return true;
    if (!find(c, &row, e)) return false;
    *ret_person = row.person;
    return true;
}

static bool open_one(struct call *c, struct person_id person, const char *place, struct uuid row, struct str sealed, struct str *ret, struct err *e)
{
    return person_open(c, person, person_context(c->arena, place, row), sealed, ret, e);
}

static bool open_address(struct call *c, struct person_id person, const struct q_shopper_addresses_row *r, struct shopper_address *a, struct err *e)
{
    struct str json;
    a->id = r->id;
    a->default_shipping = r->default_shipping;
    if (!open_one(c, person, "identity.address.label", r->id.u, r->label, &a->label, e) ||
        !open_one(c, person, "identity.address.phone", r->id.u, r->phone, &a->phone, e) ||
        !open_one(c, person, "identity.address.address", r->id.u, r->address, &json, e)) return false;
    a->address = ARENA_NEW(c->arena, struct address);
    return str_is_null(json) || address_from_json(c->arena, json, r->country, a->address, e);
}

bool shopper_read(struct call *c, struct shopper *ret_shopper, struct err *e)
{
    struct q_shopper_row row;
    struct q_shopper_addresses_rows rows;
    struct shopper s = {0};
    struct uuid id = c->actor.account.u;
    if (!find(c, &row, e) || !q_shopper_addresses(c->db, c->arena, &(struct q_shopper_addresses_in){.account = c->actor.account}, &rows, e)) return false;
    s.person = row.person;
    if (!open_one(c, row.person, "identity.account.email", id, row.email, &s.email, e) ||
        !open_one(c, row.person, "identity.account.name", id, row.name, &s.name, e) ||
        !open_one(c, row.person, "identity.account.phone", id, row.phone, &s.phone, e)) return false;
    struct shopper_address *list = ARENA_ARRAY(c->arena, struct shopper_address, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        if (!open_address(c, row.person, &rows.v[i], &list[i], e)) return false;
    }
    s.addresses = (struct shape_list){rows.n, list};
    *ret_shopper = s;
    return true;
}
