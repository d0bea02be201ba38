#include "service/second_factor.h"

#include "auth/qr.h"
#include "auth/totp.h"
#include "crypto/crypto.h"
#include "crypto/keyring.h"
#include "service/account.h"
#include "service/audit.h"
#include "service/person.h"
#include "service/role.h"
#include "service/throttle.h"
#include "service/trusted_device.h"
#include "sql/factor.h"

#define TOTP_PENDING_LIFE (1 * USEC_PER_HOUR)

/* --- helpers --- */

static bool ended(struct call *c, bool good, struct err *e)
{
    if (good) return db_commit(c->db, e);
    db_rollback(c->db);
    return false;
}

static bool audited(struct call *c, const char *action, struct account_id account, struct err *e)
{
    return audit_write(c, action, "account", account.u, STR_NULL, e);
}

static struct str account_bytes(const struct account_id *account)
{
    return str_of((const char *)account->u.b, sizeof account->u.b);
}

static struct str secret_place(struct call *c, struct account_id account, struct uuid row)
{
    char text[37];
    uuid_format(account.u, text);
    return str_printf(c->arena, STR_FMT ":%s", STR_ARG(person_context(c->arena, "identity.totp.secret", row)), text);
}

static bool secret_open(struct call *c, struct account_id account, const struct q_totp_get_row *row, uint8_t ret_secret[TOTP_SECRET_LEN], struct err *e)
{
    uint8_t key[AEAD_KEY_LEN];
    struct str secret;
    keyring_derive(c->env->keyring, KEY_TOTP, key);
    bool good = crypto_open(c->arena, key, secret_place(c, account, row->id), row->secret, &secret, e);
    crypto_cleanse(key, sizeof key);
    if (!good) return false;
    if (secret.n != TOTP_SECRET_LEN) return err_cause(e, "an app's secret has %zu bytes", secret.n);
    memcpy(ret_secret, secret.p, TOTP_SECRET_LEN);
    return true;
}

/* Who has a second factor changes it only after giving it: a password that was found out must not be enough to put another factor in its place. */
static bool may_change(struct call *c, struct second_factor_state *ret_state, struct err *e)
{
    if (!second_factor_state(c, c->actor.account, ret_state, e)) return false;
    if (ret_state->required && !c->actor.second_factor) return err_set(e, PROBLEM_SECOND_FACTOR_REQUIRED, "Sign in again with your second factor to change it.");
    return true;
}

bool second_factor_state(struct call *c, struct account_id account, struct second_factor_state *ret_state, struct err *e)
{
    struct q_factor_state_row row;
    bool found;
    if (!q_factor_state(c->db, c->arena, &(struct q_factor_state_in){.account = account}, &row, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "There is no such account.");
    struct second_factor_state s = {.totp = row.totp_since != 0, .passkeys = row.passkeys > 0, .recovery_left = row.recovery_left, .totp_since = row.totp_since};
    s.required = s.totp || (row.staff && s.passkeys);
    *ret_state = s;
    return true;
}

/* --- checking --- */

static bool is_digits(struct str code)
{
    size_t digits = 0;
    for (size_t i = 0; i < code.n; i++) {
        if (code.p[i] >= '0' && code.p[i] <= '9') digits++;
        else if (code.p[i] != ' ') return false;
    }
    return digits == TOTP_DIGITS;
}

static bool check_app(struct call *c, struct account_id account, struct str code, bool *ret_ok, struct err *e)
{
    struct q_totp_get_row row;
    uint8_t secret[TOTP_SECRET_LEN];
    int64_t step, taken = 0;
    bool found;
    *ret_ok = false;
    if (!q_totp_get(c->db, c->arena, &(struct q_totp_get_in){.account = account}, &row, &found, e)) return false;
    if (!found || row.confirmed_at == 0) return true;
    if (!secret_open(c, account, &row, secret, e)) return false;
    bool right = totp_check(secret, code, clock_real() / USEC_PER_SEC, row.last_step, &step);
    crypto_cleanse(secret, sizeof secret);
    if (!right) return true;
    if (!q_totp_take(c->db, c->arena, &(struct q_totp_take_in){.id = row.id, .step = step, .now = c->now}, &taken, e)) return false;
    *ret_ok = taken == 1;
    return true;
}

static void recovery_hash(struct call *c, struct account_id account, struct str code, uint8_t ret_hash[SHA256_LEN])
{
    uint8_t key[AEAD_KEY_LEN];
    keyring_derive(c->env->keyring, KEY_RECOVERY, key);
    recovery_code_hash(key, account_bytes(&account), code, ret_hash);
    crypto_cleanse(key, sizeof key);
}

static bool check_recovery(struct call *c, struct account_id account, struct str typed, bool *ret_ok, struct err *e)
{
    struct q_recovery_use_row row;
    struct str code;
    uint8_t hash[SHA256_LEN];
    bool found = false;
    *ret_ok = false;
    if (!recovery_code_normalise(c->arena, typed, &code)) return true;
    recovery_hash(c, account, code, hash);
    if (!db_begin(c->db, e)) return false;
    bool good = q_recovery_use(c->db, c->arena, &(struct q_recovery_use_in){.account = account, .hash = str_of((const char *)hash, sizeof hash), .now = c->now},
                               &row, &found, e) &&
                (!found || (audited(c, "recovery_code.used", account, e) && account_mail(c, "recovery_used", account, row.id, e)));
    if (!ended(c, good, e)) return false;
    *ret_ok = found;
    return true;
}

/* Whoever guesses codes has the password already, or a device that is signed in: its owner hears of it. */
static bool guessed_wrong(struct call *c, struct account_id account, struct err *e)
{
    bool tell;
    if (!audited(c, "second_factor.failed", account, e) || !throttle_tell(c, "second_factor", account_bytes(&account), &tell, e)) return false;
    return !tell || (audited(c, "second_factor.locked", account, e) && account_mail(c, "second_factor_guessed", account, (struct uuid){{0}}, e));
}

bool second_factor_check(struct call *c, struct account_id account, struct str code, bool *ret_ok, bool *ret_used_recovery, struct err *e)
{
    bool ok, app = is_digits(code);
    if (!throttle_try(c, "second_factor", account_bytes(&account), e)) return false;
    if (app ? !check_app(c, account, code, &ok, e) : !check_recovery(c, account, code, &ok, e)) return false;
    if (ok ? !throttle_clear(c, "second_factor", account_bytes(&account), e) : !guessed_wrong(c, account, e)) return false;
    *ret_ok = ok;
    *ret_used_recovery = ok && !app;
    return true;
}

/* --- setting up --- */

static bool setup_fill(struct call *c, const uint8_t secret[TOTP_SECRET_LEN], usec_t from, struct totp_setup *ret, struct err *e)
{
    struct account account;
    struct totp_setup s = {.secret = totp_secret_text(c->arena, secret), .expires_at = from + TOTP_PENDING_LIFE};
    struct str shop = str_from(c->env->config->shop_name);
    if (!account_read(c, c->actor.account, &account, e)) return false;
    s.uri = totp_uri(c->arena, secret, shop, str_is_empty(account.email) ? id_str(c->arena, ID_account, account.id.u) : account.email);
    if (!qr_svg(c->arena, s.uri, shop, &s.qr_svg, e)) return false;
    *ret = s;
    return true;
}

bool totp_begin(struct call *c, struct totp_setup *ret_setup, struct err *e)
{
    struct second_factor_state state;
    struct q_totp_put_row row;
    struct uuid id = uuid_v7(c->now);
    uint8_t secret[TOTP_SECRET_LEN], key[AEAD_KEY_LEN];
    bool stored;
    if (!may_change(c, &state, e)) return false;
    if (state.totp) return err_set(e, PROBLEM_ALREADY_EXISTS, "An authenticator app is set up already. Remove it to set up another one.");
    totp_secret_new(secret);
    keyring_derive(c->env->keyring, KEY_TOTP, key);
    struct str sealed = crypto_seal(c->arena, key, secret_place(c, c->actor.account, id), str_of((const char *)secret, sizeof secret));
    crypto_cleanse(key, sizeof key);
    bool good = q_totp_put(c->db, c->arena, &(struct q_totp_put_in){.id = id, .account = c->actor.account, .secret = sealed, .now = c->now}, &row, &stored, e);
    if (good && !stored) good = err_set(e, PROBLEM_ALREADY_EXISTS, "An authenticator app is set up already. Remove it to set up another one.");
    good = good && setup_fill(c, secret, c->now, ret_setup, e);
    crypto_cleanse(secret, sizeof secret);
    return good;
}

/* The app that waits for its first code. */
static bool pending(struct call *c, struct q_totp_get_row *ret_row, uint8_t ret_secret[TOTP_SECRET_LEN], struct err *e)
{
    bool found;
    if (!q_totp_get(c->db, c->arena, &(struct q_totp_get_in){.account = c->actor.account}, ret_row, &found, e)) return false;
    if (!found || ret_row->confirmed_at != 0) return err_set(e, PROBLEM_NOT_FOUND, "No authenticator app waits for its first code.");
    if (c->now >= ret_row->updated_at + TOTP_PENDING_LIFE) return err_set(e, PROBLEM_EXPIRED, "This took too long. Begin again.");
    return secret_open(c, c->actor.account, ret_row, ret_secret, e);
}

bool totp_pending(struct call *c, struct totp_setup *ret_setup, struct err *e)
{
    struct second_factor_state state;
    struct q_totp_get_row row;
    uint8_t secret[TOTP_SECRET_LEN];
    if (!may_change(c, &state, e) || !pending(c, &row, secret, e)) return false;
    bool good = setup_fill(c, secret, row.updated_at, ret_setup, e);
    crypto_cleanse(secret, sizeof secret);
    return good;
}

/* Ten new codes in place of what there was. Inside a transaction that holds the account's app. */
static bool codes_make(struct call *c, struct shape_list *ret_codes, struct err *e)
{
    struct account_id account = c->actor.account;
    struct str *codes = ARENA_ARRAY(c->arena, struct str, RECOVERY_CODES), *hashes = ARENA_ARRAY(c->arena, struct str, RECOVERY_CODES);
    struct uuid *ids = ARENA_ARRAY(c->arena, struct uuid, RECOVERY_CODES);
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        uint8_t *hash = ARENA_ARRAY(c->arena, uint8_t, SHA256_LEN);
        struct str plain;
        codes[i] = recovery_code_new(c->arena);
        BUG_IF(!recovery_code_normalise(c->arena, codes[i], &plain));
        recovery_hash(c, account, plain, hash);
        hashes[i] = str_of((const char *)hash, SHA256_LEN);
        ids[i] = uuid_v7(c->now);
    }
    if (!q_recovery_delete(c->db, c->arena, &(struct q_recovery_delete_in){.account = account}, NULL, e) ||
        !q_recovery_add(c->db, c->arena, &(struct q_recovery_add_in){.account = account, .ids = {RECOVERY_CODES, ids}, .hashes = {RECOVERY_CODES, hashes}, .now = c->now},
                        NULL, e))
        return false;
    *ret_codes = (struct shape_list){RECOVERY_CODES, codes};
    return true;
}

static bool told(struct call *c, const char *action, struct account_id account, struct err *e)
{
    return audited(c, action, account, e) && account_mail(c, "second_factor_changed", account, (struct uuid){{0}}, e);
}

static bool confirm_work(struct call *c, const struct q_totp_get_row *row, int64_t step, struct recovery_codes *ret, struct err *e)
{
    int64_t confirmed;
    if (!q_totp_confirm(c->db, c->arena, &(struct q_totp_confirm_in){.id = row->id, .step = step, .now = c->now}, &confirmed, e)) return false;
    if (confirmed == 0) return err_set(e, PROBLEM_NOT_FOUND, "No authenticator app waits for its first code.");
    return codes_make(c, &ret->codes, e) && told(c, "totp.added", c->actor.account, e) &&
           (uuid_is_zero(c->actor.session.u) || session_raise(c, c->actor.session, true, &ret->grant, e));
}

bool totp_confirm(struct call *c, struct str code, struct recovery_codes *ret_codes, struct err *e)
{
    struct second_factor_state state;
    struct q_totp_get_row row;
    struct recovery_codes r = {.codes = {0}};
    uint8_t secret[TOTP_SECRET_LEN];
    int64_t step;
    if (!may_change(c, &state, e) || !pending(c, &row, secret, e)) return false;
    bool right = is_digits(code) && totp_check(secret, code, clock_real() / USEC_PER_SEC, 0, &step);
    crypto_cleanse(secret, sizeof secret);
    if (!right) return err_param(e, PROBLEM_INVALID_CODE, "code", "This is not the code that the app shows now.");
    if (!db_begin(c->db, e) || !ended(c, confirm_work(c, &row, step, &r, e), e)) return false;
    *ret_codes = r;
    return true;
}

static bool remove_work(struct call *c, struct err *e)
{
    struct q_totp_delete_row row;
    bool found;
    if (!q_totp_delete(c->db, c->arena, &(struct q_totp_delete_in){.account = c->actor.account}, &row, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "No authenticator app is set up.");
    if (!row.confirmed) return true;
    return q_recovery_delete(c->db, c->arena, &(struct q_recovery_delete_in){.account = c->actor.account}, NULL, e) &&
           trusted_device_end_all(c, c->actor.account, "totp_removed", e) && told(c, "totp.removed", c->actor.account, e);
}

bool totp_remove(struct call *c, struct err *e)
{
    struct second_factor_state state;
    return may_change(c, &state, e) && db_begin(c->db, e) && ended(c, remove_work(c, e), e);
}

static bool renew_work(struct call *c, struct shape_list *ret_codes, struct err *e)
{
    int64_t held;
    if (!q_totp_hold(c->db, c->arena, &(struct q_totp_hold_in){.account = c->actor.account, .now = c->now}, &held, e)) return false;
    if (held == 0) return err_set(e, PROBLEM_INVALID_STATE, "Recovery codes stand in for an authenticator app; none is set up.");
    return codes_make(c, ret_codes, e) && told(c, "recovery_codes.renewed", c->actor.account, e);
}

bool recovery_codes_renew(struct call *c, struct recovery_codes *ret_codes, struct err *e)
{
    struct second_factor_state state;
    struct recovery_codes r = {.codes = {0}};
    if (!may_change(c, &state, e) || !db_begin(c->db, e) || !ended(c, renew_work(c, &r.codes, e), e)) return false;
    *ret_codes = r;
    return true;
}

static bool reset_work(struct call *c, struct account_id account, struct err *e)
{
    struct q_totp_delete_row row;
    bool found;
    return q_totp_delete(c->db, c->arena, &(struct q_totp_delete_in){.account = account}, &row, &found, e) &&
           q_recovery_delete(c->db, c->arena, &(struct q_recovery_delete_in){.account = account}, NULL, e) &&
           q_passkey_delete_all(c->db, c->arena, &(struct q_passkey_delete_all_in){.account = account}, NULL, e) &&
           trusted_device_end_all(c, account, "second_factor_reset", e) && told(c, "second_factor.reset", account, e);
}

bool second_factor_reset(struct call *c, struct account_id account, struct err *e)
{
    struct second_factor_state state;
    int ended_sessions;
    return second_factor_state(c, account, &state, e) && role_check_over(c, account, e) && db_begin(c->db, e) && ended(c, reset_work(c, account, e), e) &&
           session_end_all(c, account, (struct session_id){{{0}}}, "second_factor_reset", &ended_sessions, e);
}
