#include "web/handoff.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONN_FREE, CONN_IDLE, CONN_BUSY, CONN_CLOSING };
enum { STATE_BITS = 2, ACCEPT_AT_ONCE = 8, CONNS_MAX = 65536, HALF_SENT_MS = 3000, THREAD_WAKE_MS = 5000, LARGE_BODY = 16 << 10 };

#define TAG_LISTEN UINT64_MAX
#define TAG_QUIT (UINT64_MAX - 1)

struct conn {
    uint32_t word;             /* generation << STATE_BITS | state; atomic */
    int64_t since;             /* monotonic; written by the owner before the word */
};

struct handoff {
    struct app *app;
    int epoll_fd, listen_fd, quit_fd;
    size_t n_conns;
    struct conn *conns;        /* by descriptor */
    int max_fd;                /* atomic, only grows */
    int live;                  /* atomic */
    int draining;              /* atomic */
};

static uint32_t word_of(uint32_t generation, uint32_t state)
{
    return generation << STATE_BITS | state;
}

static bool move(struct conn *c, uint32_t generation, uint32_t from, uint32_t to)
{
    uint32_t expected = word_of(generation, from);
    return __atomic_compare_exchange_n(&c->word, &expected, word_of(generation, to), false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

static void count_live(struct handoff *h, int by)
{
    int n = __atomic_add_fetch(&h->live, by, __ATOMIC_RELAXED);
    (void)n;
    ADD(h->app->slot->connections, by);
}

bool handoff_new(struct app *app, int listen_fd, struct handoff **ret_handoff, struct err *e)
{
    struct rlimit lim;
    struct handoff *h = calloc(1, sizeof(*h));
    BUG_IF(h == NULL);
    h->app = app;
    h->listen_fd = listen_fd;
    h->n_conns = getrlimit(RLIMIT_NOFILE, &lim) == 0 && lim.rlim_cur < CONNS_MAX ? (size_t)lim.rlim_cur : CONNS_MAX;
    h->conns = calloc(h->n_conns, sizeof(*h->conns));
    BUG_IF(h->conns == NULL);
    h->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    h->quit_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    struct epoll_event listen_event = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.u64 = TAG_LISTEN};
    struct epoll_event quit_event = {.events = EPOLLIN, .data.u64 = TAG_QUIT};
    if (h->epoll_fd < 0 || h->quit_fd < 0 || epoll_ctl(h->epoll_fd, EPOLL_CTL_ADD, listen_fd, &listen_event) != 0 ||
        epoll_ctl(h->epoll_fd, EPOLL_CTL_ADD, h->quit_fd, &quit_event) != 0) {
        (void)err_cause(e, "epoll: %s", strerror(errno));
        handoff_destroy(h);
        return false;
    }
    *ret_handoff = h;
    return true;
}

void handoff_destroy(struct handoff *h)
{
    for (size_t fd = 0; fd < h->n_conns; fd++) {
        if ((h->conns[fd].word & ((1u << STATE_BITS) - 1)) != CONN_FREE)
            close((int)fd);
    }
    if (h->epoll_fd >= 0)
        close(h->epoll_fd);
    if (h->quit_fd >= 0)
        close(h->quit_fd);
    free(h->conns);
    free(h);
}

int handoff_connections(const struct handoff *h)
{
    return __atomic_load_n(&h->live, __ATOMIC_RELAXED);
}

void handoff_quit(struct handoff *h)
{
    uint64_t one = 1;
    BUG_IF(write(h->quit_fd, &one, sizeof(one)) != (ssize_t)sizeof(one));
}

/* --- connections come and go ------------------------------------------------------------------------------------------- */

/* The number becomes free before the descriptor closes: the next connection may get it at once. */
static void let_go(struct handoff *h, int fd, uint32_t generation, uint32_t state, bool close_it)
{
    (void)move(&h->conns[fd], generation, state, CONN_FREE);
    count_live(h, -1);
    if (close_it)
        close(fd);
}

static int watch(struct handoff *h, int fd, uint32_t generation, int op)
{
    struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.u64 = (uint64_t)generation << 32 | (uint32_t)fd};
    return epoll_ctl(h->epoll_fd, op, fd, &ev);
}

static void arm(struct handoff *h, int fd, uint32_t generation)
{
    BUG_IF(watch(h, fd, generation, EPOLL_CTL_MOD) != 0);
}

static void take_in(struct handoff *h, int fd)
{
    struct timeval guard = {HALF_SENT_MS / 1000, HALF_SENT_MS % 1000 * 1000};
    if ((size_t)fd >= h->n_conns) {
        close(fd);
        return;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &guard, sizeof(guard));
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &guard, sizeof(guard));
    struct conn *c = &h->conns[fd];
    uint32_t generation = (__atomic_load_n(&c->word, __ATOMIC_RELAXED) >> STATE_BITS) + 1;
    int max = __atomic_load_n(&h->max_fd, __ATOMIC_RELAXED);
    while (fd > max && !__atomic_compare_exchange_n(&h->max_fd, &max, fd, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    __atomic_store_n(&c->since, clock_monotonic(), __ATOMIC_RELAXED);
    generation &= UINT32_MAX >> STATE_BITS;
    __atomic_store_n(&c->word, word_of(generation, CONN_IDLE), __ATOMIC_RELEASE);
    count_live(h, 1);
    if (watch(h, fd, generation, EPOLL_CTL_ADD) != 0)        /* the system watches as much as it may: nginx tries again */
        let_go(h, fd, generation, CONN_IDLE, true);
}

/* Returns how many it took. */
static int accept_some(struct handoff *h, int most)
{
    int n = 0;
    while (n < most) {
        int fd = accept4(h->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                (void)poll(NULL, 0, 20);         /* the others finish meanwhile; the queue of the socket waits */
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            break;
        }
        take_in(h, fd);
        n++;
    }
    return n;
}

void handoff_drain(struct handoff *h, bool sweep_backlog)
{
    PUT(h->draining, 1);
    PUT(h->app->slot->draining, 1);
    (void)epoll_ctl(h->epoll_fd, EPOLL_CTL_DEL, h->listen_fd, NULL);
    while (sweep_backlog && accept_some(h, ACCEPT_AT_ONCE) > 0)
        ;
}

static bool has_bytes(int fd)
{
    char c;
    return recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* First the peer is kept from sending more, then it is asked whether something came before: no request falls between the two. */
static void close_idle(struct handoff *h, int fd, uint32_t generation)
{
    struct conn *c = &h->conns[fd];
    if (!move(c, generation, CONN_IDLE, CONN_CLOSING))
        return;
    if (!has_bytes(fd)) {
        (void)shutdown(fd, SHUT_RD);
        if (!has_bytes(fd)) {
            let_go(h, fd, generation, CONN_CLOSING, true);
            return;
        }
    }
    __atomic_store_n(&c->since, clock_monotonic(), __ATOMIC_RELAXED);
    (void)move(c, generation, CONN_CLOSING, CONN_IDLE);
    arm(h, fd, generation);       /* its event may have been swallowed meanwhile */
}

void handoff_close_idle(struct handoff *h, int64_t idle_us)
{
    int64_t now = clock_monotonic();
    int max = __atomic_load_n(&h->max_fd, __ATOMIC_RELAXED);
    for (int fd = 0; fd <= max && (size_t)fd < h->n_conns; fd++) {
        uint32_t word = __atomic_load_n(&h->conns[fd].word, __ATOMIC_ACQUIRE);
        if ((word & ((1u << STATE_BITS) - 1)) == CONN_IDLE && now - __atomic_load_n(&h->conns[fd].since, __ATOMIC_RELAXED) >= idle_us)
            close_idle(h, fd, word >> STATE_BITS);
    }
}

/* --- one thread -------------------------------------------------------------------------------------------------------- */

struct one {
    struct handoff *handoff;
    int fd;
    uint32_t generation;
};

/* A draining worker closes each connection with its next answer. The number is given up before, see let_go(). */
static bool is_last(void *arg)
{
    const struct one *one = arg;
    if (!GET(one->handoff->draining))
        return false;
    (void)move(&one->handoff->conns[one->fd], one->generation, CONN_BUSY, CONN_FREE);
    return true;
}

/* A large body was read as thousands of small blocks. free() leaves the heap full of holes that it keeps, 2 MB for each thread that had one, so they are
 * given back at once. */
static void serve_connection(struct handoff *h, struct app_thread *t, int fd, uint32_t generation)
{
    struct http_request http;
    struct err e;
    struct conn *c = &h->conns[fd];
    ADD(h->app->slot->busy, 1);
    bool keep = false, large = false;
    if (fcgi_begin(t->fcgi, fd, t->arena, &http, &e) == FCGI_BEGIN_OK) {
        struct one one = {h, fd, generation};
        keep = serve(t, &http, is_last, &one, &e);
        large = http.body.n > LARGE_BODY;
        if (!keep)
            (void)move(c, generation, CONN_BUSY, CONN_FREE);
        keep = fcgi_finish(t->fcgi, keep) == fd;
    } else {
        ADD(h->app->shared->gone, 1);
    }
    arena_reset(t->arena);
    if (large)
        (void)malloc_trim(0);
    ADD(h->app->slot->busy, -1);
    if (!keep) {
        let_go(h, fd, generation, CONN_BUSY, false);
        return;
    }
    __atomic_store_n(&c->since, clock_monotonic(), __ATOMIC_RELAXED);
    __atomic_store_n(&c->word, word_of(generation, CONN_IDLE), __ATOMIC_RELEASE);
    arm(h, fd, generation);
}

static void on_connection(struct handoff *h, struct app_thread *t, const struct epoll_event *ev)
{
    int fd = (int)(uint32_t)ev->data.u64;
    uint32_t generation = (uint32_t)(ev->data.u64 >> 32);
    if (!move(&h->conns[fd], generation, CONN_IDLE, CONN_BUSY))
        return;                                  /* the sweeper was quicker */
    bool hung_up = (ev->events & (EPOLLHUP | EPOLLERR)) || !(ev->events & EPOLLIN);
    if (!hung_up && (ev->events & EPOLLRDHUP))
        hung_up = !has_bytes(fd);
    if (hung_up)
        let_go(h, fd, generation, CONN_BUSY, true);
    else
        serve_connection(h, t, fd, generation);
}

void handoff_thread(struct handoff *h)
{
    struct app_thread t;
    app_thread_init(&t, h->app);
    for (;;) {
        struct epoll_event ev;
        int n = epoll_wait(h->epoll_fd, &ev, 1, THREAD_WAKE_MS);
        if (n < 0 && errno != EINTR)
            souk_bug(__FILE__, __LINE__, "epoll_wait");
        if (n <= 0) {
            if (t.db)
                db_close_idle(t.db);
            if (t.db_keys)
                db_close_idle(t.db_keys);
            continue;
        }
        if (ev.data.u64 == TAG_QUIT)
            break;
        /* One new connection a wake-up would let 64 ready ones pass before each next: those clients got a thirtieth of the answers. */
        if (ev.data.u64 == TAG_LISTEN)
            (void)accept_some(h, ACCEPT_AT_ONCE);
        else
            on_connection(h, &t, &ev);
    }
    app_thread_close(&t);
}
