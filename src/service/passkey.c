#include "service/passkey.h"

#include "auth/webauthn.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "domain/client.h"
#include "service/audit.h"
#include "service/second_factor.h"
#include "service/throttle.h"
#include "sql/factor.h"
#include "sql/identity_outside.h"

#define REGISTER "passkey_register"
#define LOGIN "passkey_login"
#define CHALLENGE_LIFE (5 * USEC_PER_MINUTE)
#define CHALLENGE_AHEAD (1 * USEC_PER_MINUTE)      /* another machine's clock may be ahead */

enum { NAME_MAX_CHARS = 60, TRANSPORTS_MAX = 8 };

/* --- helpers --- */

static bool ended(struct call *c, bool good, struct err *e)
{
    if (good) return db_commit(c->db, e);
    db_rollback(c->db);
    return false;
}

static struct str uuid_bytes(struct arena *a, struct uuid u)
{
    return str_dup(a, str_of((const char *)u.b, sizeof u.b));
}

/* The shop's address without scheme and port. */
static struct str rp_id(struct call *c)
{
    struct str host = str_from(c->env->config->base_url), scheme;
    size_t end;
    if (str_find(host, ':', &end) && str_starts(str_sub(host, end, host.n), STR("://"))) {
        scheme = str_sub(host, 0, end + 3);
        host = str_sub(host, scheme.n, host.n);
    }
    if (str_find(host, '/', &end)) host = str_sub(host, 0, end);
    if (str_find(host, ':', &end)) host = str_sub(host, 0, end);
    return host;
}

static struct str challenge_bytes(struct call *c, const char *purpose, struct challenge_id id, struct account_id account)
{
    uint8_t key[AEAD_KEY_LEN], *mac = ARENA_ARRAY(c->arena, uint8_t, SHA256_LEN);
    char challenge[37], owner[37];
    uuid_format(id.u, challenge);
    uuid_format(account.u, owner);
    keyring_derive(c->env->keyring, KEY_CHALLENGE, key);
    crypto_hmac_sha256(str_of((const char *)key, sizeof key), str_printf(c->arena, "%s:%s:%s", purpose, challenge, owner), mac);
    crypto_cleanse(key, sizeof key);
    return str_of((const char *)mac, SHA256_LEN);
}

/* The time in a UUIDv7 (RFC 9562 section 5.7). */
static usec_t challenge_time(struct challenge_id id)
{
    int64_t ms = 0;
    for (int i = 0; i < 6; i++) ms = ms << 8 | id.u.b[i];
    return ms * USEC_PER_MS;
}

static bool challenge_in_time(struct call *c, struct challenge_id id, struct err *e)
{
    usec_t begun = challenge_time(id);
    if (c->now >= begun + CHALLENGE_LIFE || begun > c->now + CHALLENGE_AHEAD) return err_set(e, PROBLEM_EXPIRED, "This took too long. Begin again.");
    return true;
}

/* In the transaction that does what was proved. */
static bool challenge_spend(struct call *c, const char *purpose, struct challenge_id id, struct account_id account, struct err *e)
{
    int64_t first;
    if (!q_passkey_challenge_use(c->db, c->arena, &(struct q_passkey_challenge_use_in){.id = id, .purpose = str_from(purpose), .account = account,
                                     .expires_at = challenge_time(id) + CHALLENGE_LIFE, .now = c->now}, &first, e))
        return false;
    return first == 1 || err_set(e, PROBLEM_EXPIRED, "This was used already. Begin again.");
}

static struct webauthn_expect expected(struct call *c, struct str challenge)
{
    const struct config *config = c->env->config;
    return (struct webauthn_expect){.challenge = challenge, .rp_id = rp_id(c), .user_verification = true,
                                    .origins = str_printf(c->arena, "%s %s", config->base_url, config->allowed_origins)};
}

static bool decode(struct call *c, struct str text, const char *param, size_t max, struct str *ret_bytes, struct err *e)
{
    if (text.n > max * 4 / 3 + 4 || !crypto_unbase64url(c->arena, text, ret_bytes)) return err_param(e, PROBLEM_INVALID, param, "This is not base64url without padding.");
    return true;
}

/* Transports that a browser may name (WebAuthn level 2 section 5.8.4, and what came since); they only help it to find the key again. */
static bool known_transport(struct str t)
{
    static const char *const known[] = {"usb", "nfc", "ble", "internal", "hybrid", "smart-card"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq_c(t, known[i])) return true;
    return false;
}

/* --- registration --- */

static bool may_register(struct call *c, struct err *e)
{
    struct second_factor_state state;
    if (!second_factor_state(c, c->actor.account, &state, e)) return false;
    if (state.required && !c->actor.second_factor) return err_set(e, PROBLEM_SECOND_FACTOR_REQUIRED, "Sign in again with your second factor to add a passkey.");
    return true;
}

static bool load(struct call *c, struct q_passkey_list_rows *ret_rows, struct err *e)
{
    return q_passkey_list(c->db, c->arena, &(struct q_passkey_list_in){.account = c->actor.account}, ret_rows, e);
}

static bool too_many(struct err *e)
{
    return err_set(e, PROBLEM_CONFLICT, "An account has at most %d passkeys. Remove one first.", PASSKEYS_MAX);
}

bool passkey_register_begin(struct call *c, struct passkey_registration *ret, struct err *e)
{
    struct account account;
    struct q_passkey_list_rows rows;
    if (!may_register(c, e) || !load(c, &rows, e) || !account_read(c, c->actor.account, &account, e)) return false;
    if (rows.n >= PASSKEYS_MAX) return too_many(e);
    struct passkey_known *known = ARENA_ARRAY(c->arena, struct passkey_known, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        known[i] = (struct passkey_known){crypto_base64url(c->arena, rows.v[i].credential_id), {rows.v[i].transports.n, (void *)(uintptr_t)rows.v[i].transports.v}};
    struct challenge_id id = {uuid_v7(c->now)};
    struct str name = str_is_empty(account.email) ? id_str(c->arena, ID_account, account.id.u) : account.email;
    *ret = (struct passkey_registration){
        .challenge_id = id, .challenge = crypto_base64url(c->arena, challenge_bytes(c, REGISTER, id, account.id)), .rp_id = rp_id(c),
        .rp_name = str_from(c->env->config->shop_name), .user_id = crypto_base64url(c->arena, uuid_bytes(c->arena, account.id.u)), .user_name = name,
        .user_display_name = str_is_empty(account.name) ? name : account.name, .exclude = {rows.n, known}, .timeout_ms = CHALLENGE_LIFE / USEC_PER_MS};
    return true;
}

static struct str name_of(struct call *c, struct str wanted)
{
    struct str name = str_trim(wanted);
    if (str_is_empty(name)) name = client_device(c->arena, c->user_agent);
    return str_is_empty(name) ? STR("Passkey") : name;
}

static bool name_good(struct str name, struct err *e)
{
    if (str_is_empty(str_trim(name)) || !str_is_text(name, false) || str_utf8_length(name) > NAME_MAX_CHARS)
        return err_param(e, PROBLEM_INVALID, "name", "A name has 1 to %d characters.", NAME_MAX_CHARS);
    return true;
}

static bool add_work(struct call *c, struct challenge_id challenge, const struct q_passkey_add_in *row, struct session_grant *ret_grant, struct err *e)
{
    int64_t added;
    if (!challenge_spend(c, REGISTER, challenge, row->account, e) || !q_passkey_add(c->db, c->arena, row, &added, e)) return false;
    if (added == 0) return err_set(e, PROBLEM_ALREADY_EXISTS, "This passkey is known already.");
    return audit_write(c, "passkey.added", "passkey", row->id.u, STR_NULL, e) && account_mail(c, "passkey_added", row->account, row->id.u, e) &&
           (uuid_is_zero(c->actor.session.u) || session_raise(c, c->actor.session, true, ret_grant, e));
}

static struct q_passkey_add_in new_row(struct call *c, const struct passkey_register_in *in, const struct webauthn_registration *r)
{
    struct str *transports = ARENA_ARRAY(c->arena, struct str, TRANSPORTS_MAX);
    const struct str *sent = in->transports.v;
    size_t n = 0;
    for (size_t i = 0; i < in->transports.n && n < TRANSPORTS_MAX; i++)
        if (known_transport(sent[i])) transports[n++] = sent[i];
    struct q_passkey_add_in row = {.id = {uuid_v7(c->now)}, .account = c->actor.account, .credential_id = r->credential_id, .public_key = r->public_key,
                                   .algorithm = r->alg == SIGN_RS256 ? -257 : -7, .sign_count = r->sign_count, .backup_eligible = r->backup_eligible,
                                   .backed_up = r->backed_up, .transports = {n, transports}, .name = name_of(c, in->name), .now = c->now};
    memcpy(row.aaguid.b, r->aaguid, sizeof row.aaguid.b);
    return row;
}

bool passkey_register_finish(struct call *c, const struct passkey_register_in *in, struct passkey_registered *ret, struct err *e)
{
    struct webauthn_registration r;
    struct q_passkey_list_rows rows;
    struct str client_data, attestation;
    if (!str_is_empty(str_trim(in->name)) && !name_good(in->name, e)) return false;
    if (!may_register(c, e) || !challenge_in_time(c, in->challenge, e) || !load(c, &rows, e)) return false;
    if (rows.n >= PASSKEYS_MAX) return too_many(e);
    if (!decode(c, in->client_data_json, "client_data_json", WEBAUTHN_CLIENT_DATA_MAX, &client_data, e) ||
        !decode(c, in->attestation_object, "attestation_object", WEBAUTHN_ATTESTATION_MAX, &attestation, e))
        return false;
    struct webauthn_expect expect = expected(c, challenge_bytes(c, REGISTER, in->challenge, c->actor.account));
    if (!webauthn_register(c->arena, &expect, client_data, attestation, &r, e)) return false;
    struct q_passkey_add_in row = new_row(c, in, &r);
    struct passkey_registered done = {.passkey = {.id = row.id, .name = row.name, .backed_up = row.backed_up, .created_at = c->now, .version = 1}};
    if (!db_begin(c->db, e) || !ended(c, add_work(c, in->challenge, &row, &done.grant, e), e)) return false;
    *ret = done;
    return true;
}

/* --- signing in --- */

bool passkey_login_begin(struct call *c, struct passkey_request *ret, struct err *e)
{
    struct challenge_id id = {uuid_v7(c->now)};
    (void)e;
    *ret = (struct passkey_request){.challenge_id = id, .challenge = crypto_base64url(c->arena, challenge_bytes(c, LOGIN, id, (struct account_id){{{0}}})),
                                    .rp_id = rp_id(c), .timeout_ms = CHALLENGE_LIFE / USEC_PER_MS};
    return true;
}

static bool not_right(struct err *e)
{
    return err_set(e, PROBLEM_INVALID_CREDENTIALS, "This passkey does not open an account here.");
}

/* A counter that did not rise: somebody may have a copy of the key. Written and told although the call is refused. */
static bool copied(struct call *c, const struct q_passkey_by_credential_row *row, struct err *e)
{
    if (!audit_write(c, "passkey.counter_went_back", "passkey", row->id.u, STR_NULL, e) || !account_mail(c, "passkey_copied", row->account, row->id.u, e)) return false;
    return not_right(e);
}

static bool use_work(struct call *c, const struct passkey_login_in *in, const struct q_passkey_by_credential_row *row, const struct webauthn_assertion *a, bool *ret_back,
                     struct err *e)
{
    int64_t used;
    if (!challenge_spend(c, LOGIN, in->challenge, row->account, e) ||
        !q_passkey_used(c->db, c->arena, &(struct q_passkey_used_in){.id = row->id, .sign_count = a->sign_count, .backed_up = a->backed_up, .now = c->now}, &used, e))
        return false;
    *ret_back = used == 0;
    return true;
}

/* Whose key signed the challenge, once. */
static bool prove(struct call *c, const struct passkey_login_in *in, struct account_id *ret_account, struct err *e)
{
    struct q_passkey_by_credential_row row;
    struct webauthn_answer answer;
    struct webauthn_assertion assertion;
    struct str credential_id;
    bool found, back = false;
    if (!decode(c, in->credential_id, "credential_id", WEBAUTHN_CREDENTIAL_ID_MAX, &credential_id, e) ||
        !decode(c, in->client_data_json, "client_data_json", WEBAUTHN_CLIENT_DATA_MAX, &answer.client_data_json, e) ||
        !decode(c, in->authenticator_data, "authenticator_data", WEBAUTHN_AUTH_DATA_MAX, &answer.authenticator_data, e) ||
        !decode(c, in->signature, "signature", WEBAUTHN_SIGNATURE_MAX, &answer.signature, e) ||
        !decode(c, in->user_handle, "user_handle", WEBAUTHN_USER_HANDLE_MAX, &answer.user_handle, e) || !challenge_in_time(c, in->challenge, e) ||
        !throttle_try(c, "passkey", STR_NULL, e) ||
        !q_passkey_by_credential(c->db, c->arena, &(struct q_passkey_by_credential_in){.credential_id = credential_id}, &row, &found, e))
        return false;
    if (!found) return audit_write(c, "passkey.failed", NULL, (struct uuid){{0}}, STR("{\"reason\":\"unknown\"}"), e) && not_right(e);
    struct webauthn_expect expect = expected(c, challenge_bytes(c, LOGIN, in->challenge, (struct account_id){{{0}}}));
    struct webauthn_credential credential = {.public_key = row.public_key, .sign_count = (uint32_t)row.sign_count, .user_handle = uuid_bytes(c->arena, row.account.u),
                                             .need_handle = true};
    if (!webauthn_assert(c->arena, &expect, &credential, &answer, &assertion, e))
        return e->problem == PROBLEM_INVALID_CREDENTIALS && audit_write(c, "passkey.failed", "passkey", row.id.u, STR_NULL, e) && not_right(e);
    if (!db_begin(c->db, e) || !ended(c, use_work(c, in, &row, &assertion, &back, e), e)) return false;
    if (back) return copied(c, &row, e);
    *ret_account = row.account;
    return throttle_clear(c, "passkey", STR_NULL, e);
}

bool passkey_login(struct call *c, const struct passkey_login_in *in, struct login_result *ret, struct err *e)
{
    struct account_id account;
    return prove(c, in, &account, e) && login_finish(c, account, in->kind, SESSION_BY_PASSKEY, true, STR_NULL, ret, e);
}

bool passkey_confirm(struct call *c, const struct passkey_login_in *in, struct session_grant *ret_grant, struct err *e)
{
    struct account_id account;
    if (!prove(c, in, &account, e)) return false;
    if (!uuid_eq(account.u, c->actor.account.u)) return not_right(e);
    return audit_write(c, "session.confirmed", "account", account.u, STR("{\"method\":\"passkey\"}"), e) && session_raise(c, c->actor.session, true, ret_grant, e);
}

/* --- the owner's list --- */

bool passkey_list(struct call *c, struct shape_list *ret_list, struct err *e)
{
    struct q_passkey_list_rows rows;
    if (!load(c, &rows, e)) return false;
    struct passkey_info *list = ARENA_ARRAY(c->arena, struct passkey_info, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        list[i] = (struct passkey_info){.id = rows.v[i].id, .name = rows.v[i].name, .backed_up = rows.v[i].backed_up, .created_at = rows.v[i].created_at,
                                        .last_used_at = rows.v[i].last_used_at, .version = rows.v[i].version};
    *ret_list = (struct shape_list){rows.n, list};
    return true;
}

bool passkey_rename(struct call *c, struct passkey_id passkey, struct str name, struct passkey_info *ret, struct err *e)
{
    struct q_passkey_name_row row;
    bool found;
    if (!name_good(name, e)) return false;
    if (!q_passkey_name(c->db, c->arena, &(struct q_passkey_name_in){.id = passkey, .account = c->actor.account, .name = str_trim(name), .now = c->now}, &row, &found, e))
        return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "There is no such passkey.");
    *ret = (struct passkey_info){.id = passkey, .name = row.name, .backed_up = row.backed_up, .created_at = row.created_at, .last_used_at = row.last_used_at,
                                 .version = row.version};
    return true;
}

static bool remove_work(struct call *c, struct passkey_id passkey, struct err *e)
{
    struct q_passkey_spare_row spare;
    bool found;
    /* the account's row is held, so that two removals at once cannot take both ways in */
    if (!q_external_identity_lock(c->db, c->arena, &(struct q_external_identity_lock_in){c->actor.account}, NULL, e) ||
        !q_passkey_spare(c->db, c->arena, &(struct q_passkey_spare_in){.id = passkey, .account = c->actor.account}, &spare, &found, e))
        return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "There is no such passkey.");
    if (!spare.spare) return err_set(e, PROBLEM_INVALID_STATE, "This is the only way into the account; add another one first.");
    return q_passkey_delete(c->db, c->arena, &(struct q_passkey_delete_in){.id = passkey, .account = c->actor.account}, NULL, e) &&
           audit_write(c, "passkey.removed", "passkey", passkey.u, STR_NULL, e) &&
           account_mail(c, "second_factor_changed", c->actor.account, (struct uuid){{0}}, e);
}

bool passkey_remove(struct call *c, struct passkey_id passkey, struct err *e)
{
    return may_register(c, e) && db_begin(c->db, e) && ended(c, remove_work(c, passkey, e), e);
}
