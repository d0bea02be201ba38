/* Contact, address, shipping option: checked, sealed, kept together under one person. */
#include "shop.h"

#include "service/cart.h"

static struct call *begin(struct shop *s, int weight_g, struct cart **ret_cart)
{
    struct variant_id v = shop_variant(s, 1250, 50, weight_g, "standard");
    struct call *c = shop_call(s, "souk_order");
    struct str token;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_create(c, STR_NULL, &token, ret_cart, &e) && cart_add(c, *ret_cart, v, 1, ret_cart, &replayed, &e), e);
    return c;
}

static const struct cart_contact ada = {{"ada@example.com", 15}, {"+49 30 12345", 12}}, grace = {{"Grace@Example.COM", 17}, {NULL, 0}};
static const struct address berlin = {.name = {"Ada", 3}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"de", 2}},
                            vienna = {.name = {"Ada", 3}, .line1 = {"Gasse 1", 7}, .postal_code = {"1010", 4}, .city = {"Wien", 4}, .country = {"AT", 2}},
                            tokyo = {.name = {"Ada", 3}, .line1 = {"1-1", 3}, .postal_code = {"1000001", 7}, .city = {"Tokyo", 5}, .region = {"Tokyo", 5}, .country = {"JP", 2}};

static void sealed(void **state)
{
    struct shop *s = *state;
    struct cart *cart;
    struct call *c = begin(s, 300, &cart);
    struct err e;
    bool replayed;
    char id[40];
    err_clear(&e);
    assert_good(cart_change(c, cart, &(struct cart_patch){.contact = &ada, .shipping_address = &berlin}, &cart, &replayed, &e), e);
    assert_str(cart->contact->phone, "+493012345");
    assert_str(cart->shipping_address->country, "DE");
    assert_str(cart->shipping->code, "standard");
    assert_true(cart->can_checkout);
    uuid_sql(cart->id.u, id);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.cart c WHERE id = %s AND (c::text || encode(email_sealed, 'escape') || encode(address_sealed, 'escape') "
                                 "|| encode(phone_sealed, 'escape')) ~* 'ada[@ ]|street|berlin|3012345'", id), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.cart WHERE id = %s AND ship_country = 'DE' AND ship_postal_area = '10'", id), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM orders.cart c JOIN identity.person p ON p.id = c.person_id AND p.email_hash = c.email_hash WHERE c.id = %s", id), 1);
}

static void another_person(void **state)
{
    struct shop *s = *state;
    struct cart *cart;
    struct call *c = begin(s, 300, &cart);
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_change(c, cart, &(struct cart_patch){.contact = &ada, .shipping_address = &berlin}, &cart, &replayed, &e), e);
    struct person_id first = cart->person;
    assert_good(cart_change(c, cart, &(struct cart_patch){.contact = &grace}, &cart, &replayed, &e), e);
    assert_false(uuid_eq(first.u, cart->person.u));
    assert_str(cart->contact->email, "Grace@example.com");
    assert_true(str_is_null(cart->contact->phone));
    assert_str(cart->shipping_address->line1, "Street 1");              /* sealed again for her */
    assert_good(cart_change(c, cart, &(struct cart_patch){.contact = &ada}, &cart, &replayed, &e), e);
    assert_true(uuid_eq(first.u, cart->person.u));                      /* the same address is the same person */
    assert_good(cart_change(c, cart, &(struct cart_patch){.shipping_address = &vienna}, &cart, &replayed, &e), e);
    assert_str(cart->contact->phone, "+493012345");                     /* what was not given stays */
    assert_str(cart->country, "AT");
}

static void refused(void **state)
{
    struct shop *s = *state;
    struct cart *cart, *after;
    struct call *c = begin(s, 300, &cart);
    struct err e;
    bool replayed;
    struct shape_list options;
    static const struct cart_contact bad = {{"ada", 3}, {"x", 1}};
    struct address nowhere = berlin;
    nowhere.postal_code = STR("1");
    err_clear(&e);
    assert_good(cart_shipping_options(c, cart, &options, &e), e);
    struct shipping_option_id german = ((const struct cart_shipping *)options.v)[0].id;
    const struct { struct cart_patch p; enum problem why; const char *param; size_t fields; } rows[] = {
        {{.contact = &bad}, PROBLEM_INVALID, "contact.email", 2},
        {{.shipping_address = &berlin}, PROBLEM_REQUIRED, "contact.email", 1},
        {{.contact = &bad, .shipping_address = &nowhere}, PROBLEM_INVALID, "contact.email", 3},
        {{.contact = &ada, .shipping_address = &tokyo}, PROBLEM_NOT_SHIPPABLE, "shipping_address.country", 0},
        {{.shipping_option = german}, PROBLEM_INVALID, "shipping_option_id", 0},
        {{.contact = &ada, .shipping_address = &vienna, .shipping_option = german}, PROBLEM_INVALID, "shipping_option_id", 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        err_clear(&e);
        assert_refused(cart_change(c, cart, &rows[i].p, &after, &replayed, &e), e, rows[i].why);
        assert_string_equal(e.n_fields ? e.fields[0].param : e.param, rows[i].param);
        assert_int_equal(e.n_fields, rows[i].fields);
    }
    err_clear(&e);
    assert_good(cart_read(c, cart->id, cart->token, true, &after, &e), e);
    assert_int_equal(after->version, cart->version);                    /* nothing was written */
}

static void options(void **state)
{
    struct shop *s = *state;
    struct cart *cart;
    struct call *c = begin(s, 300, &cart);
    struct shape_list list;
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_change(c, cart, &(struct cart_patch){.contact = &ada, .shipping_address = &berlin}, &cart, &replayed, &e), e);
    assert_good(cart_shipping_options(c, cart, &list, &e), e);
    const struct cart_shipping *o = list.v;
    assert_int_equal(list.n, 3);
    assert_true(o[0].selected && !o[1].selected && o[0].price.amount <= o[1].price.amount && o[1].price.amount <= o[2].price.amount);
    assert_good(cart_change(c, cart, &(struct cart_patch){.shipping_option = o[1].id}, &cart, &replayed, &e), e);
    assert_str(cart->shipping->code, "express");
    assert_good(cart_change(c, cart, &(struct cart_patch){.contact = &ada}, &cart, &replayed, &e), e);
    assert_str(cart->shipping->code, "express");                        /* it stays while it fits */
    assert_good(cart_change(c, cart, &(struct cart_patch){.shipping_address = &vienna}, &cart, &replayed, &e), e);
    assert_str(cart->shipping->code, "standard");                       /* no express there: the cheapest */
}

static void heavy(void **state)
{
    struct shop *s = *state;
    struct cart *cart;
    struct call *c = begin(s, 40000, &cart);
    struct shape_list list;
    struct err e;
    err_clear(&e);
    assert_good(cart_shipping_options(c, cart, &list, &e), e);
    assert_int_equal(list.n, 1);
    assert_str(((const struct cart_shipping *)list.v)[0].code, "freight");
}

/* Somebody else changed a line meanwhile: the details still find their place. */
static void moved_on(void **state)
{
    struct shop *s = *state;
    struct variant_id v = shop_variant(s, 100, 50, 10, "standard");
    struct cart *old, *cart;
    struct call *c = begin(s, 300, &old);
    struct err e;
    bool replayed;
    err_clear(&e);
    assert_good(cart_add(c, old, v, 1, &cart, &replayed, &e), e);
    assert_good(cart_change(c, old, &(struct cart_patch){.contact = &ada, .shipping_address = &berlin}, &cart, &replayed, &e), e);
    assert_int_equal(cart->items.n, 2);
    assert_true(cart->can_checkout);
}

static void keys(void **state)
{
    struct shop *s = *state;
    struct cart *cart;
    struct err e;
    bool replayed;
    struct call *c = begin(s, 300, &cart);
    c->idempotency_key = STR("details-1");
    c->body_hash = STR("h1");
    err_clear(&e);
    const struct cart_patch p = {.contact = &ada, .shipping_address = &berlin};
    assert_good(cart_change(c, cart, &p, &cart, &replayed, &e), e);
    assert_false(replayed);
    int64_t version = cart->version;
    assert_good(cart_change(c, cart, &p, &cart, &replayed, &e), e);
    assert_true(replayed);
    assert_int_equal(cart->version, version);
    assert_false(db_in_transaction(c->db));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sealed), cmocka_unit_test(another_person), cmocka_unit_test(refused), cmocka_unit_test(options),
                                       cmocka_unit_test(heavy), cmocka_unit_test(moved_on), cmocka_unit_test(keys)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
