/* The separate listener for operators: plain HTTP answered by the master from the shared page, also when every worker hangs.
 *   GET /readyz/<pool>     200 while a worker is at work and reaches its database (Redis does not matter), else 503
 *   GET /metrics/<pool>    Prometheus text format */
#ifndef SOUK_WEB_OPS_H
#define SOUK_WEB_OPS_H

#include <poll.h>

#include "web/shared.h"

enum { OPS_CONNS = 16, OPS_REQUEST_MAX = 2048 };

struct ops {
    int listen_fd;
    const struct pool_spec *spec;
    const struct shared *shared;
    struct { int fd; size_t n; int64_t since; char text[OPS_REQUEST_MAX]; } conns[OPS_CONNS];
};

void ops_init(struct ops *o, int listen_fd, const struct pool_spec *spec, const struct shared *shared);
void ops_close(struct ops *o);
size_t ops_poll(const struct ops *o, struct pollfd *fds);              /* at most OPS_CONNS + 1 entries */
void ops_handle(struct ops *o, const struct pollfd *fds, size_t n);
/* The answer to a request line; for tests. */
void ops_answer(const struct ops *o, struct str request, struct buf *out);

#endif
