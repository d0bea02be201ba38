/* Inside service/account*.c only. */
#ifndef SOUK_SERVICE_ACCOUNT_INTERNAL_H
#define SOUK_SERVICE_ACCOUNT_INTERNAL_H

#include "service/account.h"

/* Where the ciphertexts of an account stand. */
#define ACCOUNT_PLACE_EMAIL "identity.account.email"
#define ACCOUNT_PLACE_NAME "identity.account.name"
#define ACCOUNT_PLACE_PHONE "identity.account.phone"

/* What tries are counted for. */
#define THROTTLE_LOGIN "login"           /* whom: keyed hash of the address */
#define THROTTLE_CONFIRM "confirm"       /* whom: the account */
#define THROTTLE_MAIL "mail"             /* mails that strangers may cause; network only */

struct account_begin {
    struct challenge_id challenge;       /* zero: somebody vouches */
    struct str email, name, phone, locale, password;       /* in clear; password: encoded */
    bool verified, staff;
};
/* Person, key, row. Not inside a transaction. PROBLEM_ALREADY_EXISTS, _EXPIRED (the challenge was used). */
MUST_CHECK bool account_begin(struct call *c, const struct account_begin *in, struct account_id *ret_account, struct err *e);

/* Nobody waits for a thread that hashes with a connection in hand: not inside a transaction. `encoded` absent: takes the time and matches nothing. */
MUST_CHECK bool account_encode(struct call *c, struct str password, struct str *ret_encoded, struct err *e);
MUST_CHECK bool account_match(struct call *c, struct str encoded, struct str password, bool *ret_match, struct err *e);

/* The present password of an account; counted. PROBLEM_INVALID_CREDENTIALS with `param`, _TOO_MANY_TRIES. */
MUST_CHECK bool account_check_password(struct call *c, struct account_id account, struct str password, const char *param, struct err *e);

/* PROBLEM_INVALID with param "email". */
MUST_CHECK bool account_take_email(struct call *c, struct str in, struct str *ret_email, struct err *e);
struct str account_bytes(const struct account_id *id);

/* Guests and their orders of the proven address become the account's. */
MUST_CHECK bool account_claim(struct call *c, struct account_id account, struct err *e);

#endif
