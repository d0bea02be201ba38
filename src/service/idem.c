#include "service/idem.h"

#include "sql/platform.h"

bool idem_refused(struct str outcome, struct err *e)
{
    if (str_eq_c(outcome, "in_flight")) {
        e->retry_after_s = 1;
        return err_set(e, PROBLEM_IN_FLIGHT, "A request with this Idempotency-Key is still being worked on");
    }
    return err_set(e, PROBLEM_IDEMPOTENCY_REUSED, "This Idempotency-Key was used with another body");
}

bool idem_begin(struct call *c, struct str scope, struct idem *ret_idem, struct err *e)
{
    struct idem k = {.scope = scope};
    struct q_idem_begin_row row;
    if (str_is_null(c->idempotency_key)) {
        *ret_idem = k;
        return true;
    }
    if (!db_begin(c->db, e)) return false;
    k.keyed = true;
    struct q_idem_begin_in in = {.scope = scope, .key = c->idempotency_key, .body_hash = c->body_hash, .now = c->now};
    if (!q_idem_begin(c->db, c->arena, &in, &row, e)) {
        db_rollback(c->db);
        return false;
    }
    if (!str_eq_c(row.outcome, "fresh")) {
        db_rollback(c->db);
        if (!str_eq_c(row.outcome, "replay")) return idem_refused(row.outcome, e);
        k = (struct idem){.replay = true, .scope = scope, .status = row.status.v, .result = row.result};
    }
    *ret_idem = k;
    return true;
}

bool idem_end(struct call *c, const struct idem *k, int status, struct str result, struct err *e)
{
    if (!k->keyed) return true;
    struct q_idem_finish_in in = {.scope = k->scope, .key = c->idempotency_key, .body_hash = c->body_hash, .status = status, .result = result,
                                  .now = c->now};
    if (!q_idem_finish(c->db, c->arena, &in, NULL, e)) {
        db_rollback(c->db);
        return false;
    }
    return db_commit(c->db, e);
}

void idem_abort(struct call *c, const struct idem *k)
{
    if (k->keyed) db_rollback(c->db);
}
