/* What `souk-jobs payment` does: fetches news, works news and commands, settles what stayed open. Everything here may run
 * twice at once and may be killed at any point: claims are leases, steps are operations, and states only move forward. */
#include "service/payment.h"
#include "service/payment_internal.h"
#include "sql/payment.h"
#include "sql/payment_work.h"

/* 12 tries take 25 minutes: then a person is called, and we go on trying, because a provider that was away comes back. */
enum { PORTION = 10, LEASE_S = 60, REPEATS = 2, TRIES_BEFORE_FLAG = 12, PAUSE_MAX_S = 300, EVENT_TRIES = 300 };

static usec_t later(int tries)
{
    int seconds = tries < 8 ? 1 << tries : PAUSE_MAX_S;
    return clock_real() + seconds * USEC_PER_SEC;
}

static bool fail_attempt(struct call *c, struct payment_id id, const char *code, usec_t asked_at, struct str *ret_outcome, struct err *e)
{
    struct q_payment_fail_row r;
    if (!q_payment_fail(c->db, c->arena, &(struct q_payment_fail_in){.attempt = id, .code = str_from(code), .asked_at = asked_at, .request_id = c->request_id,
                                                                     .trace_id = c->trace_id, .real = clock_real(), .now = c->now}, &r, e))
        return false;
    LOG(c->env->log, LOG_INFO, "payment_ended", LOGS("payment", id_str(c->arena, ID_payment, id.u)), LOGC("code", code), LOGS("outcome", r.outcome));
    *ret_outcome = r.outcome;
    return true;
}

static bool flag(struct call *c, struct payment_id id, const char *why, struct err *e)
{
    LOG(c->env->log, LOG_ERROR, "payment_needs_a_person", LOGS("payment", id_str(c->arena, ID_payment, id.u)), LOGC("why", why));
    return q_payment_flag(c->db, c->arena, &(struct q_payment_flag_in){.attempt = id, .flag = str_from(why), .now = c->now}, NULL, e);
}

/* One row that fails does not hold up the others of its portion: it comes again when its lease ends. When the database is away,
 * nothing else can be done either. */
static bool goes_on(struct call *c, const char *what, struct uuid row, struct err *e)
{
    char id[37];
    if (e->problem == PROBLEM_UNAVAILABLE || e->problem == PROBLEM_TIMEOUT)
        return false;
    uuid_format(row, id);
    LOG(c->env->log, LOG_ERROR, "payment_work_failed", LOGC("what", what), LOGC("row", id), LOGC("problem", problem_info(e->problem)->code),
        LOGC("cause", e->cause[0] ? e->cause : e->detail));
    db_release(c->db);
    err_clear(e);
    return true;
}

/* --- news ------------------------------------------------------------------------------------------------------------- */

struct delivery { struct call *c; const char *provider; };

static bool deliver(void *arg, const struct provider_hook *hook)
{
    struct delivery *d = arg;
    struct err e = {0};
    bool ok = payment_hook(d->c, d->provider, hook, &e);
    db_release(d->c->db);
    if (!ok)
        LOG(d->c->env->log, LOG_WARN, "payment_event_refused", LOGC("provider", d->provider), LOGC("cause", e.cause[0] ? e.cause : e.detail));
    return ok;
}

bool payment_work_pull(struct call *c, int *ret_done, struct err *e)
{
    (void)e;
    int done = 0;
    for (size_t i = 0; c->env->providers != NULL && c->env->providers[i] != NULL; i++) {
        const struct payment_provider *p = c->env->providers[i];
        const struct provider_call pc = {.arena = c->arena, .deadline = c->deadline, .request_id = c->request_id};
        if (p->pull == NULL)
            continue;
        int n = p->pull(p, &pc, deliver, &(struct delivery){c, p->name});
        done += n > 0 ? n : 0;
        if (n < 0)
            LOG(c->env->log, LOG_WARN, "payment_pull_failed", LOGC("provider", p->name));
    }
    *ret_done = done;
    return true;
}

static bool event_finish(struct call *c, const struct q_payment_event_claim_row *v, const char *state, struct err *e)
{
    LOG(c->env->log, LOG_INFO, "payment_event_worked", LOGS("type", v->type), LOGC("state", state), LOGI("tries", v->tries));
    return q_payment_event_finish(c->db, c->arena, &(struct q_payment_event_finish_in){
        .id = v->id, .state = str_from(state), .next = strcmp(state, "open") == 0 ? later(v->tries) : 0, .real = clock_real()}, NULL, e);
}

static bool work_event(struct call *c, const struct q_payment_event_claim_row *v, struct err *e)
{
    const struct payment_provider *p = payment_provider(c->env, v->provider);
    struct provider_result x;
    struct str state;
    if (uuid_is_zero(v->attempt.u) || p == NULL)
        return event_finish(c, v, "ignored", e);
    if (!payment_ask(c, p, v->attempt, v->provider_ref, &x, &state, e))
        return false;
    if (x.outcome == PROVIDER_ANSWERED)
        return event_finish(c, v, str_is_null(state) ? "ignored" : "done", e);
    return event_finish(c, v, v->tries < EVENT_TRIES ? "open" : "flagged", e);
}

bool payment_work_events(struct call *c, int *ret_done, struct err *e)
{
    struct q_payment_event_claim_rows rows;
    if (!q_payment_event_claim(c->db, c->arena, &(struct q_payment_event_claim_in){.lim = PORTION, .lease_s = LEASE_S, .real = clock_real()}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        if (!work_event(c, &rows.v[i], e) && !goes_on(c, "event", rows.v[i].id, e))
            return false;
    *ret_done = (int)rows.n;
    return true;
}

/* --- commands ----------------------------------------------------------------------------------------------------------- */

static bool command_finish(struct call *c, const struct q_payment_command_claim_row *v, const char *state, const char *note, struct err *e)
{
    bool again = strcmp(state, "open") == 0;
    if (again && v->tries >= TRIES_BEFORE_FLAG && !flag(c, v->attempt, "command_failed", e))
        return false;
    LOG(c->env->log, LOG_INFO, "payment_command", LOGS("payment", id_str(c->arena, ID_payment, v->attempt.u)), LOGS("kind", v->kind), LOGS("reason", v->reason),
        LOGC("state", state), LOGC("note", note), LOGI("tries", v->tries));
    return q_payment_command_finish(c->db, c->arena, &(struct q_payment_command_finish_in){
        .id = v->id, .state = str_from(state), .note = str_from(note), .next = again ? later(v->tries) : 0, .now = c->now}, NULL, e);
}

/* What an operation's outcome means for the command that wanted it. */
static bool command_operate(struct call *c, const struct q_payment_command_claim_row *v, const char *kind, struct err *e)
{
    struct payment_result r;
    if (!payment_operate(c, v->attempt, kind, STR_NULL, &r, e))
        return false;
    if (str_eq_c(r.outcome, "paid"))
        return command_finish(c, v, "done", "the order was paid in the meantime", e);
    if (str_eq_c(r.outcome, "not_payable"))
        return command_finish(c, v, "done", "the order was canceled in the meantime", e);
    if (str_eq_c(r.outcome, "go") && r.provider == PROVIDER_ANSWERED)
        return command_finish(c, v, "done", kind, e);
    if (str_eq_c(r.outcome, "go") && r.provider == PROVIDER_REFUSED && v->tries >= TRIES_BEFORE_FLAG)        /* it is there, and says no */
        return flag(c, v->attempt, "command_refused", e) && command_finish(c, v, "flagged", "refused", e);
    return command_finish(c, v, "open", str_eq_c(r.outcome, "go") ? provider_outcome_name(r.provider) : str_cstr(c->arena, r.outcome), e);
}

/* Gives back what the provider holds, whatever that is by now. */
static bool work_release(struct call *c, const struct payment_provider *p, const struct q_payment_command_claim_row *v, struct err *e)
{
    struct provider_result x;
    struct str state, outcome;
    /* A call that a request may still be waiting for is perhaps only on its way: what the provider does not know yet, it may know in a moment. */
    usec_t settled = clock_real() - c->env->config->request_ms * USEC_PER_MS;
    if (!payment_ask(c, p, v->attempt, v->provider_ref, &x, &state, e))
        return false;
    if (x.outcome == PROVIDER_ABSENT) {
        if (!fail_attempt(c, v->attempt, "canceled", settled, &outcome, e))
            return false;
        /* "state": it ended before, or it was authorized while we asked, and then it has money by now. */
        bool over = str_eq_c(outcome, "ok") || str_eq_c(v->state, "failed") || str_eq_c(v->state, "voided");
        return command_finish(c, v, over ? "done" : "open", "nothing at the provider", e);
    }
    if (x.outcome != PROVIDER_ANSWERED)
        return command_finish(c, v, "open", provider_outcome_name(x.outcome), e);
    if (x.payment.state == PROVIDER_CAPTURED && x.payment.refunded < x.payment.captured)
        return command_operate(c, v, "refund", e);
    if (x.payment.state == PROVIDER_PROCESSING || x.payment.state == PROVIDER_REQUIRES_ACTION || x.payment.state == PROVIDER_AUTHORIZED)
        return command_operate(c, v, "void", e);
    return command_finish(c, v, "done", provider_state_name(x.payment.state), e);
}

/* Money that is not there cannot be taken, unless nobody wants it any more. */
static bool work_capture(struct call *c, const struct q_payment_command_claim_row *v, struct err *e)
{
    struct payment_result r;
    if (str_eq_c(v->state, "authorized"))
        return command_operate(c, v, "capture", e);
    if (!payment_operate(c, v->attempt, "capture", STR_NULL, &r, e))
        return false;
    if (str_eq_c(r.outcome, "not_payable"))
        return command_finish(c, v, "done", "the order was canceled in the meantime", e);
    return flag(c, v->attempt, "nothing_to_capture", e) && command_finish(c, v, "flagged", "nothing to capture", e);
}

static bool work_command(struct call *c, const struct q_payment_command_claim_row *v, struct err *e)
{
    const struct payment_provider *p = payment_provider(c->env, v->provider);
    if (p == NULL)
        return command_finish(c, v, "open", "the provider is not configured", e);
    if (str_eq_c(v->kind, "release"))
        return work_release(c, p, v, e);
    if (str_eq_c(v->state, "captured"))
        return command_finish(c, v, "done", "captured", e);
    return work_capture(c, v, e);
}

bool payment_work_commands(struct call *c, int *ret_done, struct err *e)
{
    struct q_payment_command_claim_rows rows;
    if (!q_payment_command_claim(c->db, c->arena, &(struct q_payment_command_claim_in){.lim = PORTION, .lease_s = LEASE_S, .real = clock_real()}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        if (!work_command(c, &rows.v[i], e) && !goes_on(c, "command", rows.v[i].id, e))
            return false;
    *ret_done = (int)rows.n;
    return true;
}

/* --- the sweeper ---------------------------------------------------------------------------------------------------------- */

/* The same call once more: same operation, same body. */
static bool repeat(struct call *c, const struct payment_provider *p, const struct q_payment_sweep_claim_row *v, struct err *e)
{
    struct payment_result r;
    struct provider_order order = {.attempt = v->id, .order_number = v->order_number, .amount = {v->amount, v->currency}, .method = v->method};
    if (str_eq_c(v->operation_kind, "authorize") && !str_is_null(v->return_nonce))
        order.return_url = payment_return_url(c, v->id, v->order_id, v->return_nonce, v->operation_started);
    return payment_call_and_finish(c, p, str_cstr(c->arena, v->operation_kind), v->operation, &order, v->provider_ref, &r, e);
}

/* The provider knows nothing of it: the creating call never arrived. Repeated while that makes sense, else the attempt is over. */
static bool sweep_absent(struct call *c, const struct payment_provider *p, const struct q_payment_sweep_claim_row *v, usec_t asked_at, struct err *e)
{
    struct str outcome;
    bool creating = str_eq_c(v->operation_kind, "authorize");
    if (!str_is_null(v->provider_ref) || (!creating && !uuid_is_zero(v->operation.u)))
        return flag(c, v->id, "unknown_to_the_provider", e);
    bool in_window = v->operation_started > clock_real() - p->repeat_window_s * USEC_PER_SEC;
    if (creating && !v->expired && str_eq_c(v->order_status, "pending_payment") && in_window && v->checks <= REPEATS)
        return repeat(c, p, v, e);
    return fail_attempt(c, v->id, "not_reached", asked_at, &outcome, e);
}

/* The provider said how it stands, and that is stored. What is left: an operation whose effect is not to be seen, or time that ran out. */
static bool sweep_answered(struct call *c, const struct payment_provider *p, const struct q_payment_sweep_claim_row *v, struct str state,
                           const struct provider_result *x, struct err *e)
{
    struct payment_result r;
    bool later_step = str_eq_c(v->operation_kind, "void") || str_eq_c(v->operation_kind, "capture") || str_eq_c(v->operation_kind, "refund");
    bool seen = (str_eq_c(v->operation_kind, "capture") && x->payment.state == PROVIDER_CAPTURED) ||
                (str_eq_c(v->operation_kind, "void") && (x->payment.state == PROVIDER_VOIDED || x->payment.state == PROVIDER_FAILED)) ||
                (str_eq_c(v->operation_kind, "refund") && x->payment.refunded >= x->payment.captured);
    if (later_step && !seen)
        return repeat(c, p, v, e);
    bool open = str_eq_c(state, "created") || str_eq_c(state, "requires_action");
    if (open && (v->expired || !str_eq_c(v->order_status, "pending_payment")))
        return payment_operate(c, v->id, "void", STR_NULL, &r, e);
    return true;
}

static bool sweep_one(struct call *c, const struct q_payment_sweep_claim_row *v, struct err *e)
{
    const struct payment_provider *p = payment_provider(c->env, v->provider);
    struct provider_result x;
    struct str state, outcome;
    if (!v->called)
        return fail_attempt(c, v->id, "abandoned", 0, &outcome, e);
    if (p == NULL)
        return flag(c, v->id, "provider_not_configured", e);
    usec_t asked_at = clock_real();
    if (!payment_ask(c, p, v->id, v->provider_ref, &x, &state, e))
        return false;
    if (x.outcome == PROVIDER_ANSWERED)
        return sweep_answered(c, p, v, state, &x, e);
    if (x.outcome == PROVIDER_ABSENT)
        return sweep_absent(c, p, v, asked_at, e);
    if (x.outcome == PROVIDER_UNSUPPORTED && str_eq_c(v->operation_kind, "authorize") &&
        v->operation_started > clock_real() - p->repeat_window_s * USEC_PER_SEC)
        return repeat(c, p, v, e);
    return v->checks < TRIES_BEFORE_FLAG || v->flagged || flag(c, v->id, "provider_does_not_say", e);
}

static bool cancel_unpaid(struct call *c, int *done, struct err *e)
{
    struct q_payment_unpaid_rows rows;
    if (!q_payment_unpaid(c->db, c->arena, &(struct q_payment_unpaid_in){.lim = 50, .now = c->now}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        struct q_payment_cancel_unpaid_row r;
        if (!q_payment_cancel_unpaid(c->db, c->arena, &(struct q_payment_cancel_unpaid_in){
                .order_id = rows.v[i].order_id, .reason = STR("unpaid"), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, &r, e)) {
            if (!goes_on(c, "order", rows.v[i].order_id.u, e))
                return false;
            continue;
        }
        LOG(c->env->log, LOG_INFO, "order_unpaid", LOGS("order", id_str(c->arena, ID_order, rows.v[i].order_id.u)), LOGS("outcome", r.outcome));
        *done += str_eq_c(r.outcome, "ok");
    }
    return true;
}

bool payment_work_sweep(struct call *c, int *ret_done, struct err *e)
{
    struct q_payment_sweep_claim_rows rows;
    if (!q_payment_sweep_claim(c->db, c->arena, &(struct q_payment_sweep_claim_in){
            .lim = PORTION, .settle_s = (int32_t)c->env->config->payment_settle_s, .real = clock_real(), .now = c->now}, &rows, e))
        return false;
    int done = (int)rows.n;
    for (size_t i = 0; i < rows.n; i++)
        if (!sweep_one(c, &rows.v[i], e) && !goes_on(c, "attempt", rows.v[i].id.u, e))
            return false;
    if (!cancel_unpaid(c, &done, e))
        return false;
    *ret_done = done;
    return true;
}
