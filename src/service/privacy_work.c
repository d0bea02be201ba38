/* The work on requests: one step at a time, each of which may be done twice. */
#include "service/audit.h"
#include "service/privacy_internal.h"
#include "sql/privacy.h"

enum { LEASE_S = 120, TRIES_MAX = 8, WAIT_S = 30, TELL_MS = 500, EXPIRE_PORTION = 100, FILES_MAX = 1000 };

struct work {
    struct call *c;
    const struct q_data_claim_row *r;
    const char *state;                   /* of the step */
    int32_t open_orders;
    struct opt_int64 bytes;
    usec_t expires, next;                /* next: real time; 0: the lease's end */
    const char *mail;                    /* owed together with the step */
    struct str error;
    bool ours;
};

static bool step_body(struct db *d, void *arg, struct err *e)
{
    struct work *w = arg;
    struct q_data_step_row row;
    if (!q_data_step(d, w->c->arena, &(struct q_data_step_in){.id = w->r->id, .tries = w->r->tries, .state = str_from(w->state), .open_orders = w->open_orders,
            .bytes = w->bytes, .expires = w->expires, .error = w->error, .next = w->next, .now = w->c->now}, &row, e))
        return false;
    w->ours = row.ours;
    return !row.ours || w->mail == NULL || account_mail(w->c, w->mail, w->r->account, w->r->id.u, e);
}

static bool step(struct work *w, struct err *e)
{
    return db_transaction(w->c->db, step_body, w, e);
}

/* --- export ---------------------------------------------------------------------------------------------------------------------------- */

static bool make_export(struct call *c, const struct q_data_claim_row *r, privacy_pack_fn *pack, struct err *e)
{
    struct privacy_export x;
    struct account a;
    struct str zip;
    int64_t bytes;
    if (!privacy_owner(c, r->account, &a, e) || !privacy_collect(c, r->account, &x, e)) return false;
    x.request = r->id;
    db_release(c->db);                                    /* nobody waits for the archive with a connection */
    if (!pack(c, &x, &zip, e) || !export_file_put(c, r->id, a.person, zip, &bytes, e)) return false;
    struct work w = {.c = c, .r = r, .state = "ready", .bytes = OPT(bytes), .expires = c->now + EXPORT_LIFE, .mail = "export_ready"};
    if (!step(&w, e)) return false;
    if (!w.ours) export_file_remove(c, r->id);
    return !w.ours || audit_write(c, "data.export_made", "account", r->account.u, STR_NULL, e);
}

/* --- erasure --------------------------------------------------------------------------------------------------------------------------- */

static bool open_orders(struct call *c, struct account_id account, int64_t *ret_open, struct err *e)
{
    struct q_account_persons_row persons;
    struct q_account_open_orders_row orders;
    if (!q_account_persons(c->db, c->arena, &(struct q_account_persons_in){.account = account}, &persons, e) ||
        !q_account_open_orders(c->db, c->arena, &(struct q_account_open_orders_in){.account = account, .persons = {persons.persons.n, persons.persons.v}}, &orders, e))
        return false;
    *ret_open = orders.open;
    return true;
}

/* Who asked is told: that it has to wait, or, when nothing is open, that it is done (the mail must be written while there is an address). */
static bool begin_erase(struct call *c, const struct q_data_claim_row *r, struct err *e)
{
    struct work w = {.c = c, .r = r};
    struct account a;
    int64_t open;
    if (!privacy_owner(c, r->account, &a, e) || !open_orders(c, r->account, &open, e)) return false;
    if (open > 0 && !r->despite) {
        w.state = "waiting";
        w.open_orders = (int32_t)open;
        w.next = clock_real() + WAIT_S * USEC_PER_SEC;
        if (str_eq_c(r->state, "queued") && !str_is_null(a.email)) w.mail = "erasure_waiting";
    } else {
        w.state = "telling";
        w.next = clock_real() + TELL_MS * USEC_PER_MS;
        if (!str_is_null(a.email)) w.mail = "account_erased";
    }
    return step(&w, e);
}

static bool end_erase(struct call *c, const struct q_data_claim_row *r, struct err *e)
{
    struct q_message_state_row mail;
    struct work w = {.c = c, .r = r, .state = "telling", .next = clock_real() + TELL_MS * USEC_PER_MS};
    char id[37];
    bool erased;
    uuid_format(r->id.u, id);
    if (!q_message_state(c->db, c->arena, &(struct q_message_state_in){.dedup = str_printf(c->arena, "account_erased:%s", id)}, &mail, e)) return false;
    if (str_eq_c(mail.state, "queued")) {                           /* the mail's way is closed: look less and less often */
        w.next = clock_real() + TELL_MS * USEC_PER_MS * (r->tries < 120 ? 1 + r->tries : 120);
        return step(&w, e);
    }
    if (!privacy_erase_now(c, r->account, r->id, &erased, e)) return false;
    w.state = "done";
    w.next = 0;
    return step(&w, e);
}

/* --- both ---------------------------------------------------------------------------------------------------------------------------------- */

static bool work(struct call *c, const struct q_data_claim_row *r, privacy_pack_fn *pack, struct err *e)
{
    if (str_eq_c(r->kind, "export")) return make_export(c, r, pack, e);
    return str_eq_c(r->state, "telling") ? end_erase(c, r, e) : begin_erase(c, r, e);
}

/* Later again. An export is given up at last; an erasure never is. */
static bool put_off(struct call *c, const struct q_data_claim_row *r, const struct err *why, struct err *e)
{
    bool give_up = str_eq_c(r->kind, "export") && r->tries >= TRIES_MAX;
    int64_t pause_s = r->tries < 10 ? INT64_C(2) << r->tries : 2048;
    const char *reason = why->cause[0] ? why->cause : why->detail;
    LOG(c->env->log, LOG_WARN, "data_request_failed", LOGS("request", id_str(c->arena, ID_data_request, r->id.u)), LOGS("kind", r->kind), LOGI("tries", r->tries),
        LOGC("cause", reason));
    struct work w = {.c = c, .r = r, .state = give_up ? "failed" : str_cstr(c->arena, r->state), .error = str_from(reason), .next = clock_real() + pause_s * USEC_PER_SEC};
    return step(&w, e);
}

bool privacy_work(struct call *c, privacy_pack_fn *pack, int *ret_done, struct err *e)
{
    struct q_data_claim_rows rows;
    struct err why = {0};
    if (!q_data_claim(c->db, c->arena, &(struct q_data_claim_in){.lease_s = LEASE_S, .real = clock_real()}, &rows, e)) return false;
    *ret_done = (int)rows.n;
    if (rows.n == 0) return true;
    if (!str_is_null(rows.v[0].request_id)) c->request_id = rows.v[0].request_id;
    c->trace_id = rows.v[0].trace_id;
    return work(c, &rows.v[0], pack, &why) || put_off(c, &rows.v[0], &why, e);
}

bool privacy_sweep(struct call *c, int *ret_done, struct err *e)
{
    struct q_data_expire_rows over;
    struct q_data_alive_rows alive;
    struct data_request_id *there = ARENA_ARRAY(c->arena, struct data_request_id, FILES_MAX);
    if (!q_data_expire(c->db, c->arena, &(struct q_data_expire_in){.lim = EXPIRE_PORTION, .now = c->now}, &over, e)) return false;
    size_t n = export_files(c, there, FILES_MAX);
    *ret_done = (int)over.n;
    if (n == 0) return true;
    if (!q_data_alive(c->db, c->arena, &(struct q_data_alive_in){.ids = {n, there}}, &alive, e)) return false;
    for (size_t i = 0; i < n; i++) {
        bool keep = false;
        for (size_t k = 0; k < alive.n && !keep; k++) keep = uuid_eq(alive.v[k].id.u, there[i].u);
        if (!keep) export_file_remove(c, there[i]);
    }
    return true;
}
