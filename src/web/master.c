#include "web/master.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    BACKOFF_MIN_MS = 100, BACKOFF_MAX_MS = 5000,
    LIVED_WELL_MS = 2000,                  /* who lived so long is replaced at once */
    REPLACE_PATIENCE_MS = 15000,           /* new workers that are not ready by then are given up, the old ones stay */
    KILL_GRACE_MS = 5000,                  /* beyond drain_s */
    TICK_MS = 1000, BUSY_TICK_MS = 10,
};

struct child {
    int pid;                               /* 0: none */
    int generation;
    int64_t since, told_us;                /* monotonic; told_us: when it was asked to end, 0: it was not */
};

struct master {
    const struct master_start *start;
    const struct config *config;
    struct log *log;
    struct shared *shared;
    struct ops ops;
    int signal_fd, pid;
    int generation;                        /* of the workers that should be */
    int replacing;                         /* the generation that these take the place of; -1: none */
    int64_t replace_until;
    int64_t backoff_ms, respawn_at;
    bool stopping, is_child;
    int exit_code;
    struct child children[WORKER_SLOTS];
};

static int64_t now_us(void)
{
    return clock_monotonic();
}

static int wanted(const struct master *m)
{
    int64_t n = m->config->processes > 0 ? m->config->processes : m->start->spec->processes;
    return n > 0 ? (int)n : 1;
}

static int alive(const struct master *m, int generation)
{
    int n = 0;
    for (size_t i = 0; i < WORKER_SLOTS; i++)
        n += m->children[i].pid != 0 && (generation < 0 || m->children[i].generation == generation);
    return n;
}

/* --- children ---------------------------------------------------------------------------------------------------------- */

static void become_worker(struct master *m, size_t slot)
{
    struct worker_start ws = {m->start->spec, m->config, m->log, m->shared, &m->shared->slots[slot], m->start->listen_fd, m->pid,
                              m->start->own_socket != NULL};
    m->is_child = true;
    close(m->signal_fd);
    ops_close(&m->ops);
    m->exit_code = worker_run(&ws);
}

/* True in the child. */
static bool start_child(struct master *m)
{
    size_t i = 0;
    while (i < WORKER_SLOTS && m->children[i].pid != 0)
        i++;
    if (i == WORKER_SLOTS) {
        m->respawn_at = now_us() + TICK_MS * USEC_PER_MS;
        return false;
    }
    m->shared->slots[i] = (struct worker_slot){.generation = m->generation};
    int pid = fork();
    if (pid < 0) {
        LOG(m->log, LOG_ERROR, "fork_failed", LOGC("cause", strerror(errno)));
        m->respawn_at = now_us() + BACKOFF_MAX_MS * USEC_PER_MS;
        return false;
    }
    if (pid == 0) {
        become_worker(m, i);
        return true;
    }
    PUT(m->shared->slots[i].pid, pid);
    m->children[i] = (struct child){pid, m->generation, now_us(), 0};
    return false;
}

static void tell(struct master *m, int generation)
{
    for (size_t i = 0; i < WORKER_SLOTS; i++) {
        struct child *c = &m->children[i];
        if (c->pid == 0 || c->told_us != 0 || (generation >= 0 && c->generation != generation))
            continue;
        c->told_us = now_us();
        PUT(m->shared->slots[i].draining, 1);
        (void)kill(c->pid, SIGTERM);
    }
}

static void kill_the_stuck(struct master *m)
{
    int64_t limit = m->config->drain_s * USEC_PER_SEC + KILL_GRACE_MS * USEC_PER_MS;
    for (size_t i = 0; i < WORKER_SLOTS; i++) {
        if (m->children[i].pid != 0 && m->children[i].told_us != 0 && now_us() - m->children[i].told_us > limit)
            (void)kill(m->children[i].pid, SIGKILL);
    }
}

static void on_death(struct master *m, struct child *c, int status)
{
    bool expected = c->told_us != 0;
    int64_t lived_ms = (now_us() - c->since) / USEC_PER_MS;
    LOG(m->log, expected ? LOG_INFO : LOG_ERROR, expected ? "worker_ended" : "worker_died", LOGI("pid", c->pid),
        LOGI("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0), LOGI("code", WIFEXITED(status) ? WEXITSTATUS(status) : 0), LOGI("lived_ms", lived_ms));
    if (expected)
        return;
    ADD(m->shared->worker_restarts, 1);
    if (lived_ms >= LIVED_WELL_MS)
        m->backoff_ms = 0;
    else
        m->backoff_ms = m->backoff_ms == 0 ? BACKOFF_MIN_MS : m->backoff_ms * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : m->backoff_ms * 2;
    m->respawn_at = now_us() + m->backoff_ms * USEC_PER_MS;
}

static void reap(struct master *m)
{
    int status, pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (size_t i = 0; i < WORKER_SLOTS; i++) {
            if (m->children[i].pid != pid)
                continue;
            on_death(m, &m->children[i], status);
            memset(&m->children[i], 0, sizeof(m->children[i]));
            memset(&m->shared->slots[i], 0, sizeof(m->shared->slots[i]));
        }
    }
}

/* --- replacement ------------------------------------------------------------------------------------------------------- */

static void begin_replacement(struct master *m)
{
    const struct config *fresh;
    if (m->stopping || m->replacing >= 0) {
        LOG(m->log, LOG_WARN, "reload_ignored", LOGC("why", m->stopping ? "the pool stops" : "a reload is under way"));
        return;
    }
    if (!m->start->reload(m->start->reload_arg, &fresh))
        return;
    m->config = fresh;
    m->replacing = m->generation++;
    m->replace_until = now_us() + REPLACE_PATIENCE_MS * USEC_PER_MS;
    m->backoff_ms = 0;
    m->respawn_at = 0;
    LOG(m->log, LOG_INFO, "replacing_workers", LOGI("generation", m->generation));
}

/* The old ones end only when every new one is at work and reaches its database. */
static void watch_replacement(struct master *m)
{
    size_t all, ready;
    if (m->replacing < 0)
        return;
    ready = shared_ready(m->shared, m->generation, &all);
    if ((int)ready >= wanted(m)) {
        LOG(m->log, LOG_INFO, "replaced_workers", LOGI("generation", m->generation));
        for (int g = 0; g < m->generation; g++)
            tell(m, g);
        m->replacing = -1;
    } else if (now_us() > m->replace_until) {
        LOG(m->log, LOG_ERROR, "replacement_given_up", LOGI("generation", m->generation), LOGI("ready", (int64_t)ready));
        int failed = m->generation;
        m->generation = m->replacing;
        m->replacing = -1;
        tell(m, failed);
    }
}

static void begin_stop(struct master *m)
{
    if (m->stopping)
        return;
    m->stopping = true;
    m->replacing = -1;
    PUT(m->shared->stopping, 1);
    if (m->start->own_socket)              /* who comes now is told at once, and a successor may bind the name */
        (void)unlink(m->start->own_socket);
    if (m->start->own_ops_socket)
        (void)unlink(m->start->own_ops_socket);
    LOG(m->log, LOG_INFO, "pool_stopping");
    tell(m, -1);
}

/* --- the loop ---------------------------------------------------------------------------------------------------------- */

static void take_signals(struct master *m)
{
    struct signalfd_siginfo info;
    while (read(m->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT || info.ssi_signo == SIGQUIT)
            begin_stop(m);
        else if (info.ssi_signo == SIGHUP)
            begin_replacement(m);
    }
    reap(m);
}

static int next_wait_ms(const struct master *m)
{
    int64_t left = (m->respawn_at - now_us()) / USEC_PER_MS;
    if (m->replacing >= 0)
        return BUSY_TICK_MS;
    if (!m->stopping && alive(m, m->generation) < wanted(m))
        return left < 1 ? 1 : left < TICK_MS ? (int)left : TICK_MS;
    return TICK_MS;
}

/* True in a child. */
static bool start_missing(struct master *m)
{
    while (!m->stopping && alive(m, m->generation) < wanted(m) && now_us() >= m->respawn_at) {
        if (start_child(m))
            return true;
    }
    return false;
}

static bool loop(struct master *m)
{
    struct pollfd fds[OPS_CONNS + 2];
    while (!m->stopping || alive(m, -1) > 0) {
        if (start_missing(m))
            return true;
        fds[0] = (struct pollfd){m->signal_fd, POLLIN, 0};
        size_t n = ops_poll(&m->ops, fds + 1);
        if (poll(fds, (nfds_t)n + 1, next_wait_ms(m)) < 0 && errno != EINTR)
            souk_bug(__FILE__, __LINE__, "poll");
        take_signals(m);
        ops_handle(&m->ops, fds + 1, n);
        watch_replacement(m);
        kill_the_stuck(m);
    }
    return false;
}

static int block_signals(void)
{
    static const int ours[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2, SIGPIPE};
    sigset_t set;
    BUG_IF(sigemptyset(&set) != 0);
    for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
        BUG_IF(sigaddset(&set, ours[i]) != 0);
    BUG_IF(sigprocmask(SIG_BLOCK, &set, NULL) != 0);
    BUG_IF(sigdelset(&set, SIGPIPE) != 0);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    BUG_IF(fd < 0);
    return fd;
}

/* Linux shares the processors out among sessions first (sched_autogroup) and looks at the priority of threads only inside of one: a pool that hashes passwords with threads of
 * low priority would still take as much as a whole other pool. So its session steps back. Where the kernel has no such groups, or the pool is not the head of its session (under systemd
 * with its own CPUWeight, say), nothing happens. */
static void step_back(int nice)
{
    if (nice <= 0 || getsid(0) != getpid())
        return;
    int fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    dprintf(fd, "%d", nice);
    close(fd);
}

int master_run(const struct master_start *start)
{
    struct master *m = calloc(1, sizeof(*m));
    BUG_IF(m == NULL);
    m->start = start;
    m->config = start->config;
    m->log = start->log;
    m->shared = shared_new(route_count(start->spec->routes));
    step_back(start->spec->nice);
    m->signal_fd = block_signals();
    m->pid = getpid();
    m->replacing = -1;
    m->generation = 1;
    ops_init(&m->ops, start->ops_fd, start->spec, m->shared);
    LOG(m->log, LOG_INFO, "pool_started", LOGI("processes", wanted(m)));
    bool child = loop(m);
    int code = child ? m->exit_code : 0;
    if (!child) {
        ops_close(&m->ops);
        close(m->signal_fd);
        close(start->listen_fd);
        LOG(m->log, LOG_INFO, "pool_stopped");
    }
    shared_free(m->shared);
    free(m);
    return code;
}
