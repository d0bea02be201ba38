/* sqlgen-check CONNINFO [--roles FILE] FILE.sql ...   compares the queries with a migrated database, as TAP.
 * For each query: the server prepares it with the types that the generated code sends, the columns have the number and types
 * of `out`, a query that calls a volatile function carries :write, and (with --roles) EXPLAIN EXECUTE works for every
 * role that the file names and is refused to all other login roles. FILE: "<stem>.<query or *>  role ..." a line; the last
 * matching line counts. Connects as a superuser; changes nothing. */
#include <libpq-fe.h>

#include "base/err.h"
#include "tools/sqlgen.h"

struct check {
    struct arena *a;
    PGconn *pg;
    struct str roles;             /* the table; absent: not checked */
    int tests, failed;
    struct buf why;
};

static const struct { const char *name; Oid oid, array; } oids[] = {
    {"int8", 20, 1016}, {"int4", 23, 1007}, {"bool", 16, 1000}, {"text", 25, 1009}, {"jsonb", 3802, 3807}, {"bytea", 17, 1001},
    {"uuid", 2950, 2951}, {"timestamptz", 1184, 1185}, {"varchar", 1043, 1015}, {"bpchar", 1042, 1014}, {"name", 19, 1003},
};

static const char *const logins[] = {"souk_product", "souk_user", "souk_order", "souk_payment", "souk_inventory", "souk_jobs_core", "souk_jobs_payment",
                                     "souk_sandbox", "souk_admin", NULL};

static Oid oid_of(struct str name, bool array)
{
    for (size_t i = 0; i < sizeof oids / sizeof *oids; i++) {
        if (str_eq_c(name, oids[i].name)) {
            return array ? oids[i].array : oids[i].oid;
        }
    }
    UNREACHABLE();
}

static Oid sent_oid(const struct sqlgen_field *f)
{
    struct str names = str_from(f->type.pg_types), first;
    (void)str_split(&names, ' ', &first);
    return oid_of(first, f->array);
}

static bool column_fits(const struct sqlgen_field *f, Oid oid)
{
    struct str names = str_from(f->type.pg_types), name;
    while (str_split(&names, ' ', &name)) {
        if (oid_of(name, f->array) == oid) {
            return true;
        }
    }
    return strcmp(f->type.name, "text") == 0 && !f->array && oid >= 16384;         /* an enum */
}

static PGresult *ask(struct check *c, const char *sql, int n, const char *const *values)
{
    return n > 0 ? PQexecParams(c->pg, sql, n, NULL, values, NULL, NULL, 0) : PQexec(c->pg, sql);
}

static void run(struct check *c, const char *sql)
{
    PQclear(PQexec(c->pg, sql));
}

static void say(struct check *c, const char *what, const char *detail)
{
    struct str s = str_trim(str_from(detail));
    buf_printf(&c->why, "%s" STR_FMT "\n", what, STR_ARG(s));
}

static void columns(struct check *c, const struct sqlgen_query *q)
{
    PGresult *r = PQdescribePrepared(c->pg, "q");
    size_t n = (size_t)PQnfields(r);

    if (q->kind != KIND_EXEC && n != q->out.n) {
        say(c, "", arena_printf(c->a, "the server gives %zu columns, 'out' has %zu", n, q->out.n));
    }
    for (size_t i = 0; q->kind != KIND_EXEC && i < n && i < q->out.n; i++) {
        Oid oid = PQftype(r, (int)i);
        if (!column_fits(&q->out.v[i], oid)) {
            const char *values[] = {arena_printf(c->a, "%u", oid)};
            PGresult *t = ask(c, "SELECT $1::oid::regtype", 1, values);
            say(c, "", arena_printf(c->a, "column %s is %s%s here, but %s in the database", q->out.v[i].name, q->out.v[i].type.name,
                                    q->out.v[i].array ? "[]" : "", PQgetvalue(t, 0, 0)));
            PQclear(t);
        }
    }
    PQclear(r);
}

/* Every "schema.function(" of the statement that is volatile makes it a write. */
static void volatility(struct check *c, const struct sqlgen_query *q)
{
    static const char sql[] =
        "SELECT DISTINCT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.provolatile = 'v' AND n.nspname NOT IN ('pg_catalog', 'ext')"
        " AND $1 ~ ('\\m' || n.nspname || '\\.' || p.proname || '\\s*\\(') ORDER BY 1";
    const char *values[] = {str_cstr(c->a, buf_view(&q->sql))};
    PGresult *r = q->write ? NULL : ask(c, sql, 1, values);

    for (int i = 0; r && i < PQntuples(r); i++) {
        say(c, "", arena_printf(c->a, "%s is volatile: mark the query with :write", PQgetvalue(r, i, 0)));
    }
    PQclear(r);
}

static bool role_named(struct str list, const char *role)
{
    struct str word;
    while (str_split(&list, ' ', &word)) {
        if (str_eq_c(word, role)) {
            return true;
        }
    }
    return false;
}

static bool matches(struct str pattern, const char *stem, const char *query)
{
    struct str head;
    return str_split(&pattern, '.', &head) && str_eq_c(head, stem) &&
           (str_eq_c(pattern, "*") || str_eq_c(pattern, query) ||
            (str_ends(pattern, STR("*")) && strncmp(pattern.p, query, pattern.n - 1) == 0));
}

/* The roles of the last line that matches; absent when none does. */
static struct str roles_of(struct check *c, const char *stem, const char *query)
{
    struct str table = c->roles, line, found = STR_NULL;
    while (str_split(&table, '\n', &line)) {
        struct str pattern;
        line = str_trim(line);
        if (!str_is_empty(line) && line.p[0] != '#' && str_split(&line, ' ', &pattern) && matches(pattern, stem, query)) {
            found = str_is_null(line) ? STR("") : str_trim(line);
        }
    }
    return found;
}

static void grants(struct check *c, const struct sqlgen_file *f, const struct sqlgen_query *q)
{
    struct str roles = roles_of(c, f->stem, q->name);
    struct buf sql;

    if (str_is_null(roles)) {
        say(c, "no line names the roles of ", arena_printf(c->a, "%s.%s", f->stem, q->name));
        return;
    }
    buf_init_arena(&sql, c->a, 0);
    buf_cstr(&sql, "EXPLAIN EXECUTE q");
    for (size_t i = 0; i < q->in.n; i++) {
        buf_cstr(&sql, i ? ", NULL" : "(NULL");
    }
    buf_cstr(&sql, q->in.n ? ")" : "");
    buf_char(&sql, '\0');
    for (const char *const *role = logins; *role; role++) {
        run(c, "BEGIN");
        run(c, arena_printf(c->a, "SET LOCAL SESSION AUTHORIZATION %s", *role));
        PGresult *r = PQexec(c->pg, sql.p);
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        bool refused = state && strcmp(state, "42501") == 0, wanted = role_named(roles, *role);
        bool only = str_starts(roles, STR("only "));
        if (wanted && PQresultStatus(r) != PGRES_TUPLES_OK) {
            say(c, arena_printf(c->a, "%s needs it: ", *role), PQresultErrorMessage(r));
        } else if (only && !wanted && !refused) {
            say(c, arena_printf(c->a, "%s may run it, though the table does not name it", *role), "");
        }
        PQclear(r);
        run(c, "ROLLBACK");
    }
}

static void query(struct check *c, const struct sqlgen_file *f, const struct sqlgen_query *q)
{
    Oid types[SQLGEN_FIELDS_MAX];
    PGresult *r;

    buf_clear(&c->why);
    for (size_t i = 0; i < q->in.n; i++) {
        types[i] = sent_oid(&q->in.v[i]);
    }
    r = PQprepare(c->pg, "q", str_cstr(c->a, buf_view(&q->sql)), (int)q->in.n, types);
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        say(c, "", PQresultErrorMessage(r));
    } else {
        columns(c, q);
        volatility(c, q);
        if (!str_is_null(c->roles)) {
            grants(c, f, q);
        }
    }
    PQclear(r);
    run(c, "DEALLOCATE ALL");
    c->tests++;
    printf("%s %d - %s.%s\n", c->why.n ? "not ok" : "ok", c->tests, f->stem, q->name);
    if (c->why.n) {
        struct str lines = buf_view(&c->why), line;
        c->failed++;
        printf("# %s:%d\n", f->path, q->line);
        while (str_split(&lines, '\n', &line)) {
            if (!str_is_empty(line)) {
                printf("#   " STR_FMT "\n", STR_ARG(line));
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct check c = {.a = arena_new()};
    int first = 2, code = 2;

    if (argc > 3 && strcmp(argv[2], "--roles") == 0) {
        if (!sqlgen_read(c.a, argv[3], &c.roles)) {
            return 2;
        }
        first = 4;
    }
    if (argc <= first) {
        fprintf(stderr, "usage: sqlgen-check CONNINFO [--roles FILE] FILE.sql ...\n");
        return 2;
    }
    buf_init_arena(&c.why, c.a, 0);
    c.pg = PQconnectdb(argv[1]);
    if (PQstatus(c.pg) == CONNECTION_OK) {
        code = 0;
        run(&c, "SET search_path = pg_catalog, ext");
        run(&c, "SET plan_cache_mode = force_generic_plan");
        for (int i = first; i < argc; i++) {
            struct sqlgen_file f;
            struct str text;
            if (!sqlgen_read(c.a, argv[i], &text) || !sqlgen_parse(c.a, argv[i], text, &f)) {
                code = 1;
                continue;
            }
            for (const struct sqlgen_query *q = f.queries; q; q = q->next) {
                query(&c, &f, q);
            }
        }
        code = c.failed ? 1 : code;
    } else {
        fprintf(stderr, "sqlgen-check: %s", PQerrorMessage(c.pg));
    }
    PQfinish(c.pg);
    arena_destroy(c.a);
    return code;
}
