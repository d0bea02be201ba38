#include "web/index.h"
#include "unit_arena.h"

static bool nothing(struct req *r, struct http_response *w, struct err *e)
{
    (void)r;
    (void)w;
    (void)e;
    return true;
}

struct one { struct str x; };
static const struct shape_field one_fields[] = {{"x", SHAPE_STR, offsetof(struct one, x), .in = SHAPE_PATH, .required = true, .doc = "x"}, {NULL}};
static const struct shape one = {"One", one_fields, sizeof(struct one)};
struct two { struct str x, y; };
static const struct shape_field two_fields[] = {{"x", SHAPE_STR, offsetof(struct two, x), .in = SHAPE_PATH, .required = true, .doc = "x"},
                                                {"y", SHAPE_STR, offsetof(struct two, y), .in = SHAPE_PATH, .required = true, .doc = "y"}, {NULL}};
static const struct shape two = {"Two", two_fields, sizeof(struct two)};

#define ROW(m, p, n, ...) {.method = m, .pattern = p, .handler = nothing, .name = n, .doc = "A row for tests", __VA_ARGS__}

static const struct route routes[] = {
    ROW(HTTP_GET, "/v1/a", "list"), ROW(HTTP_POST, "/v1/a", "create"), ROW(HTTP_GET, "/v1/a/{x}", "get", .in = &one), ROW(HTTP_DELETE, "/v1/a/{x}", "delete", .in = &one),
    ROW(HTTP_GET, "/v1/a/new", "literal"), ROW(HTTP_GET, "/v1/a/{x}/b/{y}", "deep", .in = &two), ROW(HTTP_GET, "/", "home", .kind = KIND_PAGE),
    ROW(HTTP_GET, "/p/{x}", "page", .kind = KIND_PAGE, .in = &one), ROW(HTTP_GET, "/p/map-{x}.xml", "map", .kind = KIND_PAGE, .in = &one),
    ROW(HTTP_GET, "/p/map-1.xml", "first", .kind = KIND_PAGE), {0}};
static const struct pool_spec spec = {.name = "test", .routes = routes};

static struct route_match find(enum http_method m, const char *path)
{
    struct route_index *x;
    struct err e = {0};
    struct route_match match;
    assert_true(route_index_new(&spec, a, &x, &e));
    route_find(x, m, str_from(path), &match);
    return match;
}

static void matches(void **state)
{
    static const struct { enum http_method m; const char *path, *name; } cases[] = {
        {HTTP_GET, "/", "home"}, {HTTP_GET, "/v1/a", "list"}, {HTTP_HEAD, "/v1/a", "list"}, {HTTP_POST, "/v1/a", "create"}, {HTTP_GET, "/v1/a/new", "literal"}, {HTTP_GET, "/v1/a/other", "get"},
        {HTTP_DELETE, "/v1/a/1", "delete"}, {HTTP_GET, "/v1/a/1/b/2", "deep"}, {HTTP_GET, "/v1/a/", NULL}, {HTTP_GET, "/v1//a", NULL}, {HTTP_GET, "", NULL}, {HTTP_GET, "/v1", NULL},
        {HTTP_GET, "/v1/a/1/b", NULL}, {HTTP_GET, "/1/2/3/4/5/6/7/8/9/10/11/12/13/14", NULL}, {HTTP_PUT, "/v1/a", NULL},
        {HTTP_GET, "/p/map-1.xml", "first"}, {HTTP_GET, "/p/map-2.xml", "map"}, {HTTP_GET, "/p/map-.xml", "page"}, {HTTP_GET, "/p/map-2xxml", "page"}, {HTTP_GET, "/p/xmap-2.xml", "page"},
        {HTTP_OTHER, "/v1/a", NULL}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct route_match m = find(cases[i].m, cases[i].path);
        if (cases[i].name ? !m.route || strcmp(m.route->name, cases[i].name) != 0 : m.route != NULL)
            fail_msg("%s: %s", cases[i].path, m.route ? m.route->name : "none");
        if (m.route)
            assert_ptr_equal(m.route, &routes[m.number]);
    }
}

static void placeholders(void **state)
{
    struct route_match m = find(HTTP_GET, "/v1/a/grün/b/2 3");
    (void)state;
    assert_int_equal(m.n_params, 2);
    assert_str(m.params[0].name, "x");
    assert_str(m.params[0].value, "grün");
    assert_str(m.params[1].name, "y");
    assert_str(m.params[1].value, "2 3");
}

static void placeholders_with_text_around(void **state)
{
    struct route_match m = find(HTTP_GET, "/p/map-map-7.xml.xml");
    (void)state;
    assert_int_equal(m.n_params, 1);
    assert_str(m.params[0].name, "x");
    assert_str(m.params[0].value, "map-7.xml");
}

static void says_which_methods_a_path_has(void **state)
{
    struct route_match m = find(HTTP_PUT, "/v1/a/1");
    (void)state;
    assert_true(m.path_known);
    assert_str(route_allow(a, m.methods), "GET, HEAD, DELETE, OPTIONS");
    assert_str(route_allow(a, find(HTTP_PUT, "/v1/a").methods), "GET, HEAD, POST, OPTIONS");
    assert_false(find(HTTP_GET, "/nothing").path_known);
}

static void a_bad_table_does_not_start(void **state)
{
    static const struct route twice[] = {ROW(HTTP_GET, "/v1/a/{x}", "one", .in = &one), ROW(HTTP_GET, "/v1/a/{x}", "two", .in = &one), {0}};
    const struct pool_spec bad = {.name = "bad", .routes = twice};
    struct route_index *x;
    struct err e = {0};
    (void)state;
    assert_false(route_index_new(&bad, a, &x, &e));
    assert_non_null(strstr(e.detail, "/v1/a/{x}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(matches), WITH_ARENA(placeholders), WITH_ARENA(placeholders_with_text_around), WITH_ARENA(says_which_methods_a_path_has), WITH_ARENA(a_bad_table_does_not_start)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
