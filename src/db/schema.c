#include "db/conn.h"
#include "db/migrate.h"
#include "sql/version.h"

bool db_schema_version(struct db *d, int *ret_version, struct err *e)
{
    int64_t newest = 0, needs = 0;
    PGresult *r;

    if (!db_sql(d, "SELECT coalesce(max(number), 0), coalesce(max(needs), 0) FROM migration.applied", 0, NULL, &r, e)) {
        if (e->problem == PROBLEM_INTERNAL) {        /* no such table, no right to it */
            e->problem = PROBLEM_UNAVAILABLE;
        }
        return false;
    }
    if (!str_to_int64(str_from(PQgetvalue(r, 0, 0)), &newest) || !str_to_int64(str_from(PQgetvalue(r, 0, 1)), &needs)) {
        PQclear(r);
        return err_cause(e, "migration.applied cannot be read");
    }
    PQclear(r);
    if (newest < SOUK_SCHEMA_VERSION || needs > SOUK_SCHEMA_VERSION) {
        (void)err_set(e, PROBLEM_UNAVAILABLE, "The database is at migration %d, this program was made for %d.", (int)newest, SOUK_SCHEMA_VERSION);
        return err_cause(e, needs > SOUK_SCHEMA_VERSION ? "the schema was contracted and needs a newer program (%d)" : "run souk migrate (%d)",
                         (int)needs);
    }
    *ret_version = (int)newest;
    return true;
}

bool db_connections_allowed(struct db *d, int *ret_limit, struct err *e)
{
    int64_t limit = 0;
    PGresult *r;

    if (!db_sql(d, "SELECT CASE WHEN rolconnlimit < 0 THEN current_setting('max_connections')::int ELSE rolconnlimit END FROM pg_roles WHERE rolname = current_user",
                0, NULL, &r, e)) {
        return false;
    }
    bool ok = PQntuples(r) == 1 && str_to_int64(str_from(PQgetvalue(r, 0, 0)), &limit);
    PQclear(r);
    if (!ok) {
        return err_cause(e, "the limit of the role's connections cannot be read");
    }
    *ret_limit = (int)limit;
    return true;
}
