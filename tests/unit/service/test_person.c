/* Persons: one per address, a key each, ciphertexts that open only where they stand, and nothing after erasure. */
#include "service/person.h"
#include "shop.h"

static struct call *begin(struct shop *s, struct err *e)
{
    err_clear(e);
    return shop_call(s, "souk_order");
}

static struct person_id person_of(struct shop *s, const char *email)
{
    struct err e;
    struct person_id p;
    struct call *c = begin(s, &e);
    assert_good(person_for_contact(c, str_from(email), &p, &e), e);
    return p;
}

static void one_person_per_address(void **state)
{
    struct shop *s = *state;
    struct person_id a = person_of(s, "zoe@example.com");
    assert_true(uuid_eq(a.u, person_of(s, " ZOE@Example.COM ").u));
    assert_false(uuid_eq(a.u, person_of(s, "zoe@example.org").u));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE encode(email_hash, 'escape') LIKE '%%zoe%%'"), 0);
}

static void opens_only_where_it_stands(void **state)
{
    struct shop *s = *state;
    struct person_id p = person_of(s, "ada@example.com"), other = person_of(s, "bob@example.com");
    struct err e;
    struct call *c = begin(s, &e);
    struct uuid row = uuid_v7(1);
    struct str here = person_context(c->arena, "orders.cart.email", row), there = person_context(c->arena, "orders.cart.phone", row), sealed, plain;
    assert_good(person_seal(c, p, here, STR("ada@example.com"), &sealed, &e), e);
    assert_good(person_open(c, p, here, sealed, &plain, &e), e);
    assert_str(plain, "ada@example.com");
    assert_refused(person_open(c, p, there, sealed, &plain, &e), e, PROBLEM_INTERNAL);
    err_clear(&e);
    assert_refused(person_open(c, p, person_context(c->arena, "orders.cart.email", uuid_v7(2)), sealed, &plain, &e), e, PROBLEM_INTERNAL);
    err_clear(&e);
    assert_refused(person_open(c, other, here, sealed, &plain, &e), e, PROBLEM_INTERNAL);
    assert_good(person_seal(c, p, here, STR_NULL, &sealed, &e) && person_open(c, p, here, STR_NULL, &plain, &e), e);
    assert_true(str_is_null(sealed) && str_is_null(plain));
}

static void a_key_that_was_never_written_is_made(void **state)
{
    struct shop *s = *state;
    struct person_id p = person_of(s, "carl@example.com");
    struct err e;
    bool known;
    char id[40];
    shop_sql_keys(s, "DELETE FROM keys.person_key");           /* as if killed between person and key */
    struct call *c = begin(s, &e);
    assert_good(person_load_key(c, p, &known, &e), e);
    assert_false(known);
    assert_true(uuid_eq(p.u, person_of(s, "carl@example.com").u));
    c = begin(s, &e);
    assert_good(person_load_key(c, p, &known, &e), e);
    assert_true(known);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.person WHERE id = %s", uuid_sql(p.u, id)), 1);
}

static void erased_is_erased(void **state)
{
    struct shop *s = *state;
    struct person_id p = person_of(s, "dora@example.com");
    struct err e;
    struct call *c = begin(s, &e);
    char id[40];
    struct str place = person_context(c->arena, "x.y.z", uuid_v7(1)), sealed, plain = STR("?");
    assert_good(person_seal(c, p, place, STR("Dora"), &sealed, &e), e);
    char bytes[64];
    size_t n = sealed.n;
    memcpy(bytes, sealed.p, n);
    uuid_sql(p.u, id);
    shop_sql_keys(s, "INSERT INTO keys.erased SELECT person_id, '2026-06-01' FROM keys.person_key");
    shop_sql_keys(s, "DELETE FROM keys.person_key");
    shop_sql(s, "UPDATE identity.person SET email_hash = NULL, erased_at = '2026-06-01' WHERE id = %s", id);
    c = begin(s, &e);
    assert_good(person_open(c, p, STR("x"), str_of(bytes, n), &plain, &e), e);
    assert_true(str_is_null(plain));
    assert_refused(person_seal(c, p, STR("x"), STR("Dora"), &sealed, &e), e, PROBLEM_CONFLICT);
    assert_false(uuid_eq(p.u, person_of(s, "dora@example.com").u));      /* somebody new */
    shop_sql_keys(s, "DELETE FROM keys.erased");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_person_per_address), cmocka_unit_test(opens_only_where_it_stands),
                                       cmocka_unit_test(a_key_that_was_never_written_is_made), cmocka_unit_test(erased_is_erased)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
