#include "service/notification.h"

#include "service/cart_internal.h"
#include "service/order_link.h"
#include "service/person.h"
#include "sql/jobs.h"

/* A worker works for two thirds of the lease at most, so that nobody else begins a message that it still holds. */
enum { LEASE_S = 15, WORK_S = 10, TRIES_MAX = 20 };

bool message_queue(struct call *c, const char *kind, struct order_id order, struct str request_id, struct str trace_id, bool *ret_new, struct err *e)
{
    struct q_message_queue_row r;
    if (!q_message_queue(c->db, c->arena, &(struct q_message_queue_in){.id = {uuid_v7(c->now)}, .kind = str_from(kind), .order_id = order.u,
                                                                       .request_id = request_id, .trace_id = trace_id, .now = c->now}, &r, e))
        return false;
    *ret_new = r.queued;
    return true;
}

bool message_claim(struct call *c, int limit, struct message_list *ret_list, struct err *e)
{
    struct q_message_claim2_rows rows;
    int64_t until = clock_monotonic() + WORK_S * USEC_PER_SEC;
    if (!q_message_claim2(c->db, c->arena, &(struct q_message_claim2_in){.lim = limit, .lease_s = LEASE_S, .real = clock_real()}, &rows, e))
        return false;
    struct message *v = ARENA_ARRAY(c->arena, struct message, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_message_claim2_row *r = &rows.v[i];
        v[i] = (struct message){.id = r->id, .kind = r->kind, .order = r->order_id, .account = r->account_id, .subject_type = r->subject_type, .subject = r->subject_id,
                                .locale = r->locale, .tries = r->tries, .created_at = r->created_at, .request_id = r->request_id, .trace_id = r->trace_id};
    }
    *ret_list = (struct message_list){rows.n, v, until};
    return true;
}

static bool finish(struct call *c, const struct message *m, const char *state, const char *why, usec_t next, struct err *e)
{
    struct q_message_finish_row r;
    return q_message_finish(c->db, c->arena, &(struct q_message_finish_in){.id = m->id, .state = str_from(state), .error = str_from(why), .next = next,
                                                                          .now = c->now}, &r, e);
}

bool message_sent(struct call *c, const struct message *m, struct err *e)
{
    return finish(c, m, "sent", NULL, 0, e);
}

bool message_dropped(struct call *c, const struct message *m, const char *why, struct err *e)
{
    return finish(c, m, "dropped", why, 0, e);
}

bool message_failed(struct call *c, const struct message *m, bool permanent, const char *why, struct err *e)
{
    int64_t pause_s = m->tries < 12 ? INT64_C(1) << m->tries : 4096;
    if (permanent || m->tries >= TRIES_MAX)
        return finish(c, m, "failed", why, 0, e);
    return finish(c, m, "queued", why, clock_real() + pause_s * USEC_PER_SEC, e);
}

static bool open_contact(struct call *c, const struct q_mail_order_row *r, struct message_order *o, struct err *e)
{
    struct str json;
    if (!person_open(c, r->person_id, person_context(c->arena, CART_PLACE_EMAIL, r->cart_id.u), r->email, &o->email, e) ||
        !person_open(c, r->person_id, person_context(c->arena, CART_PLACE_ADDRESS, r->cart_id.u), r->address, &json, e))
        return false;
    if (str_is_null(json))
        return true;
    o->address = ARENA_NEW(c->arena, struct address);
    return address_from_json(c->arena, json, r->ship_country, o->address, e);
}

bool message_order_read(struct call *c, struct order_id order, struct message_order *ret_order, struct err *e)
{
    struct q_mail_order_row r;
    struct q_mail_order_lines_rows lines;
    if (!q_mail_order(c->db, c->arena, &(struct q_mail_order_in){.id = order}, &r, e) ||
        !q_mail_order_lines(c->db, c->arena, &(struct q_mail_order_lines_in){.id = order}, &lines, e))
        return false;
    struct message_order o = {
        .number = r.number, .locale = r.locale, .n_lines = lines.n, .lines = ARENA_ARRAY(c->arena, struct message_line, lines.n),
        .subtotal = {r.subtotal, r.currency}, .shipping = {r.shipping, r.currency}, .tax = {r.tax, r.currency}, .total = {r.total, r.currency},
        .prices_include_tax = r.prices_include_tax, .shipping_name = r.shipping_name, .placed_at = r.created_at};
    for (size_t i = 0; i < lines.n; i++)
        o.lines[i] = (struct message_line){.name = lines.v[i].name, .variant = lines.v[i].variant, .quantity = lines.v[i].quantity,
                                           .total = {lines.v[i].total, r.currency}};
    struct str path = order_page_path(c, order, r.created_at);
    o.order_url = str_printf(c->arena, "%s" STR_FMT, c->env->config->base_url, STR_ARG(path));
    if (!open_contact(c, &r, &o, e))
        return false;
    *ret_order = o;
    return true;
}
