/* The second factor: codes of an authenticator app (TOTP, RFC 6238) and ten recovery codes. Passkeys (service/passkey.h) are both factors in one.
 *
 * App codes are checked against real time, as the app does; a code is taken once (the time step of the last one taken is kept, and older ones are refused
 * with it), one step early or late is accepted. The app's secret is sealed in the database and shown only until the first code was seen. Recovery
 * codes are shown once, stand as a keyed hash, and each is good once, however many try it at the same time.
 *
 * Where an account is not named it is the signed-in one (call->actor). A session that was opened without the second factor that its account has
 * changes nothing here: PROBLEM_SECOND_FACTOR_REQUIRED. That the person proved to be there a moment ago is the route's matter (.fresh). */
#ifndef SOUK_SERVICE_SECOND_FACTOR_H
#define SOUK_SERVICE_SECOND_FACTOR_H

#include "json/shape.h"
#include "service/call.h"
#include "service/session.h"

struct second_factor_state {
    bool totp;                  /* an app is set up */
    bool passkeys;              /* there is a passkey */
    bool required;              /* a password alone opens no session: an app is set up, or (staff) a passkey */
    int64_t recovery_left;      /* recovery codes that were not used yet */
    usec_t totp_since;
};
MUST_CHECK bool second_factor_state(struct call *c, struct account_id account, struct second_factor_state *ret_state, struct err *e);

/* `code`: six digits of the app or a recovery code, blanks and hyphens as people type them. *ret_ok false: not right, or used already. The try is counted before it is
 * looked at: PROBLEM_TOO_MANY_TRIES with retry_after_s. A recovery code that was used is told to the owner by mail. Not inside a transaction. */
MUST_CHECK bool second_factor_check(struct call *c, struct account_id account, struct str code, bool *ret_ok, bool *ret_used_recovery, struct err *e);

/* Setting up an app, of the signed-in account. */
struct totp_setup {
    struct str secret;          /* base32, in groups of four: for typing; a secret */
    struct str uri;             /* otpauth://totp/... (Google's key URI format); a secret */
    struct str qr_svg;          /* the same as a picture: a whole <svg> */
    usec_t expires_at;          /* until then a code of the app must be seen */
};
/* A new secret. PROBLEM_ALREADY_EXISTS when an app is set up: remove it first. */
MUST_CHECK bool totp_begin(struct call *c, struct totp_setup *ret_setup, struct err *e);
/* The one that waits for its first code; PROBLEM_NOT_FOUND when none does. */
MUST_CHECK bool totp_pending(struct call *c, struct totp_setup *ret_setup, struct err *e);

struct recovery_codes {
    struct shape_list codes;            /* of struct str: "k7m2p-x9qra"; secrets, shown this once */
    struct session_grant grant;         /* totp_confirm: the session rose, this replaces what the client holds */
};
/* The first code: from here on the app counts. PROBLEM_INVALID_CODE, _NOT_FOUND (nothing waits), _EXPIRED. */
MUST_CHECK bool totp_confirm(struct call *c, struct str code, struct recovery_codes *ret_codes, struct err *e);
/* Recovery codes and trusted devices go with it. PROBLEM_NOT_FOUND when there is none. */
MUST_CHECK bool totp_remove(struct call *c, struct err *e);
/* Ten new ones; the old ones are void. PROBLEM_INVALID_STATE without an app. */
MUST_CHECK bool recovery_codes_renew(struct call *c, struct recovery_codes *ret_codes, struct err *e);

/* By operators: no app, no codes, no passkeys, no trusted devices; every session ends, the owner is told. PROBLEM_FORBIDDEN for staff who
 * may do more than the caller. */
MUST_CHECK bool second_factor_reset(struct call *c, struct account_id account, struct err *e);

#endif
