/* The address book: sealed, one default of each kind, rules of the country, nobody else's. */
#include "service/address_book.h"
#include "signed_in.h"

static const struct address berlin = {.name = STR("Ada Example"), .line1 = STR("Example Street 1"), .postal_code = STR("10115"), .city = STR("Berlin"), .country = STR("DE")};
static const struct address london = {.name = STR("Ada Example"), .line1 = STR("1 Example Road"), .postal_code = STR("sw1a1aa"), .city = STR("London"), .country = STR("gb")};

static struct address_id add(struct shop *s, struct account_id account, const struct address *a, bool shipping, bool billing)
{
    struct err e = {0};
    struct book_address out;
    bool replayed;
    struct book_address_in in = {.label = STR("Home"), .phone = STR("+49 30 12345"), .address = a, .default_shipping = shipping, .default_billing = billing};
    assert_good(address_book_add(call_as(s, account), &in, &out, &replayed, &e), e);
    assert_false(replayed);
    return out.id;
}

static void the_first_is_both_defaults(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "first@example.com");
    struct err e = {0};
    struct shape_list list;
    struct address_id first = add(s, ada, &berlin, false, false), second = add(s, ada, &london, false, false);
    assert_good(address_book_list(call_as(s, ada), &list, &e), e);
    const struct book_address *v = list.v;
    assert_int_equal(list.n, 2);
    assert_true(uuid_eq(v[0].id.u, first.u) && v[0].default_shipping && v[0].default_billing);
    assert_true(uuid_eq(v[1].id.u, second.u) && !v[1].default_shipping && !v[1].default_billing);
    assert_str(v[0].label, "Home");
    assert_str(v[0].phone, "+493012345");
    assert_str(v[1].address->postal_code, "SW1A 1AA");
    assert_str(v[1].address->country, "GB");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.address WHERE position('Ada'::bytea IN address) > 0 OR position('Home'::bytea IN label) > 0"), 0);
}

static void a_default_moves_and_is_inherited(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "moves@example.com");
    struct err e = {0};
    struct book_address out;
    char account[40];
    struct address_id first = add(s, ada, &berlin, false, false), second = add(s, ada, &london, true, false);
    assert_good(address_book_read(call_as(s, ada), first, &out, &e), e);
    assert_true(!out.default_shipping && out.default_billing);
    assert_good(address_book_change(call_as(s, ada), second, 0, &(struct book_address_in){.default_billing = true}, &out, &e), e);
    assert_true(out.default_shipping && out.default_billing);
    assert_str(out.address->city, "London");
    assert_good(address_book_remove(call_as(s, ada), second, &e), e);
    assert_good(address_book_read(call_as(s, ada), first, &out, &e), e);
    assert_true(out.default_shipping && out.default_billing);
    assert_refused(address_book_remove(call_as(s, ada), second, &e), e, PROBLEM_NOT_FOUND);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.address WHERE account_id = %s AND default_shipping", uuid_sql(ada.u, account)), 1);
}

static void changes_name_their_version(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "version@example.com");
    struct address_id id = add(s, ada, &berlin, false, false);
    struct err e = {0};
    struct book_address out;
    assert_good(address_book_change(call_as(s, ada), id, 1, &(struct book_address_in){.label = STR(""), .address = &london}, &out, &e), e);
    assert_int_equal(out.version, 2);
    assert_true(str_is_null(out.label));
    assert_str(out.phone, "+493012345");
    assert_refused(address_book_change(call_as(s, ada), id, 1, &(struct book_address_in){.label = STR("Work")}, &out, &e), e, PROBLEM_PRECONDITION_FAILED);
}

static void bad_fields_are_named_together(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "bad@example.com");
    struct err e = {0};
    struct book_address out;
    bool replayed;
    struct address a = berlin;
    a.postal_code = STR("1011");
    a.name = STR("Ada\r\nBcc: eve@example.com");
    struct book_address_in in = {.label = STR("a label that is far longer than forty code points"), .phone = STR("call me"), .address = &a};
    assert_refused(address_book_add(call_as(s, ada), &in, &out, &replayed, &e), e, PROBLEM_INVALID);
    const char *const params[] = {"label", "phone", "address.name", "address.postal_code"};
    assert_int_equal(e.n_fields, 4);
    for (size_t i = 0; i < 4; i++) assert_string_equal(e.fields[i].param, params[i]);
    err_clear(&e);
    assert_refused(address_book_add(call_as(s, ada), &(struct book_address_in){.default_shipping = true}, &out, &replayed, &e), e, PROBLEM_REQUIRED);
}

static void others_see_nothing(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "mine@example.com"), eve = account_for(s, "eve@example.com");
    struct address_id id = add(s, ada, &berlin, false, false);
    struct err e = {0};
    struct book_address out;
    assert_refused(address_book_read(call_as(s, eve), id, &out, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(address_book_change(call_as(s, eve), id, 0, &(struct book_address_in){.label = STR("x")}, &out, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(address_book_remove(call_as(s, eve), id, &e), e, PROBLEM_NOT_FOUND);
}

static void a_book_has_fifty_pages(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "full@example.com");
    struct err e = {0};
    struct book_address out;
    bool replayed;
    for (int i = 0; i < ADDRESS_BOOK_MAX; i++) add(s, ada, &berlin, i % 2 == 0, i % 3 == 0);
    assert_refused(address_book_add(call_as(s, ada), &(struct book_address_in){.address = &berlin}, &out, &replayed, &e), e, PROBLEM_CONFLICT);
}

static void a_key_adds_once(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "once@example.com");
    struct err e = {0};
    struct book_address first, second;
    bool replayed;
    struct book_address_in in = {.address = &berlin};
    shop_key(s, "k1", "hash");
    assert_good(address_book_add(call_as(s, ada), &in, &first, &replayed, &e), e);
    struct address_id id = first.id;
    assert_good(address_book_add(call_as(s, ada), &in, &second, &replayed, &e), e);
    assert_true(replayed && uuid_eq(second.id.u, id.u));
    shop_key(s, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_both_defaults), cmocka_unit_test(a_default_moves_and_is_inherited), cmocka_unit_test(changes_name_their_version),
        cmocka_unit_test(bad_fields_are_named_together), cmocka_unit_test(others_see_nothing), cmocka_unit_test(a_book_has_fifty_pages),
        cmocka_unit_test(a_key_adds_once)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
