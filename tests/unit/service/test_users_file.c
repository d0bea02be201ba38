/* Files of users: forms, headers, what is bad about a row. */
#include "service/users_internal.h"
#include "users_text.h"

struct reader { struct arena *a; struct users_file *f; };

static struct reader open_text(const char *text)
{
    struct reader r = {.a = arena_new()};
    struct err e = {0};
    if (!users_file_open(r.a, input_of(r.a, text, strlen(text)), &r.f, &e)) fail_msg("%s", e.detail);
    return r;
}

static bool next(struct reader *r, struct users_row *row)
{
    struct err e = {0};
    bool found;
    if (!users_file_next(r->f, r->a, row, &found, &e)) fail_msg("%s", e.detail);
    return found;
}

static void json_lines(void **state)
{
    (void)state;
    struct reader r = open_text("{\"email\":\"ada@example.com\",\"name\":\"Ada\",\"email_verified\":true,\"password_hash\":\"$2b$\",\"more\":{\"x\":1}}\n\n"
                                "  {\"email\": 5}\nnonsense\n{\"email\":\"b@example.com\",\"given_name\":\"Bo\",\"family_name\":\"Be\",\"email_verified\":\"TRUE\"}");
    struct users_row row;
    assert_true(next(&r, &row));
    assert_int_equal(row.line, 1);
    assert_str(row.email, "ada@example.com");
    assert_str(row.password, "$2b$");
    assert_true(row.verified && row.bad == NULL);
    assert_true(next(&r, &row));
    assert_int_equal(row.line, 3);
    assert_string_equal(row.bad, "a member is no text");
    assert_true(next(&r, &row));
    assert_int_equal(row.line, 4);
    assert_non_null(row.bad);
    assert_true(next(&r, &row));
    assert_str(row.name, "Bo Be");
    assert_true(row.verified && row.bad == NULL);
    assert_false(next(&r, &row));
    assert_int_equal(users_file_lines(r.f), 5);
    arena_destroy(r.a);
}

static void a_header_of_cognito(void **state)
{
    (void)state;
    struct reader r = open_text("\xef\xbb\xbf" "cognito:username,name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,email,email_verified,gender,"
                                "birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at,cognito:mfa_enabled\n"
                                "ada,,Ada,Example,,,,,,,ada@example.com,TRUE,,,,de-DE,+493012345,FALSE,,,FALSE\r\n"
                                "bob,Bob,,,,,,,,,bob@example.com,FALSE,,,,,,,,,\n");
    struct users_row row;
    assert_true(next(&r, &row));
    assert_int_equal(row.line, 2);
    assert_str(row.email, "ada@example.com");
    assert_str(row.name, "Ada Example");
    assert_str(row.phone, "+493012345");
    assert_str(row.locale, "de-DE");
    assert_true(row.verified && str_is_empty(row.password));
    assert_true(next(&r, &row));
    assert_str(row.name, "Bob");
    assert_false(row.verified);
    assert_false(next(&r, &row));
    arena_destroy(r.a);
}

static void long_lines_are_passed_over(void **state)
{
    (void)state;
    struct reader r = {.a = arena_new()};
    struct err e = {0};
    struct users_row row;
    size_t n = 200000;
    char *text = arena_alloc(r.a, n + 100);
    memset(text, 'x', n);
    memcpy(text, "{\"email\":\"", 10);
    int more = snprintf(text + n, 100, "\"}\n{\"email\":\"ada@example.com\"}\n");
    if (!users_file_open(r.a, input_of(r.a, text, n + (size_t)more), &r.f, &e)) fail_msg("%s", e.detail);
    assert_true(next(&r, &row));
    assert_string_equal(row.bad, "the line is longer than 64 KB");
    assert_true(next(&r, &row));
    assert_int_equal(row.line, 2);
    assert_str(row.email, "ada@example.com");
    assert_false(next(&r, &row));
    arena_destroy(r.a);
}

static void what_is_no_file_of_users(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " \n\n", "a,b\n1,2\n", "[{\"email\":\"x\"}]\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct arena *a = arena_new();
        struct err e = {0};
        struct users_file *f;
        assert_false(users_file_open(a, input_of(a, texts[i], strlen(texts[i])), &f, &e));
        assert_int_equal(e.problem, PROBLEM_INVALID);
        arena_destroy(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(json_lines), cmocka_unit_test(a_header_of_cognito), cmocka_unit_test(long_lines_are_passed_over),
                                       cmocka_unit_test(what_is_no_file_of_users)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
