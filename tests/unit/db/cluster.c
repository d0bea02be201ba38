#include "cluster.h"

#include <stdlib.h>
#include <unistd.h>

#include "db/conn.h"

static void shell(const char *command)
{
    if (system(command) != 0) {
        fprintf(stderr, "failed: %s\n", command);
        abort();
    }
}

static const char *source_dir(void)
{
    const char *s = getenv("srcdir");
    return s ? s : ".";
}

int cluster_start(void **state)
{
    struct cluster *c = calloc(1, sizeof *c);
    char command[512];

    assert_non_null(c);
    snprintf(c->dir, sizeof c->dir, "/tmp/souk-pgu.%d", (int)getpid());
    snprintf(c->conninfo, sizeof c->conninfo, "host=%s user=postgres dbname=postgres", c->dir);
    snprintf(command, sizeof command, "bash -c '. %s/tests/lib/pg.sh && pg_start %s'", source_dir(), c->dir);
    shell(command);
    *state = c;
    return 0;
}

void cluster_restart(const struct cluster *c, const char *mode)
{
    char command[1024];
    snprintf(command, sizeof command,
             "bash -c '. %s/tests/lib/pg.sh && pg_bin && pg_as true && PG_DIR=%s && "
             "cd / && pg_as \"$PG_BIN/pg_ctl\" -D %s/data -m %s -w -l %s/server.log restart >/dev/null'",
             source_dir(), c->dir, c->dir, mode, c->dir);
    shell(command);
}

int cluster_stop(void **state)
{
    struct cluster *c = *state;
    char command[512];
    snprintf(command, sizeof command, "bash -c '. %s/tests/lib/pg.sh && pg_bin && pg_as true && PG_DIR=%s && pg_stop'", source_dir(), c->dir);
    shell(command);
    free(c);
    return 0;
}

struct db *cluster_db(const struct cluster *c, int lend, struct db_counters *counters)
{
    struct db_settings s = {.conninfo = c->conninfo, .connect_ms = 2000, .idle_s = 1, .lend = lend, .application = "unit"};
    return db_new(db_pool_new(&s, counters));
}

void cluster_db_close(struct db *d)
{
    struct db_pool *p = d->pool;
    db_destroy(d);
    db_pool_destroy(p);
}

void within(struct db *d, int ms)
{
    db_deadline(d, clock_monotonic() + ms * USEC_PER_MS);
}

bool run_sql(struct db *d, const char *sql, struct err *e)
{
    struct q_def q = {.name = "", .sql = sql, .kind = Q_EXEC, .write = true};
    struct arena *a = arena_new();
    memset(e, 0, sizeof *e);
    bool good = q_exec(d, a, &q, NULL, NULL, e);
    if (d->conn) {
        d->conn->n_prepared = d->conn->cap_prepared = 0;      /* q is on the stack: forget it */
        free(d->conn->prepared);
        d->conn->prepared = NULL;
    }
    arena_destroy(a);
    return good;
}

int64_t ask(struct db *d, const char *sql)
{
    struct err e = {0};
    PGresult *r;
    int64_t v = -1;
    if (!db_sql(d, sql, 0, NULL, &r, &e)) {
        fail_msg("%s: %s %s", sql, e.detail, e.cause);
    }
    assert_int_equal(PQntuples(r), 1);
    assert_true(str_to_int64(str_from(PQgetvalue(r, 0, 0)), &v));
    PQclear(r);
    return v;
}
