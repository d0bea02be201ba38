/* Signing in. A try is counted before it is looked at; known, unknown and disabled addresses cost the same statements and the same hash. */
#include "auth/hasher.h"
#include "domain/contact.h"
#include "service/account_internal.h"
#include "service/audit.h"
#include "service/challenge.h"
#include "service/person.h"
#include "service/second_factor.h"
#include "service/throttle.h"
#include "service/trusted_device.h"
#include "sql/challenge.h"

/* How a way to sign in ends. */
struct ending {
    struct account_id account;
    enum session_kind kind;
    enum session_method method;
    bool second_factor_done;
    struct str trusted;
    usec_t password_at;                  /* see session_new */
};
static bool finish(struct call *c, const struct ending *in, struct login_result *ret, struct err *e);

/* Looks at the password of a try that was counted; when nobody is free to look, the try goes back. */
static bool look(struct call *c, const char *what, struct str whom, struct str encoded, struct str password, bool *ret_match, struct err *e)
{
    struct err lost;
    bool ok = account_match(c, encoded, password, ret_match, e);
    err_clear(&lost);
    if (!ok && e->problem == PROBLEM_INTERNAL) {         /* a stored hash that nobody understands opens to nobody; the answer must not say so */
        LOG(c->env->log, LOG_ERROR, "password_not_understood", LOGS("request_id", c->request_id), LOGC("cause", e->cause));
        err_clear(e);
        return true;
    }
    if (!ok && e->problem == PROBLEM_UNAVAILABLE && !throttle_undo(c, what, whom, &lost))
        LOG(c->env->log, LOG_WARN, "throttle_undo_failed", LOGS("request_id", c->request_id), LOGC("cause", lost.cause));
    return ok;
}

static bool failed(struct call *c, struct account_id account, struct str hash, struct err *e)
{
    struct q_sign_in_failed_row row;
    if (!q_sign_in_failed(c->db, c->arena, &(struct q_sign_in_failed_in){
            .account = account, .email_hash = hash, .key = throttle_key(c, THROTTLE_LOGIN, hash), .free = THROTTLE_FREE, .challenge = {uuid_v7(c->now)},
            .message = {uuid_v7(c->now)}, .locale = c->market ? c->market->locale : STR_NULL, .place = audit_place(c->arena, c->client), .request_id = c->request_id,
            .trace_id = c->trace_id, .now = c->now}, &row, e))
        return false;
    return err_set(e, PROBLEM_INVALID_CREDENTIALS, "The e-mail address or the password is not right.");
}

/* Foreign hashes and those of older settings give way to ours, unless somebody changed the password meanwhile. */
static bool upgrade(struct call *c, struct account_id account, struct str encoded, struct str password, struct err *e)
{
    struct str better;
    struct err full;
    if (!hasher_needs_rehash(c->env->hasher, encoded))
        return true;
    err_clear(&full);
    if (!account_encode(c, password, &better, &full))
        return true;                     /* too busy: next time */
    return q_account_rehash(c->db, c->arena, &(struct q_account_rehash_in){.id = account, .before = encoded, .after = better, .now = c->now}, NULL, e) &&
           audit_write(c, "password.upgraded", "account", account.u, STR_NULL, e);
}

bool account_login(struct call *c, const struct login_in *in, struct login_result *ret, struct err *e)
{
    struct q_account_by_email_row row = {0};
    struct str email, hash;
    bool found, match;
    if (!email_normalise(c->arena, in->email, &email))
        email = str_sub(in->email, 0, EMAIL_MAX);        /* no address of anybody; takes the same way as the others */
    hash = person_email_hash(c, email);
    if (!throttle_try(c, THROTTLE_LOGIN, hash, e) || !q_account_by_email(c->db, c->arena, &(struct q_account_by_email_in){.email_hash = hash}, &row, &found, e))
        return false;
    bool usable = found && str_eq_c(row.status, "active");
    if (!look(c, THROTTLE_LOGIN, hash, usable ? row.password : STR_NULL, in->password, &match, e))
        return false;
    if (!match)
        return failed(c, found ? row.id : (struct account_id){{{0}}}, hash, e);
    return throttle_clear(c, THROTTLE_LOGIN, hash, e) && upgrade(c, row.id, row.password, in->password, e) &&
           finish(c, &(struct ending){row.id, in->kind, SESSION_BY_PASSWORD, false, in->trusted, row.password_at}, ret, e);
}

/* --- the common end ------------------------------------------------------------------------------------------------------ */

static const char *const methods[] = {[SESSION_BY_PASSWORD] = "password", [SESSION_BY_PASSKEY] = "passkey", [SESSION_BY_OIDC] = "oidc", [SESSION_BY_COGNITO] = "cognito",
                                      [SESSION_BY_LINK] = "link"};

static enum session_method method_of(struct str name)
{
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_eq_c(name, methods[i]))
            return (enum session_method)i;
    return SESSION_BY_PASSWORD;
}

static bool open_session(struct call *c, const struct ending *in, bool second_factor, struct login_result *ret, struct err *e)
{
    const struct session_new s = {.account = in->account, .kind = in->kind, .method = in->method, .second_factor = second_factor, .password_at = in->password_at};
    if (!account_claim(c, in->account, e) || !session_open(c, &s, &ret->grant, e))
        return false;
    ret->outcome = LOGIN_DONE;
    ret->account = in->account;
    return true;
}

static bool ask_second_factor(struct call *c, const struct ending *in, struct login_result *ret, struct err *e)
{
    struct str data = str_printf(c->arena, "{\"kind\":\"%s\",\"method\":\"%s\",\"password_at\":%lld}", in->kind == SESSION_APP ? "app" : "browser", methods[in->method],
                                 (long long)in->password_at);
    ret->outcome = LOGIN_SECOND_FACTOR;
    ret->account = in->account;
    return challenge_begin(c, &(struct challenge_new){.purpose = CHALLENGE_MFA, .account = in->account, .data = data, .life = CHALLENGE_MFA_LIFE}, NULL, &ret->challenge, e);
}

static bool finish(struct call *c, const struct ending *in, struct login_result *ret, struct err *e)
{
    struct q_account_gate_row gate;
    struct second_factor_state factor;
    struct login_result result = {0};
    bool found, done = in->second_factor_done;
    if (!q_account_gate(c->db, c->arena, &(struct q_account_gate_in){.id = in->account}, &gate, &found, e))
        return false;
    if (!found || !str_eq_c(gate.status, "active"))
        return err_set(e, PROBLEM_INVALID_CREDENTIALS, "This account cannot sign in.");
    if (!second_factor_state(c, in->account, &factor, e))
        return false;
    if (factor.required && !done && !str_is_empty(in->trusted) && !trusted_device_check(c, in->account, in->trusted, &done, e))
        return false;
    if (factor.required && !done) {
        if (!ask_second_factor(c, in, &result, e))
            return false;
    } else if (!open_session(c, in, done, &result, e))
        return false;
    result.setup_needed = gate.staff && !factor.totp && !factor.passkeys;
    *ret = result;
    return true;
}

bool login_finish(struct call *c, struct account_id account, enum session_kind kind, enum session_method method, bool second_factor_done, struct str trusted,
                  struct login_result *ret, struct err *e)
{
    return finish(c, &(struct ending){account, kind, method, second_factor_done, trusted, 0}, ret, e);
}

bool account_second_step(struct call *c, struct str challenge, struct second_factor_state *ret_state, struct err *e)
{
    struct challenge ch;
    return challenge_peek(c, CHALLENGE_MFA, challenge, &ch, e) && second_factor_state(c, ch.account, ret_state, e);
}

bool account_second_factor(struct call *c, struct str challenge, struct str code, bool trust, struct login_result *ret, struct str *ret_trusted, struct err *e)
{
    struct challenge ch;
    bool ok, recovery, first;
    struct str token = STR_NULL;
    if (!challenge_by_holder(c, CHALLENGE_MFA, challenge, &ch, e) || !second_factor_check(c, ch.account, code, &ok, &recovery, e))
        return false;
    if (!ok)
        return err_param(e, PROBLEM_INVALID_CODE, "code", "This code is not right.");
    if (!challenge_use(c, ch.id, &first, e))
        return false;
    if (!first)
        return err_set(e, PROBLEM_EXPIRED, "This sign-in was finished already.");
    if (trust && !trusted_device_make(c, ch.account, &token, e))
        return false;
    enum session_kind kind = str_eq_c(ch.session_kind, "app") ? SESSION_APP : SESSION_BROWSER;
    if (!finish(c, &(struct ending){ch.account, kind, method_of(ch.method), true, STR_NULL, ch.password_at}, ret, e))
        return false;
    *ret_trusted = token;
    return true;
}

/* --- presence, locks ----------------------------------------------------------------------------------------------------- */

static bool confirm_failed(struct call *c, struct account_id account, const char *param, struct err *e)
{
    bool tell;
    if (!audit_write(c, "confirm.failed", "account", account.u, STR_NULL, e) || !throttle_tell(c, THROTTLE_CONFIRM, account_bytes(&account), &tell, e))
        return false;
    if (tell && (!audit_write(c, "confirm.locked", "account", account.u, STR_NULL, e) || !account_mail(c, "confirm_guessed", account, (struct uuid){{0}}, e)))
        return false;
    return err_param(e, PROBLEM_INVALID_CREDENTIALS, param, "This is not your password.");
}

bool account_check_password(struct call *c, struct account_id account, struct str password, const char *param, struct err *e)
{
    struct q_account_gate_row gate;
    bool found, match;
    if (!throttle_try(c, THROTTLE_CONFIRM, account_bytes(&account), e) ||
        !q_account_gate(c->db, c->arena, &(struct q_account_gate_in){.id = account}, &gate, &found, e) ||
        !look(c, THROTTLE_CONFIRM, account_bytes(&account), found ? gate.password : STR_NULL, password, &match, e))
        return false;
    return match ? throttle_clear(c, THROTTLE_CONFIRM, account_bytes(&account), e) : confirm_failed(c, account, param, e);
}

bool account_confirm(struct call *c, struct str password, struct str code, struct session_grant *ret_grant, struct err *e)
{
    bool ok, recovery;
    if (str_is_empty(password) && str_is_empty(code))
        return err_param(e, PROBLEM_REQUIRED, "password", "Type your password or a code.");
    if (!str_is_empty(password))
        return account_check_password(c, c->actor.account, password, "password", e) &&
               audit_write(c, "session.confirmed", "account", c->actor.account.u, STR_NULL, e) &&
               session_raise(c, c->actor.session, c->actor.second_factor, ret_grant, e);
    if (!second_factor_check(c, c->actor.account, code, &ok, &recovery, e))
        return false;
    if (!ok)
        return err_param(e, PROBLEM_INVALID_CODE, "code", "This code is not right.");
    return audit_write(c, "session.confirmed", "account", c->actor.account.u, STR_NULL, e) && session_raise(c, c->actor.session, true, ret_grant, e);
}

bool account_unlock(struct call *c, struct str link, struct err *e)
{
    struct challenge ch;
    bool first;
    if (!challenge_by_link(c, CHALLENGE_UNLOCK, link, &ch, e) || !challenge_use(c, ch.id, &first, e))
        return false;
    if (!first)
        return err_set(e, PROBLEM_EXPIRED, "This link was used already.");
    return q_throttle_clear(c->db, c->arena, &(struct q_throttle_clear_in){.key = throttle_key(c, THROTTLE_LOGIN, ch.email_hash), .now = c->now}, NULL, e) &&
           audit_write(c, "login.unlocked", "account", ch.account.u, STR_NULL, e);
}
