#include "db/conn.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { CANCEL_STACK = 256 << 10 };

static void no_notices(void *arg, const char *message)
{
    (void)arg, (void)message;
}

/* Waits until the descriptor is ready. 1: ready, 0: the time is over, -1: failed. */
static int wait_fd(int fd, short events, int64_t limit)
{
    for (;;) {
        int64_t left = limit - clock_monotonic();
        struct pollfd p = {.fd = fd, .events = events};
        if (fd < 0) {
            return -1;
        }
        if (left <= 0) {
            return 0;
        }
        int n = poll(&p, 1, left > INT64_C(3600000000) ? 3600000 : (int)((left + 999) / 1000));
        if (n > 0) {
            return 1;
        }
        if (n < 0 && errno != EINTR) {
            return -1;
        }
    }
}

static PGconn *start(const struct db_settings *s)
{
    /* What stands behind the first dbname (the connection string) overrides it, what stands before it is only a default. */
    const char *names[10] = {"tcp_user_timeout", "keepalives_idle", "dbname", "client_encoding", "application_name"};
    const char *values[10] = {"10000", "30", s->conninfo, "UTF8", s->application ? s->application : "souk"};
    size_t n = 5;
    if (s->user) {
        names[n] = "user";
        values[n++] = s->user;
    }
    if (s->database) {
        names[n] = "dbname";
        values[n++] = s->database;
    }
    return PQconnectStartParams(names, values, 1);
}

static void say_unreachable(PGconn *pg, struct err *e, const char *why)
{
    struct str message = str_trim(str_from(why ? why : PQerrorMessage(pg)));
    (void)err_set(e, PROBLEM_UNAVAILABLE, "%s", problem_info(PROBLEM_UNAVAILABLE)->title);
    (void)err_cause(e, "no database connection: " STR_FMT, STR_ARG(message));
}

struct conn *conn_open(struct db_pool *p, int64_t deadline, struct err *e)
{
    int64_t limit = clock_monotonic() + (int64_t)p->settings.connect_ms * USEC_PER_MS;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    struct conn *c;
    PGconn *pg = start(&p->settings);

    limit = deadline < limit ? deadline : limit;
    db_count(&p->counters->connects);
    if (!pg) {
        souk_bug(__FILE__, __LINE__, "out of memory");
    }
    if (PQstatus(pg) == CONNECTION_BAD) {
        state = PGRES_POLLING_FAILED;
    }
    while (state != PGRES_POLLING_OK) {
        int n = state == PGRES_POLLING_FAILED ? -1 : wait_fd(PQsocket(pg), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, limit);
        if (n <= 0) {
            say_unreachable(pg, e, n == 0 ? "no answer in time" : NULL);
            db_count(&p->counters->failures);
            PQfinish(pg);
            return NULL;
        }
        state = PQconnectPoll(pg);
    }
    PQsetNoticeProcessor(pg, no_notices, NULL);
    PQsetnonblocking(pg, 1);
    c = calloc(1, sizeof *c);
    BUG_IF(!c);
    c->pg = pg;
    c->last_used = clock_monotonic();
    return c;
}

void conn_close(struct conn *c)
{
    if (c) {
        PQfinish(c->pg);
        free(c->prepared);
        free(c);
    }
}

bool conn_alive(struct conn *c)
{
    struct pollfd p = {.fd = PQsocket(c->pg), .events = POLLIN};

    if (c->spoiled || PQstatus(c->pg) != CONNECTION_OK || PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
        return false;
    }
    if (poll(&p, 1, 0) <= 0) {
        return true;
    }
    /* Something came while nobody asked: a changed setting or a notice is harmless, a good-bye is not. */
    return !(p.revents & (POLLHUP | POLLERR)) && PQconsumeInput(c->pg) == 1 && PQstatus(c->pg) == CONNECTION_OK && !PQisBusy(c->pg);
}

/* --- prepared statements: which definitions this connection knows ----------------------------------------------------- */

static size_t slot_of(const struct conn *c, const void *def)
{
    size_t i = ((uintptr_t)def >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20;
    for (i &= c->cap_prepared - 1; c->prepared[i] && c->prepared[i] != def; i = (i + 1) & (c->cap_prepared - 1)) {
    }
    return i;
}

bool conn_has(const struct conn *c, const void *def)
{
    return c->cap_prepared > 0 && c->prepared[slot_of(c, def)] == def;
}

void conn_remember(struct conn *c, const void *def)
{
    if (2 * (c->n_prepared + 1) > c->cap_prepared) {
        struct conn grown = {.cap_prepared = c->cap_prepared ? 2 * c->cap_prepared : 64};
        grown.prepared = calloc(grown.cap_prepared, sizeof *grown.prepared);
        BUG_IF(!grown.prepared);
        for (size_t i = 0; i < c->cap_prepared; i++) {
            if (c->prepared[i]) {
                grown.prepared[slot_of(&grown, c->prepared[i])] = c->prepared[i];
            }
        }
        free(c->prepared);
        c->prepared = grown.prepared;
        c->cap_prepared = grown.cap_prepared;
    }
    c->prepared[slot_of(c, def)] = def;
    c->n_prepared++;
}

/* --- waiting for results ------------------------------------------------------------------------------------------------ */

static void *cancel_thread(void *cancel)
{
    char why[256];
    PQcancel(cancel, why, sizeof why);
    PQfreeCancel(cancel);
    return NULL;
}

/* Asks the server to stop what we no longer wait for. PQcancel blocks as long as a dead host or a stopped postmaster lets it (over
 * a unix socket too: measured, a pool hung for as long as the server did), so a thread of its own does it. The role's
 * statement_timeout stands behind this. */
static void cancel(PGconn *pg)
{
    PGcancel *request = PQgetCancel(pg);
    pthread_attr_t attr;
    pthread_t thread;

    if (!request) {
        return;
    }
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attr, CANCEL_STACK);
    if (pthread_create(&thread, &attr, cancel_thread, request) != 0) {
        PQfreeCancel(request);
    }
    pthread_attr_destroy(&attr);
}

static bool lost(struct db *d, const char *what, struct err *e)
{
    struct str message = str_trim(str_from(d->conn ? PQerrorMessage(d->conn->pg) : "no connection"));
    (void)err_set(e, PROBLEM_UNAVAILABLE, "%s", problem_info(PROBLEM_UNAVAILABLE)->title);
    (void)err_cause(e, "%s: " STR_FMT, what, STR_ARG(message));
    db_count(&d->pool->counters->failures);
    db_drop(d);
    d->repeatable = d->broken = true;
    return false;
}

static bool too_late(struct db *d, const char *what, struct err *e)
{
    (void)err_set(e, PROBLEM_TIMEOUT, "%s", problem_info(PROBLEM_TIMEOUT)->title);
    (void)err_cause(e, "%s: the database did not answer before the deadline", what);
    db_count(&d->pool->counters->failures);
    cancel(d->conn->pg);
    db_drop(d);
    d->broken = true;
    return false;
}

/* Sends what is buffered and reads until a whole result is there. 1: done, 0: too late, -1: broken. */
static int pump(PGconn *pg, int64_t limit)
{
    for (int unsent = 1; unsent != 0;) {
        unsent = PQflush(pg);
        if (unsent < 0) {
            return -1;
        }
        if (unsent > 0) {
            int n = wait_fd(PQsocket(pg), POLLIN | POLLOUT, limit);
            if (n <= 0 || PQconsumeInput(pg) != 1) {
                return n == 0 ? 0 : -1;
            }
        }
    }
    while (PQisBusy(pg)) {
        int n = wait_fd(PQsocket(pg), POLLIN, limit);
        if (n <= 0) {
            return n;
        }
        if (PQconsumeInput(pg) != 1) {
            return -1;
        }
    }
    return 1;
}

static bool result_good(const PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY;
}

bool db_results(struct db *d, int sent, const char *what, int64_t limit, PGresult **ret_result, struct err *e)
{
    PGresult *keep = NULL, *r;
    PGconn *pg = d->conn->pg;

    d->repeatable = d->broken = false;
    db_count(&d->pool->counters->round_trips);
    for (;;) {
        int n = sent ? pump(pg, limit) : -1;
        if (n <= 0) {
            PQclear(keep);
            return n == 0 ? too_late(d, what, e) : lost(d, what, e);
        }
        r = PQgetResult(pg);
        if (!r) {
            break;
        }
        if (!keep || result_good(keep)) {
            PQclear(keep);
            keep = r;
        } else {
            PQclear(r);
        }
    }
    if (!keep || PQstatus(pg) != CONNECTION_OK) {
        if (keep && !result_good(keep)) {          /* the server said good-bye: its words say why */
            (void)sqlstate_error(keep, what, e);
        }
        PQclear(keep);
        if (e->problem == PROBLEM_NONE) {
            return lost(d, what, e);
        }
        db_count(&d->pool->counters->failures);
        db_drop(d);
        d->repeatable = d->broken = true;
        return false;
    }
    d->conn->last_used = clock_monotonic();
    if (!result_good(keep)) {
        const struct sqlstate_rule *rule = sqlstate_error(keep, what, e);
        d->repeatable = rule->repeat;
        d->conn->spoiled |= rule->close;
        PQclear(keep);
        return false;
    }
    *ret_result = keep;
    return true;
}

bool db_conninfo_database(struct arena *a, const char *conninfo, const char **ret_database, struct err *e)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &why);
    const char *name = NULL;

    if (!options) {
        (void)err_set(e, PROBLEM_INVALID, "a connection string cannot be read: %s", why ? why : "out of memory");
        PQfreemem(why);
        return false;
    }
    for (PQconninfoOption *o = options; o->keyword; o++) {
        if (strcmp(o->keyword, "dbname") == 0 && o->val) {
            name = arena_strdup(a, o->val);
        }
    }
    PQconninfoFree(options);
    if (!name) {
        return err_set(e, PROBLEM_INVALID, "a connection string names no database (dbname=...)");
    }
    *ret_database = name;
    return true;
}
