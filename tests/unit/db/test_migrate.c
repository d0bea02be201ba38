/* The migration runner over folders that the test writes: what it does, and every file that it must refuse. */
#include "cluster.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/conn.h"
#include "db/migrate.h"

struct place {
    struct cluster *cluster;
    struct db_pool *pool;
    struct db *d, *root;               /* as souk_migrate; as the superuser */
    char dir[64], conninfo[192];
    char said[4000];
};

#define HEAD "-- phase: expand\n"
static const char platform[] = HEAD
    "CREATE SCHEMA platform AUTHORIZATION own_platform;\n"
    "CREATE SCHEMA identity AUTHORIZATION own_identity;\n"
    "SET LOCAL ROLE own_platform;\n"
    "GRANT USAGE ON SCHEMA platform TO own_identity;\n"
    "CREATE FUNCTION platform.clock() RETURNS timestamptz LANGUAGE sql AS $$ SELECT now() $$;\n"
    "CREATE FUNCTION platform.partitions_v1(timestamptz, OUT made int, OUT dropped int) LANGUAGE sql AS $$ SELECT 3, 0 $$;\n"
    "SET LOCAL ROLE own_identity;\n"
    "CREATE FUNCTION identity.partitions_v1(timestamptz, timestamptz, OUT made int, OUT dropped int) LANGUAGE sql AS $$ SELECT 0, 0 $$;\n";

static void put(const struct place *p, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", p->dir, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void take_away(const struct place *p, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", p->dir, name);
    assert_int_equal(unlink(path), 0);
}

static void say(void *arg, const char *line)
{
    struct place *p = arg;
    size_t n = strlen(p->said);
    snprintf(p->said + n, sizeof p->said - n, "%s\n", line);
}

static bool migrate(struct place *p, bool (*what)(const struct migrate *, struct db *, struct err *), struct err *e)
{
    struct arena *a = arena_new();
    struct migrate m = {.arena = a, .sql_dir = p->dir, .say = say, .say_arg = p};
    memset(e, 0, sizeof *e);
    p->said[0] = '\0';
    bool good = what(&m, p->d, e);
    assert_false(db_in_transaction(p->d));
    arena_destroy(a);
    return good;
}

static void must(struct place *p, const char *says)
{
    struct err e;
    if (!migrate(p, migrate_shop, &e)) {
        fail_msg("%s", e.detail);
    }
    if (!strstr(p->said, says)) {
        fail_msg("not said: %s\n%s", says, p->said);
    }
}

static void must_not(struct place *p, const char *why)
{
    struct err e;
    if (migrate(p, migrate_shop, &e)) {
        fail_msg("not refused: %s", why);
    }
    if (!strstr(e.detail, why)) {
        fail_msg("refused with '%s', not '%s'", e.detail, why);
    }
}

static int begin(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    const char *src = getenv("srcdir");
    char command[512];
    assert_non_null(p);
    if (cluster_start((void **)&p->cluster) != 0) {
        return 1;
    }
    snprintf(p->dir, sizeof p->dir, "/tmp/souk-sql-XXXXXX");
    assert_non_null(mkdtemp(p->dir));
    snprintf(command, sizeof command, "cd %s && for d in migrations functions views keys; do mkdir %s/$d; done && cp sql/roles.sql sql/database.sql sql/database_keys.sql %s",
             src ? src : ".", p->dir, p->dir);
    assert_int_equal(system(command), 0);
    snprintf(p->conninfo, sizeof p->conninfo, "host=%s user=souk_migrate dbname=souk", p->cluster->dir);
    struct db_settings s = {.conninfo = p->conninfo, .connect_ms = 2000, .idle_s = 60};
    p->pool = db_pool_new(&s, NULL);
    p->d = db_new(p->pool);
    p->root = cluster_db(p->cluster, 0, NULL);
    *state = p;
    return 0;
}

static int end(void **state)
{
    struct place *p = *state;
    db_destroy(p->d);
    db_pool_destroy(p->pool);
    cluster_db_close(p->root);
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", p->dir);
    assert_int_equal(system(command), 0);
    void *c = p->cluster;
    free(p);
    return cluster_stop(&c);
}

static void roles(void **state)
{
    struct place *p = *state;
    struct arena *a = arena_new();
    struct migrate m = {.arena = a, .sql_dir = p->dir, .say = say, .say_arg = p};
    struct err e = {0};
    assert_false(migrate(p, migrate_shop, &e));                      /* there is no such role yet */
    memset(&e, 0, sizeof e);
    for (int i = 0; i < 2; i++) {
        p->said[0] = '\0';
        if (!migrate_roles(&m, p->cluster->conninfo, "souk", "souk_keys", &e)) {
            fail_msg("%s", e.detail);
        }
        assert_int_equal(strstr(p->said, "database souk made") != NULL, i == 0);
    }
    assert_int_equal(ask(p->root, "SELECT count(*) FROM pg_database WHERE datname IN ('souk', 'souk_keys')"), 2);
    assert_false(migrate_roles(&m, p->conninfo, "souk", "souk_keys", &e));        /* souk_migrate is no superuser */
    assert_string_not_equal(e.detail, "");
    arena_destroy(a);
}

static void once_and_again(void **state)
{
    struct place *p = *state;
    must_not(p, "no migrations there");
    put(p, "migrations/0001_platform.sql", platform);
    put(p, "migrations/README.md", "not a migration");
    must(p, "0001_platform applied");
    assert_non_null(strstr(p->said, "functions and views: nothing to do"));
    assert_non_null(strstr(p->said, "partitions: 3 made ahead"));
    must(p, "migrations: nothing to do, the database is at 0001");
    put(p, "migrations/0002_table.sql", HEAD "SET LOCAL ROLE own_platform;\nCREATE TABLE platform.t (v int);\n");
    must(p, "0002_table applied");
    assert_null(strstr(p->said, "0001"));
}

/* Each file alone, refused before or while it runs: afterwards the database is as before. */
static void bad_files(void **state)
{
    struct place *p = *state;
    static const struct { const char *name, *text, *why; } rows[] = {
        {"3_short.sql", HEAD, "3_short.sql: a migration is named NNNN_name.sql"},
        {"0000_zero.sql", HEAD, "a migration is named NNNN_name.sql"},
        {"abcd_words.sql", HEAD, "a migration is named NNNN_name.sql"},
        {"0003_.sql", HEAD, "a migration is named NNNN_name.sql"},
        {"0003_x.sql", "SELECT 1;\n", "the head must say '-- phase: expand'"},
        {"0003_x.sql", "-- phase: sideways\n", "the head must say"},
        {"0003_x.sql", "\n" HEAD, "the head must say"},
        {"0003_x.sql", "-- phase: contract\n", "says '-- needs: N'"},
        {"0003_x.sql", "-- phase: contract\n-- needs: soon\n", "names the number of a migration"},
        {"0003_x.sql", HEAD "SELECT 1;\n\nSELEKT 2;\n", "0003_x.sql:4: syntax error"},
        {"0003_x.sql", HEAD "SELECT '\xc3\xa4\xc3\xb6';\nSELEKT 2;\n", "0003_x.sql:3: syntax error"},
        {"0003_x.sql", HEAD "CREATE TABLE nobody_may (v int);\n", "0003_x.sql"},
        {"0003_x.sql", HEAD "SET LOCAL ROLE own_platform; CREATE TABLE platform.half (v int); SELECT 1/0;\n", "division by zero"},
        {"0003_x.sql", HEAD "COMMIT;\n", "must not begin or end a transaction"},
        {"0003_x.sql", HEAD "ROLLBACK; BEGIN;\n", "must not begin or end a transaction"},
        {"0003_x.sql", HEAD "-- \xff\n", "is not UTF-8 text"},
        {"0002_again.sql", HEAD, "have the same number"},
        {"0001_platform.sql", HEAD, "was changed after it was applied"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[64];
        snprintf(name, sizeof name, "migrations/%s", rows[i].name);
        put(p, name, rows[i].text);
        must_not(p, rows[i].why);
        take_away(p, name);
        put(p, "migrations/0001_platform.sql", platform);
    }
    must(p, "nothing to do, the database is at 0002");
    take_away(p, "migrations/0001_platform.sql");
    must_not(p, "its file is missing");
    put(p, "migrations/0001_platform.sql", platform);
}

/* A number below the newest one that was applied comes too late; a database may be newer than the files. */
static void numbers(void **state)
{
    struct place *p = *state;
    put(p, "migrations/0005_later.sql", "-- phase: contract\n-- needs: 2\nSELECT 1;\n");
    must(p, "0005_later applied");
    put(p, "migrations/0004_late.sql", HEAD "SELECT 1;\n");
    must_not(p, "0004_late.sql is older than migration 0005");
    take_away(p, "migrations/0004_late.sql");
    take_away(p, "migrations/0005_later.sql");
    must(p, "0005_later.sql: this database is newer than these files");
    put(p, "migrations/0005_later.sql", "-- phase: contract\n-- needs: 2\nSELECT 1;\n");
}

static void functions_and_views(void **state)
{
    struct place *p = *state;
    put(p, "functions/b.sql", "SET LOCAL ROLE own_platform;\nCREATE OR REPLACE FUNCTION platform.b() RETURNS bigint LANGUAGE sql AS $$ SELECT n FROM platform.v $$;\n");
    put(p, "views/a.sql", "SET LOCAL ROLE own_platform;\nCREATE OR REPLACE VIEW platform.v AS SELECT 1::bigint AS n;\n");
    must(p, "functions and views: 2 files applied");
    must(p, "functions and views: nothing to do");
    put(p, "views/a.sql", "SET LOCAL ROLE own_platform;\nCREATE OR REPLACE VIEW platform.v AS SELECT 2::bigint AS n;\n");
    must(p, "functions and views: 1 files applied");
    put(p, "functions/c.sql", "SET LOCAL ROLE own_platform;\nCREATE FUNCTION platform.c() RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$;\n");
    put(p, "views/z.sql", "SELEKT;\n");
    must_not(p, "views/z.sql:1: syntax error");
    take_away(p, "views/z.sql");
    must(p, "functions and views: 1 files applied");          /* all or nothing: c.sql was not applied with the bad one */
}

/* Somebody uses the table: tried again, with the lock asked for only briefly. */
static void a_table_in_use(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    char path[256];
    snprintf(path, sizeof path, "host=%s user=postgres dbname=souk", p->cluster->dir);
    struct db_settings s = {.conninfo = path, .connect_ms = 2000, .idle_s = 60};
    struct db_pool *pool = db_pool_new(&s, NULL);
    struct db *holder = db_new(pool);
    within(holder, 60000);
    assert_true(db_begin(holder, &e) && run_sql(holder, "LOCK TABLE platform.t IN ACCESS SHARE MODE", &e));
    /* Its own, shorter patience instead of the runner's five seconds; the holder goes away before the second try. */
    put(p, "migrations/0006_alter.sql", HEAD "SET LOCAL lock_timeout = '100ms';\nSET LOCAL ROLE own_platform;\nALTER TABLE platform.t ADD COLUMN w int;\n");
    assert_true(run_sql(holder, "SET LOCAL idle_in_transaction_session_timeout = '600ms'", &e));
    must(p, "a table is in use, trying again (2 of 5)");
    assert_non_null(strstr(p->said, "0006_alter applied"));
    db_destroy(holder);
    db_pool_destroy(pool);
}

static void keys(void **state)
{
    struct place *p = *state;
    struct err e;
    char conninfo[192];
    struct place other = *p;
    snprintf(conninfo, sizeof conninfo, "host=%s user=souk_migrate dbname=souk_keys", p->cluster->dir);
    struct db_settings s = {.conninfo = conninfo, .connect_ms = 2000, .idle_s = 60};
    other.pool = db_pool_new(&s, NULL);
    other.d = db_new(other.pool);
    put(p, "keys/0001_keys.sql", HEAD "CREATE SCHEMA keys AUTHORIZATION own_keys;\n");
    assert_true(migrate(&other, migrate_keys, &e));
    assert_non_null(strstr(other.said, "0001_keys applied"));
    assert_true(migrate(&other, migrate_keys, &e));
    assert_non_null(strstr(other.said, "nothing to do, the database is at 0001"));
    db_destroy(other.d);
    db_pool_destroy(other.pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(roles), cmocka_unit_test(once_and_again), cmocka_unit_test(bad_files), cmocka_unit_test(numbers),
                                       cmocka_unit_test(functions_and_views), cmocka_unit_test(a_table_in_use), cmocka_unit_test(keys)};
    return cmocka_run_group_tests(tests, begin, end);
}
