#include "counterpart.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/http_client.h"

#define SECONDS(n) (clock_monotonic() + (n) * USEC_PER_SEC)

static void answer(void *arg, struct arena *a, struct str request, struct buf *out)
{
    struct str line = request, rest = request, path;
    (void)arg;
    assert_true(str_split(&rest, '\n', &line));
    assert_true(str_split(&line, ' ', &path) && str_split(&line, ' ', &path));
    if (str_eq_c(path, "/echo"))
        counterpart_answer(out, 200, "text/plain", request);
    else if (str_eq_c(path, "/moved"))
        buf_cstr(out, "HTTP/1.1 302 Found\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n");
    else if (str_eq_c(path, "/file"))
        buf_cstr(out, "HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n");
    else if (str_eq_c(path, "/long"))
        counterpart_answer(out, 200, "text/plain", str_printf(a, "%5000d", 1));
    else if (str_eq_c(path, "/unsized"))
        buf_printf(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n%5000d", 1);
    else if (str_eq_c(path, "/teapot"))
        counterpart_answer(out, 418, "application/json", STR("{}"));
    else if (str_eq_c(path, "/slow"))
        usleep(600000);
    else if (str_eq_c(path, "/garbage"))
        buf_cstr(out, "this is no HTTP\r\n\r\n");
}

struct fixture { struct counterpart *c; struct http_client *h; struct arena *a; };

static int start(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct err e = {0};
    f->c = counterpart_start(answer, NULL);
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

static struct str url(struct fixture *f, const char *path)
{
    return str_printf(f->a, "http://127.0.0.1:%d%s", counterpart_port(f->c), path);
}

static bool call(struct fixture *f, const char *path, struct http_ask ask, struct http_got *got, struct err *e)
{
    err_clear(e);
    ask.method = ask.method ? ask.method : "GET";
    ask.url = url(f, path);
    ask.deadline = ask.deadline ? ask.deadline : SECONDS(10);
    return http_client_call(f->h, f->a, &ask, got, e);
}

static bool says(struct str s, const char *what) { return memmem(s.p, s.n, what, strlen(what)) != NULL; }

static void asks(void **state)
{
    struct fixture *f = *state;
    struct http_got got;
    struct err e;
    assert_true(call(f, "/echo", (struct http_ask){.n_headers = 1, .headers = {{"Accept", STR("application/json")}}}, &got, &e));
    assert_int_equal(got.status, 200);
    assert_true(says(got.body, "GET /echo HTTP/1.1\r\n") && says(got.body, "Accept: application/json\r\n") && says(got.body, "User-Agent: Souk\r\n"));
    assert_str(got.content_type, "text/plain");
    assert_true(call(f, "/echo", (struct http_ask){.method = "POST", .body = STR("a=b"), .user = STR("me"), .password = STR("it's")}, &got, &e));
    assert_true(says(got.body, "POST /echo") && says(got.body, "Authorization: Basic bWU6aXQncw==\r\n") && says(got.body, "\r\n\r\na=b") && !says(got.body, "Expect"));
    assert_true(call(f, "/echo", (struct http_ask){0}, &got, &e));
    assert_false(says(got.body, "Authorization"));               /* nothing of the call before stays */
    assert_true(call(f, "/teapot", (struct http_ask){0}, &got, &e));
    assert_int_equal(got.status, 418);
}

static void keeps_connections(void **state)
{
    struct fixture *f = *state;
    struct http_got got;
    struct err e;
    int before = counterpart_connections(f->c);
    for (int i = 0; i < 5; i++)
        assert_true(call(f, "/echo", (struct http_ask){0}, &got, &e));
    assert_in_range(counterpart_connections(f->c) - before, 0, 1);
}

static void redirects(void **state)
{
    struct fixture *f = *state;
    struct http_got got;
    struct err e;
    assert_true(call(f, "/moved", (struct http_ask){0}, &got, &e));
    assert_int_equal(got.status, 302);
    assert_true(call(f, "/moved", (struct http_ask){.hops = 2}, &got, &e));
    assert_int_equal(got.status, 200);
    assert_false(call(f, "/file", (struct http_ask){.hops = 2}, &got, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
}

static void limits(void **state)
{
    struct fixture *f = *state;
    struct http_got got;
    struct err e;
    static const char *const paths[] = {"/long", "/unsized"};
    for (size_t i = 0; i < 2; i++) {
        assert_true(call(f, paths[i], (struct http_ask){.max = 5000}, &got, &e));
        assert_int_equal(got.body.n, 5000);
        assert_false(call(f, paths[i], (struct http_ask){.max = 4999}, &got, &e));
        assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
        assert_non_null(strstr(e.cause, "too long"));
    }
    int64_t began = clock_monotonic();
    assert_false(call(f, "/slow", (struct http_ask){.deadline = clock_monotonic() + 100 * USEC_PER_MS}, &got, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_true(clock_monotonic() - began < 10 * USEC_PER_SEC);
    assert_false(call(f, "/echo", (struct http_ask){.deadline = 1}, &got, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_false(call(f, "/garbage", (struct http_ask){0}, &got, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
}

/* The cause goes into a log: it names the host, never a path or a query. */
static void says_where_not_what(void **state)
{
    struct fixture *f = *state;
    struct http_got got;
    struct err e;
    assert_false(call(f, "/garbage?code=secret", (struct http_ask){.deadline = 1}, &got, &e));
    assert_non_null(strstr(e.cause, "http://127.0.0.1"));
    assert_null(strstr(e.cause, "secret"));
    assert_null(strstr(e.detail, "127.0.0.1"));
}

static void private_networks(void **state)
{
    struct fixture *f = *state;
    struct http_client *h;
    struct http_got got;
    struct err e = {0};
    int before = counterpart_requests(f->c);
    assert_true(http_client_new(&(struct http_client_options){.plain = true}, &h, &e));
    struct http_ask ask = {.method = "GET", .url = url(f, "/echo"), .deadline = SECONDS(10)};
    assert_false(http_client_call(h, f->a, &ask, &got, &e));
    assert_non_null(strstr(e.cause, "private"));
    ask.url = str_printf(f->a, "http://localhost:%d/echo", counterpart_port(f->c));       /* a name that leads there is no way around */
    assert_false(http_client_call(h, f->a, &ask, &got, &e));
    http_client_destroy(h);
    assert_int_equal(counterpart_requests(f->c), before);
    err_clear(&e);
    assert_true(http_client_new(&(struct http_client_options){.private_addresses = true}, &h, &e));
    ask.url = url(f, "/echo");
    assert_false(http_client_call(h, f->a, &ask, &got, &e));      /* http:// at all */
    assert_int_equal(e.problem, PROBLEM_INVALID);
    http_client_destroy(h);
}

static void addresses(void **state)
{
    static const struct { const char *text; bool is; } table[] = {
        {"127.0.0.1", true}, {"10.1.2.3", true}, {"172.16.0.1", true}, {"172.31.255.255", true}, {"172.32.0.1", false}, {"192.168.1.1", true}, {"169.254.169.254", true},
        {"100.64.0.1", true}, {"100.128.0.1", false}, {"0.0.0.0", true}, {"224.0.0.1", true}, {"255.255.255.255", true}, {"8.8.8.8", false}, {"203.0.113.9", true},
        {"198.18.0.1", true}, {"1.1.1.1", false}, {"::", true}, {"::1", true}, {"::ffff:127.0.0.1", true}, {"::ffff:8.8.8.8", false}, {"64:ff9b::a00:1", true},
        {"64:ff9b::808:808", false}, {"2002:7f00:1::", true}, {"2002:808:808::", false}, {"fe80::1", true}, {"fc00::1", true}, {"fd12::1", true}, {"ff02::1", true},
        {"2001:db8::1", true}, {"2606:4700:4700::1111", false}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        struct sockaddr_in v4 = {.sin_family = AF_INET};
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
        bool four = inet_pton(AF_INET, table[i].text, &v4.sin_addr) == 1;
        assert_true(four || inet_pton(AF_INET6, table[i].text, &v6.sin6_addr) == 1);
        if (http_address_private(four ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6) != table[i].is)
            fail_msg("%s", table[i].text);
    }
    assert_true(http_address_private(&(struct sockaddr){.sa_family = AF_UNIX}));
}

static void urls(void **state)
{
    static const struct { const char *url; bool ok; } table[] = {
        {"https://shop.example", true}, {"http://127.0.0.1:8080/a?b=c%20d", true}, {"https://[::1]:4/", true}, {"https://a/b@c", true}, {"", false}, {"https://", false},
        {"https:///x", false}, {"ftp://a", false}, {"file:///etc/passwd", false}, {"//a", false}, {"https://user@a", false}, {"https://user:pw@a/", false}, {"https://a/#x", false},
        {"https://a b", false}, {"https://a/\r\nX: y", false}, {"https://a\\b", false}, {"https://b\xc3\xbc" "cher.example", false}, {"HTTPS://a", false}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (http_url_ok(str_from(table[i].url)) != table[i].ok)
            fail_msg("%s", table[i].url);
    }
    assert_false(http_url_ok(STR_NULL));
    struct buf b;
    buf_init(&b, 0);
    http_form_add(&b, "a", STR("x y&=+~\xc3\xbc"));
    http_form_add(&b, "b", STR_NULL);
    assert_str(buf_view(&b), "a=x%20y%26%3D%2B~%C3%BC&b=");
    buf_free(&b);
}

static void *elsewhere(void *arg)
{
    struct fixture *f = arg;
    struct arena *a = arena_new();
    for (int i = 0; i < 20; i++) {
        struct http_ask ask = {.method = "GET", .url = str_printf(a, "http://127.0.0.1:%d/echo", counterpart_port(f->c)), .deadline = SECONDS(20)};
        struct http_got got;
        struct err e = {0};
        if (!http_client_call(f->h, a, &ask, &got, &e) || got.status != 200)
            return f;
    }
    arena_destroy(a);
    return NULL;
}

static void threads(void **state)
{
    pthread_t t[4];
    for (size_t i = 0; i < ARRAY_LEN(t); i++)
        assert_int_equal(pthread_create(&t[i], NULL, elsewhere, *state), 0);
    for (size_t i = 0; i < ARRAY_LEN(t); i++) {
        void *bad;
        pthread_join(t[i], &bad);
        assert_null(bad);
    }
}

static void no_proxy(void **state)
{
    struct fixture *f = *state;
    struct http_got got;
    struct err e;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
    assert_true(call(f, "/echo", (struct http_ask){0}, &got, &e));
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
    assert_false(call(f, "/echo", (struct http_ask){.n_headers = 1, .headers = {{"Accept", STR("x\r\nY: z")}}}, &got, &e));
    assert_int_equal(e.problem, PROBLEM_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks), cmocka_unit_test(keeps_connections), cmocka_unit_test(redirects), cmocka_unit_test(limits), cmocka_unit_test(says_where_not_what),
        cmocka_unit_test(private_networks), cmocka_unit_test(addresses), cmocka_unit_test(urls), cmocka_unit_test(threads), cmocka_unit_test(no_proxy)};
    return cmocka_run_group_tests(tests, start, stop);
}
