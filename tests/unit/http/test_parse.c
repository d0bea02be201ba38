#include "http/parse.h"
#include "unit_arena.h"

static void paths(void **state)
{
    static const struct { const char *raw, *path; } cases[] = {
        {"/", "/"}, {"/a/b", "/a/b"}, {"/%41%c3%bc", "/Aü"}, {"/a+b", "/a+b"}, {"/a%20b", "/a b"}, {"/%2", NULL}, {"/%", NULL}, {"/%4", NULL}, {"/%zz", NULL}, {"/%2f", NULL}, {"/a%2Fb", NULL},
        {"/%00", NULL}, {"/%0a", NULL}, {"/%7f", NULL}, {"/%ff", NULL}, {"/%c0%af", NULL}, {"/..", NULL}, {"/.", NULL}, {"/a/../b", NULL}, {"/%2e%2e/b", NULL}, {"/a/.", NULL}, {"", NULL},
        {"a", NULL}, {"*", NULL}, {"/...", "/..."}, {"/a/..b", "/a/..b"}, {"/a//b", "/a//b"}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err e = {0};
        struct str path = STR_NULL;
        bool ok = http_parse_path(a, str_from(cases[i].raw), &path, &e);
        if (ok != (cases[i].path != NULL))
            fail_msg("%s", cases[i].raw);
        if (ok)
            assert_str(path, cases[i].path);
        else
            assert_int_equal(e.problem, PROBLEM_BAD_REQUEST);
    }
}

static void pairs_as_browsers_write_them(void **state)
{
    struct shape_pairs p;
    struct err e = {0};
    (void)state;
    assert_true(http_parse_pairs(a, STR("a=1&b=x+y%26&&c&=d&e=f=g&%C3%BC=%&%zz=%4"), &p, &e));
    static const char *const want[][2] = {{"a", "1"}, {"b", "x y&"}, {"c", ""}, {"", "d"}, {"e", "f=g"}, {"ü", "%"}, {"%zz", "%4"}};
    assert_int_equal(p.n, ARRAY_LEN(want));
    for (size_t i = 0; i < p.n; i++) {
        assert_str(p.v[i].name, want[i][0]);
        assert_str(p.v[i].value, want[i][1]);
    }
    assert_true(http_parse_pairs(a, STR(""), &p, &e));
    assert_int_equal(p.n, 0);
    assert_false(http_parse_pairs(a, STR("a=%ff"), &p, &e));
    assert_int_equal(e.problem, PROBLEM_BAD_REQUEST);
}

static void too_many_pairs(void **state)
{
    struct shape_pairs p;
    struct err e = {0};
    char text[2 * HTTP_PAIRS_MAX + 2];
    (void)state;
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = i % 2 ? '&' : 'a';
    assert_false(http_parse_pairs(a, str_of(text, sizeof(text)), &p, &e));
    assert_true(http_parse_pairs(a, str_of(text, 2 * HTTP_PAIRS_MAX - 1), &p, &e));
    assert_int_equal(p.n, HTTP_PAIRS_MAX);
}

static struct http_request request_of(char **params, enum problem *ret_problem)
{
    struct http_request r;
    struct err e = {0};
    bool ok = http_parse_params(a, params, &r, &e);
    assert_int_equal(ok, e.problem == PROBLEM_NONE);
    *ret_problem = e.problem;
    return r;
}

static void requests(void **state)
{
    enum problem p;
    char *params[] = {(char[]){"REQUEST_METHOD=PATCH"}, (char[]){"REQUEST_URI=/a%20b?x=1&y"}, (char[]){"REMOTE_ADDR=::1"}, (char[]){"HTTP_HOST=shop.example"}, (char[]){"CONTENT_TYPE=text/plain"},
                      (char[]){"HTTP_X_SOME_HEADER=v=w"}, (char[]){"HTTP_EMPTY="}, (char[]){"NONSENSE"}, (char[]){"REQUEST_SCHEME=https"}, NULL};
    struct http_request r = request_of(params, &p);
    (void)state;
    assert_int_equal(p, PROBLEM_NONE);
    assert_int_equal(r.method, HTTP_PATCH);
    assert_str(r.path, "/a b");
    assert_str(r.query, "x=1&y");
    assert_str(r.target, "/a%20b?x=1&y");
    assert_str(r.remote_addr, "::1");
    assert_str(r.scheme, "https");
    assert_str(r.content_type, "text/plain");
    assert_str(http_header(&r, "x-some-header"), "v=w");
    assert_str(http_header(&r, "empty"), "");
    assert_true(str_is_null(http_header(&r, "absent")));
    assert_int_equal(r.n_headers, 3);
}

static void targets(void **state)
{
    static const struct { const char *param; enum problem problem; } cases[] = {
        {"REQUEST_URI=/", PROBLEM_NONE}, {"REQUEST_URI=https://shop.example/x?y", PROBLEM_NONE}, {"REQUEST_URI=https://shop.example", PROBLEM_BAD_REQUEST}, {"REQUEST_URI=*", PROBLEM_BAD_REQUEST},
        {"REQUEST_URI=", PROBLEM_BAD_REQUEST}, {"OTHER=1", PROBLEM_BAD_REQUEST}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        enum problem p;
        char *params[] = {arena_strdup(a, cases[i].param), NULL};
        (void)request_of(params, &p);
        assert_int_equal(p, cases[i].problem);
    }
    enum problem p;
    char *long_uri = ARENA_ARRAY(a, char, HTTP_TARGET_MAX + 64);
    memset(long_uri, 'a', HTTP_TARGET_MAX + 40);
    memcpy(long_uri, "REQUEST_URI=/", 13);
    (void)request_of((char *[]){long_uri, NULL}, &p);
    assert_int_equal(p, PROBLEM_URI_TOO_LONG);
}

static void too_many_headers(void **state)
{
    char *params[HTTP_HEADERS_MAX + 3];
    enum problem p;
    (void)state;
    params[0] = arena_strdup(a, "REQUEST_URI=/x");
    for (int i = 0; i <= HTTP_HEADERS_MAX; i++)
        params[i + 1] = arena_printf(a, "HTTP_X%d=1", i);
    params[HTTP_HEADERS_MAX + 2] = NULL;
    struct http_request r = request_of(params, &p);
    assert_int_equal(p, PROBLEM_HEADERS_TOO_LARGE);
    assert_str(r.path, "/x");
    params[HTTP_HEADERS_MAX + 1] = NULL;
    (void)request_of(params, &p);
    assert_int_equal(p, PROBLEM_NONE);
}

static void cookies(void **state)
{
    struct http_header h = {STR("cookie"), STR("a=1; b=\"two\";c=; __Host-cart=x=y ; d; a=second")};
    struct http_request r = {.n_headers = 1, .headers = &h}, none = {0};
    (void)state;
    assert_str(http_cookie(&r, "a"), "1");
    assert_str(http_cookie(&r, "b"), "two");
    assert_str(http_cookie(&r, "__Host-cart"), "x=y");
    assert_str(http_cookie(&r, "c"), "");
    assert_true(str_is_null(http_cookie(&r, "d")));
    assert_true(str_is_null(http_cookie(&r, "A")));
    assert_true(str_is_null(http_cookie(&none, "a")));
}

static void media_types_and_methods(void **state)
{
    (void)state;
    assert_true(http_is_media(STR("Application/JSON ; charset=utf-8"), "application/json"));
    assert_false(http_is_media(STR("application/jsonp"), "application/json"));
    assert_false(http_is_media(STR(""), "application/json"));
    assert_int_equal(http_parse_method(STR("get")), HTTP_OTHER);
    for (int m = HTTP_GET; m < HTTP_OTHER; m++)
        assert_int_equal(http_parse_method(str_from(http_method_name((enum http_method)m))), m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(paths), WITH_ARENA(pairs_as_browsers_write_them), WITH_ARENA(too_many_pairs), WITH_ARENA(requests), WITH_ARENA(targets),
                                       WITH_ARENA(too_many_headers), WITH_ARENA(cookies), WITH_ARENA(media_types_and_methods)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
