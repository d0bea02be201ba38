/* The audit trail: who did what to whom, for every step that matters to security. Rows are only added; souk-jobs core chains what is committed, and
 * `souk audit verify` names what was changed, removed, put elsewhere or never chained.
 *
 * Never an e-mail address, a name, a secret. The client's address is cut (audit_place) before it is written. */
#ifndef SOUK_SERVICE_AUDIT_H
#define SOUK_SERVICE_AUDIT_H

#include "json/shape.h"
#include "service/call.h"

/* Writes one row, inside or outside a transaction: actor, request and trace id come from the call; `detail` is a JSON object of ids, counts and
 * codes, or absent; "place" (the cut client address) is added. `action`: "session.opened"; `object_type`: "account", NULL with a zero id for none. */
MUST_CHECK bool audit_write(struct call *c, const char *action, const char *object_type, struct uuid object, struct str detail, struct err *e);

/* What is left of a client's address: 203.0.113.0 (24 bits) of IPv4, 2001:db8:1:: (48 bits) of IPv6; absent for anything else. */
struct str audit_place(struct arena *a, struct str client);
/* As whom the call acts: its prefixed id, else guest or system. */
struct str audit_actor(const struct call *c);

struct audit_row {
    struct str id;
    int64_t number;                      /* in the chain; 0: not chained yet */
    struct str actor, action, object_type, object, detail /* JSON */, request_id, trace_id;
    usec_t created_at;
};
/* Absent fields match everything; `action` ending in '.' or '*' matches what begins so. `from` inclusive, `to` exclusive; 0: open. */
struct audit_filter { struct str actor, action, object; usec_t from, to; struct str cursor; int64_t limit; };
/* Newest first. `object` is a prefixed id or a UUID. Roles user and admin. PROBLEM_INVALID_CURSOR, _INVALID. */
MUST_CHECK bool audit_list(struct call *c, const struct audit_filter *f, struct shape_list *ret_list, struct str *ret_next, struct err *e);

struct audit_finding { int64_t number; struct str id, problem /* changed, missing, reordered, twice, unsealed, retired, beyond */, detail; };
struct audit_state { int64_t rows, last_number; struct str last_hash /* hexadecimal */; int64_t unsealed, retired; };
enum { AUDIT_FINDINGS_MAX = 1000 };
/* Walks the whole chain. Rows that are not chained count as findings when they are older than `grace_us` of business time. Role admin; the first AUDIT_FINDINGS_MAX. */
MUST_CHECK bool audit_verify(struct call *c, usec_t grace_us, struct audit_state *ret_state, size_t *ret_n, struct audit_finding **ret_findings, struct err *e);
/* Whether the chain still holds this number with this hash: what somebody wrote down outside the database. */
MUST_CHECK bool audit_holds(struct call *c, int64_t number, struct str hash_hex, bool *ret_holds, struct err *e);

#endif
