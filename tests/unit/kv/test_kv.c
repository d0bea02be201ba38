/* Against a Redis of its own on a unix socket; without redis-server on the machine only the part that needs none. */
#include "kv/kv.h"
#include "unit_arena.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], address[96];
static pid_t server;

static void nap(int ms)
{
    (void)poll(NULL, 0, ms);
}

static bool start_redis(void)
{
    server = fork();
    if (server == 0) {
        int null = open("/dev/null", O_WRONLY);
        (void)dup2(null, 1);
        (void)dup2(null, 2);
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", address, "--save", "", "--dir", folder, "--appendonly", "no", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 200; i++) {
        if (access(address, F_OK) == 0)
            return true;
        if (waitpid(server, NULL, WNOHANG) == server)
            return false;
        nap(10);
    }
    return false;
}

static void stop_redis(void)
{
    (void)kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
    (void)unlink(address);
}

static void without_an_address_nothing_is_there(void **state)
{
    struct kv_pool *p = kv_pool_new("", 50, NULL);
    struct kv *k = kv_new(p);
    struct str v;
    int wait;
    (void)state;
    assert_false(kv_up(k));
    assert_false(kv_get(k, a, STR("x"), &v));
    assert_int_equal(kv_rate_limit(k, STR("{rl:x}"), 10, 10, &wait), KV_LIMIT_AWAY);
    kv_destroy(k);
    kv_pool_destroy(p);
}

static void nobody_waits_twice_for_a_dead_redis(void **state)
{
    struct kv_counters c = {0};
    struct kv_pool *p = kv_pool_new("/nonexistent/redis.sock", 50, &c);
    struct kv *one = kv_new(p), *two = kv_new(p);
    struct str v;
    (void)state;
    assert_true(kv_up(one));
    assert_false(kv_get(one, a, STR("x"), &v));
    assert_false(kv_up(two));
    for (int i = 0; i < 50; i++)
        assert_false(kv_get(two, a, STR("x"), &v));
    assert_int_equal(c.failures, 1);          /* the breaker answered all the others */
    nap(1050);
    assert_false(kv_get(two, a, STR("x"), &v));
    assert_false(kv_get(one, a, STR("x"), &v));
    assert_int_equal(c.failures, 2);          /* one call tried again */
    kv_destroy(one);
    kv_destroy(two);
    kv_pool_destroy(p);
}

static void a_silent_server_costs_one_time_limit(void **state)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct kv_counters c = {0};
    struct str v;
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)state;
    (void)snprintf(un.sun_path, sizeof(un.sun_path), "%s/silent", folder);
    assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
    assert_int_equal(listen(fd, 8), 0);
    struct kv_pool *p = kv_pool_new(un.sun_path, 60, &c);
    struct kv *k = kv_new(p);
    int64_t before = clock_monotonic();
    assert_false(kv_get(k, a, STR("x"), &v));
    assert_false(kv_get(k, a, STR("x"), &v));
    int64_t took = clock_monotonic() - before;
    assert_true(took >= 50 * USEC_PER_MS && took < 600 * USEC_PER_MS);
    kv_destroy(k);
    kv_pool_destroy(p);
    close(fd);
    (void)unlink(un.sun_path);
}

static void values(void **state)
{
    struct kv_pool *p = kv_pool_new(address, 1000, NULL);
    struct kv *k = kv_new(p);
    struct str v, big = str_of(ARENA_ARRAY(a, char, 100000), 100000);
    (void)state;
    if (server == 0)
        skip();
    assert_false(kv_get(k, a, STR("{c:1}:x"), &v));
    assert_true(kv_up(k));                                        /* absent is not away */
    assert_true(kv_set(k, STR("{c:1}:x"), STR("a\0b"), 60));
    assert_true(kv_get(k, a, STR("{c:1}:x"), &v));
    assert_true(str_eq(v, STR("a\0b")));
    assert_true(kv_set(k, STR("{c:1}:big"), big, 60));
    assert_true(kv_get(k, a, STR("{c:1}:big"), &v));
    assert_true(str_eq(v, big));
    assert_true(kv_delete(k, STR("{c:1}:x")));
    assert_false(kv_get(k, a, STR("{c:1}:x"), &v));
    kv_destroy(k);
    kv_pool_destroy(p);
}

static void rates(void **state)
{
    struct kv_pool *p = kv_pool_new(address, 1000, NULL);
    struct kv *k = kv_new(p);
    int wait = 0;
    (void)state;
    if (server == 0)
        skip();
    for (int i = 0; i < 3; i++)
        assert_int_equal(kv_rate_limit(k, STR("{rl:a}:x"), 60, 3, &wait), KV_LIMIT_ALLOWED);
    assert_int_equal(kv_rate_limit(k, STR("{rl:a}:x"), 60, 3, &wait), KV_LIMIT_REFUSED);
    assert_int_equal(wait, 1);
    assert_int_equal(kv_rate_limit(k, STR("{rl:b}:x"), 60, 3, &wait), KV_LIMIT_ALLOWED);
    nap(1100);
    assert_int_equal(kv_rate_limit(k, STR("{rl:a}:x"), 60, 3, &wait), KV_LIMIT_ALLOWED);
    assert_int_equal(kv_rate_limit(k, STR("{rl:a}:x"), 60, 3, &wait), KV_LIMIT_REFUSED);
    kv_destroy(k);
    kv_pool_destroy(p);
}

static void a_restart_costs_no_failed_call(void **state)
{
    struct kv_counters c = {0};
    struct kv_pool *p = kv_pool_new(address, 1000, &c);
    struct kv *k = kv_new(p);
    struct str v;
    (void)state;
    if (server == 0)
        skip();
    assert_true(kv_set(k, STR("x"), STR("1"), 60));
    stop_redis();
    assert_true(start_redis());
    nap(100);
    assert_false(kv_get(k, a, STR("x"), &v));                     /* forgotten, but answered */
    assert_true(kv_up(k));
    assert_true(kv_set(k, STR("x"), STR("2"), 60));
    assert_int_equal(c.failures, 0);
    stop_redis();
    assert_false(kv_set(k, STR("x"), STR("3"), 60));
    assert_false(kv_up(k));
    server = 0;
    kv_destroy(k);
    kv_pool_destroy(p);
}

static int begin(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof(folder), "/tmp/souk-kv-XXXXXX");
    if (!mkdtemp(folder))
        return 1;
    (void)snprintf(address, sizeof(address), "%s/redis.sock", folder);
    if (!start_redis())
        server = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (server)
        stop_redis();
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(without_an_address_nothing_is_there), WITH_ARENA(nobody_waits_twice_for_a_dead_redis), WITH_ARENA(a_silent_server_costs_one_time_limit),
                                       WITH_ARENA(values), WITH_ARENA(rates), WITH_ARENA(a_restart_costs_no_failed_call)};
    return cmocka_run_group_tests(tests, begin, end);
}
