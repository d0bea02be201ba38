/* Accounts: registration, sign-in, recovery. What an outsider can learn of who has an account: nothing. Register, sign-in and "forgot" answer alike,
 * in body, status and time, for addresses that are known and for others; the mailbox's owner learns the truth by mail. */
#ifndef SOUK_SERVICE_ACCOUNT_H
#define SOUK_SERVICE_ACCOUNT_H

#include "service/session.h"

/* What came of a sign-in with a first factor. */
enum login_outcome { LOGIN_DONE, LOGIN_SECOND_FACTOR };
struct login_result {
    enum login_outcome outcome;
    struct account_id account;
    struct session_grant grant;          /* LOGIN_DONE */
    struct str challenge;                /* LOGIN_SECOND_FACTOR: what account_second_factor() wants to see again; a secret */
    bool setup_needed;                   /* staff without a second factor: may do nothing but set one up */
};

/* The threads that hash passwords, as the configuration says: for env->hasher of a pool's worker (after its fork) or a program. */
MUST_CHECK bool account_hasher_open(const struct config *config, struct hasher **ret_hasher, struct err *e);
void account_hasher_close(struct hasher *h);

struct account_register_in { struct str email, password, name, locale; };
/* Always the same answer: a verification, whose code and link go to the mailbox (or the news that there is an account already).
 * PROBLEM_INVALID, _WEAK_PASSWORD for fields; _UNAVAILABLE with retry_after_s when too many passwords wait. *ret_secret stays with the asking client. */
MUST_CHECK bool account_register(struct call *c, const struct account_register_in *in, struct str *ret_verification, struct err *e);
/* At most a few per hour; silent beyond that. */
MUST_CHECK bool account_register_resend(struct call *c, struct str verification, struct err *e);
/* With the six digits and the client's own verification, or with the mail's link and (when another browser opens it) the password. The account begins here: it
 * claims the guest of this address. PROBLEM_INVALID_CODE, _EXPIRED, _TOO_MANY_TRIES. */
MUST_CHECK bool account_verify(struct call *c, struct str verification, struct str code, enum session_kind kind, struct login_result *ret, struct err *e);
MUST_CHECK bool account_verify_link(struct call *c, struct str link, struct str verification, struct str password, enum session_kind kind, struct login_result *ret,
                                    struct err *e);

/* Whose mailbox the mail of this link went to, for the page that it opens: looking uses nothing up. PROBLEM_EXPIRED for everything that is no live link. */
MUST_CHECK bool account_verify_email(struct call *c, struct str link, struct str *ret_email, struct err *e);

/* `trusted`: the cookie or token of a trusted device, may be absent. PROBLEM_INVALID_CREDENTIALS, _TOO_MANY_TRIES with retry_after_s, _UNAVAILABLE. */
struct login_in { struct str email, password, trusted; enum session_kind kind; };
MUST_CHECK bool account_login(struct call *c, const struct login_in *in, struct login_result *ret, struct err *e);
/* The common end of every way to sign in: is the account in order, is a second factor owed, which guests does it claim, then the session. */
MUST_CHECK bool login_finish(struct call *c, struct account_id account, enum session_kind kind, enum session_method method, bool second_factor_done, struct str trusted,
                             struct login_result *ret, struct err *e);
struct second_factor_state;
/* What the holder of this challenge can take the second step with (service/second_factor.h). PROBLEM_EXPIRED. */
MUST_CHECK bool account_second_step(struct call *c, struct str challenge, struct second_factor_state *ret_state, struct err *e);
/* The second step. `code`: six digits of the app, or a recovery code. *ret_trusted: the token of this device for 30 days, when `trust`. */
MUST_CHECK bool account_second_factor(struct call *c, struct str challenge, struct str code, bool trust, struct login_result *ret, struct str *ret_trusted, struct err *e);

/* Lifts a lock (too many tries) by the mail's link. PROBLEM_EXPIRED. */
MUST_CHECK bool account_unlock(struct call *c, struct str link, struct err *e);

/* Always fine; a mail tells the mailbox: a link for an hour, or that there is no account. */
MUST_CHECK bool account_password_forgot(struct call *c, struct str email, struct err *e);
/* As account_verify_email(), for the link of a forgotten password. */
MUST_CHECK bool account_reset_email(struct call *c, struct str link, struct str *ret_email, struct err *e);
/* Ends all sessions, unlocks, tells the owner. */
MUST_CHECK bool account_password_reset(struct call *c, struct str link, struct str password, struct err *e);
/* Of the signed-in account (call->actor). The other sessions end. PROBLEM_INVALID_STATE for an account without an address: nobody could sign in with it. */
MUST_CHECK bool account_password_change(struct call *c, struct str present, struct str fresh, struct err *e);
/* Mails the code and link to the new address; the old one is told. Fresh proof is the route's matter. */
MUST_CHECK bool account_email_change(struct call *c, struct str email, struct str *ret_verification, struct err *e);
MUST_CHECK bool account_email_confirm(struct call *c, struct str verification, struct str code, struct err *e);
/* By the signed-in account that asked, in any browser. */
MUST_CHECK bool account_email_confirm_link(struct call *c, struct str link, struct err *e);
/* Proves presence by password, six digits or recovery code; raises the session. */
MUST_CHECK bool account_confirm(struct call *c, struct str password, struct str code, struct session_grant *ret_grant, struct err *e);

/* For outside identities, imports, invitations, operators. An account without e-mail has an absent one. PROBLEM_ALREADY_EXISTS. */
struct account_new { struct str email, name, phone, locale, password_encoded; bool verified, staff; };
MUST_CHECK bool account_create(struct call *c, const struct account_new *in, struct account_id *ret_account, struct err *e);
/* By normalised e-mail. */
MUST_CHECK bool account_find(struct call *c, struct str email, struct account_id *ret_account, bool *ret_found, struct err *e);

struct account {
    struct account_id id;
    struct person_id person;
    struct str email, name, phone, locale;
    bool email_verified, staff, has_password, second_factor;
    struct str status;                   /* active, disabled, erased */
    int64_t version;
    usec_t created_at, last_sign_in_at;
};
MUST_CHECK bool account_read(struct call *c, struct account_id id, struct account *ret_account, struct err *e);

/* Owes a mail to the account's owner: `kind` is a row of jobs/mail_kinds.c ("password_changed"); `subject` is what it is about (a challenge, a session, a data request; zero:
 * nothing). The same kind and subject (not zero) owes one mail, however often. Inside or outside a transaction. Nothing personal and no secret is stored: jobs/ reads it when it
 * writes the mail. Body: account_message.c in libsouk, so any pool and job may call it. */
MUST_CHECK bool account_mail(struct call *c, const char *kind, struct account_id account, struct uuid subject, struct err *e);

/* For the sender of mails: where and in which language, and what a challenge proves. email absent: nobody to write to (erased). */
struct account_message {
    struct str email, name, locale;
    struct str code;                     /* six digits; absent when the kind's challenge has none */
    struct str link;                     /* "<chl_…>.<…>", absent without a challenge */
    struct str device, place;            /* of the session or lock that it is about; may be absent */
    usec_t at;
};
struct message;
MUST_CHECK bool account_message_read(struct call *c, const struct message *m, struct account_message *ret, struct err *e);

#endif
