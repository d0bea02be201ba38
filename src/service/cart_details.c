/* Contact, address and shipping option of a cart. Personal data is sealed here, before it reaches the database. */
#include "domain/contact.h"
#include "service/cart_internal.h"
#include "service/idem.h"
#include "service/person.h"
#include "service/shopper.h"
#include "sql/orders.h"

enum { TRIES = 4 };

struct checked {
    bool contact, address;
    struct cart_contact c;
    struct address a;
};

static bool check_contact(struct call *c, const struct cart_contact *in, struct cart_contact *ret, struct err *e)
{
    size_t before = e->n_fields;
    *ret = (struct cart_contact){STR_NULL, STR_NULL};
    if (str_is_empty(str_trim(in->email))) {
        err_field(e, PROBLEM_REQUIRED, "contact.email", "A value is missing");
    } else if (!email_normalise(c->arena, in->email, &ret->email)) {
        err_field(e, PROBLEM_INVALID, "contact.email", "This is not an e-mail address");
    }
    if (!str_is_empty(str_trim(in->phone)) && !phone_normalise(c->arena, in->phone, &ret->phone))
        err_field(e, PROBLEM_INVALID, "contact.phone", "This is not a telephone number");
    return e->n_fields == before;
}

static bool check(struct call *c, const struct cart *cart, const struct cart_patch *p, struct checked *ret, struct err *e)
{
    bool good = true;
    struct checked k = {.contact = p->contact != NULL, .address = p->shipping_address != NULL};
    if (k.contact) good &= check_contact(c, p->contact, &k.c, e);
    if (k.address) good &= address_normalise(c->arena, "shipping_address", p->shipping_address, &k.a, e);
    if (k.address && !k.contact && !cart->has_contact)
        good = err_field(e, PROBLEM_REQUIRED, "contact.email", "An address needs an e-mail address first");
    if (good) *ret = k;
    return good;
}

static bool seal(struct call *c, const struct cart *cart, struct person_id person, const char *place, struct str plain, struct str *ret, struct err *e)
{
    *ret = STR_NULL;
    return str_is_null(plain) || person_seal(c, person, person_context(c->arena, place, cart->id.u), plain, ret, e);
}

static struct str area_of(struct str country, struct str postal_code)
{
    const struct country *known = country_find(country);
    return known == NULL || str_is_null(postal_code) ? STR_NULL : postal_area(known, postal_code);
}

/* Whose key: an account's own, whatever address she gives; a guest's by the address. */
static bool person_of(struct call *c, struct str email, struct person_id *ret_person, struct err *e)
{
    if (uuid_is_zero(c->actor.account.u)) return person_for_contact(c, email, ret_person, e);
    return shopper_person(c, ret_person, e);
}

/* Seals what is new; what stays is sealed again only when the person is another one. Not inside a transaction. */
static bool seal_details(struct call *c, struct cart *cart, const struct checked *k, struct cart_details *d, struct err *e)
{
    d->person = cart->person;
    if (k->contact && !person_of(c, k->c.email, &d->person, e)) return false;
    bool same = uuid_eq(d->person.u, cart->person.u);
    const struct address *address = k->address ? &k->a : NULL;
    if (!same && !address && cart->has_address) {
        if (cart->shipping_address == NULL && !cart_open_personal(c, cart, e)) return false;
        address = cart->shipping_address;
    }
    if (k->contact) {
        d->email_hash = person_email_hash(c, k->c.email);
        if (!seal(c, cart, d->person, CART_PLACE_EMAIL, k->c.email, &d->email, e) ||
            !seal(c, cart, d->person, CART_PLACE_PHONE, k->c.phone, &d->phone, e)) return false;
    }
    if (address == NULL) return true;
    d->country = address->country;
    d->area = area_of(address->country, address->postal_code);
    return seal(c, cart, d->person, CART_PLACE_ADDRESS, address_to_json(c->arena, address), &d->address, e);
}

/* What was not given stays as `cart` has it. */
static void keep(const struct cart *cart, const struct checked *k, struct q_cart_details_put_in *in)
{
    if (!k->contact) {
        in->email_hash = cart->email_hash;
        in->email = cart->email_sealed;
        in->phone = cart->phone_sealed;
    }
    if (str_is_null(in->address)) {
        in->address = cart->address_sealed;
        in->country = cart->ship_country;
        in->postal_area = cart->ship_postal_area;
    }
}

/* The option that shall hold: the wished one, else the present one if it still fits, else the cheapest. */
static bool choose_option(struct call *c, const struct cart *cart, struct str country, struct shipping_option_id wish,
                          struct shipping_option_id *ret_option, struct err *e)
{
    struct shape_list list;
    *ret_option = wish;
    if (str_is_null(country)) {
        if (uuid_is_zero(wish.u)) return true;
        return err_param(e, PROBLEM_INVALID, "shipping_option_id", "Give a shipping address first");
    }
    struct cart there = *cart;
    there.country = country;
    if (!cart_shipping_options(c, &there, &list, e)) return false;
    const struct cart_shipping *o = list.v;
    if (list.n == 0) return err_param(e, PROBLEM_NOT_SHIPPABLE, "shipping_address.country", "We do not ship this cart to that country");
    struct shipping_option_id wanted = uuid_is_zero(wish.u) && cart->shipping ? cart->shipping->id : wish;
    for (size_t i = 0; i < list.n; i++) {
        if (uuid_eq(o[i].id.u, wanted.u)) {
            *ret_option = wanted;
            return true;
        }
    }
    if (!uuid_is_zero(wish.u)) return err_param(e, PROBLEM_INVALID, "shipping_option_id", "This option is not possible for the cart");
    *ret_option = o[0].id;
    return true;
}

static bool put(struct call *c, const struct cart *cart, const struct cart_patch *p, const struct checked *k, const struct cart_details *d, struct err *e)
{
    for (int i = 0; i < TRIES; i++) {
        struct q_cart_details_put_in in = {.cart = cart->id, .version = (int32_t)cart->version, .person = d->person, .email_hash = d->email_hash,
                                           .email = d->email, .phone = d->phone, .address = d->address, .country = d->country,
                                           .postal_area = d->area, .expires = cart_expiry(c), .now = c->now};
        struct q_cart_details_put_row row;
        keep(cart, k, &in);
        if (!cart_check_open(cart, e) || !choose_option(c, cart, in.country, p->shipping_option, &in.option, e) ||
            !q_cart_details_put(c->db, c->arena, &in, &row, e)) return false;
        if (row.version >= 0) return true;
        struct cart *again;
        if (!cart_read(c, cart->id, cart->token, false, &again, e)) return false;
        /* Somebody gave the cart another person meanwhile: what we sealed does not belong together any more. */
        if (!uuid_eq(again->person.u, cart->person.u)) break;
        cart = again;
    }
    return err_set(e, PROBLEM_CONFLICT, "The cart is being changed by others at the same time; try again");
}

bool cart_details_new(struct call *c, struct cart *cart, const struct cart_patch *patch, struct cart_details *ret_details, struct err *e)
{
    struct checked k;
    struct cart_details d = {0};
    if (!check(c, cart, patch, &k, e) || !seal_details(c, cart, &k, &d, e) ||
        !choose_option(c, cart, d.country, patch->shipping_option, &d.option, e)) return false;
    *ret_details = d;
    return true;
}

bool cart_change(struct call *c, const struct cart *given, const struct cart_patch *patch, struct cart **ret_cart, bool *ret_replayed, struct err *e)
{
    struct cart cart = *given;
    struct checked k;
    struct cart_details d = {0};
    struct idem key;
    struct str id = id_str(c->arena, ID_cart, cart.id.u);
    if (!cart_check_open(&cart, e) || !check(c, &cart, patch, &k, e) || !seal_details(c, &cart, &k, &d, e)) return false;
    if (!idem_begin(c, str_printf(c->arena, STR_FMT ":change", STR_ARG(id)), &key, e)) return false;
    if (!key.replay) {
        if (!put(c, &cart, patch, &k, &d, e)) {
            idem_abort(c, &key);
            return false;
        }
        if (!idem_end(c, &key, 200, STR("{}"), e)) return false;
    }
    *ret_replayed = key.replay;
    return cart_read(c, cart.id, cart.token, true, ret_cart, e);
}

bool cart_details_own(struct call *c, struct cart **cart, struct err *e)
{
    struct cart *x = *cart;
    struct person_id own;
    struct checked k = {.contact = true};
    struct cart_details d = {0};
    if (uuid_is_zero(x->account.u) || !x->has_contact || !str_eq_c(x->state, "open")) return true;
    if (!shopper_person(c, &own, e)) return false;
    if (uuid_eq(own.u, x->person.u)) return true;
    if (x->contact == NULL && !cart_open_personal(c, x, e)) return false;
    if (x->contact == NULL) return err_param(e, PROBLEM_REQUIRED, "contact.email", "An e-mail address is missing");
    k.c = *x->contact;
    if (x->shipping_address) {
        k.address = true;
        k.a = *x->shipping_address;
    }
    return seal_details(c, x, &k, &d, e) && put(c, x, &(struct cart_patch){0}, &k, &d, e) &&
           cart_load(c, x->id, x->token, (struct cart_wish){.explain = true}, cart, e);
}

bool cart_shipping_options(struct call *c, const struct cart *cart, struct shape_list *ret_options, struct err *e)
{
    struct q_shipping_options_rows rows;
    struct q_shipping_options_in in = {.currency = cart->currency, .country = cart->country, .now = c->now};
    if (!q_shipping_options(c->db, c->arena, &in, &rows, e)) return false;
    char country[3] = {cart->country.p[0], cart->country.p[1], '\0'};
    struct shipping_option *o = ARENA_ARRAY(c->arena, struct shipping_option, rows.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_shipping_options_row *r = &rows.v[i];
        if (!r->tax_rate.set) continue;
        o[n++] = (struct shipping_option){.id = r->id, .code = r->code, .countries = r->countries, .currency = cart->currency, .price = r->price,
                                          .free_from = r->free_from, .max_weight_g = r->max_weight, .days_min = r->days_min,
                                          .days_max = r->days_max, .position = r->position, .name = r->name, .tax_rate = r->tax_rate.v};
    }
    n = shipping_choose(o, n, country, cart->currency, cart->weight_g, cart->amounts.goods);
    struct cart_shipping *out = ARENA_ARRAY(c->arena, struct cart_shipping, n + 1);
    for (size_t i = 0; i < n; i++) {
        bool selected = cart->shipping != NULL && uuid_eq(cart->shipping->id.u, o[i].id.u);
        out[i] = (struct cart_shipping){o[i].id, o[i].code, o[i].name, {shipping_price(&o[i], cart->amounts.goods), cart->currency}, o[i].days_min,
                                        o[i].days_max, selected, o[i].tax_rate};
    }
    *ret_options = (struct shape_list){n, out};
    return true;
}
