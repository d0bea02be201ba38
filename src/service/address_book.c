#include "service/address_book.h"

#include "domain/contact.h"
#include "json/json.h"
#include "service/cart_internal.h"
#include "service/idem.h"
#include "service/person.h"
#include "sql/profile.h"

#define PLACE_LABEL "identity.address.label"
#define PLACE_ADDRESS "identity.address.address"
#define PLACE_PHONE "identity.address.phone"

enum { TRIES = 4 };

/* What is to be stored, checked. */
struct checked { struct str label, phone; struct address address; bool shipping, billing; };
struct sealed { struct str label, phone, address, area; };

static bool check_label(struct str in, struct str *ret, struct err *e)
{
    *ret = str_trim(in);
    if (ret->n == 0) {
        *ret = STR_NULL;
    } else if (!str_is_text(*ret, false)) {
        return err_field(e, PROBLEM_INVALID, "label", "One line of text is wanted");
    } else if (str_utf8_length(*ret) > ADDRESS_LABEL_MAX) {
        return err_field(e, PROBLEM_INVALID, "label", "The text is too long");
    }
    return true;
}

static bool check(struct call *c, const struct book_address_in *in, struct checked *ret, struct err *e)
{
    static const struct address nothing;
    struct checked k = {.shipping = in->default_shipping, .billing = in->default_billing};
    bool good = check_label(in->label, &k.label, e);
    if (str_trim(in->phone).n > 0 && !phone_normalise(c->arena, in->phone, &k.phone))
        good = err_field(e, PROBLEM_INVALID, "phone", "This is not a telephone number");
    good &= address_normalise(c->arena, "address", in->address != NULL ? in->address : &nothing, &k.address, e);
    if (good) *ret = k;
    return good;
}

static bool seal_one(struct call *c, struct person_id person, const char *place, struct address_id id, struct str plain, struct str *ret, struct err *e)
{
    return person_seal(c, person, person_context(c->arena, place, id.u), plain, ret, e);
}

static bool seal(struct call *c, struct person_id person, struct address_id id, const struct checked *k, struct sealed *ret, struct err *e)
{
    const struct country *country = country_find(k->address.country);
    ret->area = country == NULL || str_is_null(k->address.postal_code) ? STR_NULL : postal_area(country, k->address.postal_code);
    return seal_one(c, person, PLACE_LABEL, id, k->label, &ret->label, e) && seal_one(c, person, PLACE_PHONE, id, k->phone, &ret->phone, e) &&
           seal_one(c, person, PLACE_ADDRESS, id, address_to_json(c->arena, &k->address), &ret->address, e);
}

static bool open_row(struct call *c, const struct q_address_list_row *r, struct book_address *ret, struct err *e)
{
    struct str json;
    *ret = (struct book_address){.id = r->id, .version = r->version, .default_shipping = r->default_shipping, .default_billing = r->default_billing,
                                 .created_at = r->created_at, .updated_at = r->updated_at};
    if (!person_open(c, r->person, person_context(c->arena, PLACE_LABEL, r->id.u), r->label, &ret->label, e) ||
        !person_open(c, r->person, person_context(c->arena, PLACE_PHONE, r->id.u), r->phone, &ret->phone, e) ||
        !person_open(c, r->person, person_context(c->arena, PLACE_ADDRESS, r->id.u), r->address, &json, e))
        return false;
    if (str_is_null(json)) return true;
    ret->address = ARENA_NEW(c->arena, struct address);
    return address_from_json(c->arena, json, r->country, ret->address, e);
}

bool address_book_of(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e)
{
    struct q_address_list_rows rows;
    if (!q_address_list(c->db, c->arena, &(struct q_address_list_in){.account = account}, &rows, e)) return false;
    struct book_address *v = ARENA_ARRAY(c->arena, struct book_address, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++)
        if (!open_row(c, &rows.v[i], &v[i], e)) return false;
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}

bool address_book_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    return address_book_of(c, c->actor.account, ret_list, e);
}

bool address_book_read(struct call *c, struct address_id id, struct book_address *ret, struct err *e)
{
    struct q_address_list_rows rows;
    if (!q_address_list(c->db, c->arena, &(struct q_address_list_in){.account = c->actor.account, .id = id}, &rows, e)) return false;
    if (rows.n == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such address");
    return open_row(c, &rows.v[0], ret, e);
}

/* The person behind the account, and its key: fetched before any transaction. */
static bool owner(struct call *c, struct person_id *ret_person, struct err *e)
{
    struct q_profile_get_row row;
    bool found, known;
    if (!q_profile_get(c->db, c->arena, &(struct q_profile_get_in){.account = c->actor.account}, &row, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    *ret_person = row.person;
    return person_load_key(c, row.person, &known, e);
}

static bool add(struct call *c, struct address_id id, const struct checked *k, const struct sealed *s, struct err *e)
{
    struct q_address_add_row row;
    if (!q_address_add(c->db, c->arena, &(struct q_address_add_in){.account = c->actor.account, .id = id, .label = s->label, .address = s->address, .phone = s->phone,
            .country = k->address.country, .area = s->area, .shipping = k->shipping, .billing = k->billing, .most = ADDRESS_BOOK_MAX, .now = c->now}, &row, e))
        return false;
    if (str_eq_c(row.outcome, "full")) return err_set(e, PROBLEM_CONFLICT, "The address book is full: it holds %d addresses", ADDRESS_BOOK_MAX);
    if (str_eq_c(row.outcome, "gone")) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    return true;
}

bool address_book_add(struct call *c, const struct book_address_in *in, struct book_address *ret, bool *ret_replayed, struct err *e)
{
    struct checked k;
    struct sealed s;
    struct idem key;
    struct person_id person;
    struct address_id id = {uuid_v7(c->now)};
    struct str account = id_str(c->arena, ID_account, c->actor.account.u);
    if (!check(c, in, &k, e) || !owner(c, &person, e) || !seal(c, person, id, &k, &s, e)) return false;
    if (!idem_begin(c, str_printf(c->arena, STR_FMT ":address", STR_ARG(account)), &key, e)) return false;
    if (key.replay) {
        if (!id_parse(ID_address, str_sub(key.result, 1, key.result.n - 2), &id.u)) return err_cause(e, "an address was stored under a key without its id");
    } else {
        if (!add(c, id, &k, &s, e)) {
            idem_abort(c, &key);
            return false;
        }
        if (!idem_end(c, &key, 201, str_printf(c->arena, "\"" STR_FMT "\"", STR_ARG(id_str(c->arena, ID_address, id.u))), e)) return false;
    }
    *ret_replayed = key.replay;
    return address_book_read(c, id, ret, e);
}

/* What was not given stays. */
static struct book_address_in merged(const struct book_address *now, const struct book_address_in *in)
{
    return (struct book_address_in){.label = str_is_null(in->label) ? now->label : in->label, .phone = str_is_null(in->phone) ? now->phone : in->phone,
                                    .address = in->address != NULL ? in->address : now->address, .default_shipping = in->default_shipping,
                                    .default_billing = in->default_billing};
}

bool address_book_change(struct call *c, struct address_id id, int64_t version, const struct book_address_in *in, struct book_address *ret, struct err *e)
{
    struct person_id person;
    if (!owner(c, &person, e)) return false;
    for (int i = 0; i < TRIES; i++) {
        struct book_address now;
        struct checked k;
        struct sealed s;
        struct q_address_put_row row;
        if (!address_book_read(c, id, &now, e)) return false;
        if (version != 0 && now.version != version) return err_set(e, PROBLEM_PRECONDITION_FAILED, "The address has changed: it has version %lld", (long long)now.version);
        struct book_address_in whole = merged(&now, in);
        if (!check(c, &whole, &k, e) || !seal(c, person, id, &k, &s, e)) return false;
        if (!q_address_put(c->db, c->arena, &(struct q_address_put_in){.account = c->actor.account, .id = id, .version = (int32_t)now.version, .label = s.label,
                .address = s.address, .phone = s.phone, .country = k.address.country, .area = s.area, .shipping = k.shipping, .billing = k.billing, .now = c->now},
                &row, e))
            return false;
        if (row.version == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such address");
        if (row.version > 0) return address_book_read(c, id, ret, e);
    }
    return err_set(e, PROBLEM_CONFLICT, "The address is being changed by others at the same time; try again");
}

bool address_book_remove(struct call *c, struct address_id id, struct err *e)
{
    struct q_address_remove_row row;
    if (!q_address_remove(c->db, c->arena, &(struct q_address_remove_in){.account = c->actor.account, .id = id, .now = c->now}, &row, e)) return false;
    return row.removed || err_set(e, PROBLEM_NOT_FOUND, "There is no such address");
}
