/* A throw-away PostgreSQL cluster for one test program (tests/lib/pg.sh), reached as its superuser. */
#ifndef SOUK_TESTS_UNIT_DB_CLUSTER_H
#define SOUK_TESTS_UNIT_DB_CLUSTER_H

#include "db/query.h"
#include "unit.h"

struct cluster {
    char dir[128];
    char conninfo[192];
};

int cluster_start(void **state);         /* group setup: *state is a struct cluster */
int cluster_stop(void **state);
void cluster_restart(const struct cluster *c, const char *mode);

/* A handle with its own pool; the deadline is `ms` from now. */
struct db *cluster_db(const struct cluster *c, int lend, struct db_counters *counters);
void cluster_db_close(struct db *d);
void within(struct db *d, int ms);

/* Runs one statement of one column and says whether it worked. */
bool run_sql(struct db *d, const char *sql, struct err *e);
int64_t ask(struct db *d, const char *sql);       /* one int8; fails the test when it does not come */

#endif
