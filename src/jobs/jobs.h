/* souk-jobs: the work that nobody waits for. One process per group of secrets (`souk-jobs core`, `souk-jobs payment`); each row of
 * the table is a thread of its own that does a portion, pauses, and does the next. Any number of processes may run at
 * once: work is claimed with SKIP LOCKED and a lease, what may exist only once takes an advisory lock in SQL, and every
 * unit may be done twice without harm. A process may be killed at any point. */
#ifndef SOUK_JOBS_JOBS_H
#define SOUK_JOBS_JOBS_H

#include "service/call.h"

struct job {
    const char *name;                 /* in logs and metrics; NULL ends the table */
    const char *group;
    /* Does one portion. *ret_done > 0: there may be more at once. Not inside a transaction when it returns. */
    bool (*run)(struct call *c, int *ret_done, struct err *e);
    int busy_ms, idle_ms;             /* the pause after a portion that did something, and after one that did not; 0: relay_busy_ms, relay_idle_ms */
    const char *doc;
};

extern const struct job job_table[];

/* relay.c */
bool job_relay(struct call *c, int *ret_done, struct err *e);
bool job_consume(struct call *c, int *ret_done, struct err *e);
/* mail.c */
bool job_mail(struct call *c, int *ret_done, struct err *e);
/* upkeep.c */
bool job_reservations(struct call *c, int *ret_done, struct err *e);
bool job_carts(struct call *c, int *ret_done, struct err *e);
bool job_listing(struct call *c, int *ret_done, struct err *e);
bool job_challenges(struct call *c, int *ret_done, struct err *e);
bool job_audit(struct call *c, int *ret_done, struct err *e);
bool job_partitions(struct call *c, int *ret_done, struct err *e);
/* privacy.c */
bool job_privacy(struct call *c, int *ret_done, struct err *e);

/* runner.c: threads of one group, until SIGTERM or SIGINT; then drains. */
struct jobs_setup {
    struct service_env env;
    struct db_pool *db, *db_keys;
    const char *group;
    struct str status_path;           /* Prometheus text, written every two seconds; a file that is old says that the process is gone */
};
int jobs_run(struct jobs_setup *setup);

struct job_counters { int64_t portions, units, failures, last_ok_s; };
/* Returns whether every job of the group has succeeded at least once. */
bool status_write(const struct jobs_setup *setup, const struct job *const *jobs, const struct job_counters *counters, size_t n, bool stopping);

#endif
