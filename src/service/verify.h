/* `souk verify`: what must be true of any database of the shop, and what is not. Reads only. */
#ifndef SOUK_SERVICE_VERIFY_H
#define SOUK_SERVICE_VERIFY_H

#include "service/call.h"

enum { VERIFY_SHOWN = 20 };                  /* findings per check; there may be more */

struct verify_finding { struct str object, detail; };

struct verify_check {
    const char *name;
    const char *what;                        /* the invariant, as a sentence */
};

/* Called for each check with what is wrong (n == 0: nothing; n > VERIFY_SHOWN: at least that many). */
typedef void verify_report_fn(void *arg, const struct verify_check *check, const struct verify_finding *findings, size_t n);

/* The checks, NULL-terminated by name. */
const struct verify_check *verify_checks(void);
/* Runs every check, each with ten minutes of its own. `spool`: folder of the mails; NULL: their files are not looked at, and nothing is said of them. */
MUST_CHECK bool verify_all(struct call *c, const char *spool, verify_report_fn *report, void *arg, size_t *ret_wrong, struct err *e);

/* What is still under way; all zero: the books are closed. */
struct verify_waiting { int64_t events, operations, commands, news, mails, attempts; };
MUST_CHECK bool verify_waiting(struct call *c, struct verify_waiting *ret, struct err *e);

#endif
