/* One request through serve(), over a pair of sockets, without threads. tests/http/runtime-gates.mjs asks for everything else from outside. */
#include "dial.h"
#include "unit_arena.h"
#include "web/app.h"

static bool hello(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    buf_printf(&w->body, "hello " STR_FMT " " STR_FMT, STR_ARG(r->call->request_id), STR_ARG(r->call->trace_id));
    return true;
}

static bool silent(struct req *r, struct http_response *w, struct err *e)
{
    (void)r;
    (void)e;
    buf_cstr(&w->body, "half an answer");
    return false;
}

static bool endless(struct req *r, struct http_response *w, struct err *e)
{
    (void)r;
    (void)e;
    w->body.limit = 1000;
    for (int i = 0; i < 100; i++)
        buf_cstr(&w->body, "more than ten bytes");
    return true;
}

static const struct route routes[] = {
    {HTTP_GET, "/", hello, .kind = KIND_PAGE, .name = "hello", .doc = "Greets"}, {HTTP_GET, "/v1/silent", silent, .name = "silent", .doc = "Fails without a word"},
    {HTTP_GET, "/v1/endless", endless, .name = "endless", .doc = "Grows too large"}, {0}};

static void page_error(struct req *r, struct http_response *w, const struct err *e)
{
    buf_printf(&w->body, "our page for %s%s", problem_info(e->problem)->code, r->route ? "" : ", no row");
}

static const struct pool_spec spec = {.name = "test", .routes = routes, .no_db = true, .page_error = page_error};
static const struct config config = {.base_url = "https://shop.example", .allowed_origins = "", .mode = "sandbox", .home = "", .redis = "", .redis_ms = 50, .request_ms = 1000, .body_max = 1000};
static struct shared *shared;
static struct app *app;
static struct log *quiet;
static struct app_thread thread;
static int fds[2];

static bool no(void *arg)
{
    (void)arg;
    return false;
}

static bool yes(void *arg)
{
    (void)arg;
    return true;
}

static struct str exchange(const char *target, const char *extra, const char *value, bool (*is_last)(void *))
{
    struct http_request http;
    struct err e;
    struct str text = request_text(a, target, extra, value);
    assert_int_equal(send(fds[1], text.p, text.n, 0), text.n);
    assert_int_equal(fcgi_begin(thread.fcgi, fds[0], thread.arena, &http, &e), FCGI_BEGIN_OK);
    bool keep = serve(&thread, &http, is_last, NULL, &e);
    assert_int_equal(keep, is_last == no);
    assert_int_equal(fcgi_finish(thread.fcgi, keep), keep ? fds[0] : -1);
    arena_reset(thread.arena);
    return read_answer(a, fds[1]);
}

static void answers_and_counts(void **state)
{
    (void)state;
    struct str r = exchange("/", "HTTP_REQUEST_ID", "front-door-17", no);
    assert_true(says(r, "Status: 200\r\n") && says(r, "Content-Type: text/html; charset=utf-8\r\n") && says(r, "Request-Id: front-door-17\r\n") && says(r, "hello front-door-17 "));
    r = exchange("/", "HTTP_TRACEPARENT", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", no);
    assert_true(says(r, " 0af7651916cd43dd8448eb211c80319c") && says(r, "Request-Id: req_"));
    assert_true(says(exchange("/", "HTTP_REQUEST_ID", "bad id", no), "Request-Id: req_"));
    assert_int_equal(shared->routes[0].by_class[2], 3);
}

static void refusals_have_one_form(void **state)
{
    (void)state;
    struct str r = exchange("/nothing", NULL, NULL, no);
    assert_true(says(r, "Status: 404\r\n") && says(r, "our page for not_found, no row") && says(r, "Cache-Control: no-store\r\n"));
    r = exchange("/v1/nothing", NULL, NULL, no);
    assert_true(says(r, "Content-Type: application/problem+json\r\n") && says(r, "\"code\":\"not_found\""));
    assert_true(says(exchange("/%zz", NULL, NULL, no), "our page for bad_request"));
    assert_true(says(exchange("/v1/%zz", NULL, NULL, no), "\"code\":\"bad_request\""));
    assert_int_equal(shared->routes[3].by_class[4], 4);
}

static void a_failure_never_sends_half_an_answer(void **state)
{
    (void)state;
    struct str r = exchange("/v1/silent", NULL, NULL, no);
    assert_true(says(r, "Status: 500\r\n") && !says(r, "half an answer") && says(r, "\"code\":\"internal\""));
    r = exchange("/v1/endless", NULL, NULL, no);
    assert_true(says(r, "Status: 500\r\n") && says(r, "\"code\":\"internal\"") && !says(r, "limit"));
    assert_int_equal(shared->routes[1].by_class[5] + shared->routes[2].by_class[5], 2);
}

static void the_last_answer_closes(void **state)
{
    (void)state;
    assert_true(says(exchange("/", NULL, NULL, yes), "hello"));
    assert_int_equal(recv(fds[1], (char[1]){0}, 1, 0), 0);
    fds[0] = -1;
}

static void reserved_threads_are_for_reserved_rows(void **state)
{
    static const struct route rows[] = {{HTTP_GET, "/v1/other", hello, .name = "other", .doc = "Ordinary"},
                                        {HTTP_GET, "/v1/hook", hello, .reserved = true, .name = "hook", .doc = "Reserved"}, {0}};
    static const struct pool_spec narrow = {.name = "narrow", .routes = rows, .no_db = true, .threads = 4, .reserve = 2};
    struct app *wide = app, *other;
    struct err e = {0};
    (void)state;
    assert_true(app_new(&narrow, &config, quiet, shared, &shared->slots[0], &other, &e));
    thread.app = other;
    assert_true(says(exchange("/v1/other", NULL, NULL, no), "Status: 200"));
    other->ordinary = 2;                                          /* as many as may are at work */
    struct str r = exchange("/v1/other", NULL, NULL, no);
    assert_true(says(r, "Status: 503") && says(r, "Retry-After: 1"));
    assert_true(says(exchange("/v1/hook", NULL, NULL, no), "Status: 200"));
    assert_int_equal(other->ordinary, 2);
    thread.app = wide;
    app_destroy(other);
}

static int begin(void **state)
{
    struct err e = {0};
    shared = shared_new(3);
    quiet = log_new(STDERR_FILENO, LOG_ERROR + 1, "test");
    if (!fcgi_library_init(&e) || !app_new(&spec, &config, quiet, shared, &shared->slots[0], &app, &e))
        return 1;
    app_thread_init(&thread, app);
    return socketpair(AF_UNIX, SOCK_STREAM, 0, fds) | setup(state);
}

static int end(void **state)
{
    if (fds[0] >= 0)
        close(fds[0]);
    close(fds[1]);
    app_thread_close(&thread);
    app_destroy(app);
    log_destroy(quiet);
    shared_free(shared);
    return teardown(state);
}

#define SERVED(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {SERVED(answers_and_counts), SERVED(refusals_have_one_form), SERVED(a_failure_never_sends_half_an_answer), SERVED(the_last_answer_closes),
                                       SERVED(reserved_threads_are_for_reserved_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
