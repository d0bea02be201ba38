/* A Redis of one test program's own. Without redis-server on the machine `redis_kv` is NULL and the test skips. */
#ifndef SOUK_TESTS_UNIT_SERVICE_REDIS_H
#define SOUK_TESTS_UNIT_SERVICE_REDIS_H

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kv/kv.h"

static pid_t redis_pid;
static char redis_socket[80];
static struct kv_pool *redis_pool;
static struct kv *redis_kv;

static inline void redis_start(void)
{
    snprintf(redis_socket, sizeof redis_socket, "/tmp/souk-ur.%d.sock", (int)getpid());
    redis_pid = fork();
    if (redis_pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)!freopen("/dev/null", "w", stdout);
        execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", redis_socket, "--save", "", "--appendonly", "no", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 200 && access(redis_socket, F_OK) != 0; i++)
        (void)poll(NULL, 0, 20);
    if (access(redis_socket, F_OK) != 0)
        return;
    redis_pool = kv_pool_new(redis_socket, 500, NULL);
    redis_kv = kv_new(redis_pool);
}

static inline void redis_stop(void)
{
    if (redis_kv) {
        kv_destroy(redis_kv);
        kv_pool_destroy(redis_pool);
    }
    (void)kill(redis_pid, SIGKILL);
    (void)waitpid(redis_pid, NULL, 0);
    (void)unlink(redis_socket);
}

#endif
