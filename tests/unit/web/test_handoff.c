/* A worker's threads in this process, over a listening socket of the test: the states of connections that are hard to hit from outside. */
#include "web/handoff.h"
#include "web/listen.h"
#include "dial.h"
#include "unit_arena.h"

#include <poll.h>

static bool hello(struct req *r, struct http_response *w, struct err *e)
{
    (void)r;
    (void)e;
    buf_cstr(&w->body, "hello");
    return true;
}

static const struct route routes[] = {{HTTP_GET, "/", hello, .kind = KIND_PAGE, .name = "hello", .doc = "Greets"}, {0}};
static const struct pool_spec spec = {.name = "test", .routes = routes, .no_db = true};

static char folder[40], path[64];
static struct config config = {.base_url = "https://shop.example", .allowed_origins = "", .mode = "sandbox", .home = "", .redis = "", .redis_ms = 50, .request_ms = 1000, .body_max = 1000};
static struct shared *shared;
static struct app *app;
static struct handoff *handoff;
static struct log *quiet;
static int listen_fd;
static pthread_t threads[2];

static void *thread_main(void *arg)
{
    handoff_thread(arg);
    return NULL;
}

static int begin(void **state)
{
    struct err e = {0};
    (void)setup(state);
    (void)snprintf(folder, sizeof(folder), "/tmp/souk-handoff-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/s", folder);
    shared = shared_new(1);
    quiet = log_new(STDERR_FILENO, LOG_ERROR, "test");
    assert_true(listen_unix(path, 64, &listen_fd, &e));
    assert_true(app_new(&spec, &config, quiet, shared, &shared->slots[0], &app, &e));
    assert_true(handoff_new(app, listen_fd, &handoff, &e));
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, thread_main, handoff), 0);
    return 0;
}

static int end(void **state)
{
    handoff_quit(handoff);
    for (size_t i = 0; i < ARRAY_LEN(threads); i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    handoff_destroy(handoff);
    app_destroy(app);
    log_destroy(quiet);
    shared_free(shared);
    close(listen_fd);
    (void)unlink(path);
    (void)rmdir(folder);
    return teardown(state);
}

static bool ask(int fd)
{
    return says(ask_for(a, fd, "/"), "hello");
}

static bool closed(int fd)
{
    return recv(fd, (char[1]){0}, 1, 0) <= 0;
}

static void wait_for_connections(int n)
{
    for (int i = 0; i < 300 && handoff_connections(handoff) != n; i++)
        (void)poll(NULL, 0, 10);
    assert_int_equal(handoff_connections(handoff), n);
}

static void kept_connections_are_served_again_and_again(void **state)
{
    int fds[20];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = dial(path);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            assert_true(ask(fds[i]));
    }
    assert_int_equal(handoff_connections(handoff), ARRAY_LEN(fds));
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        close(fds[i]);
    wait_for_connections(0);
    assert_int_equal(shared->routes[0].by_class[2], 400);
}

static void idle_connections_close_used_ones_stay(void **state)
{
    int old = dial(path), used = dial(path);
    (void)state;
    assert_true(ask(old) && ask(used));
    (void)poll(NULL, 0, 120);
    assert_true(ask(used));
    (void)poll(NULL, 0, 20);
    handoff_close_idle(handoff, 100 * USEC_PER_MS);
    assert_true(closed(old));
    assert_true(ask(used));
    close(old);
    close(used);
    wait_for_connections(0);
}

static void draining_takes_nothing_new_and_closes_after_the_answer(void **state)
{
    int silent = dial(path), busy = dial(path);
    (void)state;
    assert_true(ask(silent) && ask(busy));
    handoff_drain(handoff, false);
    int late = dial(path);                                       /* stays in the queue of the socket, for a successor */
    assert_true(ask(busy));
    assert_true(closed(busy));
    assert_true(ask(silent));
    wait_for_connections(0);
    close(silent);
    close(busy);
    close(late);
}

static void the_queue_is_emptied_when_there_is_no_successor(void **state)
{
    int fds[5];
    (void)state;
    handoff_drain(handoff, false);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        fds[i] = dial(path);
    assert_int_equal(handoff_connections(handoff), 0);
    handoff_drain(handoff, true);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        assert_true(ask(fds[i]));
        close(fds[i]);
    }
    wait_for_connections(0);
}

static void hang_ups_cost_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 200; i++) {
        int fd = dial(path);
        if (i % 2)
            (void)!write(fd, "\x01\x01", 2);
        close(fd);
    }
    int fd = dial(path);
    assert_true(ask(fd));
    close(fd);
    wait_for_connections(0);
}

#define SERVED(f) cmocka_unit_test_setup_teardown(f, begin, end)

static int init(void **state)
{
    struct err e = {0};
    (void)state;
    return fcgi_library_init(&e) ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {SERVED(kept_connections_are_served_again_and_again), SERVED(idle_connections_close_used_ones_stay),
                                       SERVED(draining_takes_nothing_new_and_closes_after_the_answer), SERVED(the_queue_is_emptied_when_there_is_no_successor), SERVED(hang_ups_cost_nothing)};
    return cmocka_run_group_tests(tests, init, NULL);
}
