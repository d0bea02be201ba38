/* What the order pool learns of the signed-in shopper. */
#include "shop.h"

#include "service/address_book.h"
#include "service/person.h"
#include "service/shopper.h"

static const struct account_id ada = {{{0xac, 9}}};

static struct call *call_of(struct shop *s, const char *role)
{
    struct call *c = shop_call(s, role);
    c->actor.account = ada;
    return c;
}

static void sealed_sql(struct str sealed, char *out)
{
    for (size_t i = 0; i < sealed.n; i++) snprintf(out + 2 * i, 3, "%02x", (unsigned char)sealed.p[i]);
}

static void filled_in(void **state)
{
    struct shop *s = *state;
    struct shopper shopper;
    struct person_id person, found;
    struct str name = STR_NULL, email = STR_NULL;
    struct err e;
    char id[40], own[40], name_hex[400], email_hex[400];
    err_clear(&e);
    assert_good(shopper_person(shop_call(s, "souk_order"), &found, &e), e);
    assert_true(uuid_is_zero(found.u));
    assert_refused(shopper_read(call_of(s, "souk_order"), &shopper, &e), e, PROBLEM_UNAUTHENTICATED);

    struct call *c = call_of(s, "souk_user");
    err_clear(&e);
    assert_good(person_for_contact(c, STR("ada@example.com"), &person, &e) &&
                person_seal(c, person, person_context(c->arena, "identity.account.name", ada.u), STR("Ada"), &name, &e) &&
                person_seal(c, person, person_context(c->arena, "identity.account.email", ada.u), STR("ada@example.com"), &email, &e), e);
    sealed_sql(name, name_hex);
    sealed_sql(email, email_hex);
    shop_sql(s, "INSERT INTO identity.account (id, person_id, email_hash, email, email_verified_at, name, created_at, updated_at) "
                "VALUES (%s, %s, sha256('ada'), '\\x%s', '2026-06-01', '\\x%s', '2026-06-01', '2026-06-01')",
             uuid_sql(ada.u, id), uuid_sql(person.u, own), email_hex, name_hex);
    static const struct address berlin = {.name = {"Ada", 3}, .line1 = {"Street 1", 8}, .postal_code = {"10115", 5}, .city = {"Berlin", 6}, .country = {"DE", 2}};
    static const struct address bonn = {.name = {"Ada", 3}, .line1 = {"Road 2", 6}, .postal_code = {"53111", 5}, .city = {"Bonn", 4}, .country = {"DE", 2}};
    struct book_address made;
    bool replayed;
    c = call_of(s, "souk_user");
    assert_good(address_book_add(c, &(struct book_address_in){.address = &berlin, .label = STR("Home"), .phone = STR("+4930123456")}, &made, &replayed, &e) &&
                address_book_add(c, &(struct book_address_in){.address = &bonn, .default_shipping = true}, &made, &replayed, &e), e);

    assert_good(shopper_read(call_of(s, "souk_order"), &shopper, &e), e);
    const struct shopper_address *a = shopper.addresses.v;
    assert_true(uuid_eq(shopper.person.u, person.u) && shopper.addresses.n == 2);
    assert_str(shopper.name, "Ada");
    assert_str(shopper.email, "ada@example.com");
    assert_true(str_is_null(shopper.phone));
    assert_true(a[0].default_shipping && !a[1].default_shipping);
    assert_str(a[0].address->city, "Bonn");
    assert_str(a[1].label, "Home");
    assert_str(a[1].phone, "+4930123456");
    assert_good(shopper_person(call_of(s, "souk_order"), &found, &e), e);
    assert_true(uuid_eq(found.u, person.u));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(filled_in)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
