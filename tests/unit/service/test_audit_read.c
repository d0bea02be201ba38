/* The trail: who may change it (nobody), and what its check says of each thing that somebody with all rights can do to it. */
#include "service/audit.h"
#include "shop.h"

static void write_rows(struct shop *s, int n)
{
    for (int i = 0; i < n; i++)
        shop_sql(s, "SELECT platform.audit_v1('acc_%d', 'test.row%d', 'account', gen_random_uuid(), '{\"n\":%d}', 'req', 'trace', '2026-06-01 11:00:00+00')", i, i, i);
}

/* Twelve chained rows and nothing else. */
static void fresh(struct shop *s)
{
    shop_sql(s, "SET session_replication_role = replica");
    shop_sql(s, "DELETE FROM platform.audit");
    shop_sql(s, "DELETE FROM platform.audit_retired");
    shop_sql(s, "UPDATE platform.audit_chain SET last_number = 0, last_hash = '\\x'");
    shop_sql(s, "SET session_replication_role = origin");
    write_rows(s, 12);
    assert_int_equal(shop_ask(s, "SELECT platform.audit_seal_v1(100)"), 12);
}

/* As somebody who can switch the triggers off. */
static void tamper(struct shop *s, const char *sql)
{
    shop_sql(s, "SET session_replication_role = replica");
    shop_sql(s, "%s", sql);
    shop_sql(s, "SET session_replication_role = origin");
}

static struct audit_finding *verify(struct shop *s, size_t *ret_n)
{
    struct err e = {0};
    struct audit_state state;
    struct audit_finding *f;
    assert_good(audit_verify(shop_call(s, "souk_admin"), 10 * USEC_PER_SEC, &state, ret_n, &f, &e), e);
    return f;
}

static void nobody_changes_it(void **state)
{
    struct shop *s = *state;
    fresh(s);
    static const char *const attempts[] = {
        "UPDATE platform.audit SET actor = 'x'", "UPDATE platform.audit SET chain_hash = '\\x00'", "DELETE FROM platform.audit", "TRUNCATE platform.audit",
        "UPDATE platform.audit SET chain_number = NULL, chain_hash = NULL, chain_previous = NULL"};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++)
        assert_int_equal(shop_ask(s, "SELECT count(*) FROM (SELECT ext_try.f($t$%s$t$)) x(r) WHERE r = '23514'", attempts[i]), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit"), 12);
    size_t n;
    (void)verify(s, &n);
    assert_int_equal(n, 0);
}

static void every_kind_of_damage_is_named(void **state)
{
    struct shop *s = *state;
    static const struct { const char *what, *sql, *problem; int64_t number; size_t n; } cases[] = {
        {"content", "UPDATE platform.audit SET actor = 'eve' WHERE chain_number = 5", "changed", 5, 1},
        {"detail", "UPDATE platform.audit SET detail = '{\"n\":99}' WHERE chain_number = 12", "changed", 12, 1},
        {"time", "UPDATE platform.audit SET created_at = created_at + interval '1 second' WHERE chain_number = 1", "changed", 1, 1},
        {"the hash", "UPDATE platform.audit SET chain_hash = sha256('x') WHERE chain_number = 7", "changed", 7, 1},
        {"a row removed", "DELETE FROM platform.audit WHERE chain_number = 6", "missing", 6, 1},
        {"rows removed", "DELETE FROM platform.audit WHERE chain_number BETWEEN 3 AND 5", "missing", 3, 1},
        {"the first removed", "DELETE FROM platform.audit WHERE chain_number = 1", "missing", 1, 1},
        {"the last removed", "DELETE FROM platform.audit WHERE chain_number > 10", "missing", 11, 1},
        {"the end set back, too", "DELETE FROM platform.audit WHERE chain_number > 10; UPDATE platform.audit_chain SET last_number = 10", "beyond", 10, 1},
        {"two numbers exchanged", "UPDATE platform.audit SET chain_number = 9 - chain_number WHERE chain_number IN (4, 5)", "reordered", 4, 3},
        {"a copy", "INSERT INTO platform.audit SELECT * FROM (SELECT gen_random_uuid(), written + 1000, actor, action, object_type, object_id, detail, request_id, trace_id, created_at, "
                   "chain_number, chain_previous, chain_hash FROM platform.audit WHERE chain_number = 8) c", "twice", 8, 1},
        {"a row taken out of the chain", "UPDATE platform.audit SET chain_number = NULL, chain_hash = NULL, chain_previous = NULL WHERE chain_number = 9", "missing", 9, 2},
        {"a removal called retirement", "INSERT INTO platform.audit_retired SELECT 2, 3, (SELECT chain_previous FROM platform.audit WHERE chain_number = 2), "
                   "(SELECT chain_hash FROM platform.audit WHERE chain_number = 3), 'platform.audit_202601', '2026-06-01 11:30:00+00'; DELETE FROM platform.audit WHERE chain_number IN (2, 3)",
         "retired", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n;
        fresh(s);
        char sql[1200];
        snprintf(sql, sizeof sql, "DO $do$ BEGIN %s; END $do$", cases[i].sql);
        if (strncmp(cases[i].sql, "INSERT INTO platform.audit SELECT", 33) == 0)
            snprintf(sql, sizeof sql, "INSERT INTO platform.audit (id, written, actor, action, object_type, object_id, detail, request_id, trace_id, created_at, chain_number, chain_previous, "
                     "chain_hash) OVERRIDING SYSTEM VALUE %s", cases[i].sql + 27);
        tamper(s, sql);
        struct audit_finding *f = verify(s, &n);
        if (n != cases[i].n || !str_eq_c(f[0].problem, cases[i].problem) || f[0].number != cases[i].number)
            fail_msg("%s: %zu findings, first %lld " STR_FMT " (" STR_FMT ")", cases[i].what, n, n > 0 ? (long long)f[0].number : 0, STR_ARG(n > 0 ? f[0].problem : STR("none")),
                     STR_ARG(n > 0 ? f[0].detail : STR("")));
    }
}

static void what_is_not_chained_is_named_after_a_while(void **state)
{
    struct shop *s = *state;
    size_t n;
    fresh(s);
    write_rows(s, 1);
    struct audit_finding *f = verify(s, &n);
    assert_int_equal(n, 1);
    assert_str(f[0].problem, "unsealed");
    assert_int_equal(shop_ask(s, "SELECT platform.audit_seal_v1(100)"), 1);
    (void)verify(s, &n);
    assert_int_equal(n, 0);
}

static void what_went_with_its_time_is_no_damage(void **state)
{
    struct shop *s = *state;
    size_t n;
    fresh(s);
    /* Rows of a month whose time is over, in between others (a clock was moved), then the hourly job. */
    shop_sql(s, "CREATE TABLE platform.audit_201501 PARTITION OF platform.audit FOR VALUES FROM ('2015-01-01 00:00:00+00') TO ('2015-02-01 00:00:00+00')");
    shop_sql(s, "ALTER TABLE platform.audit_201501 OWNER TO own_platform");
    for (int i = 0; i < 3; i++) {
        shop_sql(s, "SELECT platform.audit_v1('old', 'test.old', NULL, NULL, '{}', 'r', 't', '2015-01-05')");
        shop_sql(s, "SELECT platform.audit_v1('old', 'test.old', NULL, NULL, '{}', 'r', 't', '2015-01-06')");
        write_rows(s, 1);
    }
    shop_sql(s, "SELECT FROM platform.partitions_v1('2026-06-01 12:00:00+00')");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE actor = 'old'"), 6);         /* not chained yet: it waits */
    assert_int_equal(shop_ask(s, "SELECT platform.audit_seal_v1(100)"), 9);
    shop_sql(s, "SELECT FROM platform.partitions_v1('2026-06-01 12:00:00+00')");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE actor = 'old'"), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit_retired"), 3);
    assert_int_equal(shop_ask(s, "SELECT platform.audit_seal_v1(100)"), 3);
    struct audit_finding *f = verify(s, &n);
    if (n != 0) fail_msg("%lld " STR_FMT " " STR_FMT, (long long)f[0].number, STR_ARG(f[0].problem), STR_ARG(f[0].detail));
    tamper(s, "DELETE FROM platform.audit WHERE chain_number = 15");
    f = verify(s, &n);
    assert_int_equal(n, 1);
    assert_int_equal(f[0].number, 15);
}

static void a_number_that_was_written_down_elsewhere(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct audit_state before;
    struct audit_finding *f;
    size_t n;
    bool holds;
    char hash[65];
    fresh(s);
    assert_good(audit_verify(shop_call(s, "souk_admin"), 0, &before, &n, &f, &e), e);
    assert_true(before.rows == 12 && before.last_number == 12 && before.unsealed == 0 && before.last_hash.n == 64);
    snprintf(hash, sizeof hash, STR_FMT, STR_ARG(before.last_hash));
    assert_good(audit_holds(shop_call(s, "souk_admin"), 12, str_from(hash), &holds, &e), e);
    assert_true(holds);
    /* Whoever can do everything makes a whole new chain: only the number outside tells. */
    fresh(s);
    (void)verify(s, &n);
    assert_int_equal(n, 0);
    assert_good(audit_holds(shop_call(s, "souk_admin"), 12, str_from(hash), &holds, &e), e);
    assert_false(holds);
}

static void lists_are_filtered_and_paged(void **state)
{
    struct shop *s = *state;
    struct err e = {0};
    struct shape_list list;
    struct str next;
    fresh(s);
    struct call *c = shop_call(s, "souk_user");
    assert_good(audit_list(c, &(struct audit_filter){.limit = 5}, &list, &next, &e), e);
    assert_int_equal(list.n, 5);
    assert_good(audit_list(c, &(struct audit_filter){.limit = 100, .cursor = next}, &list, &next, &e), e);
    assert_int_equal(list.n, 7);
    assert_true(str_is_null(next));
    assert_good(audit_list(c, &(struct audit_filter){.actor = STR("acc_3")}, &list, &next, &e), e);
    assert_int_equal(list.n, 1);
    const struct audit_row *v = list.v;
    struct str object = v[0].object;
    assert_true(str_starts(object, STR("acc_")));
    assert_str(v[0].action, "test.row3");
    assert_good(audit_list(c, &(struct audit_filter){.object = object}, &list, &next, &e), e);
    assert_int_equal(list.n, 1);
    assert_good(audit_list(c, &(struct audit_filter){.action = STR("test.*"), .limit = 100}, &list, &next, &e), e);
    assert_int_equal(list.n, 12);
    assert_good(audit_list(c, &(struct audit_filter){.from = shop_now(s)}, &list, &next, &e), e);
    assert_int_equal(list.n, 0);
    assert_refused(audit_list(c, &(struct audit_filter){.object = STR("me")}, &list, &next, &e), e, PROBLEM_INVALID);
}

static int start(void **state)
{
    if (shop_start(state) != 0) return -1;
    shop_sql(*state, "CREATE SCHEMA ext_try");
    shop_sql(*state, "CREATE FUNCTION ext_try.f(q text) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN EXECUTE q; RETURN 'done'; EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE; END $f$");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_changes_it), cmocka_unit_test(every_kind_of_damage_is_named), cmocka_unit_test(what_is_not_chained_is_named_after_a_while),
                                       cmocka_unit_test(what_went_with_its_time_is_no_damage), cmocka_unit_test(a_number_that_was_written_down_elsewhere),
                                       cmocka_unit_test(lists_are_filtered_and_paged)};
    return cmocka_run_group_tests(tests, start, shop_stop);
}
