#include "cluster.h"

#include <pthread.h>

#include "db/conn.h"

static void kill_backend(struct db *other, int64_t pid)
{
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld, 2000)::int", (long long)pid);
    assert_int_equal(ask(other, sql), 1);
}

static void a_broken_connection_is_replaced(void **state)
{
    static const struct q_field v = {"v", Q_INT4, 0, 0};
    static const struct q_def pid = {.name = "pid", .sql = "SELECT pg_backend_pid()", .kind = Q_ONE, .n_out = 1, .out = &v, .row_size = 4};
    struct db *d = cluster_db(*state, 0, NULL), *other = cluster_db(*state, 0, NULL);
    struct arena *a = arena_new();
    int32_t first = 0, second = 0;
    struct err e = {0};

    assert_true(q_one(d, a, &pid, NULL, &first, &e));
    kill_backend(other, first);
    assert_true(q_one(d, a, &pid, NULL, &second, &e));
    assert_int_not_equal(first, second);
    kill_backend(other, second);
    assert_true(db_begin(d, &e));                           /* nothing has happened yet: a new connection will do */
    assert_true(q_one(d, a, &pid, NULL, &first, &e));
    kill_backend(other, first);
    assert_false(q_one(d, a, &pid, NULL, &second, &e));     /* but in the middle nothing is repeated */
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    db_rollback(d);
    memset(&e, 0, sizeof e);
    assert_true(q_one(d, a, &pid, NULL, &second, &e));
    arena_destroy(a);
    cluster_db_close(d);
    cluster_db_close(other);
}

static void transactions_nest(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct err e = {0};

    assert_true(run_sql(d, "CREATE TABLE nest (v int)", &e));
    assert_true(db_begin(d, &e) && db_begin(d, &e));
    assert_true(run_sql(d, "INSERT INTO nest VALUES (1)", &e));
    assert_true(db_commit(d, &e));
    assert_true(db_in_transaction(d));
    assert_true(db_commit(d, &e));
    assert_false(db_in_transaction(d));
    assert_int_equal(ask(d, "SELECT count(*) FROM nest"), 1);

    assert_true(db_begin(d, &e) && db_begin(d, &e));
    assert_true(run_sql(d, "INSERT INTO nest VALUES (2)", &e));
    db_rollback(d);
    assert_false(run_sql(d, "INSERT INTO nest VALUES (3)", &e));
    assert_int_equal(e.problem, PROBLEM_INTERNAL);
    assert_false(db_begin(d, &e));
    assert_false(db_commit(d, &e));
    db_rollback(d);
    assert_int_equal(ask(d, "SELECT count(*) FROM nest"), 1);

    assert_true(db_begin(d, &(struct err){0}));
    assert_false(run_sql(d, "INSERT INTO nest VALUES (1/0)", &e));
    memset(&e, 0, sizeof e);
    assert_false(db_commit(d, &e));                         /* the server rolled back: that is no commit */
    assert_int_equal(e.problem, PROBLEM_INTERNAL);
    assert_true(db_begin(d, &e) && run_sql(d, "INSERT INTO nest VALUES (4)", &e));
    db_release(d);                                          /* an open transaction ends with the request */
    assert_false(db_in_transaction(d));
    assert_int_equal(ask(d, "SELECT count(*) FROM nest"), 1);
    cluster_db_close(d);
}

struct tries { int n, until; const char *state; };

static bool fail_at_first(struct db *d, void *arg, struct err *e)
{
    struct tries *t = arg;
    char sql[128];
    struct err inner;
    if (++t->n >= t->until) {
        return true;
    }
    snprintf(sql, sizeof sql, "DO $x$BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '%s'; END$x$", t->state);
    if (!run_sql(d, sql, &inner)) {
        *e = inner;
        return false;
    }
    return true;
}

static void transactions_repeat_what_may_go_away(void **state)
{
    static const struct { struct tries t; bool good; int tries; } cases[] = {
        {{0, 2, "40001"}, true, 2}, {{0, 3, "40P01"}, true, 3}, {{0, 9, "55P03"}, false, 3}, {{0, 2, "23505"}, false, 1}, {{0, 1, ""}, true, 1},
    };
    struct db *d = cluster_db(*state, 0, NULL);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tries t = cases[i].t;
        struct err e = {0};
        assert_int_equal(db_transaction(d, fail_at_first, &t, &e), cases[i].good);
        assert_int_equal(t.n, cases[i].tries);
        assert_int_equal(e.problem == PROBLEM_NONE, cases[i].good);
        assert_false(db_in_transaction(d));
    }
    struct tries t = {0, 9, "40001"};
    struct err e = {0};
    within(d, 1);
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    assert_false(db_transaction(d, fail_at_first, &t, &e));  /* never beyond the deadline */
    assert_true(t.n <= 1);
    cluster_db_close(d);
}

static bool insert_slow(struct db *d, void *arg, struct err *e)
{
    (void)arg;
    return run_sql(d, "INSERT INTO slow VALUES (1)", e);
}

struct killer { struct db *d; int64_t pid; };

static void *kill_later(void *arg)
{
    struct killer *k = arg;
    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
    kill_backend(k->d, k->pid);
    return NULL;
}

static void an_unknown_commit_says_so(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL), *other = cluster_db(*state, 0, NULL);
    struct err e = {0};

    assert_true(run_sql(d, "CREATE TABLE slow (v int)", &e));
    assert_true(run_sql(d, "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; END'", &e));
    assert_true(run_sql(d, "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()", &e));
    within(d, 300);
    assert_false(db_transaction(d, insert_slow, NULL, &e));
    assert_int_equal(e.problem, PROBLEM_COMMIT_UNKNOWN);
    assert_false(db_in_transaction(d));
    assert_null(d->conn);

    /* The server's process dies under the COMMIT: not known either, and not repeated. */
    pthread_t thread;
    struct killer killer = {.d = other};
    memset(&e, 0, sizeof e);
    within(d, 5000);
    killer.pid = ask(d, "SELECT pg_backend_pid()");
    assert_int_equal(pthread_create(&thread, NULL, kill_later, &killer), 0);
    assert_false(db_transaction(d, insert_slow, NULL, &e));
    assert_int_equal(e.problem, PROBLEM_COMMIT_UNKNOWN);
    pthread_join(thread, NULL);
    cluster_db_close(d);
    cluster_db_close(other);
}

static void lending_is_bounded(void **state)
{
    struct db_counters counters = {0};
    struct db *a = cluster_db(*state, 1, &counters), *b = db_new(a->pool);
    struct err e;
    int64_t pid = ask(a, "SELECT pg_backend_pid()");

    within(b, 100);
    assert_false(run_sql(b, "SELECT 1", &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_int_equal(counters.waits, 1);
    within(b, 2000);
    db_release(a);
    assert_int_equal(ask(b, "SELECT pg_backend_pid()"), pid);     /* the connection itself was lent */
    db_release(b);
    db_release(b);
    assert_int_equal(a->pool->lent, 0);
    assert_int_equal(counters.connects, 1);
    db_destroy(b);
    cluster_db_close(a);
}

static void idle_connections_close(void **state)
{
    struct db *own = cluster_db(*state, 0, NULL), *lent = cluster_db(*state, 2, NULL);

    ask(own, "SELECT 1");
    ask(lent, "SELECT 1");
    db_release(lent);
    db_close_idle(own);
    db_close_idle(lent);
    assert_non_null(own->conn);
    assert_non_null(lent->pool->idle);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 50000000}, NULL);
    db_close_idle(own);
    db_close_idle(lent);
    assert_null(own->conn);
    assert_null(lent->pool->idle);
    cluster_db_close(own);
    cluster_db_close(lent);
}

static void session_locks(void **state)
{
    struct db *a = cluster_db(*state, 0, NULL), *b = cluster_db(*state, 0, NULL);
    struct err e = {0};
    bool got = false;

    assert_true(db_try_lock(a, 42, &got, &e) && got && db_has_lock(a));
    assert_true(db_try_lock(b, 42, &got, &e) && !got && !db_has_lock(b));
    db_release(a);
    assert_true(db_try_lock(b, 42, &got, &e) && !got);            /* outlives a request */
    kill_backend(b, ask(a, "SELECT pg_backend_pid()"));
    ask(a, "SELECT 1");
    assert_false(db_has_lock(a));                                 /* and is seen to be lost */
    assert_true(db_try_lock(b, 42, &got, &e) && got);
    assert_true(db_unlock(b, 42, &e));
    assert_true(db_try_lock(a, 42, &got, &e) && got);
    cluster_db_close(a);
    cluster_db_close(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_connection_is_replaced),
        cmocka_unit_test(transactions_nest),
        cmocka_unit_test(transactions_repeat_what_may_go_away),
        cmocka_unit_test(an_unknown_commit_says_so),
        cmocka_unit_test(lending_is_bounded),
        cmocka_unit_test(idle_connections_close),
        cmocka_unit_test(session_locks),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
