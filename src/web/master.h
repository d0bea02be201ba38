/* The master: owns the sockets and the shared page, starts workers, replaces the dead. It opens no database and has one thread, so it may fork. */
#ifndef SOUK_WEB_MASTER_H
#define SOUK_WEB_MASTER_H

#include "web/ops.h"
#include "web/worker.h"

struct master_start {
    const struct pool_spec *spec;
    const struct config *config;
    struct log *log;
    int listen_fd, ops_fd;
    const char *own_socket, *own_ops_socket;       /* taken away at the end; NULL: inherited */
    /* Reads the configuration again (SIGHUP). False: the present one stays. */
    bool (*reload)(void *arg, const struct config **ret_config);
    void *reload_arg;
};

int master_run(const struct master_start *start);      /* the exit code, of the master and, after a fork, of each worker */

#endif
