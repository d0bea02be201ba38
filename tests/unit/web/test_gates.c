/* What the gates compute; how they refuse is asked from outside by tests/http/runtime-gates.mjs. */
#include "web/gates.h"
#include "unit_arena.h"

static void origins_of_addresses(void **state)
{
    (void)state;
    assert_str(origin_of(STR("https://shop.example:8443/a/b")), "https://shop.example:8443");
    assert_str(origin_of(STR("https://shop.example")), "https://shop.example");
    assert_str(origin_of(STR("null")), "null");
}

static void whose_origin(void **state)
{
    static const struct { const char *origin, *site; bool ours; } cases[] = {
        {"https://shop.example", NULL, true}, {"HTTPS://Shop.Example", NULL, true}, {"https://app.example", NULL, true}, {"https://www.app.example:444", NULL, true},
        {"https://shop.example:8443", NULL, false}, {"http://shop.example", NULL, false}, {"https://shop.example.evil", NULL, false}, {"null", "same-origin", false}, {"", "same-origin", false},
        {NULL, "same-origin", true}, {NULL, "same-site", false}, {NULL, "none", false}, {NULL, NULL, false}};
    const struct config config = {.allowed_origins = "https://app.example/ https://www.app.example:444"};
    struct app app = {.config = &config, .origin = STR("https://shop.example")};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_header h[2];
        struct http_request r = {.headers = h};
        if (cases[i].origin)
            h[r.n_headers++] = (struct http_header){STR("origin"), str_from(cases[i].origin)};
        if (cases[i].site)
            h[r.n_headers++] = (struct http_header){STR("sec-fetch-site"), str_from(cases[i].site)};
        if (origin_is_ours(&app, &r) != cases[i].ours)
            fail_msg("%s %s", cases[i].origin, cases[i].site);
    }
}

static void form_tokens(void **state)
{
    struct str cookie = STR("AAAAAAAAAAAAAAAAAAAAAAAA"), other = STR("AAAAAAAAAAAAAAAAAAAAAAAB");
    struct str one = csrf_token_make(a, cookie), two = csrf_token_make(a, cookie);
    (void)state;
    assert_false(str_eq(one, two));                               /* masked: no two pages carry the same bytes */
    assert_true(csrf_token_ok(a, cookie, one));
    assert_true(csrf_token_ok(a, cookie, two));
    assert_false(csrf_token_ok(a, other, one));
    assert_false(csrf_token_ok(a, STR_NULL, one));
    assert_false(csrf_token_ok(a, STR(""), csrf_token_make(a, STR(""))));       /* an empty cookie is nobody's */
    assert_false(csrf_token_ok(a, cookie, STR("")));
    assert_false(csrf_token_ok(a, cookie, STR_NULL));
    assert_false(csrf_token_ok(a, cookie, cookie));
    for (size_t i = 0; i < one.n; i++) {
        char *bad = str_cstr(a, one);
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        if (i + 1 < one.n)                                        /* the last character carries bits that mean nothing */
            assert_false(csrf_token_ok(a, cookie, str_from(bad)));
    }
}

static void safe_methods(void **state)
{
    (void)state;
    assert_true(method_is_safe(HTTP_GET) && method_is_safe(HTTP_HEAD) && method_is_safe(HTTP_OPTIONS));
    assert_false(method_is_safe(HTTP_POST) || method_is_safe(HTTP_PUT) || method_is_safe(HTTP_PATCH) || method_is_safe(HTTP_DELETE) || method_is_safe(HTTP_OTHER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(origins_of_addresses), WITH_ARENA(whose_origin), WITH_ARENA(form_tokens), WITH_ARENA(safe_methods)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
