#include "service/provider_sandbox.h"

#include <poll.h>
#include <pthread.h>

#include "crypto/keyring.h"
#include "json/json.h"
#include "json/shape.h"
#include "sql/sandbox.h"

enum fault { FAULT_NONE, FAULT_CHALLENGE_FAIL, FAULT_LOSE_ANSWER, FAULT_LOSE_REQUEST, FAULT_ERROR, FAULT_LOSE_CAPTURE, FAULT_LOSE_VOID, FAULT_NEVER };

struct behaviour {
    const char *token;
    enum provider_state state;
    const char *code;
    int late_s;
    const char *late_state;
    int copies, slow_ms;
    enum fault fault;
};

static const struct behaviour behaviours[] = {
#define SANDBOX(token, state, code, late_s, late_state, copies, slow_ms, fault, doc) \
    {#token, PROVIDER_##state, code, late_s, late_state, copies, slow_ms, FAULT_##fault},
#include "service/provider_sandbox.def"
#undef SANDBOX
};

static const struct sandbox_token tokens[] = {
#define SANDBOX(token, state, code, late_s, late_state, copies, slow_ms, fault, doc) {#token, "payment.method_" #token, doc},
#include "service/provider_sandbox.def"
#undef SANDBOX
};

const struct sandbox_token *sandbox_tokens(size_t *ret_n)
{
    *ret_n = sizeof tokens / sizeof *tokens;
    return tokens;
}

static const struct behaviour *behaviour_of(struct str token)
{
    for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours; i++)
        if (str_eq_c(token, behaviours[i].token))
            return &behaviours[i];
    return NULL;
}

/* The provider's own connections: made when needed, kept for the next call. */
enum { CONNECTIONS = 4 };

struct sandbox {
    struct db_pool *pool;
    pthread_mutex_t lock;
    struct db *idle[CONNECTIONS];
    size_t n_idle;
    char *base_url, *conninfo;
    uint8_t hook_key[AEAD_KEY_LEN];
};

static struct db *take(struct sandbox *s, int64_t deadline)
{
    struct db *d = NULL;
    pthread_mutex_lock(&s->lock);
    if (s->n_idle > 0)
        d = s->idle[--s->n_idle];
    pthread_mutex_unlock(&s->lock);
    if (d == NULL)
        d = db_new(s->pool);
    db_deadline(d, deadline);
    return d;
}

static void give(struct sandbox *s, struct db *d)
{
    db_release(d);
    pthread_mutex_lock(&s->lock);
    bool kept = s->n_idle < CONNECTIONS;
    if (kept)
        s->idle[s->n_idle++] = d;
    pthread_mutex_unlock(&s->lock);
    if (!kept)
        db_destroy(d);
}

/* The queries answer with the same columns, so their rows have the same layout. */
typedef struct q_sandbox_get_row intent_row;
#define SAME_ROW(other) _Static_assert(sizeof(struct other) == sizeof(intent_row), "the sandbox's queries answer alike")
SAME_ROW(q_sandbox_authorize_row);
SAME_ROW(q_sandbox_change_row);
SAME_ROW(q_sandbox_challenge_row);
SAME_ROW(q_sandbox_find_row);

static bool state_of(struct str name, enum provider_state *ret_state)
{
    for (enum provider_state s = PROVIDER_PROCESSING; s <= PROVIDER_FAILED; s++) {
        if (str_eq_c(name, provider_state_name(s))) {
            *ret_state = s;
            return true;
        }
    }
    return false;
}

static struct provider_result lost(const char *cause)
{
    return (struct provider_result){.outcome = PROVIDER_UNKNOWN, .cause = cause};
}

static struct provider_result failed(struct arena *a, const struct err *e)
{
    return lost(arena_printf(a, "sandbox: %s", e->cause[0] ? e->cause : e->detail));
}

static struct provider_result answered(const struct sandbox *s, struct arena *a, const void *any_row)
{
    const intent_row *r = any_row;
    struct provider_result x = {.outcome = PROVIDER_ANSWERED};
    if (!state_of(r->state, &x.payment.state))
        return lost("sandbox: a state that is not known");
    x.payment.ref = r->id;
    x.payment.amount = (struct money){r->amount, r->currency};
    x.payment.captured = r->captured;
    x.payment.refunded = r->refunded;
    x.payment.code = r->code;
    if (x.payment.state == PROVIDER_REQUIRES_ACTION && !str_is_null(r->challenge_key))
        x.payment.action_url = str_printf(a, "%s/pay/challenge?id=" STR_FMT "&key=" STR_FMT, s->base_url, STR_ARG(r->id), STR_ARG(r->challenge_key));
    return x;
}

/* What a network does: time passes, requests and answers disappear. */
static bool waits(int ms, int64_t deadline)
{
    if (ms <= 0)
        return true;
    int64_t left = (deadline - clock_monotonic()) / 1000;
    bool enough = left > ms;
    poll(NULL, 0, enough ? ms : left > 0 ? (int)left : 0);
    return enough;
}

static struct provider_result sandbox_authorize(const struct payment_provider *p, const struct provider_call *c, const struct provider_order *o)
{
    struct sandbox *s = p->self;
    const struct behaviour *b = behaviour_of(o->method);
    if (b == NULL)
        return (struct provider_result){.outcome = PROVIDER_REFUSED, .code = STR("unknown_method")};
    if (b->fault == FAULT_ERROR)
        return lost("sandbox: the provider answers 500");
    if (!waits(b->slow_ms, c->deadline))
        return lost("sandbox: no answer in time");
    struct err e = {0};
    struct db *d = take(s, c->deadline);
    struct provider_result x;
    struct q_sandbox_seen_row seen = {.seen = true};
    struct q_sandbox_authorize_row row;
    uint8_t id[12], key[16];
    crypto_random(id, sizeof id);
    crypto_random(key, sizeof key);
    struct q_sandbox_authorize_in in = {
        .id = str_printf(c->arena, "sbx_" STR_FMT, STR_ARG(crypto_hex(c->arena, id, sizeof id))), .idem = c->operation, .attempt = o->attempt.u,
        .order_number = o->order_number, .amount = o->amount.amount, .currency = o->amount.currency, .token = o->method,
        .state = str_from(provider_state_name(b->state)), .code = b->code[0] ? str_from(b->code) : STR_NULL,
        .challenge_key = b->state == PROVIDER_REQUIRES_ACTION ? crypto_hex(c->arena, key, sizeof key) : STR_NULL, .return_url = o->return_url,
        .late_s = b->late_s, .late_state = b->late_s > 0 ? str_from(b->late_state) : STR_NULL, .copies = b->copies, .real = clock_real()};
    if (b->fault == FAULT_LOSE_REQUEST &&
        !q_sandbox_seen(d, c->arena, &(struct q_sandbox_seen_in){.idem = c->operation, .real = clock_real()}, &seen, &e))
        x = failed(c->arena, &e);
    else if (!seen.seen)
        x = lost("sandbox: the request was lost");
    else if (!q_sandbox_authorize(d, c->arena, &in, &row, &e))
        x = failed(c->arena, &e);
    else
        x = b->fault == FAULT_LOSE_ANSWER ? lost("sandbox: the answer was lost") : answered(s, c->arena, &row);
    give(s, d);
    return x;
}

static struct provider_result sandbox_get(const struct payment_provider *p, const struct provider_call *c, struct str ref)
{
    struct sandbox *s = p->self;
    struct err e = {0};
    struct q_sandbox_get_row row;
    bool found = false;
    struct db *d = take(s, c->deadline);
    bool ok = q_sandbox_get(d, c->arena, &(struct q_sandbox_get_in){.id = ref}, &row, &found, &e);
    give(s, d);
    if (!ok)
        return failed(c->arena, &e);
    return found ? answered(s, c->arena, &row) : (struct provider_result){.outcome = PROVIDER_ABSENT};
}

static struct provider_result sandbox_find(const struct payment_provider *p, const struct provider_call *c, struct payment_id attempt)
{
    struct sandbox *s = p->self;
    struct err e = {0};
    struct q_sandbox_find_row row;
    bool found = false;
    struct db *d = take(s, c->deadline);
    bool ok = q_sandbox_find(d, c->arena, &(struct q_sandbox_find_in){.attempt = attempt.u}, &row, &found, &e);
    give(s, d);
    if (!ok)
        return failed(c->arena, &e);
    return found ? answered(s, c->arena, &row) : (struct provider_result){.outcome = PROVIDER_ABSENT};
}

static struct provider_result change(const struct payment_provider *p, const struct provider_call *c, struct str ref, const char *kind, int64_t amount,
                                     enum provider_state wanted, enum fault lose)
{
    struct sandbox *s = p->self;
    struct err e = {0};
    struct q_sandbox_change_row row;
    bool found = false;
    struct db *d = take(s, c->deadline);
    bool ok = q_sandbox_change(d, c->arena, &(struct q_sandbox_change_in){.id = ref, .idem = c->operation, .kind = str_from(kind), .amount = amount,
                                                                          .real = clock_real()}, &row, &found, &e);
    give(s, d);
    if (!ok)
        return failed(c->arena, &e);
    if (!found)
        return (struct provider_result){.outcome = PROVIDER_REFUSED, .code = STR("no_such_payment")};
    const struct behaviour *b = behaviour_of(row.token);
    if (b != NULL && b->fault == lose)
        return lost("sandbox: the answer was lost");
    struct provider_result x = answered(s, c->arena, &row);
    if (x.outcome == PROVIDER_ANSWERED && x.payment.state != wanted) {
        x.outcome = PROVIDER_REFUSED;
        x.code = STR("wrong_state");
    }
    return x;
}

static struct provider_result sandbox_capture(const struct payment_provider *p, const struct provider_call *c, struct str ref, struct money amount)
{
    return change(p, c, ref, "capture", amount.amount, PROVIDER_CAPTURED, FAULT_LOSE_CAPTURE);
}

static struct provider_result sandbox_release(const struct payment_provider *p, const struct provider_call *c, struct str ref)
{
    return change(p, c, ref, "void", 0, PROVIDER_VOIDED, FAULT_LOSE_VOID);
}

static struct provider_result sandbox_refund(const struct payment_provider *p, const struct provider_call *c, struct str ref, struct money amount)
{
    return change(p, c, ref, "refund", amount.amount, PROVIDER_CAPTURED, FAULT_NEVER);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

struct sandbox_event {
    struct str id, type, payment;
    struct payment_id attempt;
    int64_t created;
};

static const struct shape_field sandbox_event_fields[] = {
    {"id", SHAPE_STR, offsetof(struct sandbox_event, id), .required = true, .min = 1, .max = 64, .doc = "Of the event; repeated when it is delivered again"},
    {"type", SHAPE_STR, offsetof(struct sandbox_event, type), .required = true, .min = 1, .max = 64, .doc = "payment.authorized and so on"},
    {"payment", SHAPE_STR, offsetof(struct sandbox_event, payment), .required = true, .min = 1, .max = 64, .doc = "The provider's id of the payment"},
    {"attempt", SHAPE_ID, offsetof(struct sandbox_event, attempt), .id = ID_payment, .doc = "What the shop sent as metadata"},
    {"created", SHAPE_INT, offsetof(struct sandbox_event, created), .max = INT64_MAX / 2, .doc = "Unix time"},
    {NULL}};
const struct shape sandbox_event_shape = {"SandboxEvent", sandbox_event_fields, sizeof(struct sandbox_event)};

enum { TOLERANCE_S = 300 };

struct str sandbox_sign(const struct payment_provider *p, struct arena *a, struct str body, int64_t unix_s)
{
    const struct sandbox *s = p->self;
    uint8_t mac[SHA256_LEN];
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_int64(&b, unix_s);
    buf_char(&b, '.');
    buf_str(&b, body);
    crypto_hmac_sha256(str_of((const char *)s->hook_key, sizeof s->hook_key), buf_view(&b), mac);
    return str_printf(a, "t=%lld,v1=" STR_FMT, (long long)unix_s, STR_ARG(crypto_hex(a, mac, sizeof mac)));
}

static bool signature_ok(const struct payment_provider *p, struct arena *a, const struct provider_hook *h)
{
    struct str sent = STR_NULL;
    for (size_t i = 0; i < h->n_headers; i++)
        if (str_eq_c(h->headers[i].name, "sandbox-signature"))
            sent = h->headers[i].value;
    int64_t t = 0, now = clock_real() / USEC_PER_SEC;
    struct str rest = sent, first;
    if (str_is_null(sent) || !str_split(&rest, ',', &first) || !str_starts(first, STR("t=")) || !str_to_int64(str_sub(first, 2, first.n), &t) || t < 0 ||
        t < now - TOLERANCE_S || t > now + TOLERANCE_S)
        return false;
    return crypto_equal(sandbox_sign(p, a, h->body, t), sent);
}

static bool sandbox_parse_event(const struct payment_provider *p, const struct provider_call *c, const struct provider_hook *h, struct provider_event *ret_event,
                                struct err *e)
{
    struct sandbox_event v;
    if (!signature_ok(p, c->arena, h))
        return err_set(e, PROBLEM_UNAUTHENTICATED, "The signature is missing, wrong or too old.");
    if (!shape_read_json(&sandbox_event_shape, h->body, c->arena, &v, e))
        return false;
    *ret_event = (struct provider_event){.id = v.id, .type = v.type, .ref = v.payment, .attempt = v.attempt};
    enum provider_state says;
    if (str_starts(v.type, STR("payment.")) && state_of(str_sub(v.type, strlen("payment."), v.type.n), &says))
        ret_event->says = str_from(provider_state_name(says));
    return true;
}

static int sandbox_pull(const struct payment_provider *p, const struct provider_call *c, bool (*deliver)(void *, const struct provider_hook *), void *arg)
{
    struct sandbox *s = p->self;
    struct err e = {0};
    struct q_sandbox_tick_row tick;
    struct q_sandbox_events_due_rows due = {0};
    size_t count = 0;
    struct db *d = take(s, c->deadline);
    bool ok = q_sandbox_tick(d, c->arena, &(struct q_sandbox_tick_in){.real = clock_real()}, &tick, &e) &&
              q_sandbox_events_due(d, c->arena, &(struct q_sandbox_events_due_in){.lim = 50, .real = clock_real()}, &due, &e);
    struct uuid *delivered = ARENA_ARRAY(c->arena, struct uuid, due.n + 1);
    for (; ok && count < due.n; count++) {
        const struct q_sandbox_events_due_row *r = &due.v[count];
        char id[37];
        uuid_format(r->id, id);
        struct sandbox_event v = {.id = str_from(id), .type = r->type, .payment = r->ref, .attempt = {r->attempt}, .created = r->created_at / USEC_PER_SEC};
        struct buf body;
        buf_init_arena(&body, c->arena, 0);
        shape_write(&body, c->arena, &sandbox_event_shape, &v);
        struct provider_header header = {STR("sandbox-signature"), sandbox_sign(p, c->arena, buf_view(&body), clock_real() / USEC_PER_SEC)};
        struct provider_hook hook = {.body = buf_view(&body), .n_headers = 1, .headers = &header};
        if (!deliver(arg, &hook))
            break;
        delivered[count] = r->id;
    }
    if (count > 0)
        ok = q_sandbox_events_delivered(d, c->arena, &(struct q_sandbox_events_delivered_in){.ids = {count, delivered}}, NULL, &e);
    give(s, d);
    return ok || count > 0 ? (int)count : -1;
}

/* --- the bank's page ------------------------------------------------------------------------------------------------ */

static bool challenge_of(const intent_row *r, bool found, struct str key, struct sandbox_challenge *ret, struct err *e)
{
    if (!found || !crypto_equal(r->challenge_key, key))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such challenge.");
    *ret = (struct sandbox_challenge){.amount = {r->amount, r->currency}, .card = r->token, .return_url = r->return_url,
                                      .open = str_eq_c(r->state, "requires_action")};
    return true;
}

bool sandbox_challenge_get(const struct payment_provider *p, struct arena *a, int64_t deadline, struct str id, struct str key,
                           struct sandbox_challenge *ret, struct err *e)
{
    struct sandbox *s = p->self;
    struct q_sandbox_get_row row = {0};
    bool found = false;
    struct db *d = take(s, deadline);
    bool ok = q_sandbox_get(d, a, &(struct q_sandbox_get_in){.id = id}, &row, &found, e);
    give(s, d);
    return ok && challenge_of(&row, found, key, ret, e);
}

bool sandbox_challenge_answer(const struct payment_provider *p, struct arena *a, int64_t deadline, struct str id, struct str key, bool approve,
                              struct sandbox_challenge *ret, struct err *e)
{
    struct sandbox *s = p->self;
    struct sandbox_challenge before;
    if (!sandbox_challenge_get(p, a, deadline, id, key, &before, e))
        return false;
    const struct behaviour *b = behaviour_of(before.card);
    if (b != NULL && b->fault == FAULT_CHALLENGE_FAIL)
        approve = false;
    struct q_sandbox_challenge_row row = {0};
    bool found = false;
    struct db *d = take(s, deadline);
    bool ok = q_sandbox_challenge(d, a, &(struct q_sandbox_challenge_in){.id = id, .key = key, .approve = approve, .real = clock_real()}, &row, &found, e);
    give(s, d);
    return ok && challenge_of((const intent_row *)(const void *)&row, found, key, ret, e);
}

/* --- life ------------------------------------------------------------------------------------------------------------ */

static void sandbox_close(const struct payment_provider *p)
{
    struct sandbox *s = p->self;
    while (s->n_idle > 0)
        db_destroy(s->idle[--s->n_idle]);
    db_pool_destroy(s->pool);
    pthread_mutex_destroy(&s->lock);
    crypto_cleanse(s->hook_key, sizeof s->hook_key);
    free(s->base_url);
    free(s->conninfo);
    free(s);
}

bool provider_sandbox_open(const struct config *config, const struct keyring *keyring, struct payment_provider *ret_provider, struct err *e)
{
    if (strcmp(config->mode, "sandbox") != 0)
        return err_cause(e, "the sandbox provider is refused in production");
    struct sandbox *s = calloc(1, sizeof *s);
    BUG_IF(s == NULL);
    s->conninfo = strdup(config->db_sandbox[0] ? config->db_sandbox : config->db);
    BUG_IF(s->conninfo == NULL);
    s->pool = db_pool_new(&(struct db_settings){.conninfo = s->conninfo, .user = "souk_sandbox", .connect_ms = (int)config->db_connect_ms, .idle_s = (int)config->db_idle_s,
                                                .lend = CONNECTIONS, .application = "souk-sandbox-provider"}, NULL);
    pthread_mutex_init(&s->lock, NULL);
    s->base_url = strdup(config->base_url);
    BUG_IF(s->base_url == NULL);
    keyring_derive(keyring, KEY_SANDBOX_HOOK, s->hook_key);
    *ret_provider = (struct payment_provider){
        .name = "sandbox", .repeat_window_s = 24 * 3600, .self = s, .authorize = sandbox_authorize, .complete = sandbox_get, .capture = sandbox_capture,
        .release = sandbox_release, .refund = sandbox_refund, .get = sandbox_get, .find = sandbox_find, .parse_event = sandbox_parse_event,
        .pull = sandbox_pull, .close = sandbox_close};
    return true;
}
