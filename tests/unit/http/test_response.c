#include "http/http.h"
#include "unit_arena.h"

static struct http_response w;

static struct str value_of(const char *name)
{
    for (size_t i = 0; i < w.n_headers; i++) {
        if (str_eq_c(w.headers[i].name, name))
            return w.headers[i].value;
    }
    return STR_NULL;
}

static int fresh(void **state)
{
    (void)setup(state);
    http_response_init(&w, a);
    return 0;
}

static void headers_are_set_or_added(void **state)
{
    (void)state;
    http_set_header(&w, "X-A", STR("1"));
    http_set_header(&w, "x-a", STR("2"));
    http_add_header(&w, "Link", STR("a"));
    http_add_header(&w, "Link", STR("b"));
    assert_int_equal(w.n_headers, 3);
    assert_str(value_of("X-A"), "2");
}

static void values_from_outside_lose_control_characters(void **state)
{
    (void)state;
    assert_str(http_header_safe(a, STR("a\r\nSet-Cookie: x\0y\x7f")), "aSet-Cookie: xy");
    assert_str(http_header_safe(a, STR("fine")), "fine");
}

static void cookies(void **state)
{
    (void)state;
    http_set_cookie(&w, "__Host-cart", STR("abc"), (struct http_cookie_options){.max_age_s = 60, .http_only = true, .lax = true});
    assert_str(value_of("Set-Cookie"), "__Host-cart=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax");
    w.n_headers = 0;
    http_set_cookie(&w, "s", STR(""), (struct http_cookie_options){.session = true, .path = STR("/cart")});
    assert_str(value_of("Set-Cookie"), "s=; Path=/cart; Secure; SameSite=Strict");
}

static void redirects(void **state)
{
    (void)state;
    buf_cstr(&w.body, "left over");
    http_redirect(&w, 303, STR("/cart\r\nX: y"));
    assert_int_equal(w.status, 303);
    assert_str(value_of("Location"), "/cartX: y");
    assert_int_equal(w.body.n, 0);
}

static void problems(void **state)
{
    struct err e = {0};
    (void)state;
    (void)err_field(&e, PROBLEM_REQUIRED, "name", "is \"missing\"");
    (void)err_field(&e, PROBLEM_OUT_OF_RANGE, "count", "too large");
    e.retry_after_s = 3;
    http_problem(&w, &e, STR("req_1"));
    assert_int_equal(w.status, 422);
    assert_str(w.content_type, "application/problem+json");
    assert_str(value_of("Retry-After"), "3");
    assert_str(value_of("Cache-Control"), "no-store");
    assert_non_null(strstr(str_cstr(a, buf_view(&w.body)), "\"errors\":[{\"code\":\"required\",\"param\":\"name\",\"detail\":\"is \\\"missing\\\"\"},{\"code\":\"out_of_range\""));
    static const struct err_field many[] = {{PROBLEM_INVALID, "prices[0].sku", "No"}, {PROBLEM_OVERLAP, "prices[499].valid_from", "Nor this"}};
    e.all = many;
    e.n_all = 2;
    http_problem_data(&w, &e, STR("req_1"), NULL);
    assert_non_null(strstr(str_cstr(a, buf_view(&w.body)), "\"errors\":[{\"code\":\"invalid\",\"param\":\"prices[0].sku\",\"detail\":\"No\"},"
                           "{\"code\":\"overlap\",\"param\":\"prices[499].valid_from\",\"detail\":\"Nor this\"}]"));
    assert_non_null(strstr(str_cstr(a, buf_view(&w.body)), "\"request_id\":\"req_1\"}"));
    assert_null(strstr(str_cstr(a, buf_view(&w.body)), "cause"));
}

static void the_cause_stays_inside(void **state)
{
    struct err e = {0};
    (void)state;
    (void)err_cause(&e, "password of the database");
    http_problem(&w, &e, STR_NULL);
    assert_int_equal(w.status, 500);
    assert_null(strstr(str_cstr(a, buf_view(&w.body)), "password"));
}

struct change { struct str what; };
static const struct shape_field change_fields[] = {{"what", SHAPE_STR, offsetof(struct change, what)}, {NULL}};
static const struct shape change_shape = {"Change", change_fields, sizeof(struct change)};

static void problems_may_explain(void **state)
{
    struct err e = {0};
    struct change c = {STR("price")};
    (void)state;
    (void)err_set(&e, PROBLEM_CART_CHANGED, "look again");
    e.data = &c;
    http_problem_data(&w, &e, STR("req_1"), &change_shape);
    assert_non_null(strstr(str_cstr(a, buf_view(&w.body)), "\"data\":{\"what\":\"price\"}"));
}

static void entity_tags(void **state)
{
    static const struct { const char *header; bool match; } cases[] = {
        {"\"v1\"", true}, {"W/\"v1\"", true}, {"v1", true}, {"\"a\", \"v1\"", true}, {"*", true}, {"\"v2\"", false}, {"", false}, {"\"v1", false}, {"W/\"v\"", false}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_int_equal(http_etag_matches(str_from(cases[i].header), STR("\"v1\"")), cases[i].match);
    assert_false(http_etag_matches(STR_NULL, STR("v1")));
}

static void not_modified(void **state)
{
    struct http_header h = {STR("if-none-match"), STR("W/\"v1\"")};
    struct http_request r = {.method = HTTP_GET, .n_headers = 1, .headers = &h}, post = r;
    (void)state;
    buf_cstr(&w.body, "x");
    assert_true(http_not_modified(&r, &w, STR("v1")));
    assert_int_equal(w.status, 304);
    assert_int_equal(w.body.n, 0);
    assert_str(value_of("ETag"), "\"v1\"");
    w.status = 200;
    assert_false(http_not_modified(&r, &w, STR("v2")));
    post.method = HTTP_POST;
    assert_false(http_not_modified(&post, &w, STR("v1")));
    assert_int_equal(w.status, 200);
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, fresh, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {FRESH(headers_are_set_or_added), FRESH(values_from_outside_lose_control_characters), FRESH(cookies), FRESH(redirects), FRESH(problems),
                                       FRESH(the_cause_stays_inside), FRESH(problems_may_explain), FRESH(entity_tags), FRESH(not_modified)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
