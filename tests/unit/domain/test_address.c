#include "with_arena.h"

#include "domain/address.h"

static void postal_codes(void **state)
{
    static const struct { const char *country, *in, *out, *area; } rows[] = {
        {"DE", "10115", "10115", "10"}, {"DE", " 10115 ", "10115", "10"}, {"DE", "1011", NULL, NULL}, {"DE", "101155", NULL, NULL}, {"DE", "1O115", NULL, NULL},
        {"AT", "1010", "1010", "10"}, {"GB", "sw1a1aa", "SW1A 1AA", "SW1A"}, {"GB", "M1 1AE", "M1 1AE", "M1"}, {"GB", "B33-8TH", "B33 8TH", "B33"},
        {"GB", "DN551PT", "DN55 1PT", "DN55"}, {"GB", "EC1A 1BB", "EC1A 1BB", "EC1A"}, {"GB", "12345", NULL, NULL}, {"GB", "SW1A", NULL, NULL},
        {"NL", "1012ab", "1012 AB", "10"}, {"NL", "1012", NULL, NULL}, {"SE", "11455", "114 55", "11"}, {"CZ", "110 00", "110 00", "110"},
        {"PL", "00950", "00-950", "00"}, {"PT", "1000205", "1000-205", "10"}, {"PT", "1000-205", "1000-205", "10"}, {"LT", "01100", "LT-01100", "LT-01"},
        {"LT", "LT-01100", "LT-01100", "LT-01"}, {"LV", "lv1050", "LV-1050", "LV-10"}, {"LU", "L-1009", "L-1009", "L-"}, {"LU", "1009", "1009", "10"},
        {"IE", "D02AF30", "D02 AF30", "D02"}, {"IE", "D6WXY00", "D6W XY00", "D6W"}, {"US", "94103", "94103", "941"}, {"US", "941031234", "94103-1234", "941"},
        {"US", "9410", NULL, NULL}, {"CA", "k1a0b1", "K1A 0B1", "K1A"}, {"JP", "1000001", "100-0001", "100"}, {"BR", "01310100", "01310-100", "013"},
        {"DE", "", NULL, NULL}, {"DE", "1 0 1 1 5", "10115", "10"}, {"DE", "10115; DROP", NULL, NULL}, {"DE", "123456789012345678901234567890", NULL, NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct country *c = country_find(str_from(rows[i].country));
        struct str out = STR_NULL;
        assert_non_null(c);
        bool good = postal_normalise(*state, c, str_from(rows[i].in), &out);
        if (good != (rows[i].out != NULL)) fail_msg("%s %s", rows[i].country, rows[i].in);
        if (!good) continue;
        assert_str(out, rows[i].out);
        assert_str(postal_area(c, out), rows[i].area);
    }
}

static void countries(void **state)
{
    (void)state;
    assert_true(country_count() > 40);
    for (size_t i = 0; i < country_count(); i++) {
        const struct country *c = country_at(i);
        assert_int_equal(strlen(c->code), 2);
        if (i > 0) assert_true(strcmp(country_at(i - 1)->code, c->code) < 0);
        assert_ptr_equal(country_find(str_from(c->code)), c);
    }
    assert_non_null(country_find(STR("de")));
    assert_null(country_find(STR("XX")));
    assert_null(country_find(STR("")));
    assert_null(country_find(STR_NULL));
    assert_null(country_find(STR("DEU")));
}

#define S(x) {x, sizeof(x) - 1}
#define GOOD .name = S("Ada Example"), .line1 = S("Street 1"), .city = S("Berlin")

static void addresses(void **state)
{
    static const struct { struct address in; const char *bad; enum problem why; } rows[] = {
        {{GOOD, .postal_code = S("10115"), .country = S("DE")}, NULL, PROBLEM_NONE},
        {{GOOD, .postal_code = S("10115"), .country = S(" de ")}, NULL, PROBLEM_NONE},
        {{GOOD, .country = S("HK")}, NULL, PROBLEM_NONE},
        {{GOOD, .postal_code = S("94103"), .region = S("CA"), .country = S("US")}, NULL, PROBLEM_NONE},
        {{GOOD, .postal_code = S("94103"), .country = S("US")}, "shipping_address.region", PROBLEM_REQUIRED},
        {{GOOD, .country = S("DE")}, "shipping_address.postal_code", PROBLEM_REQUIRED},
        {{GOOD, .postal_code = S("101"), .country = S("DE")}, "shipping_address.postal_code", PROBLEM_INVALID},
        {{GOOD, .postal_code = S("10115"), .country = S("XX")}, "shipping_address.country", PROBLEM_INVALID},
        {{GOOD, .postal_code = S("10115")}, "shipping_address.country", PROBLEM_REQUIRED},
        {{.line1 = S("S 1"), .city = S("B"), .postal_code = S("10115"), .country = S("DE")}, "shipping_address.name", PROBLEM_REQUIRED},
        {{.name = S("  "), .line1 = S("S 1"), .city = S("B"), .postal_code = S("10115"), .country = S("DE")}, "shipping_address.name", PROBLEM_REQUIRED},
        {{.name = S("A"), .city = S("B"), .postal_code = S("10115"), .country = S("DE")}, "shipping_address.line1", PROBLEM_REQUIRED},
        {{.name = S("A"), .line1 = S("S"), .postal_code = S("10115"), .country = S("DE")}, "shipping_address.city", PROBLEM_REQUIRED},
        {{.name = S("A\nB"), .line1 = S("S"), .city = S("B"), .postal_code = S("10115"), .country = S("DE")}, "shipping_address.name", PROBLEM_INVALID}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct address out;
        struct err e;
        err_clear(&e);
        bool good = address_normalise(*state, "shipping_address", &rows[i].in, &out, &e);
        assert_int_equal(good, rows[i].bad == NULL);
        if (good) continue;
        assert_int_equal(e.n_fields, 1);
        assert_string_equal(e.fields[0].param, rows[i].bad);
        assert_int_equal(e.fields[0].problem, rows[i].why);
    }
}

static void all_at_once(void **state)
{
    struct address out, in = {.line2 = S("x"), .country = S("US")};
    struct err e;
    err_clear(&e);
    assert_false(address_normalise(*state, "", &in, &out, &e));
    assert_int_equal(e.n_fields, 5);          /* name, line1, postal_code, city, region */
    assert_string_equal(e.fields[0].param, "name");
    char big[202];
    memset(big, 'x', sizeof big);
    struct address longer = {.name = {big, 101}, .line1 = S("S"), .city = S("B"), .postal_code = S("10115"), .country = S("DE")};
    err_clear(&e);
    assert_false(address_normalise(*state, "", &longer, &out, &e));
    longer.name.n = 100;
    err_clear(&e);
    assert_true(address_normalise(*state, "", &longer, &out, &e));
    assert_true(str_is_null(out.company) && str_is_null(out.region));
    assert_str(out.country, "DE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(postal_codes), WITH_ARENA(countries), WITH_ARENA(addresses), WITH_ARENA(all_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
