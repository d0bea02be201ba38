#include "service/trusted_device.h"

#include "crypto/crypto.h"
#include "domain/client.h"
#include "service/audit.h"
#include "sql/factor.h"

enum { DEVICES_KEPT = 10, SECRET_LEN = 32, TOKEN_MAX = 200 };
#define SEEN_AGAIN (1 * USEC_PER_HOUR)     /* last_used_at is not written more often */

static bool ended(struct call *c, bool good, struct err *e)
{
    if (good) return db_commit(c->db, e);
    db_rollback(c->db);
    return false;
}

static struct str hash_of(struct arena *a, struct str secret)
{
    uint8_t *hash = ARENA_ARRAY(a, uint8_t, SHA256_LEN);
    crypto_sha256(secret, hash);
    return str_of((const char *)hash, SHA256_LEN);
}

static bool make_work(struct call *c, const struct q_trusted_add_in *in, struct err *e)
{
    return q_trusted_add(c->db, c->arena, in, NULL, e) &&
           q_trusted_trim(c->db, c->arena, &(struct q_trusted_trim_in){.account = in->account, .keep = DEVICES_KEPT, .now = c->now}, NULL, e) &&
           audit_write(c, "trusted_device.added", "account", in->account.u, STR_NULL, e);
}

bool trusted_device_make(struct call *c, struct account_id account, struct str *ret_token, struct err *e)
{
    uint8_t bytes[SECRET_LEN];
    struct trusted_device_id id = {uuid_v7(c->now)};
    crypto_random(bytes, sizeof bytes);
    struct str secret = crypto_base64url(c->arena, str_of((const char *)bytes, sizeof bytes));
    crypto_cleanse(bytes, sizeof bytes);
    struct q_trusted_add_in in = {.id = id, .account = account, .secret_hash = hash_of(c->arena, secret), .device = client_device(c->arena, c->user_agent),
                                  .expires_at = c->now + TRUSTED_LIFE, .now = c->now};
    if (!db_begin(c->db, e) || !ended(c, make_work(c, &in, e), e)) return false;
    *ret_token = str_printf(c->arena, STR_FMT "." STR_FMT, STR_ARG(id_str(c->arena, ID_trusted_device, id.u)), STR_ARG(secret));
    return true;
}

bool trusted_device_check(struct call *c, struct account_id account, struct str token, bool *ret_trusted, struct err *e)
{
    struct q_trusted_get_row row;
    struct trusted_device_id id;
    struct str head, secret = token;
    bool found;
    *ret_trusted = false;
    if (token.n > TOKEN_MAX || !str_split(&secret, '.', &head) || str_is_empty(secret) || !id_parse(ID_trusted_device, head, &id.u)) return true;
    if (!q_trusted_get(c->db, c->arena, &(struct q_trusted_get_in){.id = id, .account = account, .now = c->now}, &row, &found, e)) return false;
    if (!found || !crypto_equal(row.secret_hash, hash_of(c->arena, secret))) return true;
    if (c->now - row.last_used_at > SEEN_AGAIN && !q_trusted_seen(c->db, c->arena, &(struct q_trusted_seen_in){.id = id, .now = c->now}, NULL, e)) return false;
    *ret_trusted = true;
    return true;
}

bool trusted_device_end_all(struct call *c, struct account_id account, const char *reason, struct err *e)
{
    int64_t n;
    if (!q_trusted_delete_all(c->db, c->arena, &(struct q_trusted_delete_all_in){.account = account}, &n, e)) return false;
    return n == 0 || audit_write(c, "trusted_devices.ended", "account", account.u,
                                 str_printf(c->arena, "{\"devices\":%lld,\"reason\":\"%s\"}", (long long)n, reason), e);
}

bool trusted_device_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    struct q_trusted_list_rows rows;
    if (!q_trusted_list(c->db, c->arena, &(struct q_trusted_list_in){.account = c->actor.account, .now = c->now}, &rows, e)) return false;
    struct trusted_device_info *list = ARENA_ARRAY(c->arena, struct trusted_device_info, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        list[i] = (struct trusted_device_info){.id = rows.v[i].id, .device = rows.v[i].device, .created_at = rows.v[i].created_at,
                                               .last_used_at = rows.v[i].last_used_at, .expires_at = rows.v[i].expires_at};
    *ret_list = (struct shape_list){rows.n, list};
    return true;
}

static bool end_work(struct call *c, struct trusted_device_id device, struct err *e)
{
    int64_t n;
    if (!q_trusted_delete(c->db, c->arena, &(struct q_trusted_delete_in){.id = device, .account = c->actor.account}, &n, e)) return false;
    if (n == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such device.");
    return audit_write(c, "trusted_device.ended", "account", c->actor.account.u, STR_NULL, e);
}

bool trusted_device_end(struct call *c, struct trusted_device_id device, struct err *e)
{
    return db_begin(c->db, e) && ended(c, end_work(c, device, e), e);
}
