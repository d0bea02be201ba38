#include "service/privacy.h"

#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "service/audit.h"
#include "service/privacy_internal.h"
#include "service/role.h"
#include "service/session.h"
#include "sql/privacy.h"

enum { LIST_MAX = 100, EXPORTS_A_DAY = 5 };

/* --- the link ---------------------------------------------------------------------------------------------------------------------- */

static struct str link_key(struct call *c, uint8_t key[AEAD_KEY_LEN])
{
    keyring_derive(c->env->keyring, KEY_STATE, key);
    return str_of((const char *)key, AEAD_KEY_LEN);
}

static struct str path_of(struct call *c, struct data_request_id id, usec_t expires)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str k = link_key(c, key), name = id_str(c->arena, ID_data_request, id.u);
    struct str token = crypto_token_make(c->arena, k, "export", name, expires / USEC_PER_SEC);
    crypto_cleanse(key, sizeof key);
    return str_printf(c->arena, "/account/exports/" STR_FMT "?t=" STR_FMT, STR_ARG(name), STR_ARG(token));
}

static bool link_opens(struct call *c, struct data_request_id id, struct str token)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str payload, k = link_key(c, key);
    struct err e = {0};
    bool good = crypto_token_check(c->arena, k, "export", token, c->now / USEC_PER_SEC, &payload, &e);
    crypto_cleanse(key, sizeof key);
    return good && str_eq(payload, id_str(c->arena, ID_data_request, id.u));
}

/* --- asking ------------------------------------------------------------------------------------------------------------------------ */

static struct data_request request_of(struct call *c, const struct q_data_list_row *r)
{
    bool ready = str_eq_c(r->state, "ready") && r->expires_at > c->now;
    struct data_request q = {.id = r->id, .account = r->account, .kind = r->kind, .state = r->state, .open_orders = r->open_orders, .bytes = r->bytes.set ? r->bytes.v : 0,
                             .can_cancel = str_eq_c(r->state, "queued") || str_eq_c(r->state, "waiting"), .created_at = r->created_at, .finished_at = r->finished_at,
                             .expires_at = r->expires_at};
    if (ready) q.download_path = path_of(c, r->id, r->expires_at);
    return q;
}

bool privacy_read(struct call *c, struct account_id account, struct data_request_id id, struct data_request *ret, struct err *e)
{
    struct q_data_list_rows rows;
    if (!q_data_list(c->db, c->arena, &(struct q_data_list_in){.account = account, .id = id, .lim = 1}, &rows, e)) return false;
    if (rows.n == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such request");
    *ret = request_of(c, &rows.v[0]);
    return true;
}

bool privacy_list(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e)
{
    struct q_data_list_rows rows;
    if (!q_data_list(c->db, c->arena, &(struct q_data_list_in){.account = account, .lim = LIST_MAX}, &rows, e)) return false;
    struct data_request *v = ARENA_ARRAY(c->arena, struct data_request, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) v[i] = request_of(c, &rows.v[i]);
    *ret_list = (struct shape_list){rows.n, v};
    return true;
}

static bool ask(struct call *c, struct account_id account, const char *kind, bool despite, struct data_request_id *ret_id, struct err *e)
{
    struct q_data_ask_row row;
    if (!q_data_ask(c->db, c->arena, &(struct q_data_ask_in){.id = {uuid_v7(c->now)}, .account = account, .kind = str_from(kind), .despite = despite, .most = EXPORTS_A_DAY,
            .actor = audit_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now, .real = clock_real()},
            &row, e))
        return false;
    if (str_eq_c(row.outcome, "gone")) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account");
    if (str_eq_c(row.outcome, "last_owner")) return err_set(e, PROBLEM_INVALID_STATE, "The shop's last owner stays: make somebody else an owner first");
    if (str_eq_c(row.outcome, "limit")) {
        e->retry_after_s = 3600;
        return err_set(e, PROBLEM_RATE_LIMITED, "At most %d exports a day", EXPORTS_A_DAY);
    }
    *ret_id = row.id;
    return true;
}

bool privacy_ask_export(struct call *c, struct account_id account, struct data_request *ret, struct err *e)
{
    struct data_request_id id;
    return ask(c, account, "export", false, &id, e) && privacy_read(c, account, id, ret, e);
}

bool privacy_ask_erase(struct call *c, struct account_id account, bool despite, struct data_request *ret, struct err *e)
{
    struct data_request_id id;
    int ended;
    return role_check_over(c, account, e) && ask(c, account, "erase", despite, &id, e) && session_end_all(c, account, (struct session_id){{{0}}}, "erasure_asked", &ended, e) &&
           privacy_read(c, account, id, ret, e);
}

bool privacy_cancel(struct call *c, struct account_id account, struct data_request_id id, struct data_request *ret, struct err *e)
{
    struct q_data_cancel_row row;
    if (!q_data_cancel(c->db, c->arena, &(struct q_data_cancel_in){.account = account, .id = id, .actor = audit_actor(c),
                                                                  .place = audit_place(c->arena, c->client), .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, &row, e))
        return false;
    if (str_eq_c(row.outcome, "gone")) return err_set(e, PROBLEM_NOT_FOUND, "There is no such request");
    if (str_eq_c(row.outcome, "late")) return err_set(e, PROBLEM_INVALID_STATE, "This can no longer be taken back");
    return privacy_read(c, account, id, ret, e);
}

/* --- fetching ------------------------------------------------------------------------------------------------------------------------ */

bool privacy_link(struct call *c, struct data_request_id id, struct str *ret_path, struct err *e)
{
    struct q_data_list_rows rows;
    *ret_path = STR_NULL;
    if (!q_data_list(c->db, c->arena, &(struct q_data_list_in){.id = id, .lim = 1}, &rows, e)) return false;
    if (rows.n == 1) *ret_path = request_of(c, &rows.v[0]).download_path;
    return true;
}

bool privacy_download(struct call *c, struct data_request_id id, struct str token, struct str *ret_zip, struct err *e)
{
    struct q_data_list_rows rows;
    bool by_link = !str_is_empty(token);
    if (by_link ? !link_opens(c, id, token) : uuid_is_zero(c->actor.account.u)) return err_set(e, PROBLEM_NOT_FOUND, "There is no such export");
    struct q_data_list_in in = {.id = id, .account = by_link ? (struct account_id){{{0}}} : c->actor.account, .lim = 1};
    if (!q_data_list(c->db, c->arena, &in, &rows, e)) return false;
    const struct q_data_list_row *r = rows.v;
    if (rows.n == 0 || !str_eq_c(r->kind, "export")) return err_set(e, PROBLEM_NOT_FOUND, "There is no such export");
    if (!str_eq_c(r->state, "ready") && !str_eq_c(r->state, "expired")) return err_set(e, PROBLEM_NOT_FOUND, "The export is not ready");
    if (!str_eq_c(r->state, "ready") || r->expires_at <= c->now) return err_set(e, PROBLEM_EXPIRED, "This export is gone; ask for a new one");
    struct str id_text = id_str(c->arena, ID_data_request, id.u);
    return export_file_get(c, id, r->person, ret_zip, e) &&
           audit_write(c, "data.export_fetched", "account", r->account.u,
                       str_printf(c->arena, "{\"request\":\"" STR_FMT "\",\"by_link\":%s}", STR_ARG(id_text), by_link ? "true" : "false"), e);
}
