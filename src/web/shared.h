/* The page that a master shares with its workers: counters that no crash loses, and what each worker says of itself.
 * Everything is added to and read with relaxed atomics; nobody locks. */
#ifndef SOUK_WEB_SHARED_H
#define SOUK_WEB_SHARED_H

#include <sys/types.h>

#include "base/buf.h"
#include "db/db.h"
#include "kv/kv.h"
#include "web/web.h"

enum { WORKER_SLOTS = 192, DURATION_BUCKETS = 14 };

struct route_counters {
    int64_t by_class[6];                       /* [2]: 2xx ...; [0]: the peer was gone */
    int64_t buckets[DURATION_BUCKETS + 1];     /* not cumulative; the last one is everything above */
    int64_t sum_us;
};

struct worker_slot {
    int32_t pid;                /* 0: free */
    int32_t generation;
    int32_t started;            /* threads are at work */
    int32_t db_ok;              /* database reachable and schema in range, or not needed */
    int32_t draining;
    int32_t busy;               /* threads in a handler */
    int32_t threads;
    int32_t connections;
};

struct shared {
    usec_t start_real;
    int32_t stopping;           /* the whole pool ends: workers empty the backlog before they go */
    int64_t worker_restarts;
    int64_t gone;               /* connections given up: half-sent requests, aborted bodies */
    struct db_counters db, db_keys;
    struct kv_counters kv;
    struct worker_slot slots[WORKER_SLOTS];
    size_t n_routes;
    struct route_counters routes[];            /* n_routes of the table, and one for requests that match none */
};

#define ADD(field, n) ((void)__atomic_fetch_add(&(field), (n), __ATOMIC_RELAXED))
#define PUT(field, v) __atomic_store_n(&(field), (v), __ATOMIC_RELEASE)
#define GET(field) __atomic_load_n(&(field), __ATOMIC_ACQUIRE)

struct shared *shared_new(size_t n_routes);               /* aborts when there is no memory: nothing works without it */
void shared_free(struct shared *s);
void shared_count(struct shared *s, size_t route, int status, int64_t us);

/* Prometheus text exposition format 0.0.4. */
void shared_metrics(const struct shared *s, const struct pool_spec *spec, struct buf *out);
/* Workers of a generation (-1: of any) that are at work and whose database answers; *ret_all: those that are there and do not drain. */
size_t shared_ready(const struct shared *s, int generation, size_t *ret_all);

#endif
