#include "web/ops.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OPS_PATIENCE_US = 2000000 };

void ops_init(struct ops *o, int listen_fd, const struct pool_spec *spec, const struct shared *shared)
{
    memset(o, 0, sizeof(*o));
    o->listen_fd = listen_fd;
    o->spec = spec;
    o->shared = shared;
    for (size_t i = 0; i < OPS_CONNS; i++)
        o->conns[i].fd = -1;
}

static void drop(struct ops *o, size_t i)
{
    close(o->conns[i].fd);
    o->conns[i].fd = -1;
    o->conns[i].n = 0;
}

void ops_close(struct ops *o)
{
    for (size_t i = 0; i < OPS_CONNS; i++) {
        if (o->conns[i].fd >= 0)
            drop(o, i);
    }
    if (o->listen_fd >= 0)
        close(o->listen_fd);
    o->listen_fd = -1;
}

size_t ops_poll(const struct ops *o, struct pollfd *fds)
{
    size_t n = 0;
    if (o->listen_fd >= 0)
        fds[n++] = (struct pollfd){o->listen_fd, POLLIN, 0};
    for (size_t i = 0; i < OPS_CONNS; i++) {
        if (o->conns[i].fd >= 0)
            fds[n++] = (struct pollfd){o->conns[i].fd, POLLIN, 0};
    }
    return n;
}

static bool path_is(struct str path, const char *what, const char *pool)
{
    struct str want = str_from(what);
    if (!str_starts(path, want))
        return false;
    struct str rest = str_sub(path, want.n, path.n);
    return rest.n == 0 || (rest.p[0] == '/' && str_eq_c(str_sub(rest, 1, rest.n), pool));
}

static void put_answer(struct buf *out, const char *status, const char *type, struct str body)
{
    buf_printf(out, "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n", status, type, body.n);
    buf_str(out, body);
}

void ops_answer(const struct ops *o, struct str request, struct buf *out)
{
    struct str rest = request, method = STR_NULL, path = STR_NULL;
    struct buf body;
    size_t all = 0;
    bool ok = str_split(&rest, ' ', &method) && !str_is_null(rest) && str_split(&rest, ' ', &path);
    buf_init(&body, 0);
    if (!ok || !str_eq_c(method, "GET")) {
        put_answer(out, "405 Method Not Allowed", "text/plain", STR("only GET\n"));
    } else if (path_is(path, "/readyz", o->spec->name)) {
        size_t ready = GET(o->shared->stopping) ? 0 : shared_ready(o->shared, -1, &all);
        buf_printf(&body, "%s\nworkers %zu\nready %zu\n", ready ? "ready" : "not ready", all, ready);
        put_answer(out, ready ? "200 OK" : "503 Service Unavailable", "text/plain", buf_view(&body));
    } else if (path_is(path, "/metrics", o->spec->name)) {
        shared_metrics(o->shared, o->spec, &body);
        put_answer(out, "200 OK", "text/plain; version=0.0.4; charset=utf-8", buf_view(&body));
    } else {
        put_answer(out, "404 Not Found", "text/plain", STR("readyz or metrics\n"));
    }
    buf_free(&body);
}

/* The answer is small against a socket's buffer, or the reader is slow and gets what fits within the patience. */
static void answer(struct ops *o, size_t i)
{
    struct buf out;
    struct timeval patience = {1, 0};
    buf_init(&out, 0);
    ops_answer(o, str_of(o->conns[i].text, o->conns[i].n), &out);
    (void)setsockopt(o->conns[i].fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    for (size_t at = 0; at < out.n;) {
        ssize_t w = send(o->conns[i].fd, out.p + at, out.n - at, MSG_NOSIGNAL);
        if (w <= 0)
            break;
        at += (size_t)w;
    }
    buf_free(&out);
    drop(o, i);
}

static void take_in(struct ops *o)
{
    int fd = accept4(o->listen_fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    for (size_t i = 0; i < OPS_CONNS; i++) {
        if (o->conns[i].fd < 0) {
            o->conns[i].fd = fd;
            o->conns[i].n = 0;
            o->conns[i].since = clock_monotonic();
            return;
        }
    }
    close(fd);
}

static void read_more(struct ops *o, size_t i)
{
    size_t n = o->conns[i].n;
    ssize_t r = recv(o->conns[i].fd, o->conns[i].text + n, OPS_REQUEST_MAX - n, MSG_DONTWAIT);
    if (r <= 0) {
        if (r == 0 || (errno != EAGAIN && errno != EINTR))
            drop(o, i);
        return;
    }
    o->conns[i].n += (size_t)r;
    bool complete = memmem(o->conns[i].text, o->conns[i].n, "\r\n\r\n", 4) || memmem(o->conns[i].text, o->conns[i].n, "\n\n", 2);
    if (complete || o->conns[i].n == OPS_REQUEST_MAX)
        answer(o, i);
}

void ops_handle(struct ops *o, const struct pollfd *fds, size_t n)
{
    int64_t now = clock_monotonic();
    for (size_t k = 0; k < n; k++) {
        if (fds[k].revents == 0)
            continue;
        if (fds[k].fd == o->listen_fd) {
            take_in(o);
            continue;
        }
        for (size_t i = 0; i < OPS_CONNS; i++) {
            if (o->conns[i].fd == fds[k].fd) {
                read_more(o, i);
                break;
            }
        }
    }
    for (size_t i = 0; i < OPS_CONNS; i++) {
        if (o->conns[i].fd >= 0 && now - o->conns[i].since > OPS_PATIENCE_US)
            drop(o, i);
    }
}
