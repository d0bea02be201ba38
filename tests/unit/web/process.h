/* What the tests of worker and master share: a spec, a folder with sockets, a child that is waited for. */
#ifndef SOUK_TESTS_WEB_PROCESS_H
#define SOUK_TESTS_WEB_PROCESS_H

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "dial.h"
#include "unit_arena.h"
#include "web/listen.h"
#include "web/master.h"

static bool hello(struct req *r, struct http_response *w, struct err *e)
{
    (void)r;
    (void)e;
    buf_printf(&w->body, "hello from %d.", (int)getpid());
    return true;
}

static bool start_fails;

static bool start(struct service_env *env, struct arena *arena, struct err *e)
{
    (void)env;
    (void)arena;
    return start_fails ? err_set(e, PROBLEM_UNAVAILABLE, "as the test wants it") : true;
}

static const struct route routes[] = {{HTTP_GET, "/", hello, .kind = KIND_PAGE, .name = "hello", .doc = "Greets"}, {0}};
static const struct pool_spec spec = {.name = "test", .routes = routes, .no_db = true, .threads = 2, .start = start};
static struct config config = {.base_url = "https://shop.example", .allowed_origins = "", .mode = "sandbox", .home = "", .redis = "", .redis_ms = 50, .request_ms = 1000, .body_max = 1000,
                               .drain_s = 5, .idle_s = 60};

static char folder[40], path[64], ops_path[64];
static int listen_fd, ops_fd;
static struct log *quiet;

static int begin(void **state)
{
    struct err e = {0};
    (void)snprintf(folder, sizeof(folder), "/tmp/souk-process-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(path, sizeof(path), "%s/s", folder);
    (void)snprintf(ops_path, sizeof(ops_path), "%s/o", folder);
    quiet = log_new(STDERR_FILENO, LOG_ERROR + 1, "test");
    start_fails = false;
    if (!listen_unix(path, 64, &listen_fd, &e) || !listen_unix(ops_path, 8, &ops_fd, &e))
        return 1;
    return setup(state);
}

static int end(void **state)
{
    close(listen_fd);
    close(ops_fd);
    (void)unlink(path);
    (void)unlink(ops_path);
    (void)rmdir(folder);
    log_destroy(quiet);
    return teardown(state);
}

/* The exit code, or 1000 + signal; -1 when it does not end in 10 seconds (it is killed then). */
static int wait_for_end(pid_t pid)
{
    int status;
    for (int i = 0; i < 1000; i++) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
        (void)poll(NULL, 0, 10);
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, &status, 0);
    return -1;
}

static inline struct str once(void)
{
    int fd = dial(path);
    if (fd < 0)
        return STR_NULL;
    struct str answer = ask_for(a, fd, "/");
    close(fd);
    return answer;
}

#define PROCESS(f) cmocka_unit_test_setup_teardown(f, begin, end)

#endif
