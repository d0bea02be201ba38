#include "db/conn.h"

#include <errno.h>
#include <sys/random.h>

void db_count(int64_t *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

/* --- pool ------------------------------------------------------------------------------------------------------------- */

static char *copy(const char *s)
{
    char *r = s ? strdup(s) : NULL;
    BUG_IF(s && !r);
    return r;
}

struct db_pool *db_pool_new(const struct db_settings *s, struct db_counters *counters)
{
    struct db_pool *p = calloc(1, sizeof *p);
    pthread_condattr_t attr;

    BUG_IF(!p);
    p->settings = *s;
    p->settings.conninfo = copy(s->conninfo ? s->conninfo : "");
    p->settings.user = copy(s->user);
    p->settings.database = copy(s->database);
    p->settings.application = copy(s->application);
    p->settings.connect_ms = s->connect_ms > 0 ? s->connect_ms : 2000;
    p->settings.idle_s = s->idle_s > 0 ? s->idle_s : 60;
    p->counters = counters ? counters : &p->own_counters;
    pthread_mutex_init(&p->mutex, NULL);
    pthread_mutex_init(&p->gathering, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&p->given_back, &attr);
    pthread_condattr_destroy(&attr);
    return p;
}

void db_pool_destroy(struct db_pool *p)
{
    if (!p) {
        return;
    }
    while (p->idle) {
        struct conn *c = p->idle;
        p->idle = c->next;
        conn_close(c);
    }
    pthread_cond_destroy(&p->given_back);
    pthread_mutex_destroy(&p->mutex);
    pthread_mutex_destroy(&p->gathering);
    free((char *)p->settings.conninfo);
    free((char *)p->settings.user);
    free((char *)p->settings.database);
    free((char *)p->settings.application);
    free(p);
}

/* Waits for one of the pool's connections. *ret_conn is NULL when the caller has to open it. */
static bool borrow(struct db_pool *p, int64_t limit, struct conn **ret_conn)
{
    struct timespec until = {.tv_sec = limit / USEC_PER_SEC, .tv_nsec = limit % USEC_PER_SEC * 1000};
    bool got = true;

    pthread_mutex_lock(&p->mutex);
    if (p->lent >= p->settings.lend) {
        db_count(&p->counters->waits);
    }
    while (got && p->lent >= p->settings.lend) {
        got = pthread_cond_timedwait(&p->given_back, &p->mutex, &until) != ETIMEDOUT || p->lent < p->settings.lend;
    }
    if (got) {
        p->lent++;
        *ret_conn = p->idle;
        p->idle = p->idle ? p->idle->next : NULL;
    }
    pthread_mutex_unlock(&p->mutex);
    return got;
}

static void give_back(struct db_pool *p, struct conn *c)
{
    pthread_mutex_lock(&p->mutex);
    p->lent--;
    if (c) {
        c->next = p->idle;
        p->idle = c;
    }
    pthread_cond_signal(&p->given_back);
    pthread_mutex_unlock(&p->mutex);
}

/* --- one thread's handle ------------------------------------------------------------------------------------------------- */

struct db *db_new(struct db_pool *p)
{
    struct db *d = calloc(1, sizeof *d);
    BUG_IF(!d);
    d->pool = p;
    return d;
}

void db_drop(struct db *d)
{
    conn_close(d->conn);
    d->conn = NULL;
}

void db_destroy(struct db *d)
{
    if (d) {
        if (d->depth > 0) {
            db_drop(d);
            d->depth = 0;
        }
        if (d->conn) {
            d->conn->locks = 0;                 /* they end with the connection, which ends here */
        }
        db_drop(d);
        if (d->loan) {
            give_back(d->pool, NULL);
        }
        free(d);
    }
}

void db_deadline(struct db *d, int64_t monotonic_us)
{
    d->deadline = monotonic_us;
}

int64_t db_limit(const struct db *d)
{
    return d->deadline ? d->deadline : clock_monotonic() + DB_DEFAULT_MS * USEC_PER_MS;
}

bool db_ready(struct db *d, struct err *e)
{
    int64_t limit = db_limit(d);

    if (d->depth > 0 && d->conn) {
        return true;
    }
    if (d->pool->settings.lend > 0 && !d->loan) {
        if (!borrow(d->pool, limit, &d->conn)) {
            (void)err_set(e, PROBLEM_UNAVAILABLE, "%s", problem_info(PROBLEM_UNAVAILABLE)->title);
            return err_cause(e, "all %d database connections are in use", d->pool->settings.lend);
        }
        d->loan = true;
    }
    if (d->conn && !conn_alive(d->conn)) {
        db_drop(d);
    }
    if (!d->conn) {
        d->conn = conn_open(d->pool, limit, e);
    }
    return d->conn != NULL;
}

void db_release(struct db *d)
{
    if (d->depth > 0) {
        d->depth = 1;
        db_rollback(d);
    }
    if (d->conn && d->conn->locks == 0 && (d->conn->spoiled || PQtransactionStatus(d->conn->pg) != PQTRANS_IDLE)) {
        db_drop(d);
    }
    if (d->loan && !(d->conn && d->conn->locks > 0)) {
        give_back(d->pool, d->conn);
        d->conn = NULL;
        d->loan = false;
    }
    d->deadline = 0;
}

static bool idled(const struct conn *c, const struct db_pool *p)
{
    return c->locks == 0 && clock_monotonic() - c->last_used >= p->settings.idle_s * USEC_PER_SEC;
}

void db_close_idle(struct db *d)
{
    struct conn **at, *closing = NULL;

    if (d->conn && d->depth == 0 && idled(d->conn, d->pool)) {
        db_drop(d);
    }
    pthread_mutex_lock(&d->pool->mutex);
    for (at = &d->pool->idle; *at;) {
        struct conn *c = *at;
        if (idled(c, d->pool)) {
            *at = c->next;
            c->next = closing;
            closing = c;
        } else {
            at = &c->next;
        }
    }
    pthread_mutex_unlock(&d->pool->mutex);
    while (closing) {
        struct conn *c = closing;
        closing = c->next;
        conn_close(c);
    }
}

/* --- statements of db/ itself ----------------------------------------------------------------------------------------------- */

bool db_enter(struct db *d, struct err *e)
{
    if (d->failed) {
        return err_cause(e, "the transaction was rolled back: only db_rollback is accepted");
    }
    if (d->depth > 0 && !d->conn) {
        (void)err_set(e, PROBLEM_UNAVAILABLE, "%s", problem_info(PROBLEM_UNAVAILABLE)->title);
        return err_cause(e, "the connection broke in the middle of the transaction");
    }
    return db_ready(d, e);
}

bool db_sql(struct db *d, const char *sql, int n, const char *const *values, PGresult **ret_result, struct err *e)
{
    PGresult *r = NULL;
    int sent;

    if (!db_enter(d, e)) {
        return false;
    }
    sent = n == 0 ? PQsendQuery(d->conn->pg, sql) : PQsendQueryParams(d->conn->pg, sql, n, NULL, values, NULL, NULL, 0);
    if (!db_results(d, sent, "statement", db_limit(d), &r, e)) {
        return false;
    }
    if (ret_result) {
        *ret_result = r;
    } else {
        PQclear(r);
    }
    return true;
}

/* --- transactions ---------------------------------------------------------------------------------------------------------------- */

bool db_begin(struct db *d, struct err *e)
{
    if (d->depth == 0) {
        d->failed = false;
        if (!db_sql(d, "BEGIN", 0, NULL, NULL, e)) {
            if (!d->broken || !d->repeatable) {
                return false;
            }
            err_clear(e);                        /* the server had closed the connection: nothing has happened yet */
            if (!db_sql(d, "BEGIN", 0, NULL, NULL, e)) {
                return false;
            }
        }
    } else if (d->failed) {
        return err_cause(e, "begin inside a transaction that was rolled back");
    }
    d->depth++;
    return true;
}

bool db_commit(struct db *d, struct err *e)
{
    PGresult *r = NULL;
    bool committed;

    BUG_IF(d->depth == 0);
    if (d->failed) {
        return err_cause(e, "commit of a transaction that was rolled back");
    }
    if (d->depth > 1) {
        d->depth--;
        return true;
    }
    if (!db_enter(d, e)) {                       /* the connection is gone already: nothing was committed */
        d->depth = 0;
        return false;
    }
    d->depth = 0;
    if (!db_results(d, PQsendQuery(d->conn->pg, "COMMIT"), "commit", db_limit(d), &r, e)) {
        if (d->broken) {
            (void)err_set(e, PROBLEM_COMMIT_UNKNOWN, "%s", problem_info(PROBLEM_COMMIT_UNKNOWN)->title);
            d->repeatable = false;
        }
        return false;
    }
    committed = strcmp(PQcmdStatus(r), "COMMIT") == 0;
    PQclear(r);
    return committed || err_cause(e, "commit of a transaction in which a statement had failed");
}

void db_rollback(struct db *d)
{
    struct err ignored = {0};
    PGresult *r = NULL;
    bool repeatable = d->repeatable, broken = d->broken;

    BUG_IF(d->depth == 0);
    d->failed = true;
    if (--d->depth > 0) {
        return;
    }
    d->failed = false;
    if (d->conn) {
        int64_t least = clock_monotonic() + DB_ROLLBACK_MS * USEC_PER_MS, limit = db_limit(d);
        if (db_results(d, PQsendQuery(d->conn->pg, "ROLLBACK"), "rollback", limit > least ? limit : least, &r, &ignored)) {
            PQclear(r);
        } else {
            db_drop(d);
        }
    }
    d->repeatable = repeatable;                  /* of what failed before, which db_transaction asks */
    d->broken = broken;
}

bool db_in_transaction(const struct db *d)
{
    return d->depth > 0;
}

/* 5 to 25 ms times the attempt, never beyond the deadline. */
static bool pause_jitter(struct db *d, int attempt)
{
    uint32_t random = 0;
    int64_t us;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
        random = 7919;
    }
    us = attempt * (5 * USEC_PER_MS + random % (20 * USEC_PER_MS));
    if (clock_monotonic() + us >= db_limit(d)) {
        return false;
    }
    nanosleep(&(struct timespec){.tv_sec = us / USEC_PER_SEC, .tv_nsec = us % USEC_PER_SEC * 1000}, NULL);
    return true;
}

static bool run_once(struct db *d, bool (*body)(struct db *d, void *arg, struct err *e), void *arg, struct err *e)
{
    d->repeatable = false;
    if (!db_begin(d, e)) {
        return false;
    }
    if (!body(d, arg, e)) {
        bool repeatable = d->repeatable;
        db_rollback(d);
        d->repeatable = repeatable;
        return false;
    }
    return db_commit(d, e);
}

bool db_transaction(struct db *d, bool (*body)(struct db *d, void *arg, struct err *e), void *arg, struct err *e)
{
    bool outermost = d->depth == 0;

    for (int attempt = 1;; attempt++) {
        if (run_once(d, body, arg, e)) {
            return true;
        }
        if (!outermost || !d->repeatable || e->problem != PROBLEM_UNAVAILABLE || attempt == 3 || !pause_jitter(d, attempt)) {
            return false;
        }
        err_clear(e);
    }
}

/* --- session locks ------------------------------------------------------------------------------------------------------------------- */

static bool lock_call(struct db *d, const char *sql, int64_t key, bool *ret_true, struct err *e)
{
    char text[24];
    const char *values[] = {text};
    PGresult *r;

    snprintf(text, sizeof text, "%lld", (long long)key);
    if (!db_sql(d, sql, 1, values, &r, e)) {
        return false;
    }
    *ret_true = PQgetvalue(r, 0, 0)[0] == 't';
    PQclear(r);
    return true;
}

bool db_try_lock(struct db *d, int64_t key, bool *ret_got, struct err *e)
{
    bool got;
    if (!lock_call(d, "SELECT pg_try_advisory_lock($1::bigint)", key, &got, e)) {
        return false;
    }
    d->conn->locks += got;
    *ret_got = got;
    return true;
}

bool db_unlock(struct db *d, int64_t key, struct err *e)
{
    bool had;
    if (!d->conn || d->conn->locks == 0) {
        return true;                             /* it went with its connection */
    }
    if (!lock_call(d, "SELECT pg_advisory_unlock($1::bigint)", key, &had, e)) {
        return false;
    }
    if (d->conn && had) {
        d->conn->locks--;
    }
    return true;
}

bool db_has_lock(const struct db *d)
{
    return d->conn && d->conn->locks > 0;
}
