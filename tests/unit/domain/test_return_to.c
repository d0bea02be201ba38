/* Only paths of the shop are followed. */
#include "domain/return_to.h"
#include "unit.h"

static void table(void **state)
{
    (void)state;
    static const struct { const char *path; bool good; } rows[] = {
        {"/", true}, {"/account", true}, {"/checkout?step=2#x", true}, {"/p/tea%20pot", true}, {"/orders/ord_1?t=a.b-c", true}, {"/sign-inn", true}, {"/registers", true},
        {"", false}, {NULL, false}, {"account", false}, {"https://evil.example", false}, {"//evil.example", false}, {"/\\evil.example", false}, {"\\/evil.example", false},
        {"/a//b", false}, {"/..//evil.example", false}, {"/\t/evil.example", false}, {"/\n/evil.example", false}, {"/a b", false}, {" /account", false}, {"/a\r\nSet-Cookie: x=1", false},
        {"/a\x7f", false}, {"/\xe2\x81\x84", false}, {"javascript:alert(1)", false}, {"/sign-in", false}, {"/sign-in?return_to=/x", false}, {"/sign-in/confirm", false},
        {"/sign-out", false}, {"/reset?link=x", false}, {"/register#x", false}, {"data:text/html,x", false}, {"/x?u=https://evil.example", false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str path = str_from(rows[i].path);
        if (return_to_ok(path) != rows[i].good) fail_msg("%s", rows[i].path ? rows[i].path : "(absent)");
        assert_true(str_eq(return_to_or_default(path), rows[i].good ? path : STR("/account")));
    }
    char zero[] = "/a\0b", lengthy[RETURN_TO_MAX + 1];
    assert_false(return_to_ok(str_of(zero, 4)));
    memset(lengthy, 'a', sizeof lengthy);
    lengthy[0] = '/';
    assert_true(return_to_ok(str_of(lengthy, RETURN_TO_MAX)));
    assert_false(return_to_ok(str_of(lengthy, RETURN_TO_MAX + 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
