#include "cluster.h"

struct all {
    int64_t i8;
    int32_t i4;
    bool b;
    struct str t, j, y;
    struct uuid u;
    struct product_id id;
    usec_t at;
    struct currency c;
    struct opt_int64 o8;
    struct opt_int32 o4;
    struct opt_bool ob;
    struct str nt;
    struct product_id nid;
    usec_t nat;
    struct currency nc;
    struct q_array_int8 ai8;
    struct q_array_int4 ai4;
    struct q_array_bool ab;
    struct q_array_text at_;
    struct q_array_jsonb aj;
    struct q_array_bytea ay;
    struct q_array_product_id aid;
    struct q_array_usec aat;
    struct q_array_int8 none;
};

#define F(type, flags, member) {#member, type, flags, offsetof(struct all, member)}
static const struct q_field fields[] = {
    F(Q_INT8, 0, i8), F(Q_INT4, 0, i4), F(Q_BOOL, 0, b), F(Q_TEXT, 0, t), F(Q_JSONB, 0, j), F(Q_BYTEA, 0, y), F(Q_UUID, 0, u), F(Q_ID, 0, id),
    F(Q_USEC, 0, at), F(Q_CURRENCY, 0, c), F(Q_INT8, Q_NULLABLE, o8), F(Q_INT4, Q_NULLABLE, o4), F(Q_BOOL, Q_NULLABLE, ob),
    F(Q_TEXT, Q_NULLABLE, nt), F(Q_ID, Q_NULLABLE, nid), F(Q_USEC, Q_NULLABLE, nat), F(Q_CURRENCY, Q_NULLABLE, nc), F(Q_INT8, Q_ARRAY, ai8),
    F(Q_INT4, Q_ARRAY, ai4), F(Q_BOOL, Q_ARRAY, ab), F(Q_TEXT, Q_ARRAY, at_), F(Q_JSONB, Q_ARRAY, aj), F(Q_BYTEA, Q_ARRAY, ay),
    F(Q_ID, Q_ARRAY, aid), F(Q_USEC, Q_ARRAY, aat), F(Q_INT8, Q_ARRAY | Q_NULLABLE, none),
};
enum { N_FIELDS = sizeof fields / sizeof *fields };
static const struct q_def echo = {
    .name = "echo",
    .sql = "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26",
    .kind = Q_ONE, .n_in = N_FIELDS, .n_out = N_FIELDS, .in = fields, .out = fields, .row_size = sizeof(struct all)};

static struct all sample(struct arena *a)
{
    static const int64_t i8[] = {1, INT64_MIN, INT64_MAX};
    static const int32_t i4[] = {-1, INT32_MAX};
    static const bool b[] = {true, false, true};
    static const struct str t[] = {{"", 0}, {"\xc3\xa9t\xc3\xa9", 5}}, j[] = {{"{}", 2}}, y[] = {{"\0\xff", 2}};
    static const usec_t at[] = {1, INT64_C(1795384200123456)};
    struct product_id *ids = ARENA_ARRAY(a, struct product_id, 2);
    ids[0].u = uuid_v7(INT64_C(1795384200000000));
    ids[1].u = uuid_v7(INT64_C(1795384200000001));
    return (struct all){.i8 = INT64_MIN, .i4 = -7, .b = true, .t = STR("caf\xc3\xa9"), .j = STR("{\"a\": 1}"), .y = {"\0\1\2", 3}, .u = {{1}},
                        .id = ids[0], .at = INT64_C(1795384200123456), .c = {"EUR"}, .ai8 = {3, i8}, .ai4 = {2, i4}, .ab = {3, b},
                        .at_ = {2, t}, .aj = {1, j}, .ay = {1, y}, .aid = {2, ids}, .aat = {2, at}};
}

static void every_type_comes_back_as_it_went(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct arena *a = arena_new();
    struct all in = sample(a), out;
    struct err e = {0};

    for (int round = 0; round < 2; round++) {
        if (!q_one(d, a, &echo, &in, &out, &e)) {
            fail_msg("%s %s", e.detail, e.cause);
        }
        assert_true(out.i8 == in.i8 && out.i4 == in.i4 && out.b == in.b && out.at == in.at);
        assert_true(str_eq(out.t, in.t) && str_eq(out.j, in.j) && str_eq(out.y, in.y));
        assert_true(uuid_eq(out.u, in.u) && uuid_eq(out.id.u, in.id.u) && currency_eq(out.c, in.c));
        assert_int_equal(out.o8.set, in.o8.set);
        assert_true(out.o8.v == in.o8.v && out.o4.v == in.o4.v && out.ob.v == in.ob.v);
        assert_true(str_eq(out.nt, in.nt) && uuid_eq(out.nid.u, in.nid.u) && out.nat == in.nat && currency_eq(out.nc, in.nc));
        assert_true(out.ai8.n == 3 && out.ai8.v[1] == INT64_MIN && out.ai8.v[2] == INT64_MAX);
        assert_true(out.ai4.n == 2 && out.ai4.v[0] == -1 && out.ab.n == 3 && out.ab.v[2] && !out.ab.v[1]);
        assert_true(out.at_.n == 2 && out.at_.v[0].p && str_eq(out.at_.v[1], in.at_.v[1]));
        assert_true(out.aj.n == 1 && str_eq_c(out.aj.v[0], "{}") && out.ay.n == 1 && str_eq(out.ay.v[0], in.ay.v[0]));
        assert_true(out.aid.n == 2 && uuid_eq(out.aid.v[1].u, in.aid.v[1].u) && out.aat.v[0] == 1);
        assert_true(round ? out.none.n == 0 && out.none.v != NULL : out.none.v == NULL);
        in.o8 = (struct opt_int64)OPT(0);             /* zero and false are values, not "none" */
        in.o4 = (struct opt_int32)OPT(-1);
        in.ob = (struct opt_bool)OPT(false);
        in.nt = STR("");
        in.nid = in.id;
        in.nat = 5;
        in.nc = in.c;
        in.none.v = &in.i8;                           /* an empty array that is there */
    }
    arena_destroy(a);
    cluster_db_close(d);
}

static void what_must_be_there_is_refused_when_absent(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct arena *a = arena_new();
    struct all out;

    for (int i = 0; i < 6; i++) {
        struct all in = sample(a);
        struct str holes[] = {STR_NULL};
        struct err e = {0};
        switch (i) {
        case 0: in.t = STR_NULL; break;
        case 1: in.j = STR_NULL; break;
        case 2: in.id = (struct product_id){0}; break;
        case 3: in.at = 0; break;
        case 4: in.c = (struct currency){""}; break;
        case 5: in.at_ = (struct q_array_text){1, holes}; break;
        }
        assert_false(q_one(d, a, &echo, &in, &out, &e));
        assert_int_equal(e.problem, PROBLEM_INTERNAL);
        assert_non_null(strstr(e.cause, "is absent"));
    }
    arena_destroy(a);
    cluster_db_close(d);
}

static void refused(struct db *d, struct arena *a, const struct q_def *q, enum problem problem, const char *cause)
{
    char row[64];
    struct err e = {0};
    assert_false(q_one(d, a, q, NULL, row, &e));
    assert_int_equal(e.problem, problem);
    if (!strstr(e.cause, cause)) {
        fail_msg("'%s' does not say '%s'", e.cause, cause);
    }
}

static void wrong_answers_are_internal_errors(void **state)
{
    struct db *d = cluster_db(*state, 0, NULL);
    struct arena *a = arena_new();

    refused(d, a, &(const struct q_def){.name = "w1", .sql = "SELECT NULL::int8", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "column v is null");
    refused(d, a, &(const struct q_def){.name = "w2", .sql = "SELECT 1::int4", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "has type 23");
    refused(d, a, &(const struct q_def){.name = "w3", .sql = "SELECT 1::int8, 2", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "2 columns");
    refused(d, a, &(const struct q_def){.name = "w4", .sql = "SELECT generate_series(1, 2)::int8", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "more than one row");
    refused(d, a, &(const struct q_def){.name = "w5", .sql = "SELECT 1::int8 WHERE false", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, 0, 0}, .row_size = 8},
            PROBLEM_NOT_FOUND, "");
    refused(d, a, &(const struct q_def){.name = "w6", .sql = "SELECT 'infinity'::timestamptz", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_USEC, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "cannot be read");
    refused(d, a, &(const struct q_def){.name = "w7", .sql = "SELECT ARRAY[1, NULL]::int8[]", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, Q_ARRAY, 0}, .row_size = 16},
            PROBLEM_INTERNAL, "cannot be read");
    refused(d, a, &(const struct q_def){.name = "w8", .sql = "SELECT 'EU'::text", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_CURRENCY, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "cannot be read");
    refused(d, a, &(const struct q_def){.name = "w9", .sql = "SELEC 1", .kind = Q_ONE, .n_out = 1, .out = &(const struct q_field){"v", Q_INT8, 0, 0}, .row_size = 8},
            PROBLEM_INTERNAL, "42601");
    arena_destroy(a);
    cluster_db_close(d);
}

static void many_opt_and_exec(void **state)
{
    static const struct q_field v = {"v", Q_INT8, 0, 0};
    static const struct q_def many = {.name = "m", .sql = "SELECT g::int8 FROM generate_series(1, 1000) g", .kind = Q_MANY, .n_out = 1, .out = &v, .row_size = 8};
    static const struct q_def none = {.name = "n", .sql = "SELECT 1::int8 WHERE false", .kind = Q_OPT, .n_out = 1, .out = &v, .row_size = 8};
    static const struct q_def make = {.name = "c", .sql = "CREATE TEMPORARY TABLE t (v int)", .kind = Q_EXEC, .write = true};
    static const struct q_def add = {.name = "i", .sql = "INSERT INTO t SELECT generate_series(1, 3)", .kind = Q_EXEC, .write = true};
    struct db_counters counters = {0};
    struct db *d = cluster_db(*state, 0, &counters);
    struct arena *a = arena_new();
    struct err e = {0};
    int64_t one = 77, affected = -1;
    bool found = true;
    size_t n = 0;
    void *rows;

    assert_true(q_many(d, a, &many, NULL, &n, &rows, &e));
    assert_int_equal(n, 1000);
    assert_int_equal(((int64_t *)rows)[999], 1000);
    assert_true(q_opt(d, a, &none, NULL, &one, &found, &e));
    assert_false(found);
    assert_int_equal(one, 77);
    assert_true(q_exec(d, a, &make, NULL, NULL, &e));
    assert_true(q_exec(d, a, &add, NULL, &affected, &e));
    assert_int_equal(affected, 3);
    int64_t before = counters.round_trips;
    assert_true(q_exec(d, a, &add, NULL, &affected, &e));
    assert_int_equal(counters.round_trips, before + 1);       /* prepared once */
    assert_int_equal(counters.connects, 1);
    arena_destroy(a);
    cluster_db_close(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_comes_back_as_it_went),
        cmocka_unit_test(what_must_be_there_is_refused_when_absent),
        cmocka_unit_test(wrong_answers_are_internal_errors),
        cmocka_unit_test(many_opt_and_exec),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
