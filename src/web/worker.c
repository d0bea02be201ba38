#include "web/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "web/handoff.h"

enum {
    NEWS_MS = 400,                         /* revocations: known everywhere within a second */
    REFRESH_MS = 1000,                     /* markets, clock offset, readiness */
    DRAIN_TICK_MS = 20,
    DRAIN_IDLE_US = 1000000,               /* a connection that was silent so long is not in nginx's hands right now */
    STACK_BYTES = 1 << 20,
};

struct worker {
    const struct worker_start *start;
    struct app *app;
    struct handoff *handoff;
    struct db_pool *db_pool;               /* the main thread's own connection is not among those that are lent */
    struct db *db;
    int signal_fd;
    size_t n_threads;
    pthread_t *threads;
};

static void *thread_main(void *arg)
{
    handoff_thread(arg);
    return NULL;
}

static bool start_threads(struct worker *w, struct err *e)
{
    int n = w->app->threads;
    pthread_attr_t attr;
    w->threads = ARENA_ARRAY(w->app->arena, pthread_t, (size_t)n);
    BUG_IF(pthread_attr_init(&attr) != 0);
    BUG_IF(pthread_attr_setstacksize(&attr, STACK_BYTES) != 0);
    for (int i = 0; i < n; i++) {
        int rc = pthread_create(&w->threads[w->n_threads], &attr, thread_main, w->handoff);
        if (rc != 0)
            return err_cause(e, "pthread_create: %s", strerror(rc));
        w->n_threads++;
    }
    (void)pthread_attr_destroy(&attr);
    PUT(w->start->slot->threads, n);
    return true;
}

static void open_own_db(struct worker *w)
{
    const struct config *c = w->start->config;
    if (w->start->spec->no_db)
        return;
    struct db_settings s = {.conninfo = c->db, .connect_ms = (int)c->db_connect_ms, .idle_s = 3600,
                            .application = arena_printf(w->app->arena, "souk-%s state", w->start->spec->name)};
    w->db_pool = db_pool_new(&s, &w->start->shared->db);
    w->db = db_new(w->db_pool);
}

static int open_signals(void)
{
    sigset_t set;
    BUG_IF(sigemptyset(&set) != 0 || sigaddset(&set, SIGTERM) != 0 || sigaddset(&set, SIGINT) != 0 || sigaddset(&set, SIGQUIT) != 0);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    BUG_IF(fd < 0);
    return fd;
}

/* True when a signal to end came within the time. */
static bool wait_for_end(struct worker *w, int ms)
{
    struct pollfd p = {w->signal_fd, POLLIN, 0};
    struct signalfd_siginfo info;
    if (poll(&p, 1, ms) <= 0)
        return false;
    return read(w->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info);
}

static void work(struct worker *w)
{
    PUT(w->start->slot->started, 1);
    int64_t last = clock_monotonic();
    while (!wait_for_end(w, NEWS_MS)) {
        app_news(w->app, w->db);
        if (clock_monotonic() - last < REFRESH_MS * USEC_PER_MS)
            continue;
        last = clock_monotonic();
        app_refresh(w->app, w->db);
        handoff_close_idle(w->handoff, w->start->config->idle_s * USEC_PER_SEC);
    }
}

/* Takes nothing new, finishes what it has. Kept connections get one more answer each, or a second of silence. */
static bool drain(struct worker *w)
{
    int64_t end = clock_monotonic() + w->start->config->drain_s * USEC_PER_SEC;
    LOG(w->app->log, LOG_INFO, "worker_draining", LOGI("connections", handoff_connections(w->handoff)));
    handoff_drain(w->handoff, w->start->own_socket && GET(w->start->shared->stopping));
    while (handoff_connections(w->handoff) > 0) {
        if (clock_monotonic() > end)
            return false;
        (void)poll(NULL, 0, DRAIN_TICK_MS);
        handoff_close_idle(w->handoff, DRAIN_IDLE_US);
    }
    return true;
}

static void end_threads(struct worker *w)
{
    handoff_quit(w->handoff);
    for (size_t i = 0; i < w->n_threads; i++)
        BUG_IF(pthread_join(w->threads[i], NULL) != 0);
}

/* What the pool opens at most: threads or what they may borrow, in one database or two, and the main thread's own; twice, because a replacement starts
 * before the old workers end. A role that may not have that many would fail under load, so this is said at the start. (An unreachable
 * database is not refused: it may come back.) */
static bool check_connections(struct worker *w, struct err *e)
{
    const struct pool_spec *spec = w->start->spec;
    const struct config *c = w->start->config;
    int64_t processes = c->processes > 0 ? c->processes : spec->processes > 0 ? spec->processes : 1;
    int64_t lend = c->db_lend > 0 ? c->db_lend : spec->db_lend > 0 ? spec->db_lend : w->app->threads;
    int64_t needed = 2 * processes * ((lend < w->app->threads ? lend : w->app->threads) * (spec->keyring ? 2 : 1) + 1);
    struct err ignored;
    int allowed;
    err_clear(&ignored);
    if (!w->db)
        return true;
    db_deadline(w->db, clock_monotonic() + c->db_connect_ms * USEC_PER_MS);
    bool known = db_connections_allowed(w->db, &allowed, &ignored);
    db_release(w->db);
    if (!known || needed <= allowed)
        return true;
    return err_cause(e, "the pool may need %lld database connections, its role may have %d: lower processes, threads or db_lend, or raise the role's limit", (long long)needed,
                     allowed);
}

static bool prepare(struct worker *w, struct err *e)
{
    const struct worker_start *s = w->start;
    if (!fcgi_library_init(e) || !app_new(s->spec, s->config, s->log, s->shared, s->slot, &w->app, e))
        return false;
    open_own_db(w);
    if (!check_connections(w, e))
        return false;
    app_news(w->app, w->db);
    app_refresh(w->app, w->db);            /* before the first request, so that it finds its market */
    return handoff_new(w->app, s->listen_fd, &w->handoff, e) && start_threads(w, e);
}

int worker_run(const struct worker_start *start)
{
    struct worker w = {.start = start, .signal_fd = open_signals()};
    struct err e;
    err_clear(&e);
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != start->master_pid)
        return 0;
    if (!prepare(&w, &e)) {
        LOG(start->log, LOG_ERROR, "worker_cannot_start", LOGC("detail", e.detail), LOGC("cause", e.cause));
        return 3;
    }
    work(&w);
    if (!drain(&w)) {
        LOG(start->log, LOG_WARN, "worker_drain_timeout", LOGI("connections", handoff_connections(w.handoff)));
        _exit(0);
    }
    end_threads(&w);
    handoff_destroy(w.handoff);
    if (w.db)
        db_destroy(w.db);
    db_pool_destroy(w.db_pool);
    app_destroy(w.app);
    close(w.signal_fd);
    return 0;
}
