#include "json/field.h"
#include "unit_arena.h"

static void email_addresses(void **state)
{
    static const char *const good[] = {"ada@example.com", "a.b+c@sub.example.co", "x@xn--bcher-kva.example", "ö@bücher.example", "a@b.cd"};
    static const char *const bad[] = {"", "@", "a@", "@b.cd", "a@b", "a b@c.de", "a@b..de", "a@-b.de", "a@b-.de", "a@b.de.", ".a@b.de", "a.@b.de", "a..b@c.de", "a@b@c.de",
                                      "\"a\"@b.de", "a@b.d", "a@[1.2.3.4]", "a@b_c.de", "a\n@b.de"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (!field_is_email(str_from(good[i])))
            fail_msg("refused %s", good[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        if (field_is_email(str_from(bad[i])))
            fail_msg("accepted %s", bad[i]);
    }
}

static void clears_to_the_default(void **state)
{
    struct { int64_t n; bool b; struct str s; } v = {7, false, STR("x")};
    const struct shape_field n = {"n", SHAPE_INT, offsetof(__typeof__(v), n), .def = -4}, b = {"b", SHAPE_BOOL, offsetof(__typeof__(v), b), .def = 1},
                             s = {"s", SHAPE_STR, offsetof(__typeof__(v), s)};
    (void)state;
    field_clear(&n, &v);
    field_clear(&b, &v);
    field_clear(&s, &v);
    assert_int_equal(v.n, -4);
    assert_true(v.b);
    assert_true(str_is_null(v.s));
}

static void bounds_of_numbers(void **state)
{
    const struct shape_field both = {"n", SHAPE_INT, 0, .min = -2, .max = 5}, least = {"n", SHAPE_INT, 0, .min = 3}, any = {"n", SHAPE_INT, 0};
    struct { const struct shape_field *f; int64_t v; bool ok; } cases[] = {
        {&both, -2, true}, {&both, 5, true}, {&both, 6, false}, {&both, -3, false}, {&least, 3, true}, {&least, 2, false}, {&least, INT64_MAX, true}, {&any, INT64_MIN, true}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err e = {0};
        int64_t v = 99;
        assert_int_equal(field_take_int(cases[i].f, SHAPE_INT, cases[i].v, &v, "n", &e), cases[i].ok);
        assert_int_equal(v, cases[i].ok ? cases[i].v : 99);
    }
}

static void text_lengths_count_code_points(void **state)
{
    const struct shape_field f = {"s", SHAPE_STR, 0, .min = 2, .max = 3};
    struct str s = STR_NULL;
    struct err e = {0};
    (void)state;
    assert_true(field_take_text(&f, SHAPE_STR, STR(" äöü "), a, &s, "s", &e));
    assert_str(s, "äöü");
    assert_false(field_take_text(&f, SHAPE_STR, STR("ä"), a, &s, "s", &e));
    assert_false(field_take_text(&f, SHAPE_STR, STR("abcd"), a, &s, "s", &e));
    assert_false(field_take_text(&f, SHAPE_STR, STR("a\nb"), a, &s, "s", &e));
    assert_false(field_take_text(&f, SHAPE_STR, STR("a\0b"), a, &s, "s", &e));
    assert_true(field_take_text(&f, SHAPE_TEXT, STR("a\nb"), a, &s, "s", &e));
    assert_true(field_take_text(&f, SHAPE_SECRET, STR(" a "), a, &s, "s", &e));     /* a blank is part of a password */
    assert_str(s, " a ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(email_addresses), WITH_ARENA(clears_to_the_default), WITH_ARENA(bounds_of_numbers), WITH_ARENA(text_lengths_count_code_points)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
