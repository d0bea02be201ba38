/* What we rely on in libfcgi beyond its manual: two public fields of FCGX_Request and FCGX_Detach(). A new version of the library that breaks this
 * fails here and not in production. */
#include "http/fcgi.h"
#include "unit_arena.h"

#include <errno.h>
#include <fcgiapp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* BEGIN_REQUEST (responder, keep or not), PARAMS with GET /x, end of PARAMS, end of STDIN. */
static size_t request_bytes(char *out, bool keep)
{
    static const char params[] = "\x0e\x03REQUEST_METHODGET\x0b\x02REQUEST_URI/x";
    const size_t n = sizeof(params) - 1;
    const unsigned char begin[16] = {1, 1, 0, 1, 0, 8, 0, 0, 0, 1, (unsigned char)keep};
    const unsigned char head[8] = {1, 4, 0, 1, 0, (unsigned char)n}, end[16] = {1, 4, 0, 1, 0, 0, 0, 0, 1, 5, 0, 1};
    memcpy(out, begin, 16);
    memcpy(out + 16, head, 8);
    memcpy(out + 24, params, n);
    memcpy(out + 24 + n, end, 16);
    return 40 + n;
}

static void pair_of_sockets(int fds[2])
{
    struct timeval guard = {0, 200000};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(setsockopt(fds[0], SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof(guard)), 0);
}

/* Reads what is there first. */
static bool is_open(int fd)
{
    char bytes[256];
    ssize_t n;
    while ((n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
        ;
    return n < 0 && errno == EAGAIN;
}

/* The pinned behaviour itself, without our code in between. */
static void a_descriptor_goes_in_and_comes_back(void **state)
{
    char bytes[128];
    int fds[2];
    FCGX_Request r;
    (void)state;
    pair_of_sockets(fds);
    size_t n = request_bytes(bytes, true);
    assert_int_equal(FCGX_InitRequest(&r, -1, 0), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(write(fds[1], bytes, n), n);
        r.ipcFd = fds[0];
        r.keepConnection = 1;
        assert_int_equal(FCGX_Detach(&r), 0);
        assert_int_equal(FCGX_Accept_r(&r), 0);
        assert_string_equal(FCGX_GetParam("REQUEST_URI", r.envp), "/x");
        assert_int_equal(r.keepConnection, 1);
        assert_int_equal(FCGX_PutStr("Status: 204\r\n\r\n", 15, r.out), 15);
        FCGX_Finish_r(&r);
        assert_int_equal(r.ipcFd, fds[0]);
        r.ipcFd = -1;
        assert_true(read(fds[1], (char[256]){0}, 256) > 15);
    }
    FCGX_Free(&r, 1);
    close(fds[0]);
    close(fds[1]);
}

static void without_keep_the_connection_closes_at_once(void **state)
{
    char bytes[128], answer[512];
    int fds[2];
    struct http_request http;
    struct http_response w;
    struct err e;
    struct fcgi *f = fcgi_new();
    (void)state;
    pair_of_sockets(fds);
    assert_int_equal(write(fds[1], bytes, request_bytes(bytes, false)), request_bytes(bytes, false));
    assert_int_equal(fcgi_begin(f, fds[0], a, &http, &e), FCGI_BEGIN_OK);
    assert_str(http.path, "/x");
    http_response_init(&w, a);
    buf_cstr(&w.body, "hello");
    assert_true(fcgi_respond(f, &w, false));
    int64_t before = clock_monotonic();
    assert_int_equal(fcgi_finish(f, true), -1);
    assert_true(clock_monotonic() - before < USEC_PER_SEC);       /* no lingering close of two seconds */
    ssize_t n = read(fds[1], answer, sizeof(answer));
    assert_non_null(memmem(answer, (size_t)n, "Status: 200\r\nContent-Length: 5\r\n\r\nhello", 39));
    assert_int_equal(read(fds[1], answer, sizeof(answer)), 0);
    close(fds[1]);
    fcgi_destroy(f);
}

static void half_a_request_is_given_up_after_the_time_limit(void **state)
{
    char bytes[128];
    int fds[2];
    struct http_request http;
    struct err e;
    struct fcgi *f = fcgi_new();
    (void)state;
    for (size_t cut = 1; cut < 60; cut += 19) {
        pair_of_sockets(fds);
        (void)request_bytes(bytes, true);
        assert_int_equal(write(fds[1], bytes, cut), cut);
        assert_int_equal(fcgi_begin(f, fds[0], a, &http, &e), FCGI_BEGIN_GONE);
        assert_false(is_open(fds[1]));
        close(fds[1]);
    }
    fcgi_destroy(f);
}

static void a_body_that_is_too_long_is_read_to_its_end(void **state)
{
    char bytes[128];
    int fds[2];
    struct http_request http;
    struct http_response w;
    struct err e;
    struct str body;
    bool gone;
    struct fcgi *f = fcgi_new();
    (void)state;
    pair_of_sockets(fds);
    size_t n = request_bytes(bytes, true) - 8;                    /* without the end of STDIN */
    const unsigned char chunk[] = {1, 5, 0, 1, 0, 10, 0, 0, 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 1, 5, 0, 1, 0, 0, 0, 0};
    for (int max = 9; max <= 10; max++) {
        assert_int_equal(write(fds[1], bytes, n), n);
        assert_int_equal(write(fds[1], chunk, sizeof(chunk)), sizeof(chunk));
        assert_int_equal(fcgi_begin(f, fds[0], a, &http, &e), FCGI_BEGIN_OK);
        bool ok = fcgi_body(f, a, (size_t)max, clock_monotonic() + USEC_PER_SEC, &body, &gone, &e);
        assert_int_equal(ok, max == 10);
        if (ok)
            assert_str(body, "abcdefghij");
        else
            assert_int_equal(e.problem, PROBLEM_BODY_TOO_LARGE);
        assert_false(gone);
        http_response_init(&w, a);
        assert_true(fcgi_respond(f, &w, false));
        assert_int_equal(fcgi_finish(f, true), fds[0]);
        assert_true(read(fds[1], (char[512]){0}, 512) > 0);
    }
    close(fds[0]);
    close(fds[1]);
    fcgi_destroy(f);
}

/* nginx 1.22 (ngx_http_fastcgi_module.c) keeps a connection only when nothing follows the end of the request. */
static void the_last_answer_has_something_behind_its_end(void **state)
{
    char bytes[128], answer[70000 + 512];
    static const unsigned char tail[] = {1, 6, 0, 1, 0, 0, 0, 0, 1, 3, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 11, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    int fds[2];
    struct http_request http;
    struct http_response w;
    struct err e;
    struct fcgi *f = fcgi_new();
    (void)state;
    pair_of_sockets(fds);
    assert_int_equal(write(fds[1], bytes, request_bytes(bytes, true)), request_bytes(bytes, true));
    assert_int_equal(fcgi_begin(f, fds[0], a, &http, &e), FCGI_BEGIN_OK);
    http_response_init(&w, a);
    for (int i = 0; i < 70000; i++)                               /* two records */
        buf_char(&w.body, 'x');
    assert_true(fcgi_respond_last(f, &w, false));
    assert_int_equal(fcgi_finish(f, false), -1);
    size_t n = 0;
    ssize_t r;
    while ((r = read(fds[1], answer + n, sizeof(answer) - n)) > 0)
        n += (size_t)r;
    assert_int_equal(r, 0);                                       /* closed */
    assert_true(n > 70000 + sizeof(tail));
    assert_memory_equal(answer + n - sizeof(tail), tail, sizeof(tail));
    assert_non_null(memmem(answer, n, "Content-Length: 70000\r\n\r\n", 25));
    close(fds[1]);
    fcgi_destroy(f);
}

static int init(void **state)
{
    struct err e = {0};
    (void)state;
    return fcgi_library_init(&e) ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(a_descriptor_goes_in_and_comes_back), WITH_ARENA(without_keep_the_connection_closes_at_once),
                                       WITH_ARENA(half_a_request_is_given_up_after_the_time_limit), WITH_ARENA(a_body_that_is_too_long_is_read_to_its_end),
                                       WITH_ARENA(the_last_answer_has_something_behind_its_end)};
    return cmocka_run_group_tests(tests, init, NULL);
}
