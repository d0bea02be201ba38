#include "db/migrate.h"

#include <dirent.h>
#include <errno.h>

#include "base/buf.h"
#include "db/conn.h"

#define LOCK_KEY INT64_C(6009413705712005)
enum { LOCK_WAIT_S = 600, STATEMENT_S = 3600, LOCK_TRIES = 5 };

struct file {
    const char *name;          /* "0003_catalog.sql"; repeatable: "functions/catalog_common.sql" */
    int number;                /* 0: repeatable */
    struct str text;
    char checksum[65];
    bool contract;
    int needs;                 /* oldest program that can work on the result, as its newest migration's number; 0: any */
};

struct files {
    size_t n, cap;
    struct file *v;
};

static void __attribute__((format(printf, 2, 3))) say(const struct migrate *m, const char *fmt, ...)
{
    va_list ap;
    if (m->say) {
        va_start(ap, fmt);
        m->say(m->say_arg, arena_vprintf(m->arena, fmt, ap));
        va_end(ap);
    }
}

static bool fail(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool fail(struct err *e, const char *fmt, ...)
{
    va_list ap;
    e->problem = PROBLEM_INTERNAL;
    va_start(ap, fmt);
    vsnprintf(e->detail, sizeof e->detail, fmt, ap);
    va_end(ap);
    return false;
}

/* --- files -------------------------------------------------------------------------------------------------------------- */

static bool read_file(const struct migrate *m, const char *path, struct str *ret_text, struct err *e)
{
    char chunk[16384];
    struct buf b;
    size_t n;
    FILE *f = fopen(path, "rbe");

    if (!f) {
        return fail(e, "%s: %s", path, strerror(errno));
    }
    buf_init_arena(&b, m->arena, 0);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0) {
        buf_put(&b, chunk, n);
    }
    bool good = !ferror(f) && !b.failed;
    fclose(f);
    buf_char(&b, '\0');
    if (!good || memchr(b.p, '\0', b.n - 1) || !str_is_utf8(str_of(b.p, b.n - 1))) {
        return fail(e, "%s: cannot be read, or is not UTF-8 text", path);
    }
    *ret_text = str_of(b.p, b.n - 1);
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

/* Appends the *.sql files of a folder, sorted by name. A folder that is not there is an empty one. */
static bool list_dir(const struct migrate *m, const char *dir, const char *prefix, struct files *files, struct err *e)
{
    const char *path = arena_printf(m->arena, "%s/%s", m->sql_dir, dir);
    size_t first = files->n;
    struct dirent *entry;
    DIR *d = opendir(path);
    bool good = true;

    if (!d) {
        return errno == ENOENT || fail(e, "%s: %s", path, strerror(errno));
    }
    while (good && (entry = readdir(d))) {
        /* database.sql is what a superuser applies once, no migration. */
        if (entry->d_name[0] == '.' || !str_ends(str_from(entry->d_name), STR(".sql")) || strcmp(entry->d_name, "database.sql") == 0) {
            continue;
        }
        if (files->n == files->cap) {
            struct file *grown = ARENA_ARRAY(m->arena, struct file, 2 * files->cap + 64);
            if (files->n > 0) {
                memcpy(grown, files->v, files->n * sizeof *grown);
            }
            files->cap = 2 * files->cap + 64;
            files->v = grown;
        }
        files->v[files->n] = (struct file){.name = arena_printf(m->arena, "%s%s", prefix, entry->d_name)};
        good = read_file(m, arena_printf(m->arena, "%s/%s", path, entry->d_name), &files->v[files->n].text, e);
        files->n++;
    }
    closedir(d);
    if (files->n > first) {
        qsort(files->v + first, files->n - first, sizeof *files->v, by_name);
    }
    return good;
}

/* "0003_catalog.sql", and in its head "-- phase: expand" or "-- phase: contract", "-- needs: N" for the latter. */
static bool read_head(struct file *f, struct err *e)
{
    struct str text = f->text, line, name = str_from(f->name);
    int64_t number = 0, needs = 0;
    bool phase = false;

    if (name.n < 10 || name.p[4] != '_' || !str_to_int64(str_sub(name, 0, 4), &number) || number < 1) {
        return fail(e, "%s: a migration is named NNNN_name.sql", f->name);
    }
    f->number = (int)number;
    while (str_split(&text, '\n', &line) && str_starts(line, STR("--"))) {
        struct str what = str_trim(str_sub(line, 2, line.n));
        if (str_starts(what, STR("phase:"))) {
            what = str_trim(str_sub(what, 6, what.n));
            f->contract = str_eq_c(what, "contract");
            phase = f->contract || str_eq_c(what, "expand");
        } else if (str_starts(what, STR("needs:")) && !str_to_int64(str_trim(str_sub(what, 6, what.n)), &needs)) {
            return fail(e, "%s: '-- needs:' names the number of a migration", f->name);
        }
    }
    if (!phase) {
        return fail(e, "%s: the head must say '-- phase: expand' or '-- phase: contract'", f->name);
    }
    if (f->contract && needs < 1) {
        return fail(e, "%s: a contracting migration says '-- needs: N': the newest migration that the oldest working program knows", f->name);
    }
    f->needs = (int)needs;
    return true;
}

/* --- running ------------------------------------------------------------------------------------------------------------ */

static bool scalar(struct db *d, struct arena *a, const char *sql, int n, const char *const *values, const char **ret_value, struct err *e)
{
    PGresult *r;
    if (!db_sql(d, sql, n, values, &r, e)) {
        return false;
    }
    *ret_value = PQntuples(r) > 0 && !PQgetisnull(r, 0, 0) ? arena_strdup(a, PQgetvalue(r, 0, 0)) : NULL;
    PQclear(r);
    return true;
}

/* The server hashes: db/ includes no cryptography, and this is about mistakes, not about enemies. */
static bool checksums(const struct migrate *m, struct db *d, struct files *files, struct err *e)
{
    for (size_t i = 0; i < files->n; i++) {
        const char *values[] = {files->v[i].text.p}, *sum;
        if (!scalar(d, m->arena, "SELECT encode(sha256(convert_to($1::text, 'UTF8')), 'hex')", 1, values, &sum, e)) {
            return false;
        }
        snprintf(files->v[i].checksum, sizeof files->v[i].checksum, "%s", sum ? sum : "");
    }
    return true;
}

static int line_of(const char *text, int position)
{
    int line = 1;
    /* `position` counts characters, from 1 */
    for (int at = 1; *text && at < position; text++) {
        line += *text == '\n';
        at += ((unsigned char)text[1] & 0xc0) != 0x80;
    }
    return line;
}

/* Runs one file's statements inside the open transaction and checks that it did not end that transaction. */
static bool run_file(const struct migrate *m, struct db *d, const char *name, struct str text, bool *ret_lock, struct err *e)
{
    const char *before, *after;
    PGresult *r;
    bool good = false;

    *ret_lock = false;
    if (!scalar(d, m->arena, "SELECT pg_current_xact_id()::text", 0, NULL, &before, e)) {
        return false;
    }
    if (PQsendQuery(d->conn->pg, text.p) != 1) {
        return fail(e, "%s: %s", name, PQerrorMessage(d->conn->pg));
    }
    while ((r = PQgetResult(d->conn->pg))) {
        if (e->problem == PROBLEM_NONE && PQresultStatus(r) == PGRES_FATAL_ERROR) {
            const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION), *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
            const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
            int64_t at = 0;
            *ret_lock = state && strcmp(state, "55P03") == 0;
            (void)fail(e, "%s%s%s: %s", name, position ? ":" : "",
                       position && str_to_int64(str_from(position), &at) ? arena_printf(m->arena, "%d", line_of(text.p, (int)at)) : "",
                       message ? message : PQerrorMessage(d->conn->pg));
        }
        PQclear(r);
    }
    if (e->problem != PROBLEM_NONE) {
        return false;
    }
    good = PQtransactionStatus(d->conn->pg) == PQTRANS_INTRANS &&
           scalar(d, m->arena, "SELECT pg_current_xact_id_if_assigned()::text", 0, NULL, &after, e) && after && strcmp(before, after) == 0;
    return good || fail(e, "%s: a migration must not begin or end a transaction", name);
}

static bool apply_migration(const struct migrate *m, struct db *d, const struct file *f, bool *ret_lock, struct err *e)
{
    char number[12], needs[12];
    const char *values[] = {number, f->name, f->contract ? "contract" : "expand", needs, f->checksum, NULL};
    struct str real = time_format(m->arena, clock_real());

    *ret_lock = false;
    snprintf(number, sizeof number, "%d", f->number);
    snprintf(needs, sizeof needs, "%d", f->needs);
    values[5] = str_cstr(m->arena, real);
    if (!db_begin(d, e)) {
        return false;
    }
    if (db_sql(d, "SET LOCAL lock_timeout = '5s'", 0, NULL, NULL, e) && run_file(m, d, f->name, f->text, ret_lock, e) &&
        db_sql(d, "RESET ROLE; RESET search_path", 0, NULL, NULL, e) && db_sql(d, "SET LOCAL ROLE own_platform", 0, NULL, NULL, e) &&
        db_sql(d, "INSERT INTO migration.applied (number, name, phase, needs, checksum, applied_at) VALUES ($1, $2, $3, $4, $5, $6)", 6,
               values, NULL, e)) {
        return db_commit(d, e);
    }
    db_rollback(d);
    return false;
}

static bool apply_patiently(const struct migrate *m, struct db *d, const struct file *f, struct err *e)
{
    bool lock = false;
    int64_t began = clock_monotonic();

    for (int i = 1;; i++) {
        if (apply_migration(m, d, f, &lock, e)) {
            say(m, "%.*s applied (%lld ms)", (int)strlen(f->name) - 4, f->name, (long long)((clock_monotonic() - began) / USEC_PER_MS));
            return true;
        }
        if (!lock || i == LOCK_TRIES) {
            return false;
        }
        /* Waiting longer for the lock would make everybody else wait behind us. */
        say(m, "%s: a table is in use, trying again (%d of %d)", f->name, i + 1, LOCK_TRIES);
        err_clear(e);
        nanosleep(&(struct timespec){.tv_sec = i}, NULL);
    }
}

/* What is applied must be what the files say: same checksum, none missing in the middle, none slipped in below the newest. */
static bool pending(const struct migrate *m, struct db *d, const struct files *files, bool *ret_todo, struct err *e)
{
    PGresult *r;
    int newest = 0;
    bool good = true;

    if (!db_sql(d, "SELECT number, name, checksum FROM migration.applied ORDER BY number", 0, NULL, &r, e)) {
        return false;
    }
    for (int i = 0; i < PQntuples(r) && good; i++) {
        int64_t number = 0;
        size_t j = 0;
        good = str_to_int64(str_from(PQgetvalue(r, i, 0)), &number) || fail(e, "migration.applied cannot be read");
        newest = (int)number;
        while (j < files->n && files->v[j].number != number) {
            j++;
        }
        if (j == files->n && (files->n == 0 || number > files->v[files->n - 1].number)) {
            say(m, "%s: this database is newer than these files", PQgetvalue(r, i, 1));
        } else if (j == files->n) {
            good = fail(e, "%s was applied to this database, but its file is missing", PQgetvalue(r, i, 1));
        } else if (strcmp(files->v[j].checksum, PQgetvalue(r, i, 2)) != 0) {
            good = fail(e, "%s was changed after it was applied to this database: migrations only go forward, write a new one", files->v[j].name);
        } else {
            ret_todo[j] = false;
        }
    }
    PQclear(r);
    for (size_t j = 0; good && j < files->n; j++) {
        if (ret_todo[j] && files->v[j].number < newest) {
            good = fail(e, "%s is older than migration %04d, which was applied already: give it a new number", files->v[j].name, newest);
        }
    }
    return good;
}

static bool run_numbered(const struct migrate *m, struct db *d, const char *dir, struct err *e)
{
    struct files files = {0};
    bool *todo;
    size_t done = 0;

    if (!list_dir(m, dir, "", &files, e)) {
        return false;
    }
    if (files.n == 0) {
        return fail(e, "%s/%s: no migrations there", m->sql_dir, dir);
    }
    todo = ARENA_ARRAY(m->arena, bool, files.n);
    for (size_t i = 0; i < files.n; i++) {
        todo[i] = true;
        if (!read_head(&files.v[i], e)) {
            return false;
        }
        if (i > 0 && files.v[i].number == files.v[i - 1].number) {
            return fail(e, "%s and %s have the same number", files.v[i - 1].name, files.v[i].name);
        }
    }
    if (!checksums(m, d, &files, e) || !pending(m, d, &files, todo, e)) {
        return false;
    }
    for (size_t i = 0; i < files.n; i++) {
        if (todo[i]) {
            if (!apply_patiently(m, d, &files.v[i], e)) {
                return false;
            }
            done++;
        }
    }
    if (done == 0) {
        say(m, "migrations: nothing to do, the database is at %04d", files.v[files.n - 1].number);
    }
    return true;
}

/* --- functions and views -------------------------------------------------------------------------------------------------- */

static bool apply_repeatable(const struct migrate *m, struct db *d, const struct file *f, struct err *e)
{
    const char *values[] = {f->name, f->checksum, str_cstr(m->arena, time_format(m->arena, clock_real()))};
    bool lock;

    return run_file(m, d, f->name, f->text, &lock, e) && db_sql(d, "RESET ROLE; RESET search_path", 0, NULL, NULL, e) &&
           db_sql(d, "SET LOCAL ROLE own_platform", 0, NULL, NULL, e) &&
           db_sql(d,
                  "INSERT INTO migration.repeatable (path, checksum, applied_at) VALUES ($1, $2, $3)"
                  " ON CONFLICT (path) DO UPDATE SET checksum = excluded.checksum, applied_at = excluded.applied_at",
                  3, values, NULL, e) &&
           db_sql(d, "RESET ROLE", 0, NULL, NULL, e);
}

static bool changed_repeatables(const struct migrate *m, struct db *d, const struct files *files, bool *ret_changed, size_t *ret_n, struct err *e)
{
    *ret_n = 0;
    for (size_t i = 0; i < files->n; i++) {
        const char *values[] = {files->v[i].name}, *sum;
        if (!scalar(d, m->arena, "SELECT checksum FROM migration.repeatable WHERE path = $1", 1, values, &sum, e)) {
            return false;
        }
        ret_changed[i] = !sum || strcmp(sum, files->v[i].checksum) != 0;
        *ret_n += ret_changed[i];
    }
    return true;
}

static bool run_repeatables(const struct migrate *m, struct db *d, struct err *e)
{
    struct files files = {0};
    bool *changed, good;
    size_t n;

    if (!list_dir(m, "functions", "functions/", &files, e) || !list_dir(m, "views", "views/", &files, e) || !checksums(m, d, &files, e)) {
        return false;
    }
    changed = ARENA_ARRAY(m->arena, bool, files.n + 1);
    if (!changed_repeatables(m, d, &files, changed, &n, e)) {
        return false;
    }
    if (n == 0) {
        say(m, "functions and views: nothing to do");
        return true;
    }
    if (!db_begin(d, e)) {
        return false;
    }
    /* A function may use a view or a function of a later file; tests/sql checks all bodies afterwards. */
    good = db_sql(d, "SET LOCAL lock_timeout = '5s'; SET LOCAL check_function_bodies = off", 0, NULL, NULL, e);
    for (size_t i = 0; good && i < files.n; i++) {
        good = !changed[i] || apply_repeatable(m, d, &files.v[i], e);
    }
    if (!good) {
        db_rollback(d);
        return false;
    }
    if (!db_commit(d, e)) {
        return false;
    }
    say(m, "functions and views: %zu files applied", n);
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------------------------- */

static bool take_lock(const struct migrate *m, struct db *d, struct err *e)
{
    int64_t until = clock_monotonic() + LOCK_WAIT_S * USEC_PER_SEC;
    bool got = false, told = false;

    db_deadline(d, clock_monotonic() + STATEMENT_S * USEC_PER_SEC);
    while (db_try_lock(d, LOCK_KEY, &got, e)) {
        if (got) {
            return true;
        }
        if (!told) {
            say(m, "another migration is running: waiting for it");
            told = true;
        }
        if (clock_monotonic() > until) {
            return fail(e, "another migration has been running for %d s", LOCK_WAIT_S);
        }
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    return false;
}

static bool bootstrap(struct db *d, struct arena *a, struct err *e)
{
    static const char sql[] =
        "CREATE SCHEMA migration AUTHORIZATION own_platform;"
        "SET LOCAL ROLE own_platform;"
        "CREATE TABLE migration.applied (number int PRIMARY KEY, name text NOT NULL, phase text NOT NULL, needs int NOT NULL,"
        " checksum text NOT NULL, applied_at timestamptz NOT NULL);"
        "CREATE TABLE migration.repeatable (path text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL);"
        "GRANT USAGE ON SCHEMA migration TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_jobs_core, souk_jobs_payment,"
        " souk_sandbox, souk_admin, souk_migrate;"
        "GRANT SELECT ON migration.applied TO souk_product, souk_user, souk_order, souk_payment, souk_inventory, souk_jobs_core, souk_jobs_payment,"
        " souk_sandbox, souk_admin, souk_migrate;"
        "GRANT SELECT ON migration.repeatable TO souk_migrate, souk_admin;"
        "RESET ROLE";
    const char *exists;

    if (!scalar(d, a, "SELECT to_regclass('migration.repeatable')::text", 0, NULL, &exists, e)) {
        return false;
    }
    if (exists) {
        return true;
    }
    if (!db_begin(d, e)) {
        return false;
    }
    if (!db_sql(d, sql, 0, NULL, NULL, e)) {
        db_rollback(d);
        return false;
    }
    return db_commit(d, e);
}

static bool partitions(const struct migrate *m, struct db *d, struct err *e)
{
    const char *made, *real = str_cstr(m->arena, time_format(m->arena, clock_real()));
    bool good;

    if (!db_begin(d, e)) {
        return false;
    }
    good = db_sql(d, "SET LOCAL ROLE own_platform", 0, NULL, NULL, e) &&
           scalar(d, m->arena, "SELECT p.made FROM platform.partitions_v1(platform.clock()) p", 0, NULL, &made, e) &&
           db_sql(d, "SET LOCAL ROLE own_identity", 0, NULL, NULL, e) &&
           scalar(d, m->arena, "SELECT p.made + $2::int FROM identity.partitions_v1(platform.clock(), $1::timestamptz) p", 2,
                  (const char *const[]){real, made}, &made, e);
    if (!good) {
        db_rollback(d);
        return false;
    }
    if (!db_commit(d, e)) {
        return false;
    }
    if (made && strcmp(made, "0") != 0) {
        say(m, "partitions: %s made ahead", made);
    }
    return true;
}

/* An operator reads this: what the log would get is part of the message. */
static bool explain(struct err *e)
{
    if (e->cause[0]) {
        snprintf(e->detail, sizeof e->detail, "%.*s", (int)sizeof e->detail - 1, e->cause);
    }
    return false;
}

bool migrate_shop(const struct migrate *m, struct db *d, struct err *e)
{
    struct err ignored = {0};
    bool good = take_lock(m, d, e) && bootstrap(d, m->arena, e) && run_numbered(m, d, "migrations", e) && run_repeatables(m, d, e) &&
                partitions(m, d, e);
    (void)!db_unlock(d, LOCK_KEY, &ignored);
    db_release(d);
    return good || explain(e);
}

bool migrate_keys(const struct migrate *m, struct db *d, struct err *e)
{
    struct err ignored = {0};
    bool good = take_lock(m, d, e) && bootstrap(d, m->arena, e) && run_numbered(m, d, "keys", e);
    (void)!db_unlock(d, LOCK_KEY, &ignored);
    db_release(d);
    return good || explain(e);
}

/* --- roles and databases -------------------------------------------------------------------------------------------------------- */

static bool run_as_superuser(const struct migrate *m, const char *superuser, const char *database, const char *name, struct err *e)
{
    struct db_settings s = {.conninfo = superuser, .database = database, .application = "souk migrate"};
    struct db_pool *p = db_pool_new(&s, NULL);
    struct db *d = db_new(p);
    bool lock, good;
    struct str text;

    db_deadline(d, clock_monotonic() + STATEMENT_S * USEC_PER_SEC);
    good = read_file(m, arena_printf(m->arena, "%s/%s", m->sql_dir, name), &text, e) && db_begin(d, e);
    if (good) {
        good = db_sql(d, "SELECT pg_advisory_xact_lock(6009413705712006)", 0, NULL, NULL, e) && run_file(m, d, name, text, &lock, e);
        if (good) {
            good = db_commit(d, e);
        } else {
            db_rollback(d);
        }
    }
    db_destroy(d);
    db_pool_destroy(p);
    return good;
}

static bool create_database(const struct migrate *m, const char *superuser, const char *database, struct err *e)
{
    struct db_settings s = {.conninfo = superuser, .application = "souk migrate"};
    struct db_pool *p = db_pool_new(&s, NULL);
    struct db *d = db_new(p);
    const char *values[] = {database}, *sql = NULL;
    bool good;

    /* The lock is taken in the maintenance database, where every run begins; it ends with this connection. */
    good = db_sql(d, "SELECT pg_advisory_lock(6009413705712006)", 0, NULL, NULL, e) &&
           scalar(d, m->arena,
                  "SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', $1::text)"
                  " WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = $1)",
                  1, values, &sql, e);
    if (good && sql) {
        good = db_sql(d, sql, 0, NULL, NULL, e);
        if (good) {
            say(m, "database %s made", database);
        }
    }
    db_destroy(d);
    db_pool_destroy(p);
    return good;
}

bool migrate_roles(const struct migrate *m, const char *superuser, const char *database, const char *database_keys, struct err *e)
{
    if (!run_as_superuser(m, superuser, NULL, "roles.sql", e)) {
        return explain(e);
    }
    say(m, "roles: done");
    if (!create_database(m, superuser, database, e) || !create_database(m, superuser, database_keys, e) ||
        !run_as_superuser(m, superuser, database, "database.sql", e) ||
        !run_as_superuser(m, superuser, database_keys, "database_keys.sql", e)) {
        return explain(e);
    }
    say(m, "databases %s and %s: done", database, database_keys);
    return true;
}
