#include "counterpart.h"

#include <stdlib.h>

#include "base/clock.h"
#include "net/oidc.h"

#define SECONDS(n) (clock_monotonic() + (n) * USEC_PER_SEC)

/* What the provider answers next, and what it was asked last. */
struct provider { int status; const char *body; char asked[8192]; };

static void answer(void *arg, struct arena *a, struct str request, struct buf *out)
{
    struct provider *p = arg;
    (void)a;
    snprintf(p->asked, sizeof p->asked, STR_FMT, STR_ARG(request));
    counterpart_answer(out, p->status, "application/json", str_from(p->body));
}

struct fixture { struct counterpart *c; struct http_client *h; struct arena *a; struct provider p; };

static int start(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct err e = {0};
    f->c = counterpart_start(answer, &f->p);
    f->a = arena_new();
    if (!http_client_new(&(struct http_client_options){.private_addresses = true, .plain = true}, &f->h, &e))
        return -1;
    *state = f;
    return 0;
}

static int stop(void **state)
{
    struct fixture *f = *state;
    http_client_destroy(f->h);
    counterpart_stop(f->c);
    arena_destroy(f->a);
    free(f);
    return 0;
}

static void discovery(void **state)
{
    struct fixture *f = *state;
    struct err e = {0};
    struct str doc;
    f->p.status = 200;
    f->p.body = "{\"issuer\":\"x\"}";
    struct str issuer = str_printf(f->a, "http://127.0.0.1:%d/tenant/", counterpart_port(f->c));
    assert_true(oidc_discover(f->h, f->a, issuer, SECONDS(10), &doc, &e));
    assert_str(doc, f->p.body);
    assert_non_null(strstr(f->p.asked, "GET /tenant/.well-known/openid-configuration HTTP"));
    f->p.status = 404;
    assert_false(oidc_discover(f->h, f->a, issuer, SECONDS(10), &doc, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_false(oidc_fetch_jwks(f->h, f->a, STR("file:///etc/passwd"), SECONDS(10), &doc, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
}

#define DOC(issuer, token, more) "{\"issuer\":\"" issuer "\",\"authorization_endpoint\":\"https://op.example/auth?x=1\",\"token_endpoint\":\"" token \
                                 "\",\"jwks_uri\":\"https://op.example/jwks\"" more "}"

static void endpoints(void **state)
{
    struct fixture *f = *state;
    struct oidc_endpoints p;
    struct err e = {0};
    struct str issuer = STR("https://op.example");
    assert_true(oidc_endpoints_parse(STR(DOC("https://op.example", "https://op.example/token", "")), f->a, issuer, &p, &e));
    assert_true(str_is_null(p.userinfo) && !p.names_issuer && !p.secret_in_body);
    assert_true(oidc_endpoints_parse(STR(DOC("https://op.example", "https://op.example/token", ",\"authorization_response_iss_parameter_supported\":true,"
        "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"none\"],\"userinfo_endpoint\":\"https://op.example/me\"")), f->a, issuer, &p, &e));
    assert_true(p.names_issuer && p.secret_in_body);
    assert_str(p.userinfo, "https://op.example/me");
    static const char *const bad[] = {
        DOC("https://evil.example", "https://op.example/token", ""),             /* another issuer: mix-up */
        DOC("https://op.example/", "https://op.example/token", ""),
        DOC("https://op.example", "http://op.example/token", ""),                /* a code in clear */
        DOC("https://op.example", "https://user:pw@op.example/token", ""),
        DOC("https://op.example", "javascript:alert(1)", ""),
        DOC("https://op.example", "https://op.example/token", ",\"userinfo_endpoint\":\"ftp://op.example\""),
        DOC("https://op.example", "https://op.example/token", ",\"issuer\":\"https://op.example\""),      /* twice */
        "{\"issuer\":\"https://op.example\"}", "[]", "", "null", "<html>"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err_clear(&e);
        if (oidc_endpoints_parse(str_from(bad[i]), f->a, issuer, &p, &e))
            fail_msg("%s", bad[i]);
        assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    }
}

static void the_way_out(void **state)
{
    struct fixture *f = *state;
    struct oidc_endpoints p = {.authorization = STR("https://op.example/auth?x=1")};
    struct oidc_request q = {STR("shop"), STR("https://shop.example/cb"), STR("openid email"), STR("s&t"), STR("n"), STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), STR("de"), false};
    assert_str(oidc_authorization_url(f->a, &p, &q),
               "https://op.example/auth?x=1&response_type=code&client_id=shop&redirect_uri=https%3A%2F%2Fshop.example%2Fcb&scope=openid%20email&state=s%26t&nonce=n"
               "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&ui_locales=de");     /* RFC 7636 appendix B */
    q.again = true;
    struct str url = oidc_authorization_url(f->a, &p, &q);
    assert_true(str_ends(url, STR("&ui_locales=de&prompt=login&max_age=0")));
}

static bool exchange(struct fixture *f, bool in_body, bool secret, struct oidc_tokens *t, struct err *e)
{
    struct oidc_endpoints p = {.token = str_printf(f->a, "http://127.0.0.1:%d/token", counterpart_port(f->c)), .secret_in_body = in_body};
    struct oidc_exchange x = {.client_id = STR("shop 1"), .client_secret = secret ? STR("s:1") : STR_NULL, .redirect_uri = STR("https://s/cb"), .code = STR("c+1"), .verifier = STR("v")};
    err_clear(e);
    return oidc_exchange_code(f->h, f->a, &p, &x, SECONDS(10), t, e);
}

static void the_way_back(void **state)
{
    struct fixture *f = *state;
    struct oidc_tokens t;
    struct err e;
    f->p.status = 200;
    f->p.body = "{\"id_token\":\"i\",\"access_token\":\"a\",\"token_type\":\"Bearer\"}";
    assert_true(exchange(f, false, true, &t, &e));
    assert_str(t.id_token, "i");
    assert_str(t.access_token, "a");
    assert_non_null(strstr(f->p.asked, "grant_type=authorization_code&code=c%2B1&redirect_uri=https%3A%2F%2Fs%2Fcb&code_verifier=v"));
    assert_non_null(strstr(f->p.asked, "Authorization: Basic c2hvcCUyMDE6cyUzQTE="));       /* shop%201:s%3A1 */
    assert_null(strstr(f->p.asked, "client_secret"));
    assert_true(exchange(f, true, true, &t, &e));
    assert_non_null(strstr(f->p.asked, "client_id=shop%201&client_secret=s%3A1"));
    assert_null(strstr(f->p.asked, "Authorization"));
    assert_true(exchange(f, false, false, &t, &e));
    assert_non_null(strstr(f->p.asked, "&client_id=shop%201"));
    f->p.body = "{\"access_token\":\"a\"}";
    assert_false(exchange(f, false, true, &t, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    f->p.body = "oops";
    assert_false(exchange(f, false, true, &t, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    f->p.status = 400;
    f->p.body = "{\"error\":\"invalid_grant\"}";
    assert_false(exchange(f, false, true, &t, &e));
    assert_int_equal(e.problem, PROBLEM_INVALID_TOKEN);
    f->p.body = "{\"error\":\"invalid_client\\n\"}";
    assert_false(exchange(f, false, true, &t, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_non_null(strstr(e.cause, "400 invalid_client?"));
}

static void userinfo(void **state)
{
    struct fixture *f = *state;
    struct oidc_endpoints p = {.userinfo = str_printf(f->a, "http://127.0.0.1:%d/me", counterpart_port(f->c))};
    const struct json_value *claims;
    struct err e = {0};
    f->p.status = 200;
    f->p.body = "{\"sub\":\"s1\",\"email\":\"a@b.c\"}";
    assert_true(oidc_userinfo(f->h, f->a, &p, STR("tok"), STR("s1"), SECONDS(10), &claims, &e));
    assert_str(json_member_str(claims, "email"), "a@b.c");
    assert_non_null(strstr(f->p.asked, "Authorization: Bearer tok\r\n"));
    assert_false(oidc_userinfo(f->h, f->a, &p, STR("tok"), STR("s2"), SECONDS(10), &claims, &e));       /* Core section 5.3.2: never somebody else's claims */
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    f->p.status = 401;
    assert_false(oidc_userinfo(f->h, f->a, &p, STR("tok"), STR("s1"), SECONDS(10), &claims, &e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(discovery), cmocka_unit_test(endpoints), cmocka_unit_test(the_way_out), cmocka_unit_test(the_way_back),
                                       cmocka_unit_test(userinfo)};
    return cmocka_run_group_tests(tests, start, stop);
}
