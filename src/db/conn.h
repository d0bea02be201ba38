/* Inside of db/: one connection, driven without blocking. Nobody else includes this. */
#ifndef SOUK_DB_CONN_H
#define SOUK_DB_CONN_H

#include <libpq-fe.h>
#include <pthread.h>

#include "db/db.h"

struct conn {
    PGconn *pg;
    int64_t last_used;                  /* monotonic */
    const void **prepared;              /* open hash of the struct q_def that this connection has prepared */
    size_t n_prepared, cap_prepared;    /* cap: a power of two */
    int locks;                          /* session advisory locks held */
    bool spoiled;                       /* a prepared plan went stale, or the server became read-only: close when free */
    struct conn *next;                  /* among the idle ones of a pool that lends */
};

struct db_pool {
    struct db_settings settings;        /* strings are copies */
    struct db_counters *counters;
    struct db_counters own_counters;
    pthread_mutex_t mutex;
    pthread_cond_t given_back;
    int lent;
    struct conn *idle;
    pthread_mutex_t gathering;
    struct reading *running;            /* gather.c */
};

struct db {
    struct db_pool *pool;
    struct conn *conn;
    bool loan;
    int64_t deadline;                   /* 0: none was set; each statement then has DB_DEFAULT_MS */
    int depth;                          /* of nested transactions */
    bool failed;                        /* only rollback is accepted until depth is 0 */
    bool repeatable;                    /* the last failure left nothing behind and may go away: run it again */
    bool broken;                        /* the last failure was the connection, not the statement */
};

enum { DB_DEFAULT_MS = 30000, DB_ROLLBACK_MS = 1000 };

/* sqlstate.c */
struct sqlstate_rule {
    const char *prefix;                 /* of the SQLSTATE; "" matches all */
    enum problem problem;
    bool repeat;                        /* db_transaction runs the transaction again */
    bool close;                         /* the connection must not be used again */
};
const struct sqlstate_rule *sqlstate_rule(const char *sqlstate);
/* Fills `e` from a failed result. Only the primary message: details may hold values of rows. */
const struct sqlstate_rule *sqlstate_error(const PGresult *r, const char *what, struct err *e);

/* conn.c */
struct conn *conn_open(struct db_pool *p, int64_t deadline, struct err *e);
void conn_close(struct conn *c);                        /* NULL is allowed */
bool conn_alive(struct conn *c);                        /* idle and not closed by the server, as far as one can see without asking */
bool conn_has(const struct conn *c, const void *def);
void conn_remember(struct conn *c, const void *def);
int64_t db_limit(const struct db *d);                   /* the deadline of the next statement */
MUST_CHECK bool db_ready(struct db *d, struct err *e);  /* d->conn is usable, or says why not */
void db_drop(struct db *d);                             /* closes d->conn; a loan stays */
void db_count(int64_t *counter);
/* Sends nothing itself: waits for the results of what was sent (sent == 0: sending failed), returns the last one or the
 * first failed one. On failure the result is freed. */
MUST_CHECK bool db_results(struct db *d, int sent, const char *what, int64_t limit, PGresult **ret_result, struct err *e);
/* Statements of db/ itself; parameters and results as text. With n == 0 `sql` may hold several statements. */
MUST_CHECK bool db_sql(struct db *d, const char *sql, int n, const char *const *values, PGresult **ret_result /* NULL is allowed */, struct err *e);
/* The rules for a statement outside and inside transactions: refuses after a failure, gets a connection. */
MUST_CHECK bool db_enter(struct db *d, struct err *e);

#endif
