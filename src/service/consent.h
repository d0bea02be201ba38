/* Consents: what the signed-in account allowed us to do, purpose by purpose, with the whole history: which text, when, where. Nothing is ever changed or
 * removed; what holds now is the last word. */
#ifndef SOUK_SERVICE_CONSENT_H
#define SOUK_SERVICE_CONSENT_H

#include "json/shape.h"
#include "service/call.h"

struct consent_event {
    struct consent_id id;
    bool granted;
    int64_t text_version;
    struct str source;
    usec_t at;
};
struct consent {
    struct str purpose;
    bool granted;                        /* now, and for the present text */
    int64_t text_version;                /* the present text's */
    usec_t since;                        /* of the last word; 0: none was ever given */
    struct shape_list history;           /* struct consent_event, newest first, at most 100 */
};

/* Every purpose of consent.def in its order. struct consent. */
MUST_CHECK bool consent_list(struct call *c, struct account_id account, struct shape_list *ret_list, struct err *e);
/* `text_version`: of the text that the person saw; 0 stands for the present one when consent is taken back. `source`: "account", "registration", "checkout", "api".
 * Saying the same again adds nothing. PROBLEM_NOT_FOUND for an unknown purpose, PROBLEM_CONFLICT when the text changed meanwhile. */
MUST_CHECK bool consent_put(struct call *c, struct account_id account, struct str purpose, bool granted, int64_t text_version, const char *source,
                            struct consent *ret_consent, struct err *e);
/* Whether the account allows this now: for whoever sends. */
MUST_CHECK bool consent_holds(struct call *c, struct account_id account, const char *purpose, bool *ret_holds, struct err *e);

#endif
