/* Challenges: what a mail, a code or a second step still has to prove (identity.challenge). A row lives a day at most.
 *
 * No secret of a mail is stored: its six digits and its link are derived from the row's id under KEY_CHALLENGE, so that the sender of mails
 * (another process) finds them again and a copy of the database holds none. The client that asked holds a verification, "<chl_…>.<secret>"; the code works
 * only together with it, so nobody can guess codes of rows that he did not begin. Addresses and names stand sealed under KEY_CHALLENGE_SEAL.
 *
 * A decoy is a row that looks like the others to its client but can never be met: made for addresses that are known (registration) or unknown (recovery). */
#ifndef SOUK_SERVICE_CHALLENGE_H
#define SOUK_SERVICE_CHALLENGE_H

#include "service/call.h"

/* Purposes. */
#define CHALLENGE_REGISTER "register"        /* an account wants to begin */
#define CHALLENGE_EMAIL "email"              /* a new address of an account */
#define CHALLENGE_RESET "reset"              /* a forgotten password */
#define CHALLENGE_UNLOCK "unlock"            /* too many tries: the owner lifts the lock */
#define CHALLENGE_MFA "mfa"                  /* the second step of a sign-in */
#define CHALLENGE_INVITATION "invitation"    /* staff */

enum { CHALLENGE_TRIES = 5,                  /* wrong codes for each code that was sent */
       CHALLENGE_SENDS = 5 };                /* mails for one address and purpose in an hour; silence beyond */
#define CHALLENGE_CODE_LIFE (15 * USEC_PER_MINUTE)
#define CHALLENGE_LINK_LIFE (24 * USEC_PER_HOUR)
#define CHALLENGE_RESET_LIFE (1 * USEC_PER_HOUR)
#define CHALLENGE_MFA_LIFE (10 * USEC_PER_MINUTE)

struct challenge_new {
    const char *purpose;
    struct account_id account;           /* zero: none */
    struct str email, name;              /* in clear; normalised address; may be absent */
    struct str password;                 /* encoded hash; may be absent */
    struct str data;                     /* JSON object without secrets and personal data; absent: {} */
    struct str locale;                   /* of the mail; absent: the market's */
    const char *mail;                    /* kind of the mail that is owed; NULL: none */
    bool decoy;                          /* can never be met */
    bool to_owner;                       /* the mail goes to the address that the account has, however somebody typed it here: on a server that tells upper from
                                          * lower case (or one letter from its twin) the typed one may be another person's mailbox */
    usec_t life;
};
struct challenge {
    struct challenge_id id;
    struct str purpose;
    struct account_id account;
    struct str email, name, email_before;     /* opened */
    struct str email_hash, password, data, locale, mail;
    struct str place, session_kind, method;   /* members of data */
    bool decoy;
    int64_t sends;
    usec_t sent_at, expires_at, created_at, used_at;
    usec_t password_at;                       /* member of data; 0: none */
};

/* Writes the row and owes its mail, in one statement; an address that got its mails of this hour gets none (and no code of this row works), which nobody is told.
 * *ret_verification (may be NULL) is for the client that asked: a secret. Inside or outside a transaction. */
MUST_CHECK bool challenge_begin(struct call *c, const struct challenge_new *in, struct challenge_id *ret_id, struct str *ret_verification, struct err *e);
/* The mail once more, with a new code. Silent when there is nothing to send (over, unknown, too often). */
MUST_CHECK bool challenge_resend(struct call *c, const char *purpose, struct str verification, struct err *e);

/* The row that this client began, when its code is right. The try is counted before the code is compared. PROBLEM_INVALID_CODE, _TOO_MANY_TRIES, _EXPIRED (also: no such). */
MUST_CHECK bool challenge_by_code(struct call *c, const char *purpose, struct str verification, struct str code, struct challenge *ret, struct err *e);
/* The row that this client began; counts a try. The caller compares something else (a password, a second factor). _TOO_MANY_TRIES, _EXPIRED. */
MUST_CHECK bool challenge_by_holder(struct call *c, const char *purpose, struct str verification, struct challenge *ret, struct err *e);
/* The same row, for a page that says what is to be proved: no try is counted. _EXPIRED, also when no try is left. */
MUST_CHECK bool challenge_peek(struct call *c, const char *purpose, struct str verification, struct challenge *ret, struct err *e);
/* The row of a mail's link. PROBLEM_EXPIRED for everything that is no live row: forged, used, over, of another purpose. */
MUST_CHECK bool challenge_by_link(struct call *c, const char *purpose, struct str link, struct challenge *ret, struct err *e);
/* Counts a try at a row that a link opened (a password that it asks for). _TOO_MANY_TRIES, _EXPIRED. */
MUST_CHECK bool challenge_count(struct call *c, struct challenge_id id, struct err *e);
/* Whether `verification` is the one that the row was begun with. */
MUST_CHECK bool challenge_held_by(struct call *c, const struct challenge *ch, struct str verification, bool *ret_held, struct err *e);
/* Single use: false in *ret_first when somebody was faster. In the transaction that does what was proved. */
MUST_CHECK bool challenge_use(struct call *c, struct challenge_id id, bool *ret_first, struct err *e);

/* The column email_before: who is told that an address changed. */
struct str challenge_seal_before(struct call *c, struct challenge_id id, struct str email);

/* --- for the sender of mails --- */
MUST_CHECK bool challenge_read(struct call *c, struct challenge_id id, struct challenge *ret, bool *ret_found, struct err *e);
struct str challenge_code(struct call *c, struct challenge_id id, int64_t sends);      /* "012345" */
struct str challenge_link(struct call *c, struct challenge_id id);                     /* "<chl_…>.<22 characters>" */

#endif
