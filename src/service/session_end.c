#include "service/session_internal.h"

#include "service/audit.h"
#include "sql/identity_session.h"

static bool end(struct call *c, struct q_session_end_in in, struct q_session_end_row *ret, struct err *e)
{
    in.actor = session_actor(c);
    in.place = audit_place(c->arena, c->client);
    in.request_id = c->request_id;
    in.trace_id = c->trace_id;
    in.now = c->now;
    in.real = clock_real();
    if (!q_session_end(c->db, c->arena, &in, ret, e))
        return false;
    session_news_add(c->env->news, in.account, in.id, in.real);          /* this process need not wait for its own news */
    return true;
}

bool session_end(struct call *c, struct account_id account, struct session_id session, const char *reason, struct err *e)
{
    struct q_session_end_row row;
    if (!end(c, (struct q_session_end_in){.account = account, .id = session, .created = session_created(session), .reason = str_from(reason)}, &row, e))
        return false;
    if (!row.known)
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such session");
    if (c->kv)
        (void)kv_delete(c->kv, session_redis_key(c->arena, account, session));
    return true;
}

bool session_end_all(struct call *c, struct account_id account, struct session_id spare, const char *reason, int *ret_ended, struct err *e)
{
    struct q_session_end_row row;
    if (!end(c, (struct q_session_end_in){.account = account, .spare = spare, .reason = str_from(reason)}, &row, e))
        return false;
    if (ret_ended)
        *ret_ended = row.ended;
    return true;
}

bool session_forget(struct call *c, struct account_id account, struct err *e)
{
    usec_t real = clock_real();
    if (!q_session_forget(c->db, c->arena, &(struct q_session_forget_in){.account = account, .real = real}, NULL, e))
        return false;
    session_news_add(c->env->news, account, (struct session_id){0}, real);
    return true;
}

bool session_list(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e)
{
    struct q_session_list_rows rows;
    struct q_session_list_in in = {.account = account, .idle_s = (int32_t)c->env->config->session_idle_s, .now = c->now};
    if (!q_session_list(c->db, c->arena, &in, &rows, e))
        return false;
    struct session_info *v = ARENA_ARRAY(c->arena, struct session_info, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_session_list_row *r = &rows.v[i];
        bool browser = str_eq_c(r->kind, "browser");
        v[i] = (struct session_info){.id = r->id, .kind = browser ? SESSION_BROWSER : SESSION_APP, .kind_name = r->kind, .method = r->method, .device = r->device,
                                     .place = r->place, .created_at = r->created_at, .last_used_at = r->last_used_at, .second_factor = r->second_factor,
                                     .current = uuid_eq(r->id.u, c->actor.session.u)};
    }
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}
