/* Calls of several threads that one execution answers. Who holds the advisory lock 1 decides when executions end. */
#include <poll.h>
#include <pthread.h>

#include "cluster.h"

struct in { struct str locale; struct q_array_product_id ids; usec_t now; };
struct row { struct product_id id; struct str name; usec_t now; };
static const struct q_field in_fields[] = {
    {"locale", Q_TEXT, 0, offsetof(struct in, locale)}, {"ids", Q_ID, Q_ARRAY, offsetof(struct in, ids)}, {"now", Q_USEC, 0, offsetof(struct in, now)}};
static const struct q_field row_fields[] = {
    {"id", Q_ID, 0, offsetof(struct row, id)}, {"name", Q_TEXT, 0, offsetof(struct row, name)}, {"now", Q_USEC, 0, offsetof(struct row, now)}};
#define SHAPE .n_in = 3, .n_out = 3, .in = in_fields, .out = row_fields, .in_size = sizeof(struct in), .row_size = sizeof(struct row)
static const struct q_def things = {
    .name = "things", .kind = Q_MANY, .gather = true, .merge = 1, .now = 2, SHAPE,
    .sql = "SELECT t.id, t.name, $3::timestamptz FROM (SELECT pg_advisory_xact_lock_shared(1)) l, public.things t WHERE t.locale = $1 AND t.id = ANY ($2::uuid[]) AND 100 / t.divisor > 0"};
static const struct q_def plain = {
    .name = "plain", .kind = Q_MANY, .gather = true, .merge = -1, .now = 2, SHAPE,
    .sql = "SELECT t.id, t.name, $3::timestamptz FROM (SELECT pg_advisory_xact_lock_shared(1)) l, public.things t WHERE t.locale = $1 AND t.id = ANY ($2::uuid[])"};
static const struct q_def add = {.name = "add", .kind = Q_EXEC, .write = true,
                                 .sql = "INSERT INTO public.things VALUES ('01000000-0000-0000-0000-000000000014', 'en', chr(97 + 20), 1)"};

enum { ASKERS = 6 };

struct asker {
    struct db *db;
    struct arena *arena;
    pthread_t thread;
    const struct q_def *q;
    struct product_id ids[2];
    struct in in;
    int ms;
    bool good;
    size_t n;
    struct row *rows;
    struct err e;
};

static struct {
    struct db_counters counters;
    struct db_pool *pool;
    struct db *keeper;                   /* holds the lock */
    struct asker askers[ASKERS];
} test;

static struct product_id numbered(int n)
{
    return (struct product_id){{{[0] = 1, [15] = (uint8_t)n}}};
}

static void *ask_them(void *arg)
{
    struct asker *k = arg;
    void *rows = NULL;
    within(k->db, k->ms);
    k->good = q_many(k->db, k->arena, k->q, &k->in, &k->n, &rows, &k->e);
    k->rows = rows;
    return NULL;
}

static struct asker *asker(int i, const struct q_def *q, int first, int second, const char *locale)
{
    struct asker *k = &test.askers[i];
    k->ids[0] = numbered(first);
    k->ids[1] = numbered(second);
    k->q = q;
    k->ms = 20000;
    k->in = (struct in){.locale = str_from(locale), .ids = {second ? 2 : 1, k->ids}, .now = 1000 + i};
    k->e = (struct err){0};
    return k;
}

static void hold(bool on)
{
    struct err e = {0};
    assert_true(run_sql(test.keeper, on ? "SELECT pg_advisory_lock(1)" : "SELECT pg_advisory_unlock(1)", &e));
}

/* The first asks and is held up; the others come meanwhile. Returns how many were answered by somebody else. */
static int64_t meet(int n)
{
    int64_t before = test.counters.gathered;
    hold(true);
    for (int i = 0; i < n; i++) {
        assert_int_equal(pthread_create(&test.askers[i].thread, NULL, ask_them, &test.askers[i]), 0);
        if (i == 0) {
            while (ask(test.keeper, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 0) {
                (void)poll(NULL, 0, 1);
            }
        }
    }
    (void)poll(NULL, 0, 60);
    hold(false);
    for (int i = 0; i < n; i++) {
        pthread_join(test.askers[i].thread, NULL);
    }
    return test.counters.gathered - before;
}

static void has(const struct asker *k, int first, int second)
{
    if (!k->good) {
        fail_msg("%s %s", k->e.detail, k->e.cause);
    }
    assert_int_equal(k->n, second ? 2 : first ? 1 : 0);
    for (size_t i = 0; i < k->n; i++) {
        int wanted = i == 0 ? first : second;
        assert_true(uuid_eq(k->rows[i].id.u, numbered(wanted).u));
        assert_int_equal(k->rows[i].name.p[0], 'a' + wanted);
    }
}

static void each_gets_its_own_rows(void **state)
{
    bool together = false;
    (void)state;
    for (int tries = 0; tries < 20; tries++) {
        asker(0, &things, 1, 0, "en");
        asker(1, &things, 2, 3, "en");
        asker(2, &things, 3, 0, "en");
        asker(3, &things, 200, 0, "en");           /* there is none */
        asker(4, &things, 2, 0, "de");             /* another language: not alike */
        int64_t gathered = meet(5);
        assert_in_range(gathered, 0, 2);
        has(&test.askers[0], 1, 0);
        has(&test.askers[1], 2, 3);
        has(&test.askers[2], 3, 0);
        has(&test.askers[3], 0, 0);
        has(&test.askers[4], 0, 0);
        assert_int_equal(test.askers[0].rows[0].now, 1000);
        if (gathered == 2) {                       /* all three came in time */
            assert_int_equal(test.askers[1].rows[0].now, 1003);
            assert_int_equal(test.askers[2].rows[0].now, 1003);
            together = true;
            break;
        }
    }
    assert_true(together);
}

static void the_same_question_is_asked_once(void **state)
{
    bool together = false;
    (void)state;
    for (int tries = 0; tries < 20 && !together; tries++) {
        for (int i = 0; i < 4; i++) {
            asker(i, &plain, 2, 3, "en");
        }
        asker(4, &plain, 1, 0, "en");              /* nothing is put together here: this one is alone */
        together = meet(5) == 2;
        for (int i = 0; i < 4; i++) {
            has(&test.askers[i], 2, 3);
        }
        has(&test.askers[4], 1, 0);
    }
    assert_true(together);
}

static void one_mistake_is_nobody_elses(void **state)
{
    (void)state;
    for (int tries = 0; tries < 3; tries++) {
        asker(0, &things, 1, 0, "en");
        asker(1, &things, 2, 0, "en");
        asker(2, &things, 9, 0, "en");             /* divides by zero */
        asker(3, &things, 3, 0, "en");
        (void)meet(4);
        has(&test.askers[0], 1, 0);
        has(&test.askers[1], 2, 0);
        has(&test.askers[3], 3, 0);
        assert_false(test.askers[2].good);
        assert_int_equal(test.askers[2].e.problem, PROBLEM_INTERNAL);
    }
}

/* Who has little time ends in time's failure, the others do not; the lock is held longer than the short one waits. */
static void the_shortest_time_ends_nobody_elses(void **state)
{
    (void)state;
    asker(0, &things, 1, 0, "en");
    asker(1, &things, 2, 0, "en");
    asker(2, &things, 3, 0, "en")->ms = 1;
    (void)meet(3);
    has(&test.askers[0], 1, 0);
    has(&test.askers[1], 2, 0);
    if (!test.askers[2].good) {
        assert_true(test.askers[2].e.problem == PROBLEM_TIMEOUT || test.askers[2].e.problem == PROBLEM_UNAVAILABLE);
    }
}

static void a_transaction_sees_what_it_wrote(void **state)
{
    struct err e = {0};
    struct asker *k = asker(0, &things, 20, 0, "en");
    (void)state;
    within(k->db, 20000);
    assert_true(db_begin(k->db, &e));
    assert_true(q_exec(k->db, k->arena, &add, NULL, NULL, &e));
    (void)ask_them(k);
    has(k, 20, 0);
    db_rollback(k->db);
    (void)ask_them(k);
    has(k, 0, 0);
}

static int start(void **state)
{
    struct err e = {0};
    if (cluster_start(state) != 0) {
        return 1;
    }
    const struct cluster *c = *state;
    test.keeper = cluster_db(c, 0, NULL);
    test.pool = db_pool_new(&(struct db_settings){.conninfo = c->conninfo}, &test.counters);
    for (int i = 0; i < ASKERS; i++) {
        test.askers[i].db = db_new(test.pool);
        test.askers[i].arena = arena_new();
    }
    within(test.keeper, 60000);
    bool made = run_sql(test.keeper, "CREATE TABLE public.things (id uuid PRIMARY KEY, locale text, name text, divisor int)", &e) &&
                run_sql(test.keeper, "INSERT INTO public.things SELECT ('01000000-0000-0000-0000-0000000000' || lpad(to_hex(g), 2, '0'))::uuid, 'en', chr(97 + g), "
                                     "CASE WHEN g = 9 THEN 0 ELSE 1 END FROM generate_series(1, 9) g", &e);
    return made ? 0 : 1;
}

static int stop(void **state)
{
    for (int i = 0; i < ASKERS; i++) {
        db_destroy(test.askers[i].db);
        arena_destroy(test.askers[i].arena);
    }
    db_pool_destroy(test.pool);
    cluster_db_close(test.keeper);
    return cluster_stop(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_gets_its_own_rows),
        cmocka_unit_test(the_same_question_is_asked_once),
        cmocka_unit_test(one_mistake_is_nobody_elses),
        cmocka_unit_test(the_shortest_time_ends_nobody_elses),
        cmocka_unit_test(a_transaction_sees_what_it_wrote),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
