#include "counterpart.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 16, REQUEST_MAX = 1 << 16 };

struct counterpart {
    counterpart_fn *answer;
    void *arg;
    pthread_t thread;
    int listener, port, stop[2], opened, requests;
    struct { int fd; size_t n; char text[REQUEST_MAX]; } connections[CONNECTIONS];
};

void counterpart_answer(struct buf *out, int status, const char *type, struct str body)
{
    buf_printf(out, "HTTP/1.1 %d Whatever\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", status, type, body.n);
    buf_str(out, body);
}

/* Bytes of the first request in the text, 0 while it is not complete. */
static size_t complete(const char *text, size_t n)
{
    const char *end = memmem(text, n, "\r\n\r\n", 4), *length = memmem(text, n, "Content-Length: ", 16);
    if (!end)
        return 0;
    size_t head = (size_t)(end - text) + 4;
    size_t body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
    return n >= head + body ? head + body : 0;
}

static bool serve(struct counterpart *c, size_t i)
{
    ssize_t got = read(c->connections[i].fd, c->connections[i].text + c->connections[i].n, REQUEST_MAX - c->connections[i].n);
    if (got <= 0)
        return false;
    c->connections[i].n += (size_t)got;
    size_t n = complete(c->connections[i].text, c->connections[i].n);
    if (n == 0)
        return true;
    struct arena *a = arena_new();
    struct buf out;
    buf_init_arena(&out, a, 0);
    __atomic_add_fetch(&c->requests, 1, __ATOMIC_RELAXED);
    c->answer(c->arg, a, str_of(c->connections[i].text, n), &out);
    bool open = out.n > 0 && !memmem(out.p, out.n, "Connection: close", 17);
    open = out.n > 0 && send(c->connections[i].fd, out.p, out.n, MSG_NOSIGNAL) == (ssize_t)out.n && open;
    arena_destroy(a);
    c->connections[i].n = 0;
    return open;
}

static void take(struct counterpart *c)
{
    int fd = accept(c->listener, NULL, NULL);
    for (size_t i = 0; fd >= 0 && i < CONNECTIONS; i++) {
        if (c->connections[i].fd >= 0)
            continue;
        c->connections[i].fd = fd;
        c->connections[i].n = 0;
        __atomic_add_fetch(&c->opened, 1, __ATOMIC_RELAXED);
        return;
    }
    if (fd >= 0)
        close(fd);
}

static void *run(void *arg)
{
    struct counterpart *c = arg;
    struct pollfd p[CONNECTIONS + 2];
    for (;;) {
        for (size_t i = 0; i < CONNECTIONS; i++)
            p[i] = (struct pollfd){c->connections[i].fd, POLLIN, 0};
        p[CONNECTIONS] = (struct pollfd){c->listener, POLLIN, 0};
        p[CONNECTIONS + 1] = (struct pollfd){c->stop[0], POLLIN, 0};
        (void)poll(p, CONNECTIONS + 2, -1);
        if (p[CONNECTIONS + 1].revents)
            return NULL;
        for (size_t i = 0; i < CONNECTIONS; i++) {
            if (p[i].revents && p[i].fd >= 0 && !serve(c, i)) {
                close(p[i].fd);
                c->connections[i].fd = -1;
            }
        }
        if (p[CONNECTIONS].revents)
            take(c);
    }
}

struct counterpart *counterpart_start(counterpart_fn *answer, void *arg)
{
    struct counterpart *c = calloc(1, sizeof *c);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    assert_non_null(c);
    c->answer = answer;
    c->arg = arg;
    for (size_t i = 0; i < CONNECTIONS; i++)
        c->connections[i].fd = -1;
    c->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(c->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(c->listener, 16), 0);
    assert_int_equal(getsockname(c->listener, (struct sockaddr *)&at, &n), 0);
    c->port = ntohs(at.sin_port);
    assert_int_equal(pipe(c->stop), 0);
    assert_int_equal(pthread_create(&c->thread, NULL, run, c), 0);
    return c;
}

void counterpart_stop(struct counterpart *c)
{
    assert_int_equal(write(c->stop[1], "x", 1), 1);
    pthread_join(c->thread, NULL);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (c->connections[i].fd >= 0)
            close(c->connections[i].fd);
    }
    close(c->listener);
    close(c->stop[0]);
    close(c->stop[1]);
    free(c);
}

int counterpart_port(const struct counterpart *c) { return c->port; }
int counterpart_connections(const struct counterpart *c) { return __atomic_load_n(&c->opened, __ATOMIC_RELAXED); }
int counterpart_requests(const struct counterpart *c) { return __atomic_load_n(&c->requests, __ATOMIC_RELAXED); }
