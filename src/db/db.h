/* PostgreSQL for one thread: connection, transactions, generated queries. The only folder that includes libpq.
 *
 * A `struct db` belongs to one thread. It connects on first use, closes after config.db_idle_s, and prepares each
 * query on its first use on a connection. Every wait is bounded by the deadline; a connection that timed out is
 * cancelled and closed, never used again. Outside a transaction a query that fails because the connection broke is
 * repeated once when it only reads. A COMMIT whose outcome is unknown fails with PROBLEM_COMMIT_UNKNOWN.
 *
 * SQLSTATE -> problem: one table in sqlstate.c (40001, 40P01, 55P03: PROBLEM_UNAVAILABLE, retried by db_transaction;
 * 57014: PROBLEM_TIMEOUT; 53xxx, 57P0x, 08xxx: PROBLEM_UNAVAILABLE; everything else: PROBLEM_INTERNAL with the cause).
 *
 * Only name resolution of a TCP host blocks without regard to the deadline: give addresses (hostaddr) or unix sockets. */
#ifndef SOUK_DB_DB_H
#define SOUK_DB_DB_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/str.h"

struct db;
struct db_pool;      /* what the threads of one process share: connection string, the number of connections lent at once */

struct db_settings {
    const char *conninfo;     /* libpq's; several hosts with target_session_attrs pass through */
    const char *user;         /* role to log in as ("souk_product"); NULL: what conninfo says */
    const char *database;     /* NULL: what conninfo says */
    int connect_ms;
    int idle_s;
    int lend;                 /* 0: each thread keeps its own connection; n: at most n connections, lent until db_release */
    const char *application;  /* application_name */
};

struct db_counters { int64_t round_trips, connects, failures, waits, gathered; };   /* added to with atomics */

/* The database that a connection string names (as libpq would find it). */
MUST_CHECK bool db_conninfo_database(struct arena *a, const char *conninfo, const char **ret_database, struct err *e);

struct db_pool *db_pool_new(const struct db_settings *s, struct db_counters *counters /* may be NULL */);
void db_pool_destroy(struct db_pool *p);
struct db *db_new(struct db_pool *p);
void db_destroy(struct db *d);

void db_deadline(struct db *d, int64_t monotonic_us);      /* for all that follows */
void db_release(struct db *d);                             /* end of a request: rolls back what is open, gives the loan back */
void db_close_idle(struct db *d);                          /* closes the connection when it idled long enough */

/* Transactions nest: only the outermost pair talks to the server. After db_rollback at any depth, only
 * db_rollback is accepted until the outermost level is reached. */
MUST_CHECK bool db_begin(struct db *d, struct err *e);
MUST_CHECK bool db_commit(struct db *d, struct err *e);
void db_rollback(struct db *d);
bool db_in_transaction(const struct db *d);

/* Runs `body` in a transaction, and again (at most 3 times in all, with jitter) after a serialization failure, a deadlock,
 * a lock timeout or a connection that broke before COMMIT was sent. So `body` does nothing but talk to `d` and write to
 * `arg`, and what it writes must survive being written twice. Inside a transaction it is just `body` and the outer one repeats. */
MUST_CHECK bool db_transaction(struct db *d, bool (*body)(struct db *d, void *arg, struct err *e), void *arg, struct err *e);

/* Session advisory lock for singletons; held until the connection ends or db_unlock. */
MUST_CHECK bool db_try_lock(struct db *d, int64_t key, bool *ret_got, struct err *e);
MUST_CHECK bool db_unlock(struct db *d, int64_t key, struct err *e);
/* False as soon as a lost connection was noticed: a singleton asks again after every piece of work done over `d`. */
bool db_has_lock(const struct db *d);

/* The newest migration that the database has. Fails with PROBLEM_UNAVAILABLE when this binary cannot work on it: it
 * expects a newer one, or a contracting migration needs a newer binary. For the start of a process and for readyz. */
/* How many connections the role of this one may have at once, over all databases of the server. */
MUST_CHECK bool db_connections_allowed(struct db *d, int *ret_limit, struct err *e);
MUST_CHECK bool db_schema_version(struct db *d, int *ret_version, struct err *e);

#endif
