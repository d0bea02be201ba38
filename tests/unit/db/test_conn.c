/* One connection: made, waited for, given up, and what it remembers. */
#include "cluster.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "db/conn.h"

static void deadline_cancels_and_closes(void **state)
{
    struct db_counters counters = {0};
    struct db *d = cluster_db(*state, 0, &counters), *other = cluster_db(*state, 0, NULL);
    struct err e;
    int64_t began = clock_monotonic();

    within(d, 150);
    assert_false(run_sql(d, "SELECT pg_sleep(20)", &e));
    assert_int_equal(e.problem, PROBLEM_TIMEOUT);
    assert_true(clock_monotonic() - began < 2 * USEC_PER_SEC);
    assert_null(d->conn);
    for (int i = 0; ask(other, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)' AND state = 'active'") > 0; i++) {
        assert_true(i < 100);
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    within(d, 2000);
    assert_true(run_sql(d, "SELECT 1", &e));
    assert_int_equal(counters.connects, 2);
    assert_int_equal(counters.failures, 1);
    cluster_db_close(d);
    cluster_db_close(other);
}

static void server_restart_and_absence(void **state)
{
    struct cluster gone = {.conninfo = "host=/nonexistent dbname=x"};
    struct db *d = cluster_db(*state, 0, NULL), *nowhere = cluster_db(&gone, 0, NULL);
    struct err e;

    assert_true(run_sql(d, "SELECT 1", &e));
    cluster_restart(*state, "fast");
    assert_true(run_sql(d, "SELECT 1", &e));
    assert_false(run_sql(nowhere, "SELECT 1", &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    cluster_db_close(d);
    cluster_db_close(nowhere);
}

static void conninfo_names_a_database(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct err e = {0};
    const char *name;
    assert_true(db_conninfo_database(a, "host=a,b dbname=souk target_session_attrs=read-write", &name, &e));
    assert_string_equal(name, "souk");
    assert_true(db_conninfo_database(a, "postgresql://h1,h2/shop?connect_timeout=2", &name, &e));
    assert_string_equal(name, "shop");
    assert_false(db_conninfo_database(a, "host=a", &name, &e));
    assert_false(db_conninfo_database(a, "nonsense=1", &name, &e));
    arena_destroy(a);
}

/* Why there is no connection: told to the log, not to the caller. */
static void nobody_there(void **state)
{
    const struct cluster *c = *state;
    struct db_counters counters = {0};
    char refused[256], unknown[256];
    snprintf(refused, sizeof refused, "host=%s user=nobody_of_that_name dbname=postgres", c->dir);
    snprintf(unknown, sizeof unknown, "host=%s user=postgres dbname=no_such_database", c->dir);
    const struct { const char *conninfo, *cause; } rows[] = {
        {"host=/nonexistent dbname=x", "No such file"}, {refused, "nobody_of_that_name"}, {unknown, "no_such_database"}, {"nonsense=1", "nonsense"},
        {"hostaddr=127.0.0.1 port=1 dbname=x user=y", "refused"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct db_settings s = {.conninfo = rows[i].conninfo, .connect_ms = 2000, .idle_s = 1};
        struct db_pool *p = db_pool_new(&s, &counters);
        struct err e = {0};
        assert_null(conn_open(p, clock_monotonic() + 2 * USEC_PER_SEC, &e));
        assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
        assert_string_equal(e.detail, problem_info(PROBLEM_UNAVAILABLE)->title);
        if (!strstr(e.cause, rows[i].cause)) {
            fail_msg("%s: %s", rows[i].conninfo, e.cause);
        }
        db_pool_destroy(p);
    }
    assert_int_equal(counters.connects, sizeof rows / sizeof *rows);
    assert_int_equal(counters.failures, counters.connects);
}

/* A server that takes the connection and says nothing: the shorter of deadline and connect_ms ends it. */
static void a_silent_server(void **state)
{
    const struct cluster *c = *state;
    char dir[] = "/tmp/souk-silent-XXXXXX", conninfo[128];
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)c;
    assert_non_null(mkdtemp(dir));
    snprintf(un.sun_path, sizeof un.sun_path, "%s/.s.PGSQL.5432", dir);
    assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof un), 0);
    assert_int_equal(listen(fd, 5), 0);
    snprintf(conninfo, sizeof conninfo, "host=%s dbname=x user=y", dir);
    static const struct { int connect_ms, deadline_ms; } rows[] = {{150, 5000}, {5000, 150}, {150, -1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct db_settings s = {.conninfo = conninfo, .connect_ms = rows[i].connect_ms, .idle_s = 1};
        struct db_pool *p = db_pool_new(&s, NULL);
        struct err e = {0};
        int64_t began = clock_monotonic();
        assert_null(conn_open(p, began + rows[i].deadline_ms * USEC_PER_MS, &e));
        assert_true(clock_monotonic() - began < 2 * USEC_PER_SEC);
        assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
        assert_non_null(strstr(e.cause, "no answer in time"));
        db_pool_destroy(p);
    }
    close(fd);
    unlink(un.sun_path);
    rmdir(dir);
}

/* user and database of the settings win over the connection string; texts are UTF-8 whatever the environment says. */
static void settings_win(void **state)
{
    const struct cluster *c = *state;
    char conninfo[256];
    snprintf(conninfo, sizeof conninfo, "host=%s user=nobody_of_that_name dbname=no_such_database client_encoding=LATIN1", c->dir);
    struct db_settings s = {.conninfo = conninfo, .user = "postgres", .database = "template1", .connect_ms = 2000, .idle_s = 1, .application = "unit conn"};
    struct db_pool *p = db_pool_new(&s, NULL);
    struct db *d = db_new(p);
    assert_int_equal(ask(d, "SELECT (current_user = 'postgres' AND current_database() = 'template1' AND current_setting('application_name') = 'unit conn')::int"), 1);
    db_destroy(d);
    db_pool_destroy(p);
}

static void remembers_what_it_prepared(void **state)
{
    enum { N = 1000 };
    struct conn c = {0};
    char *defs = calloc(N, 64);
    (void)state;
    assert_false(conn_has(&c, defs));
    for (size_t i = 0; i < N; i++) {
        assert_false(conn_has(&c, defs + 64 * i));
        conn_remember(&c, defs + 64 * i);
        assert_true(conn_has(&c, defs + 64 * i));
    }
    for (size_t i = 0; i < N; i++) {
        assert_true(conn_has(&c, defs + 64 * i));
        assert_false(conn_has(&c, defs + 64 * i + 16));
    }
    assert_int_equal(c.n_prepared, N);
    assert_true(c.cap_prepared >= 2 * N && (c.cap_prepared & (c.cap_prepared - 1)) == 0);
    free(c.prepared);
    free(defs);
    conn_close(NULL);
}

/* What one can see of a connection without asking it. */
static void alive_or_not(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL), *other = cluster_db(*state, 0, NULL);
    struct err e = {0};
    char sql[96];
    int64_t pid = ask(d, "SELECT pg_backend_pid()");
    assert_true(conn_alive(d->conn));
    d->conn->spoiled = true;
    assert_false(conn_alive(d->conn));
    d->conn->spoiled = false;
    assert_true(db_begin(d, &e) && run_sql(d, "SELECT 1", &e));
    assert_false(conn_alive(d->conn));                       /* in a transaction it is nobody else's */
    db_rollback(d);
    assert_true(conn_alive(d->conn));
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld, 2000)::int", (long long)pid);
    assert_int_equal(ask(other, sql), 1);
    for (int i = 0; i < 200 && conn_alive(d->conn); i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_false(conn_alive(d->conn));
    cluster_db_close(d);
    cluster_db_close(other);
}

/* Of several statements the first failure counts, and the connection is good afterwards. */
static void the_first_failure_counts(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct err e = {0};
    PGresult *r;
    within(d, 5000);
    assert_false(db_sql(d, "SELECT 1; SELECT 1 / 0; SELECT nothing_like_this", 0, NULL, &r, &e));
    assert_int_equal(e.problem, PROBLEM_INTERNAL);
    assert_non_null(strstr(e.cause, "division by zero"));
    assert_int_equal(ask(d, "SELECT 7"), 7);
    memset(&e, 0, sizeof e);
    assert_true(db_sql(d, "SELECT 1; SELECT 2", 0, NULL, &r, &e));        /* the last result */
    assert_string_equal(PQgetvalue(r, 0, 0), "2");
    PQclear(r);
    assert_true(db_sql(d, "", 0, NULL, NULL, &e));
    cluster_db_close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadline_cancels_and_closes), cmocka_unit_test(server_restart_and_absence), cmocka_unit_test(conninfo_names_a_database),
        cmocka_unit_test(nobody_there), cmocka_unit_test(a_silent_server), cmocka_unit_test(settings_win), cmocka_unit_test(remembers_what_it_prepared),
        cmocka_unit_test(alive_or_not), cmocka_unit_test(the_first_failure_counts)};
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
