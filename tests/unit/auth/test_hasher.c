#include "with_arena.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

#include "auth/hasher.h"
#include "base/clock.h"

static const struct hasher_options small = {{8192, 1, 1}, 1, 4};

static struct hasher *start(const struct hasher_options *o)
{
    struct hasher *h = NULL;
    struct err e;
    err_clear(&e);
    if (!hasher_new(o, &h, &e)) fail_msg("%s", e.cause);
    return h;
}

static int64_t soon(void)
{
    return clock_monotonic() + 20 * USEC_PER_SEC;
}

static void works(void **state)
{
    struct hasher *h = start(&small);
    struct str encoded;
    bool match = false;
    struct err e;
    err_clear(&e);
    assert_true(hasher_encode(h, *state, STR("open sesame now"), soon(), &encoded, &e));
    assert_true(hasher_verify(h, encoded, STR("open sesame now"), soon(), &match, &e) && match);
    assert_true(hasher_verify(h, encoded, STR("open sesame noW"), soon(), &match, &e) && !match);
    int64_t began = clock_monotonic();
    assert_true(hasher_verify(h, encoded, STR("another"), soon(), &match, &e));
    int64_t real = clock_monotonic() - began;
    began = clock_monotonic();
    assert_true(hasher_equalise(h, STR("open sesame now"), soon(), &e));       /* works as hard as for an account: not a tenth of it */
    assert_true(clock_monotonic() - began > real / 10);
    assert_false(hasher_needs_rehash(h, encoded));
    assert_true(hasher_needs_rehash(h, STR("$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.")));
    struct hasher_status s;
    hasher_status(h, &s);
    assert_true(s.done == 5 && s.waiting == 0 && s.working == 0 && s.refused == 0);
    assert_false(hasher_verify(h, STR("nonsense"), STR("x"), soon(), &match, &e));
    assert_int_equal(e.problem, PROBLEM_INTERNAL);
    err_clear(&e);
    assert_false(hasher_encode(h, *state, STR(""), soon(), &encoded, &e));
    assert_int_equal(e.problem, PROBLEM_WEAK_PASSWORD);
    hasher_destroy(h);
    hasher_destroy(NULL);
}

struct crowd {
    struct hasher *h;
    int64_t deadline;
    atomic_int fine, refused, retry_missing, other;
};

static void *one(void *arg)
{
    struct crowd *c = arg;
    struct err e;
    err_clear(&e);
    if (hasher_equalise(c->h, STR("wrong password"), c->deadline, &e)) {
        atomic_fetch_add(&c->fine, 1);
    } else if (e.problem == PROBLEM_UNAVAILABLE) {
        atomic_fetch_add(&c->refused, 1);
        atomic_fetch_add(&c->retry_missing, e.retry_after_s < 1);
    } else {
        atomic_fetch_add(&c->other, 1);
    }
    return NULL;
}

enum { CROWD = 40 };

static void everybody(struct crowd *c, pthread_t t[CROWD])
{
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(pthread_create(&t[i], NULL, one, c), 0);
}

/* One works, four wait, the others are told to come back; nobody is lost. */
static void crowded(void **state)
{
    (void)state;
    const struct hasher_options slow = {{65536, 3, 1}, 1, 4};
    struct crowd c = {.h = start(&slow), .deadline = clock_monotonic() + 60 * USEC_PER_SEC};
    pthread_t t[CROWD];
    everybody(&c, t);
    for (int i = 0; i < CROWD; i++)
        pthread_join(t[i], NULL);
    struct hasher_status s;
    hasher_status(c.h, &s);
    assert_int_equal(c.fine + c.refused, CROWD);
    assert_int_equal(c.other + c.retry_missing, 0);
    assert_true(c.fine >= 4 && c.refused >= 1);
    assert_true(s.done == c.fine && s.refused == c.refused && s.waiting == 0 && s.working == 0);
    hasher_destroy(c.h);
}

/* Who cannot be served in time is told at once; who waits in vain leaves at the deadline, and the thread cleans up after it. */
static void deadlines(void **state)
{
    (void)state;
    const struct hasher_options slow = {{131072, 3, 1}, 1, 16};
    struct hasher *h = start(&slow);
    struct err e;
    err_clear(&e);
    assert_false(hasher_equalise(h, STR("x"), clock_monotonic() - 1, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_true(e.retry_after_s >= 1);
    struct crowd c = {.h = h, .deadline = clock_monotonic() + 120 * USEC_PER_MS};
    pthread_t t[CROWD];
    everybody(&c, t);
    int64_t before = clock_monotonic();
    for (int i = 0; i < CROWD; i++)
        pthread_join(t[i], NULL);
    assert_true(clock_monotonic() - before < 20 * USEC_PER_SEC);
    assert_int_equal(c.fine + c.refused, CROWD);
    assert_true(c.refused > 0);
    hasher_destroy(h);
}

/* Shutdown with callers inside: what waits is answered, what works is finished, and only then is the hasher gone. */
static void shutdown_(void **state)
{
    (void)state;
    const struct hasher_options slow = {{65536, 4, 1}, 1, 16};
    struct crowd c = {.h = start(&slow), .deadline = clock_monotonic() + 60 * USEC_PER_SEC};
    pthread_t t[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, one, &c), 0);
    struct hasher_status s = {0};
    for (int i = 0; i < 5000 && s.working + s.waiting + s.done < 4; i++) {
        usleep(1000);
        hasher_status(c.h, &s);
    }
    hasher_destroy(c.h);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(c.fine + c.refused, 4);
    assert_true(c.fine >= 1 && c.retry_missing == 0);
}

static int threads_of_nice(int nice)
{
    int n = 0;
    DIR *d = opendir("/proc/self/task");
    assert_non_null(d);
    for (struct dirent *f; (f = readdir(d)) != NULL;)
        n += f->d_name[0] != '.' && getpriority(PRIO_PROCESS, (id_t)strtol(f->d_name, NULL, 10)) == nice;
    closedir(d);
    return n;
}

/* Its threads step back, and only they. */
static void nice_of_own_threads(void **state)
{
    (void)state;
    int before = getpriority(PRIO_PROCESS, 0);
    if (before >= 10) skip();
    const struct hasher_options three = {{8192, 1, 1}, 3, 4};
    struct hasher *h = start(&three);
    struct err e;
    err_clear(&e);
    assert_true(hasher_equalise(h, STR("x"), soon(), &e));
    for (int i = 0; i < 2000 && threads_of_nice(10) < 3; i++)
        usleep(1000);
    assert_int_equal(threads_of_nice(10), 3);
    assert_int_equal(getpriority(PRIO_PROCESS, 0), before);
    hasher_destroy(h);
    assert_int_equal(threads_of_nice(10), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(works), WITH_ARENA(crowded), WITH_ARENA(deadlines), WITH_ARENA(shutdown_), WITH_ARENA(nice_of_own_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
