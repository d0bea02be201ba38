/* Registration: an account begins only when its address is verified. Known and unknown addresses take the same steps: rules, tries of the network, one hash,
 * one look-up, one row that owes one mail. */
#include "auth/password.h"
#include "service/account_internal.h"
#include "service/challenge.h"
#include "service/throttle.h"
#include "sql/challenge.h"
#include "service/person.h"

bool account_register(struct call *c, const struct account_register_in *in, struct str *ret_verification, struct err *e)
{
    struct q_account_by_email_row known;
    struct str email, encoded;
    bool found;
    if (!account_take_email(c, in->email, &email, e) || !password_rules(c->arena, in->password, email, in->name, "password", e) ||
        !throttle_try(c, THROTTLE_MAIL, STR_NULL, e) || !account_encode(c, in->password, &encoded, e) ||
        !q_account_by_email(c->db, c->arena, &(struct q_account_by_email_in){.email_hash = person_email_hash(c, email)}, &known, &found, e))
        return false;
    return challenge_begin(c, &(struct challenge_new){
        .purpose = CHALLENGE_REGISTER, .account = found ? known.id : (struct account_id){{{0}}}, .email = email, .name = in->name, .password = found ? STR_NULL : encoded,
        .locale = in->locale, .mail = found ? "already_registered" : "verify_email", .decoy = found, .to_owner = found, .life = CHALLENGE_LINK_LIFE}, NULL, ret_verification, e);
}

bool account_register_resend(struct call *c, struct str verification, struct err *e)
{
    return throttle_try(c, THROTTLE_MAIL, STR_NULL, e) && challenge_resend(c, CHALLENGE_REGISTER, verification, e);
}

static bool begin(struct call *c, const struct challenge *ch, enum session_kind kind, struct login_result *ret, struct err *e)
{
    struct account_id account;
    const struct account_begin in = {.challenge = ch->id, .email = ch->email, .name = ch->name, .locale = ch->locale, .password = ch->password, .verified = true};
    return account_begin(c, &in, &account, e) && login_finish(c, account, kind, SESSION_BY_PASSWORD, false, STR_NULL, ret, e);
}

bool account_verify(struct call *c, struct str verification, struct str code, enum session_kind kind, struct login_result *ret, struct err *e)
{
    struct challenge ch;
    return challenge_by_code(c, CHALLENGE_REGISTER, verification, code, &ch, e) && begin(c, &ch, kind, ret, e);
}

bool account_verify_email(struct call *c, struct str link, struct str *ret_email, struct err *e)
{
    struct challenge ch;
    if (!challenge_by_link(c, CHALLENGE_REGISTER, link, &ch, e))
        return false;
    *ret_email = ch.email;
    return true;
}

/* Whoever opens the link reads the mailbox; that she also chose the password shows the browser that asked, or the password itself. Else a stranger who
 * registered with her address would share her account. */
static bool is_who_asked(struct call *c, const struct challenge *ch, struct str verification, struct str password, struct err *e)
{
    bool held, match;
    if (!challenge_held_by(c, ch, verification, &held, e) || held)
        return held;
    if (str_is_empty(password))
        return err_param(e, PROBLEM_REQUIRED, "password", "This link was asked for in another browser: type the password that you chose.");
    if (!challenge_count(c, ch->id, e) || !account_match(c, ch->password, password, &match, e))
        return false;
    return match || err_param(e, PROBLEM_INVALID_CREDENTIALS, "password", "This is not the password that was chosen.");
}

bool account_verify_link(struct call *c, struct str link, struct str verification, struct str password, enum session_kind kind, struct login_result *ret, struct err *e)
{
    struct challenge ch;
    return challenge_by_link(c, CHALLENGE_REGISTER, link, &ch, e) && is_who_asked(c, &ch, verification, password, e) && begin(c, &ch, kind, ret, e);
}
