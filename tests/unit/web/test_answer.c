#include "web/web.h"
#include "unit_arena.h"

struct out { int64_t n; };
static const struct shape_field fields[] = {{"n", SHAPE_INT, offsetof(struct out, n)}, {NULL}};
static const struct shape shape = {"Out", fields, sizeof(struct out)};

static struct http_response w;
static struct str value_of(const char *name)
{
    for (size_t i = 0; i < w.n_headers; i++) {
        if (str_eq_c(w.headers[i].name, name))
            return w.headers[i].value;
    }
    return STR_NULL;
}

static void answers_have_status_and_tag(void **state)
{
    const struct route created = {.out = &shape, .status = 201}, plain = {.out = &shape};
    struct http_request post = {.method = HTTP_POST}, get = {.method = HTTP_GET};
    struct req r = {.route = &created, .http = &post, .arena = a};
    (void)state;
    http_response_init(&w, a);
    web_json(&r, &w, &(struct out){5});
    assert_int_equal(w.status, 201);
    assert_str(buf_view(&w.body), "{\"n\":5}");
    assert_str(w.content_type, "application/json");
    assert_true(str_is_null(value_of("ETag")));
    r.route = &plain;
    r.http = &get;
    http_response_init(&w, a);
    web_json(&r, &w, &(struct out){5});
    struct str tag = value_of("ETag");
    assert_false(str_is_null(tag));
    struct http_header h = {STR("if-none-match"), tag};
    get.n_headers = 1;
    get.headers = &h;
    http_response_init(&w, a);
    web_json(&r, &w, &(struct out){5});
    assert_int_equal(w.status, 304);
    http_response_init(&w, a);
    web_json(&r, &w, &(struct out){6});
    assert_int_equal(w.status, 200);
}

static void lists_link_to_their_next_page(void **state)
{
    const struct config config = {.base_url = "https://shop.example"};
    const struct service_env env = {.config = &config};
    struct call call = {.env = &env};
    const struct route list = {.out = &shape, .out_list = true};
    struct http_request get = {.method = HTTP_GET, .path = STR("/v1/things"), .query = STR("limit=1&cursor=old")};
    struct req r = {.route = &list, .http = &get, .call = &call, .arena = a};
    struct out things[] = {{1}};
    (void)state;
    http_response_init(&w, a);
    web_json_list(&r, &w, (struct shape_list){1, things}, STR("new"));
    assert_str(buf_view(&w.body), "{\"data\":[{\"n\":1}],\"has_more\":true,\"next_cursor\":\"new\"}");
    assert_str(value_of("Link"), "<https://shop.example/v1/things?limit=1&cursor=new>; rel=\"next\"");
    http_response_init(&w, a);
    web_json_list(&r, &w, (struct shape_list){0, NULL}, STR_NULL);
    assert_true(str_is_null(value_of("Link")));
}

static void caching(void **state)
{
    (void)state;
    http_response_init(&w, a);
    web_cache_public(&w);
    assert_str(value_of("Cache-Control"), "public, max-age=1, stale-while-revalidate=1, stale-if-error=86400");
    web_cache_never(&w);
    assert_str(value_of("Cache-Control"), "no-store");
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(answers_have_status_and_tag), WITH_ARENA(lists_link_to_their_next_page), WITH_ARENA(caching)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
