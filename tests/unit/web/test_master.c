#include "process.h"

static struct config fresh;
static bool reload_ok;

static bool reload(void *arg, const struct config **ret_config)
{
    (void)arg;
    fresh = config;
    fresh.threads = 3;
    *ret_config = &fresh;
    return reload_ok;
}

static pid_t fork_master(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct master_start s = {&spec, &config, quiet, listen_fd, ops_fd, path, ops_path, reload, NULL};
        _exit(master_run(&s));
    }
    return pid;
}

static int worker_of(struct str answer)
{
    int64_t pid = 0;
    const char *p = str_is_null(answer) ? NULL : memmem(answer.p, answer.n, "hello from ", 11);
    const char *dot = p ? memchr(p, '.', (size_t)(answer.p + answer.n - p)) : NULL;
    if (!dot || !str_to_int64(str_of(p + 11, (size_t)(dot - p - 11)), &pid))
        return 0;
    return (int)pid;
}

static struct str ops(const char *target)
{
    char text[8192];
    struct str request = str_printf(a, "GET %s HTTP/1.1\r\n\r\n", target);
    int fd = dial(ops_path);
    size_t n = 0;
    ssize_t r;
    assert_true(fd >= 0);
    assert_int_equal(send(fd, request.p, request.n, 0), request.n);
    while (n < sizeof(text) && (r = recv(fd, text + n, sizeof(text) - n, 0)) > 0)
        n += (size_t)r;
    close(fd);
    return str_dup(a, str_of(text, n));
}

static void wait_until(const char *target, const char *words)
{
    for (int i = 0; i < 500; i++) {
        if (says(ops(target), words))
            return;
        (void)poll(NULL, 0, 10);
    }
    fail_msg("%s never says %s", target, words);
}

static void replaces_what_dies(void **state)
{
    (void)state;
    pid_t master = fork_master();
    wait_until("/readyz/test", "200 OK");
    int first = worker_of(once());
    assert_true(first > 0 && first != master);
    assert_int_equal(kill(first, SIGKILL), 0);
    int second = worker_of(once());
    assert_true(second > 0 && second != first);
    wait_until("/metrics/test", "souk_worker_restarts_total{pool=\"test\"} 1\n");
    assert_int_equal(kill(master, SIGTERM), 0);
    assert_int_equal(wait_for_end(master), 0);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(access(ops_path, F_OK), -1);
}

static void replaces_its_workers_when_told(void **state)
{
    (void)state;
    reload_ok = false;
    pid_t master = fork_master();
    wait_until("/readyz/test", "200 OK");
    int first = worker_of(once());
    assert_int_equal(kill(master, SIGHUP), 0);                    /* this master was forked while reloading fails */
    (void)poll(NULL, 0, 200);
    assert_int_equal(worker_of(once()), first);
    assert_int_equal(kill(master, SIGTERM), 0);
    assert_int_equal(wait_for_end(master), 0);
}

static void new_workers_have_the_new_configuration(void **state)
{
    (void)state;
    reload_ok = true;
    pid_t master = fork_master();
    wait_until("/readyz/test", "200 OK");
    int first = worker_of(once());
    assert_int_equal(kill(master, SIGHUP), 0);
    wait_until("/metrics/test", "souk_threads{pool=\"test\"} 3\n");
    int second = worker_of(once());
    assert_true(second > 0 && second != first);
    assert_int_equal(kill(master, SIGTERM), 0);
    assert_int_equal(wait_for_end(master), 0);
}

static void a_pool_that_cannot_start_is_not_ready_and_ends_when_told(void **state)
{
    (void)state;
    start_fails = true;
    pid_t master = fork_master();
    (void)poll(NULL, 0, 400);
    assert_true(says(ops("/readyz/test"), "503"));
    assert_int_equal(kill(master, SIGTERM), 0);
    assert_int_equal(wait_for_end(master), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PROCESS(replaces_what_dies), PROCESS(replaces_its_workers_when_told), PROCESS(new_workers_have_the_new_configuration),
                                       PROCESS(a_pool_that_cannot_start_is_not_ready_and_ends_when_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
