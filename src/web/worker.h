/* One worker process: a thread that waits for signals and sweeps, and T threads that serve. */
#ifndef SOUK_WEB_WORKER_H
#define SOUK_WEB_WORKER_H

#include "web/app.h"

struct worker_start {
    const struct pool_spec *spec;
    const struct config *config;
    struct log *log;
    struct shared *shared;
    struct worker_slot *slot;
    int listen_fd;
    int master_pid;
    bool own_socket;           /* nobody else will empty the backlog when the pool stops */
};

/* Called in the child, signals blocked. Returns the exit code. */
int worker_run(const struct worker_start *start);

#endif
