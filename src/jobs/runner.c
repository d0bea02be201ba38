/* One thread per job; the main thread waits for signals and writes the status file. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "sql/platform.h"

enum { JOBS_MAX = 32, STATUS_S = 2, FAIL_MS_MIN = 200, FAIL_MS_MAX = 10000, PORTION_LIMIT_S = 45, CLOCK_EVERY_S = 1 };

struct runner {
    struct jobs_setup *setup;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping;
};

struct worker {
    struct runner *runner;
    const struct job *job;
    struct job_counters counters;          /* written by its thread, read by the status writer with atomics */
    pthread_t thread;
};

#define PUT(field, v) __atomic_store_n(&(field), (v), __ATOMIC_RELAXED)

/* Sleeps, unless the process is asked to end. */
static bool pause_ms(struct runner *r, int64_t ms)
{
    struct timespec until;
    int64_t at = clock_monotonic() + ms * 1000;
    until.tv_sec = (time_t)(at / USEC_PER_SEC);
    until.tv_nsec = (long)(at % USEC_PER_SEC) * 1000;
    BUG_IF(pthread_mutex_lock(&r->lock) != 0);
    while (!r->stopping && pthread_cond_timedwait(&r->wake, &r->lock, &until) != ETIMEDOUT) {
    }
    bool go_on = !r->stopping;
    BUG_IF(pthread_mutex_unlock(&r->lock) != 0);
    return go_on;
}

struct thread_state {
    struct arena *arena;
    struct db *db, *db_keys;
    struct service_env env;
    int64_t clock_read_at;
};

/* The shop's clock may be moved (sandbox): its offset is read again each second. */
static bool read_clock(struct thread_state *t, struct err *e)
{
    struct q_clock_offset_row r;
    if (strcmp(t->env.config->mode, "production") == 0 || clock_monotonic() < t->clock_read_at + CLOCK_EVERY_S * USEC_PER_SEC)
        return true;
    if (!q_clock_offset(t->db, t->arena, &r, e))
        return false;
    t->env.clock.offset_us = r.offset_us;
    t->clock_read_at = clock_monotonic();
    return true;
}

static bool portion(const struct worker *w, struct thread_state *t, int *ret_done, struct err *e)
{
    int64_t deadline = clock_monotonic() + PORTION_LIMIT_S * USEC_PER_SEC;
    db_deadline(t->db, deadline);
    if (t->db_keys != NULL)
        db_deadline(t->db_keys, deadline);
    if (!read_clock(t, e))
        return false;
    struct call c = {.env = &t->env, .arena = t->arena, .db = t->db, .db_keys = t->db_keys, .now = clock_now(&t->env.clock), .deadline = deadline,
                     .actor = {ACTOR_SYSTEM, str_from(w->job->name)}, .request_id = id_str(t->arena, ID_request, uuid_v7(clock_real()))};
    return w->job->run(&c, ret_done, e);
}

static void account(struct worker *w, bool ok, int done, int64_t us, const struct err *e)
{
    PUT(w->counters.portions, w->counters.portions + 1);
    if (!ok) {
        PUT(w->counters.failures, w->counters.failures + 1);
        LOG(w->runner->setup->env.log, LOG_ERROR, "job_failed", LOGC("job", w->job->name), LOGI("us", us), LOGC("problem", problem_info(e->problem)->code),
            LOGC("cause", e->cause[0] ? e->cause : e->detail));
        return;
    }
    PUT(w->counters.units, w->counters.units + done);
    PUT(w->counters.last_ok_s, clock_real() / USEC_PER_SEC);
    if (done > 0)
        LOG(w->runner->setup->env.log, LOG_INFO, "job", LOGC("job", w->job->name), LOGI("done", done), LOGI("us", us));
}

static int64_t pause_of(const struct worker *w, bool ok, int done, int64_t *fail_ms)
{
    const struct config *config = w->runner->setup->env.config;
    if (!ok) {
        *fail_ms = *fail_ms == 0 ? FAIL_MS_MIN : *fail_ms * 2 > FAIL_MS_MAX ? FAIL_MS_MAX : *fail_ms * 2;
        return *fail_ms;
    }
    *fail_ms = 0;
    if (done > 0)
        return w->job->busy_ms > 0 ? w->job->busy_ms : config->relay_busy_ms;
    return w->job->idle_ms > 0 ? w->job->idle_ms : config->relay_idle_ms;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct jobs_setup *s = w->runner->setup;
    struct thread_state t = {.arena = arena_new(), .db = db_new(s->db), .db_keys = s->db_keys ? db_new(s->db_keys) : NULL, .env = s->env,
                             .clock_read_at = -CLOCK_EVERY_S * USEC_PER_SEC};
    int64_t fail_ms = 0, pause;
    do {
        struct err e = {0};
        int done = 0;
        int64_t started = clock_monotonic();
        bool ok = portion(w, &t, &done, &e);
        db_release(t.db);
        if (t.db_keys != NULL)
            db_release(t.db_keys);
        account(w, ok, done, clock_monotonic() - started, &e);
        arena_reset(t.arena);
        pause = pause_of(w, ok, done, &fail_ms);
        if (pause > s->env.config->db_idle_s * 1000)
            db_close_idle(t.db);
    } while (pause_ms(w->runner, pause));
    db_destroy(t.db);
    if (t.db_keys != NULL)
        db_destroy(t.db_keys);
    arena_destroy(t.arena);
    return NULL;
}

static bool write_status(const struct runner *r, const struct worker *workers, size_t n, bool stopping)
{
    const struct job *jobs[JOBS_MAX];
    struct job_counters counters[JOBS_MAX];
    for (size_t i = 0; i < n; i++) {
        jobs[i] = workers[i].job;
        counters[i] = (struct job_counters){
            .portions = __atomic_load_n(&workers[i].counters.portions, __ATOMIC_RELAXED), .units = __atomic_load_n(&workers[i].counters.units, __ATOMIC_RELAXED),
            .failures = __atomic_load_n(&workers[i].counters.failures, __ATOMIC_RELAXED),
            .last_ok_s = __atomic_load_n(&workers[i].counters.last_ok_s, __ATOMIC_RELAXED)};
    }
    return status_write(r->setup, jobs, counters, n, stopping);
}

static void stop_all(struct runner *r)
{
    BUG_IF(pthread_mutex_lock(&r->lock) != 0);
    r->stopping = true;
    BUG_IF(pthread_cond_broadcast(&r->wake) != 0);
    BUG_IF(pthread_mutex_unlock(&r->lock) != 0);
}

/* Threads that do not end in time are left behind: their work is claimed, and comes back by itself. */
static void join_all(struct worker *workers, size_t n, int64_t drain_s, struct log *log)
{
    struct timespec until = {.tv_sec = (time_t)(clock_real() / USEC_PER_SEC + drain_s)};
    for (size_t i = 0; i < n; i++) {
        if (pthread_timedjoin_np(workers[i].thread, NULL, &until) != 0) {
            LOG(log, LOG_WARN, "job_left_behind", LOGC("job", workers[i].job->name));
            _exit(1);
        }
    }
}

int jobs_run(struct jobs_setup *setup)
{
    struct runner r = {.setup = setup, .lock = PTHREAD_MUTEX_INITIALIZER};
    struct worker workers[JOBS_MAX] = {0};
    pthread_condattr_t attr;
    sigset_t signals;
    size_t n = 0;
    BUG_IF(pthread_condattr_init(&attr) != 0 || pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) != 0 || pthread_cond_init(&r.wake, &attr) != 0);
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    BUG_IF(pthread_sigmask(SIG_BLOCK, &signals, NULL) != 0);          /* before the threads: the main thread alone waits for signals */
    (void)signal(SIGPIPE, SIG_IGN);
    for (const struct job *j = job_table; j->name != NULL; j++) {
        if (strcmp(j->group, setup->group) != 0)
            continue;
        BUG_IF(n == JOBS_MAX);
        workers[n] = (struct worker){.runner = &r, .job = j};
        BUG_IF(pthread_create(&workers[n].thread, NULL, work, &workers[n]) != 0);
        n++;
    }
    LOG(setup->env.log, LOG_INFO, "jobs_started", LOGC("group", setup->group), LOGI("jobs", (int64_t)n));
    for (;;) {
        bool ready = write_status(&r, workers, n, false);
        int got = sigtimedwait(&signals, NULL, &(struct timespec){.tv_sec = ready ? STATUS_S : 0, .tv_nsec = ready ? 0 : 50000000});
        if (got == SIGTERM || got == SIGINT)
            break;
    }
    (void)write_status(&r, workers, n, true);
    stop_all(&r);
    join_all(workers, n, setup->env.config->drain_s, setup->env.log);
    unlink(setup->status_path.p);
    LOG(setup->env.log, LOG_INFO, "jobs_ended", LOGC("group", setup->group));
    pthread_cond_destroy(&r.wake);
    return 0;
}
