/* May this program work on that database? */
#include "cluster.h"

#include "sql/version.h"

static void schema_version_without_schema(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct err e = {0};
    int version;
    assert_false(db_schema_version(d, &version, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    cluster_db_close(d);
}

static void schema_version_is_a_range(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct err e = {0};
    char sql[256];
    int version = -1;

    assert_true(run_sql(d, "CREATE SCHEMA migration", &e));
    assert_true(run_sql(d, "CREATE TABLE migration.applied (number int, needs int)", &e));
    assert_false(db_schema_version(d, &version, &e));                /* nothing applied yet */
    memset(&e, 0, sizeof e);
    snprintf(sql, sizeof sql, "INSERT INTO migration.applied VALUES (1, 0), (%d, 0)", SOUK_SCHEMA_VERSION);
    assert_true(run_sql(d, sql, &e));
    assert_true(db_schema_version(d, &version, &e));
    assert_int_equal(version, SOUK_SCHEMA_VERSION);
    snprintf(sql, sizeof sql, "INSERT INTO migration.applied VALUES (%d, %d)", SOUK_SCHEMA_VERSION + 2, SOUK_SCHEMA_VERSION);
    assert_true(run_sql(d, sql, &e));
    assert_true(db_schema_version(d, &version, &e));                 /* newer, but we may still work on it */
    assert_int_equal(version, SOUK_SCHEMA_VERSION + 2);
    snprintf(sql, sizeof sql, "INSERT INTO migration.applied VALUES (%d, %d)", SOUK_SCHEMA_VERSION + 3, SOUK_SCHEMA_VERSION + 1);
    assert_true(run_sql(d, sql, &e));
    assert_false(db_schema_version(d, &version, &e));                /* contracted away under us */
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    cluster_db_close(d);
}

static void connections_of_the_role(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct err e = {0};
    int allowed = 0;
    assert_true(run_sql(d, "CREATE ROLE limited LOGIN CONNECTION LIMIT 7", &e));
    assert_true(run_sql(d, "SET ROLE limited", &e));
    assert_true(db_connections_allowed(d, &allowed, &e));
    assert_int_equal(allowed, 7);
    assert_true(run_sql(d, "RESET ROLE", &e));
    assert_true(db_connections_allowed(d, &allowed, &e));
    assert_true(allowed > 7);
    cluster_db_close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(schema_version_without_schema), cmocka_unit_test(schema_version_is_a_range),
                                       cmocka_unit_test(connections_of_the_role)};
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
