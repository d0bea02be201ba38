#include "web/input.h"
#include "unit_arena.h"

struct in { struct str slug, q, token, name; struct shape_list tags; };
static const struct shape_field fields[] = {
    {"slug", SHAPE_STR, offsetof(struct in, slug), .in = SHAPE_PATH, .required = true, .max = 5},
    {"q", SHAPE_STR, offsetof(struct in, q), .in = SHAPE_QUERY, .max = 3},
    {"tags", SHAPE_LIST, offsetof(struct in, tags), .in = SHAPE_QUERY, .item = SHAPE_STR},
    {"x-token", SHAPE_STR, offsetof(struct in, token), .in = SHAPE_HEADER},
    {"name", SHAPE_STR, offsetof(struct in, name), .required = true},
    {NULL}};
static const struct shape shape = {"In", fields, sizeof(struct in)};

static struct err e;
static struct serving s;
static struct http_request http;
static struct route route;
static const struct http_header header = {{"x-token", 7}, {"t", 1}};

static bool parse(enum page_kind kind, const char *slug, const char *query, const char *body)
{
    struct shape_pairs form;
    err_clear(&e);
    route = (struct route){.method = HTTP_POST, .kind = kind, .in = &shape};
    http = (struct http_request){.method = HTTP_POST, .query = str_from(query), .body = str_from(body), .n_headers = 1, .headers = &header};
    s = (struct serving){.http = &http};
    s.call.arena = a;
    s.match.route = &route;
    s.match.n_params = 1;
    s.match.params[0] = (struct shape_pair){STR("slug"), str_from(slug)};
    return input_form(&s, &form, &e) && input_parse(&s, form, &e);
}

static void four_places_into_one_struct(void **state)
{
    (void)state;
    assert_true(parse(KIND_API, "abc", "q=x&tags[]=1&tags[]=2", "{\"name\":\"Ada\"}"));
    const struct in *in = s.req.in;
    assert_str(in->slug, "abc");
    assert_str(in->q, "x");
    assert_str(in->token, "t");
    assert_str(in->name, "Ada");
    assert_int_equal(in->tags.n, 2);
    assert_true(parse(KIND_PAGE, "abc", "q=x", "name=Ada&_csrf=1"));
}

static void an_impossible_path_is_not_found(void **state)
{
    (void)state;
    assert_false(parse(KIND_API, "toolong", "", "{\"name\":\"Ada\"}"));
    assert_int_equal(e.problem, PROBLEM_NOT_FOUND);
}

static void bad_fields_of_all_places_come_together(void **state)
{
    (void)state;
    assert_false(parse(KIND_API, "abc", "q=long&z=1", "{}"));
    assert_int_equal(e.n_fields, 3);
}

static void an_empty_body_names_what_is_missing(void **state)
{
    (void)state;
    assert_false(parse(KIND_API, "abc", "", ""));
    assert_int_equal(e.problem, PROBLEM_REQUIRED);
    assert_string_equal(e.param, "name");
}

static void pages_forgive_unknown_query_parameters(void **state)
{
    (void)state;
    assert_true(parse(KIND_PAGE, "abc", "utm_source=x&q=a", "name=Ada"));
    assert_false(parse(KIND_API, "abc", "utm_source=x", "{\"name\":\"Ada\"}"));
    assert_int_equal(e.problem, PROBLEM_UNKNOWN_FIELD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(four_places_into_one_struct), WITH_ARENA(an_impossible_path_is_not_found), WITH_ARENA(bad_fields_of_all_places_come_together),
                                       WITH_ARENA(an_empty_body_names_what_is_missing), WITH_ARENA(pages_forgive_unknown_query_parameters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
