#include "db/conn.h"

/* First match wins. PostgreSQL 15, appendix A. */
static const struct sqlstate_rule rules[] = {
    {"40001", PROBLEM_UNAVAILABLE, true, false},     /* serialization failure */
    {"40P01", PROBLEM_UNAVAILABLE, true, false},     /* deadlock */
    {"55P03", PROBLEM_UNAVAILABLE, true, false},     /* lock_timeout */
    {"57014", PROBLEM_TIMEOUT, false, false},        /* statement_timeout, or our own cancel */
    {"25P03", PROBLEM_UNAVAILABLE, false, true},     /* idle_in_transaction_session_timeout */
    {"25006", PROBLEM_UNAVAILABLE, false, true},     /* read-only: this server is a standby by now */
    {"0A000", PROBLEM_UNAVAILABLE, true, true},      /* "cached plan must not change result type": a migration ran */
    {"26000", PROBLEM_UNAVAILABLE, true, true},      /* the prepared statement is gone */
    {"53", PROBLEM_UNAVAILABLE, false, true},        /* out of memory, disk full, too many connections */
    {"57P0", PROBLEM_UNAVAILABLE, true, true},       /* shutdown, crash recovery, start-up */
    {"08", PROBLEM_UNAVAILABLE, true, true},         /* connection */
    {"", PROBLEM_INTERNAL, false, false},
};

const struct sqlstate_rule *sqlstate_rule(const char *sqlstate)
{
    const struct sqlstate_rule *r = rules;
    while (strncmp(sqlstate ? sqlstate : "", r->prefix, strlen(r->prefix)) != 0) {
        r++;
    }
    return r;
}

const struct sqlstate_rule *sqlstate_error(const PGresult *r, const char *what, struct err *e)
{
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE), *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
    const struct sqlstate_rule *rule = sqlstate_rule(state ? state : "08006");

    (void)err_set(e, rule->problem, "%s", problem_info(rule->problem)->title);
    (void)err_cause(e, "%s: %s %s%s%s", what, state ? state : "08006", message ? message : "no message from the server",
                    constraint ? ", constraint " : "", constraint ? constraint : "");
    return rule;
}
