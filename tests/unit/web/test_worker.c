#include "process.h"

static struct shared *shared;

static pid_t fork_worker(int master_pid)
{
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t all;
        (void)sigfillset(&all);
        (void)sigprocmask(SIG_BLOCK, &all, NULL);
        struct worker_start s = {&spec, &config, quiet, shared, &shared->slots[0], listen_fd, master_pid ? master_pid : getppid(), false};
        _exit(worker_run(&s));
    }
    return pid;
}

static void serves_until_it_is_told_to_end(void **state)
{
    (void)state;
    pid_t pid = fork_worker(0);
    int kept = dial(path);
    assert_true(says(ask_for(a, kept, "/"), "hello"));
    assert_int_equal(GET(shared->slots[0].started), 1);
    assert_int_equal(GET(shared->slots[0].db_ok), 1);
    assert_int_equal(GET(shared->slots[0].threads), 2);
    assert_int_equal(kill(pid, SIGTERM), 0);
    while (!GET(shared->slots[0].draining))
        (void)poll(NULL, 0, 5);
    assert_true(says(ask_for(a, kept, "/"), "hello"));            /* one more answer, then the connection closes */
    assert_int_equal(recv(kept, (char[1]){0}, 1, 0), 0);
    close(kept);
    int late = dial(path);                                        /* waits for a successor */
    assert_int_equal(wait_for_end(pid), 0);
    pid = fork_worker(0);
    assert_true(says(ask_for(a, late, "/"), "hello"));
    close(late);
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(wait_for_end(pid), 0);
    assert_int_equal(shared->routes[0].by_class[2], 3);
}

static void does_not_outlive_its_master(void **state)
{
    (void)state;
    assert_int_equal(wait_for_end(fork_worker(1)), 0);            /* the master is somebody else by now */
}

static void a_failed_start_has_its_own_code(void **state)
{
    (void)state;
    start_fails = true;
    assert_int_equal(wait_for_end(fork_worker(0)), 3);
}

static int begin_worker(void **state)
{
    shared = shared_new(1);
    return begin(state);
}

static int end_worker(void **state)
{
    shared_free(shared);
    return end(state);
}

#define WORKER(f) cmocka_unit_test_setup_teardown(f, begin_worker, end_worker)

int main(void)
{
    const struct CMUnitTest tests[] = {WORKER(serves_until_it_is_told_to_end), WORKER(does_not_outlive_its_master), WORKER(a_failed_start_has_its_own_code)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
