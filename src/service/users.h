/* Accounts by the thousand: from files of other systems, and out again with everything, the passwords' hashes too. Streaming: memory does not grow with the file.
 *
 * Import: JSON lines ({"email":…,"name":…,"phone":…,"locale":…,"email_verified":true,"password_hash":"$2b$…","created_at":…,"status":"disabled"}; other members are passed over) or
 * CSV with a header of the same names; also the header of a Cognito user pool's export. Hashes: whatever auth/password.h knows. Each batch of rows is one
 * transaction and who is there already is left alone, so an import that was interrupted is simply run again. */
#ifndef SOUK_SERVICE_USERS_H
#define SOUK_SERVICE_USERS_H

#include "base/input.h"
#include "service/call.h"

enum users_outcome {
    USERS_CREATED,
    USERS_PRESENT,               /* the address has an account already; left alone */
    /* skipped, each named with its line: */
    USERS_TWICE,                 /* the address stood further up already */
    USERS_BAD_ROW,               /* cannot be read */
    USERS_NO_EMAIL,
    USERS_BAD_EMAIL,
    USERS_BAD_VALUE,             /* name, phone, language or time */
    USERS_BAD_HASH,              /* the password's hash is of a form that is not understood, or costs too much to check */
    USERS_OUTCOMES
};
const char *users_outcome_text(enum users_outcome o);
bool users_is_skipped(enum users_outcome o);

struct users_import_options {
    bool dry_run;                /* look at everything, keep nothing */
    void (*progress)(void *arg, int64_t offset, int64_t size, int64_t rows);    /* NULL: none */
    void (*note)(void *arg, int64_t line, const char *what);                    /* NULL: none */
    void *arg;
};
struct users_import_report {
    int64_t lines, rows;         /* lines of the file; rows without header and empty lines */
    int64_t outcomes[USERS_OUTCOMES];
    int64_t with_password;       /* of the created ones */
};
/* PROBLEM_INVALID: neither JSON lines nor a CSV file with a column for the address. Role admin, with keyring and db_keys. */
MUST_CHECK bool users_import(struct call *c, struct input *in, const struct users_import_options *o, struct users_import_report *ret_report, struct err *e);

/* One JSON object a line, for import elsewhere. `write` gets whole lines. Erased accounts are left out. Audited. */
typedef bool users_write_fn(void *arg, struct str lines, struct err *e);
MUST_CHECK bool users_export(struct call *c, users_write_fn *write, void *arg, int64_t *ret_users, struct err *e);

/* An account with the role owner: a new one with this password (checked by the shop's rules; absent name is fine), or, `promote`, the one that has the address.
 * Staff sets up a second factor at the first sign-in. PROBLEM_ALREADY_EXISTS, _NOT_FOUND (promote), _WEAK_PASSWORD, _INVALID. */
struct users_admin_in { struct str email, name, password; bool promote; };
MUST_CHECK bool users_make_admin(struct call *c, const struct users_admin_in *in, struct account_id *ret_account, struct err *e);

#endif
