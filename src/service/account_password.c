/* Passwords that were forgotten, and new ones. */
#include "auth/password.h"
#include "service/account_internal.h"
#include "service/audit.h"
#include "service/challenge.h"
#include "service/person.h"
#include "service/throttle.h"
#include "service/trusted_device.h"
#include "sql/challenge.h"

bool account_password_forgot(struct call *c, struct str address, struct err *e)
{
    struct q_account_by_email_row known;
    struct str email;
    bool found;
    if (!account_take_email(c, address, &email, e) || !throttle_try(c, THROTTLE_MAIL, STR_NULL, e) ||
        !q_account_by_email(c->db, c->arena, &(struct q_account_by_email_in){.email_hash = person_email_hash(c, email)}, &known, &found, e))
        return false;
    bool active = found && str_eq_c(known.status, "active");
    struct account_id account = found ? known.id : (struct account_id){{{0}}};
    return audit_write(c, "password.forgotten", found ? "account" : NULL, account.u, STR_NULL, e) && challenge_begin(c, &(struct challenge_new){
        .purpose = CHALLENGE_RESET, .account = account, .email = email, .decoy = !active, .to_owner = found,
        .mail = active ? "password_reset" : found ? "account_disabled" : "no_account", .life = CHALLENGE_RESET_LIFE}, NULL, NULL, e);
}

struct change {
    struct call *c;
    struct account_id account;
    struct challenge_id challenge;
    struct str email_hash, encoded;
    struct session_id spare;
    const char *reason;
};

static bool write_change(struct db *d, void *arg, struct err *e)
{
    struct change *x = arg;
    struct call *c = x->c;
    struct q_password_set_row row;
    int ended;
    struct str key = throttle_key(c, THROTTLE_LOGIN, x->email_hash);
    if (!q_password_set(d, c->arena, &(struct q_password_set_in){
            .challenge = x->challenge, .account = x->account, .password = x->encoded, .key = key, .message = {uuid_v7(c->now)},
            .locale = c->market ? c->market->locale : STR_NULL, .actor = audit_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id,
            .trace_id = c->trace_id, .now = c->now}, &row, e))
        return false;
    if (!row.done)
        return err_set(e, PROBLEM_EXPIRED, "This link is over or was used already; ask for a new one.");
    return session_end_all(c, x->account, x->spare, x->reason, &ended, e) && trusted_device_end_all(c, x->account, x->reason, e);
}

/* The new hash and the end of the sessions that the old one opened: both or none. */
static bool change(struct call *c, struct change *x, struct str password, struct err *e)
{
    x->c = c;
    return account_encode(c, password, &x->encoded, e) && db_transaction(c->db, write_change, x, e);
}

bool account_reset_email(struct call *c, struct str link, struct str *ret_email, struct err *e)
{
    struct challenge ch;
    struct account account;
    if (!challenge_by_link(c, CHALLENGE_RESET, link, &ch, e) || !account_read(c, ch.account, &account, e))
        return false;
    *ret_email = account.email;
    return true;
}

bool account_password_reset(struct call *c, struct str link, struct str password, struct err *e)
{
    struct challenge ch;
    struct account account;
    if (!challenge_by_link(c, CHALLENGE_RESET, link, &ch, e) || !account_read(c, ch.account, &account, e) ||
        !password_rules(c->arena, password, account.email, account.name, "password", e))
        return false;
    return change(c, &(struct change){.account = ch.account, .challenge = ch.id, .email_hash = ch.email_hash, .reason = "password_reset"}, password, e);
}

bool account_password_change(struct call *c, struct str present, struct str fresh, struct err *e)
{
    struct account account;
    struct account_id id = c->actor.account;
    if (!account_read(c, id, &account, e))
        return false;
    if (str_is_null(account.email))
        return err_set(e, PROBLEM_INVALID_STATE, "A password signs in together with an e-mail address; add one first.");
    if (!account.has_password && (c->actor.fresh_at == 0 || c->now > c->actor.fresh_at + c->env->config->fresh_s * USEC_PER_SEC))
        return err_set(e, PROBLEM_FRESH_REQUIRED, "Confirm that it is you, then choose a password.");
    if (!password_rules(c->arena, fresh, account.email, account.name, "password", e) ||
        (account.has_password && !account_check_password(c, id, present, "current_password", e)))
        return false;
    return change(c, &(struct change){.account = id, .email_hash = person_email_hash(c, account.email), .spare = c->actor.session, .reason = "password_changed"}, fresh, e);
}
