#include "service/payment.h"

#include "crypto/keyring.h"
#include "service/idem.h"
#include "service/order_link.h"
#include "service/payment_internal.h"
#include "sql/payment.h"
#include "sql/platform.h"

enum { RETURN_LIFE_S = 3600, NONCE_LEN = 16, FINISH_TRIES = 3 };

static const char *const payment_state_names[] = {"created", "requires_action", "authorized", "captured", "voided", "failed", NULL};

static const struct shape_field payment_fields[] = {
    {"id", SHAPE_ID, offsetof(struct payment_view, id), .id = ID_payment, .doc = "Of this try to pay"},
    {"order_id", SHAPE_ID, offsetof(struct payment_view, order), .id = ID_order, .doc = "What is paid"},
    {"order_number", SHAPE_STR, offsetof(struct payment_view, order_number), .doc = "As shoppers know it"},
    {"order_status", SHAPE_STR, offsetof(struct payment_view, order_status), .doc = "State of the order"},
    {"try", SHAPE_INT, offsetof(struct payment_view, n), .doc = "1 for the first try to pay the order", .max = INT32_MAX},
    {"amount", SHAPE_MONEY, offsetof(struct payment_view, amount), .doc = "To be paid"},
    {"captured", SHAPE_MONEY, offsetof(struct payment_view, captured), .doc = "Taken"},
    {"refunded", SHAPE_MONEY, offsetof(struct payment_view, refunded), .doc = "Given back"},
    {"state", SHAPE_ENUM, offsetof(struct payment_view, state), .values = payment_state_names, .doc = "authorized and captured both secure the order"},
    {"processing", SHAPE_BOOL, offsetof(struct payment_view, processing), .doc = "The provider has not decided yet; ask again in a moment"},
    {"payable", SHAPE_BOOL, offsetof(struct payment_view, payable), .doc = "The order still waits for money"},
    {"failure_code", SHAPE_STR, offsetof(struct payment_view, failure_code), .doc = "Why it failed", .example = "card_declined"},
    {"action_url", SHAPE_STR, offsetof(struct payment_view, action_url), .max = 2000, .doc = "Where the payer must go while requires_action"},
    {"created_at", SHAPE_TIME, offsetof(struct payment_view, created_at), .doc = "When the try began"},
    {"expires_at", SHAPE_TIME, offsetof(struct payment_view, expires_at), .doc = "Until when the order holds its stock"},
    {NULL}};
const struct shape payment_shape = {"Payment", payment_fields, sizeof(struct payment_view)};

struct str payment_token(struct call *c, struct order_id order, usec_t from)
{
    return order_link_token(c, order, from);
}

struct str payment_page_path(struct call *c, struct payment_id payment, struct order_id order, usec_t from)
{
    struct str id = id_str(c->arena, ID_payment, payment.u), token = order_link_token(c, order, from);
    return str_printf(c->arena, "/pay/" STR_FMT "?t=" STR_FMT, STR_ARG(id), STR_ARG(token));
}

/* --- reading ----------------------------------------------------------------------------------------------------------- */

static bool load(struct call *c, struct payment_id id, struct payment_view *ret, struct err *e)
{
    struct q_payment_get_row r;
    bool found;
    if (!q_payment_get(c->db, c->arena, &(struct q_payment_get_in){.id = id, .now = c->now}, &r, &found, e))
        return false;
    if (!found)
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such payment.");
    *ret = (struct payment_view){
        .id = r.id, .order = r.order_id, .order_number = r.order_number, .order_status = r.order_status, .n = r.n, .amount = {r.amount, r.currency},
        .captured = {r.captured, r.currency}, .refunded = {r.refunded, r.currency}, .state = r.state, .payable = r.payable,
        .processing = str_eq_c(r.state, "created") ? r.called : r.running && str_eq_c(r.state, "requires_action"),
        .failure_code = r.failure_code, .action_url = str_eq_c(r.state, "requires_action") ? r.action_url : STR_NULL, .created_at = r.created_at,
        .expires_at = r.expires_at, .provider = r.provider, .method = r.method, .provider_ref = r.provider_ref, .order_created_at = r.order_created_at,
        .called = r.called};
    return true;
}

bool payment_get(struct call *c, struct payment_id id, struct str token, struct payment_view *ret, struct err *e)
{
    struct payment_view v;
    if (!load(c, id, &v, e))
        return false;
    if (!order_link_opens(c, v.order, token))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such payment.");
    *ret = v;
    return true;
}

bool payment_newest(struct call *c, struct payment_id id, struct str token, struct payment_view *ret, struct err *e)
{
    struct q_payment_latest_row row;
    bool found;
    if (!payment_get(c, id, token, ret, e) || !q_payment_latest(c->db, c->arena, &(struct q_payment_latest_in){.order_id = ret->order}, &row, &found, e))
        return false;
    return !found || uuid_eq(row.id.u, id.u) || load(c, row.id, ret, e);
}

/* --- one provider call ------------------------------------------------------------------------------------------------- */

void payment_log(struct call *c, enum log_level level, const char *event, struct payment_id id, const char *kind, const struct provider_result *x)
{
    LOG(c->env->log, level, event, LOGS("request_id", c->request_id), LOGS("payment", id_str(c->arena, ID_payment, id.u)), LOGC("kind", kind),
        LOGC("outcome", provider_outcome_name(x->outcome)),
        LOGC("state", x->outcome == PROVIDER_ANSWERED ? provider_state_name(x->payment.state) : NULL), LOGS("code", x->code), LOGC("cause", x->cause));
}

static bool captures_at_order(const struct call *c)
{
    return strcmp(c->env->config->payment_capture, "order") == 0;
}

static struct provider_result ask_for(struct call *c, const struct payment_provider *p, const char *kind, struct operation_id operation,
                                      const struct provider_order *order, struct str ref)
{
    const struct provider_call pc = {.arena = c->arena, .deadline = c->deadline - USEC_PER_SEC / 2, .operation = operation.u, .request_id = c->request_id};
    if (strcmp(kind, "authorize") == 0)
        return p->authorize(p, &pc, order);
    if (strcmp(kind, "complete") == 0)
        return p->complete(p, &pc, ref);
    if (strcmp(kind, "capture") == 0)
        return p->capture(p, &pc, ref, order->amount);
    if (strcmp(kind, "void") == 0)
        return p->release(p, &pc, ref);
    BUG_IF(strcmp(kind, "refund") != 0);
    return p->refund(p, &pc, ref, order->amount);
}

/* finish_v1 may be repeated, so a broken connection at this moment need not wait for the sweeper. */
static bool finish(struct call *c, const struct q_payment_finish_in *in, struct q_payment_finish_row *ret, struct err *e)
{
    for (int i = 1;; i++) {
        if (q_payment_finish(c->db, c->arena, in, ret, e))
            return true;
        if (i == FINISH_TRIES || (e->problem != PROBLEM_UNAVAILABLE && e->problem != PROBLEM_COMMIT_UNKNOWN))
            return false;
        db_release(c->db);
        err_clear(e);
    }
}

bool payment_call_and_finish(struct call *c, const struct payment_provider *p, const char *kind, struct operation_id operation,
                             const struct provider_order *order, struct str ref, struct payment_result *ret, struct err *e)
{
    db_release(c->db);                  /* a thread that waits for a provider holds no connection */
    struct provider_result x = ask_for(c, p, kind, operation, order, ref);
    payment_log(c, x.outcome == PROVIDER_UNKNOWN ? LOG_WARN : LOG_INFO, "payment_call", order->attempt, kind, &x);
    const struct provider_payment *v = &x.payment;
    bool answered = x.outcome == PROVIDER_ANSWERED;
    struct q_payment_finish_in in = {
        .operation = operation, .outcome = str_from(x.outcome == PROVIDER_ANSWERED || x.outcome == PROVIDER_REFUSED ? provider_outcome_name(x.outcome) : "unknown"),
        .code = answered ? v->code : x.code, .ref = v->ref, .view = answered ? str_from(provider_state_name(v->state)) : STR_NULL, .amount = v->amount.amount,
        .currency = answered ? currency_str(&v->amount.currency) : STR_NULL, .captured = v->captured, .refunded = v->refunded, .action_url = v->action_url,
        .capture = captures_at_order(c), .settle_s = (int32_t)c->env->config->payment_settle_s, .request_id = c->request_id, .trace_id = c->trace_id,
        .real = clock_real(), .now = c->now};
    struct q_payment_finish_row row;
    if (!finish(c, &in, &row, e))
        return false;
    *ret = (struct payment_result){.outcome = STR("go"), .provider = x.outcome, .code = in.code, .state = row.state};
    return true;
}

struct str payment_return_url(struct call *c, struct payment_id id, struct order_id order, struct str nonce, usec_t started)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str payment = id_str(c->arena, ID_payment, id.u), hex = crypto_hex(c->arena, nonce.p, nonce.n);
    struct str payload = str_printf(c->arena, STR_FMT ":" STR_FMT, STR_ARG(payment), STR_ARG(hex));
    keyring_derive(c->env->keyring, KEY_PAYMENT_STATE, key);
    struct str state = crypto_token_make(c->arena, str_of((const char *)key, sizeof key), "payment-return", payload, started / USEC_PER_SEC + RETURN_LIFE_S);
    crypto_cleanse(key, sizeof key);
    struct str t = order_link_token(c, order, started);
    return str_printf(c->arena, "%s/pay/return?state=" STR_FMT "&t=" STR_FMT, c->env->config->base_url, STR_ARG(state), STR_ARG(t));
}

bool payment_operate(struct call *c, struct payment_id id, const char *kind, struct str nonce, struct payment_result *ret, struct err *e)
{
    struct operation_id operation = {uuid_v7(clock_real())};
    uint8_t bytes[NONCE_LEN];
    crypto_random(bytes, sizeof bytes);
    struct str return_nonce = str_of((const char *)bytes, sizeof bytes);
    usec_t real = clock_real();
    struct q_payment_begin_row b;
    if (!q_payment_begin(c->db, c->arena, &(struct q_payment_begin_in){
            .attempt = id, .operation = operation, .kind = str_from(kind), .nonce = nonce, .return_nonce = return_nonce,
            .settle_s = (int32_t)c->env->config->payment_settle_s, .request_id = c->request_id, .trace_id = c->trace_id, .real = real, .now = c->now}, &b, e))
        return false;
    if (!str_eq_c(b.outcome, "go")) {
        *ret = (struct payment_result){.outcome = b.outcome, .state = b.state};
        return true;
    }
    const struct payment_provider *p = payment_provider(c->env, b.provider);
    struct provider_order order = {.attempt = id, .order_number = b.order_number, .method = b.method, .amount = {.amount = b.amount.v}};
    if (p == NULL)
        return err_cause(e, "no provider " STR_FMT " here", STR_ARG(b.provider));
    if (!currency_parse(b.currency, &order.amount.currency))
        return err_cause(e, "currency " STR_FMT, STR_ARG(b.currency));
    if (strcmp(kind, "authorize") == 0)
        order.return_url = payment_return_url(c, id, b.order_id, return_nonce, real);
    return payment_call_and_finish(c, p, kind, operation, &order, b.provider_ref, ret, e);
}

bool payment_ask(struct call *c, const struct payment_provider *p, struct payment_id id, struct str ref, struct provider_result *ret_answer,
                 struct str *ret_state, struct err *e)
{
    const struct provider_call pc = {.arena = c->arena, .deadline = c->deadline - USEC_PER_SEC / 2, .request_id = c->request_id};
    db_release(c->db);
    struct provider_result x = str_is_null(ref) ? p->find(p, &pc, id) : p->get(p, &pc, ref);
    payment_log(c, LOG_INFO, "payment_asked", id, str_is_null(ref) ? "find" : "get", &x);
    *ret_answer = x;
    *ret_state = STR_NULL;
    if (x.outcome != PROVIDER_ANSWERED)
        return true;
    const struct provider_payment *v = &x.payment;
    struct q_payment_observe_row row;
    bool found;
    if (!q_payment_observe(c->db, c->arena, &(struct q_payment_observe_in){
            .attempt = id, .code = v->code, .ref = v->ref, .view = str_from(provider_state_name(v->state)), .amount = v->amount.amount,
            .currency = currency_str(&v->amount.currency), .captured = v->captured, .refunded = v->refunded, .action_url = v->action_url,
            .capture = captures_at_order(c), .request_id = c->request_id, .trace_id = c->trace_id, .real = clock_real(), .now = c->now}, &row, &found, e))
        return false;
    if (found)
        *ret_state = row.state;
    return true;
}

/* --- the shopper's steps ------------------------------------------------------------------------------------------------- */

/* From where it stands, one step on; then reads again. *ret_acted: it was this call that asked the provider. */
static bool move_on(struct call *c, struct payment_view *v, bool *ret_acted, struct err *e)
{
    struct payment_result r;
    const char *kind = str_eq_c(v->state, "created") && !v->called ? "authorize" : str_eq_c(v->state, "requires_action") ? "complete" : NULL;
    *ret_acted = false;
    if (kind == NULL)
        return true;
    if (!payment_operate(c, v->id, kind, STR_NULL, &r, e))
        return false;
    *ret_acted = str_eq_c(r.outcome, "go");
    return load(c, v->id, v, e);
}

static struct str key_scope(struct call *c, struct order_id order, const char *what)
{
    return str_printf(c->arena, "payment:" STR_FMT ":%s", STR_ARG(id_str(c->arena, ID_order, order.u)), what);
}

/* What was stored under the key becomes the answer again; addresses of bank pages are never stored. */
static bool replay(struct call *c, struct str result, struct payment_view *ret, struct err *e)
{
    struct payment_view now;
    if (!shape_read_json(&payment_shape, result, c->arena, ret, e))
        return err_cause(e, "a stored payment cannot be read");
    if (!load(c, ret->id, &now, e))
        return false;
    ret->action_url = str_eq(ret->state, now.state) ? now.action_url : STR_NULL;
    ret->order_created_at = now.order_created_at;
    return true;
}

static struct str snapshot(struct call *c, const struct payment_view *v)
{
    struct payment_view kept = *v;
    struct buf b;
    kept.action_url = STR_NULL;
    buf_init_arena(&b, c->arena, 0);
    shape_write(&b, c->arena, &payment_shape, &kept);
    return buf_view(&b);
}

static bool key_finish(struct call *c, struct str scope, int status, const struct payment_view *v, struct err *e)
{
    if (str_is_null(c->idempotency_key))
        return true;
    return q_idem_finish(c->db, c->arena, &(struct q_idem_finish_in){.scope = scope, .key = c->idempotency_key, .body_hash = c->body_hash, .status = status,
                                                                     .result = snapshot(c, v), .now = c->now}, NULL, e);
}

/* Begins a keyed call inside the open transaction. *ret_fresh: go on. Otherwise *ret holds the stored payment; *ret_done says
 * that the first call had an answer, else it was cut short and the payment is read anew. */
static bool key_begin(struct call *c, struct str scope, bool *ret_fresh, bool *ret_done, struct payment_view *ret, struct err *e)
{
    struct q_idem_begin_row i = {.outcome = STR("fresh")};
    *ret_fresh = true;
    *ret_done = false;
    if (!str_is_null(c->idempotency_key) &&
        !q_idem_begin(c->db, c->arena, &(struct q_idem_begin_in){.scope = scope, .key = c->idempotency_key, .body_hash = c->body_hash, .now = c->now}, &i, e))
        return false;
    if (str_eq_c(i.outcome, "fresh"))
        return true;
    if (str_eq_c(i.outcome, "in_flight") || str_eq_c(i.outcome, "mismatch"))
        return idem_refused(i.outcome, e);
    *ret_fresh = false;
    *ret_done = str_eq_c(i.outcome, "replay");
    if (!replay(c, i.result, ret, e))
        return false;
    return *ret_done || load(c, ret->id, ret, e);
}

static bool key_start(struct call *c, struct str scope, const struct payment_view *v, struct err *e)
{
    if (str_is_null(c->idempotency_key))
        return true;
    return q_idem_start(c->db, c->arena, &(struct q_idem_start_in){.scope = scope, .key = c->idempotency_key, .body_hash = c->body_hash,
                                                                   .result = snapshot(c, v), .now = c->now}, NULL, e);
}

/* One step on, and the answer of the key. Of two calls with one key either may be the one that asks the provider: the other only
 * looks on, and what it sees is no answer for good unless it is decided. A key whose caller died stays `started` until somebody asks again. */
static bool act_and_answer(struct call *c, struct str scope, int status, struct payment_view *v, struct err *e)
{
    bool acted;
    if (!move_on(c, v, &acted, e))
        return false;
    bool decided = !v->processing && !str_eq_c(v->state, "created");
    return (!acted && !decided) || key_finish(c, scope, status, v, e);
}

bool payment_confirm(struct call *c, struct payment_id id, struct str token, struct payment_view *ret, bool *ret_replayed, struct err *e)
{
    struct payment_view v;
    bool fresh, done;
    if (!payment_get(c, id, token, &v, e))
        return false;
    struct str scope = key_scope(c, v.order, "confirm");
    if (!db_begin(c->db, e))
        return false;
    if (!key_begin(c, scope, &fresh, &done, &v, e) || (fresh && !key_start(c, scope, &v, e))) {
        db_rollback(c->db);
        return false;
    }
    if (!db_commit(c->db, e))
        return false;
    *ret_replayed = done;
    if (!done && !act_and_answer(c, scope, 200, &v, e))
        return false;
    *ret = v;
    return true;
}

/* Inside the transaction: the attempt and the key. */
static bool create_in_tx(struct call *c, struct order_id order, struct str scope, const char *provider, struct str method, bool *ret_done,
                         struct payment_view *ret, struct err *e)
{
    bool fresh;
    struct q_payment_retry_row r;
    if (!key_begin(c, scope, &fresh, ret_done, ret, e))
        return false;
    if (!fresh)
        return true;
    struct payment_id id = {uuid_v7(c->now)};
    if (!q_payment_retry(c->db, c->arena, &(struct q_payment_retry_in){.attempt = id, .order_id = order, .provider = str_from(provider), .method = method,
                                                                       .now = c->now}, &r, e))
        return false;
    if (str_eq_c(r.outcome, "open_exists"))
        return err_set(e, PROBLEM_INVALID_STATE, "Another payment of this order is open or has succeeded.");
    if (!str_eq_c(r.outcome, "ok"))
        return err_set(e, PROBLEM_INVALID_STATE, "The order does not wait for a payment any more.");
    return load(c, id, ret, e) && key_start(c, scope, ret, e);
}

bool payment_create(struct call *c, struct order_id order, struct str token, struct str method, struct payment_view *ret, bool *ret_replayed, struct err *e)
{
    const char *provider;
    struct payment_view v;
    bool done = false;
    if (!order_link_opens(c, order, token))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such order.");
    if (!payment_method_known(c->env, method, &provider))
        return err_param(e, PROBLEM_INVALID, "method", "This payment method is not known.");
    struct str scope = key_scope(c, order, "create");
    if (!db_begin(c->db, e))
        return false;
    if (!create_in_tx(c, order, scope, provider, method, &done, &v, e)) {
        db_rollback(c->db);
        return false;
    }
    if (!db_commit(c->db, e))
        return false;
    *ret_replayed = done;
    if (!done && !act_and_answer(c, scope, 201, &v, e))
        return false;
    *ret = v;
    return true;
}

bool payment_return(struct call *c, struct str state, struct payment_view *ret, bool *ret_used, struct err *e)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str payload, head, nonce;
    struct payment_id id;
    struct payment_result r;
    keyring_derive(c->env->keyring, KEY_PAYMENT_STATE, key);
    bool ok = crypto_token_check(c->arena, str_of((const char *)key, sizeof key), "payment-return", state, clock_real() / USEC_PER_SEC, &payload, e);
    crypto_cleanse(key, sizeof key);
    if (!ok)
        return false;
    if (!str_split(&payload, ':', &head) || !id_parse(ID_payment, head, &id.u) || !crypto_unhex(c->arena, payload, &nonce) || nonce.n != NONCE_LEN)
        return err_cause(e, "a signed return state has another form");
    if (!payment_operate(c, id, "complete", nonce, &r, e) || !load(c, id, ret, e))
        return false;
    *ret_used = !str_eq_c(r.outcome, "go");
    return true;
}

bool payment_hook(struct call *c, const char *provider, const struct provider_hook *hook, struct err *e)
{
    const struct payment_provider *p = payment_provider(c->env, str_from(provider));
    const struct provider_call pc = {.arena = c->arena, .deadline = c->deadline, .request_id = c->request_id};
    struct provider_event v;
    struct q_payment_event_store_row row;
    if (p == NULL)
        return err_set(e, PROBLEM_NOT_FOUND, "This provider is not used here.");
    if (!p->parse_event(p, &pc, hook, &v, e))
        return false;
    if (!q_payment_event_store(c->db, c->arena, &(struct q_payment_event_store_in){.id = {uuid_v7(clock_real())}, .provider = str_from(provider),
                                                                                  .provider_event = v.id, .type = v.type, .ref = v.ref, .attempt = v.attempt,
                                                                                  .says = v.says, .real = clock_real()}, &row, e))
        return false;
    LOG(c->env->log, LOG_INFO, "payment_event", LOGS("request_id", c->request_id), LOGC("provider", provider), LOGS("type", v.type), LOGS("outcome", row.outcome));
    return true;
}
