/* The outbox relay and the readers of the feed. */
#include "jobs/jobs.h"
#include "service/notification.h"
#include "sql/platform.h"

enum { RELAY_PORTION = 500, READ_PORTION = 100 };

bool job_relay(struct call *c, int *ret_done, struct err *e)
{
    struct q_relay_row r;
    if (!q_relay(c->db, c->arena, &(struct q_relay_in){.lim = RELAY_PORTION, .now = c->now}, &r, e))
        return false;
    *ret_done = r.relayed > 0 ? r.relayed : 0;         /* -1: another relay is at work */
    return true;
}

/* A reader of the feed: what it does with which events. Its place in the feed moves in the transaction that does the work,
 * so each event is worked exactly once, and again from the start when that transaction fails. */
struct reader {
    const char *name, *type;
    bool (*work)(struct call *c, const struct q_consumer_read_row *event, struct err *e);
};

static bool owe_confirmation(struct call *c, const struct q_consumer_read_row *v, struct err *e)
{
    bool fresh;
    if (!message_queue(c, MESSAGE_ORDER_CONFIRMATION, (struct order_id){v->object_id}, v->request_id, v->trace_id, &fresh, e))
        return false;
    LOG(c->env->log, LOG_INFO, "message_owed", LOGS("request_id", v->request_id), LOGC("kind", MESSAGE_ORDER_CONFIRMATION),
        LOGS("order", id_str(c->arena, ID_order, v->object_id)), LOGI("new", fresh));
    return true;
}

static const struct reader readers[] = {
    {"mail", "order.paid", owe_confirmation},
};

static bool read_portion(struct call *c, const struct reader *r, int *ret_done, struct err *e)
{
    struct q_consumer_read_rows rows;
    if (!q_consumer_read(c->db, c->arena, &(struct q_consumer_read_in){.name = str_from(r->name), .lim = READ_PORTION, .now = c->now}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        if (str_eq_c(rows.v[i].type, r->type) && !r->work(c, &rows.v[i], e))
            return false;
    *ret_done += (int)rows.n;
    return rows.n == 0 || q_consumer_advance(c->db, c->arena, &(struct q_consumer_advance_in){.name = str_from(r->name),
                                                                                              .position = rows.v[rows.n - 1].position, .now = c->now}, NULL, e);
}

bool job_consume(struct call *c, int *ret_done, struct err *e)
{
    int done = 0;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (!db_begin(c->db, e))
            return false;
        if (!read_portion(c, &readers[i], &done, e)) {
            db_rollback(c->db);
            return false;
        }
        if (!db_commit(c->db, e))
            return false;
    }
    *ret_done = done;
    return true;
}
