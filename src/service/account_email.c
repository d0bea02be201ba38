/* A new address: mailed to, proved, then both are told. Whether the new one belongs to another account shows in that mailbox only. */
#include "domain/contact.h"
#include "service/account_internal.h"
#include "service/audit.h"
#include "service/challenge.h"
#include "service/person.h"
#include "service/throttle.h"
#include "sql/challenge.h"

bool account_email_change(struct call *c, struct str address, struct str *ret_verification, struct err *e)
{
    struct q_account_by_email_row known;
    struct account_id account = c->actor.account;
    struct account before;
    struct str email;
    bool found;
    if (!account_take_email(c, address, &email, e) || !account_read(c, account, &before, e))
        return false;
    if (!str_is_null(before.email) && before.email_verified && str_eq(email_key(c->arena, email), email_key(c->arena, before.email)))
        return err_param(e, PROBLEM_INVALID, "email", "This is your address already.");
    if (!throttle_try(c, THROTTLE_MAIL, STR_NULL, e) ||
        !q_account_by_email(c->db, c->arena, &(struct q_account_by_email_in){.email_hash = person_email_hash(c, email)}, &known, &found, e))
        return false;
    bool taken = found && !uuid_eq(known.id.u, account.u);
    return challenge_begin(c, &(struct challenge_new){
               .purpose = CHALLENGE_EMAIL, .account = taken ? known.id : account, .email = email, .locale = before.locale, .mail = taken ? "already_registered" : "email_verify_new", .decoy = taken,
               .to_owner = taken, .life = CHALLENGE_LINK_LIFE}, NULL, ret_verification, e) &&
           (str_is_null(before.email) || account_mail(c, "email_change_asked", account, (struct uuid){{0}}, e)) &&
           audit_write(c, "email.change_asked", "account", account.u, STR_NULL, e);
}

static bool settle(struct call *c, const struct challenge *ch, struct err *e)
{
    struct account before;
    struct q_email_set_row row;
    struct str sealed;
    if (!account_read(c, ch->account, &before, e) ||
        !person_seal(c, before.person, person_context(c->arena, ACCOUNT_PLACE_EMAIL, ch->account.u), ch->email, &sealed, e) ||
        !q_email_set(c->db, c->arena, &(struct q_email_set_in){
            .challenge = ch->id, .account = ch->account, .email_hash = ch->email_hash, .email = sealed, .email_before = challenge_seal_before(c, ch->id, before.email),
            .message = {uuid_v7(c->now)}, .locale = before.locale, .actor = audit_actor(c), .place = audit_place(c->arena, c->client), .request_id = c->request_id,
            .trace_id = c->trace_id, .now = c->now}, &row, e))
        return false;
    if (str_eq_c(row.outcome, "exists"))
        return err_param(e, PROBLEM_ALREADY_EXISTS, "email", "There is another account with this address.");
    if (!str_eq_c(row.outcome, "ok"))
        return err_set(e, PROBLEM_EXPIRED, "This code or link was used already.");
    return account_claim(c, ch->account, e);
}

bool account_email_confirm(struct call *c, struct str verification, struct str code, struct err *e)
{
    struct challenge ch;
    if (!challenge_by_code(c, CHALLENGE_EMAIL, verification, code, &ch, e))
        return false;
    if (!uuid_eq(ch.account.u, c->actor.account.u))
        return err_set(e, PROBLEM_EXPIRED, "This code belongs to another account.");
    return settle(c, &ch, e);
}

/* Whoever reads the new mailbox must also be the account that asked: else a stranger who types somebody's address waits for her to press a button, and has the orders that she
 * made with it as a guest; or a thief's mail, opened after he was signed out, takes the account over. */
bool account_email_confirm_link(struct call *c, struct str link, struct err *e)
{
    struct challenge ch;
    if (!challenge_by_link(c, CHALLENGE_EMAIL, link, &ch, e))
        return false;
    if (!uuid_eq(ch.account.u, c->actor.account.u))
        return err_set(e, PROBLEM_EXPIRED, "This link belongs to another account.");
    return settle(c, &ch, e);
}
