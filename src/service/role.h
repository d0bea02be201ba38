/* Roles: named sets of permissions, as data. Five are built in; '*' in the table is every permission. */
#ifndef SOUK_SERVICE_ROLE_H
#define SOUK_SERVICE_ROLE_H

#include "json/shape.h"
#include "service/call.h"

struct role {
    struct role_id id;
    struct str name, title;
    struct shape_list permissions;       /* of struct str; '*' is written out */
    bool builtin;
    int64_t members, version;
    usec_t created_at, updated_at;
};
struct role_in {
    struct role_id id;                   /* zero: a new one */
    int64_t version;                     /* of the row that was read; a change only */
    struct str name, title;              /* the name of a role never changes */
    struct shape_list permissions;
};

MUST_CHECK bool role_list(struct call *c, struct shape_list *ret_list, struct err *e);
MUST_CHECK bool role_read(struct call *c, struct role_id id, struct role *ret_role, struct err *e);
/* Nobody makes a role that may do more than he may himself. PROBLEM_ALREADY_EXISTS, _PRECONDITION_FAILED, _INVALID_STATE (built in), _FORBIDDEN. */
MUST_CHECK bool role_put(struct call *c, const struct role_in *in, struct role *ret_role, struct err *e);
/* PROBLEM_INVALID_STATE: built in, or somebody (or a group of a user pool) has it. */
MUST_CHECK bool role_delete(struct call *c, struct role_id id, struct err *e);

/* Names (list of struct str) as a set. PROBLEM_INVALID for an unknown one, PROBLEM_FORBIDDEN for one that the caller (call->actor) does not have. */
MUST_CHECK bool role_check_permissions(struct call *c, struct shape_list names, permission_set *ret_set, struct err *e);
/* May the caller give or take these roles: does he have what they give? PROBLEM_FORBIDDEN. */
MUST_CHECK bool role_check_grant(struct call *c, struct shape_list roles, struct err *e);
/* May the caller take something from this account, or end it? Its owner and operators may; staff may not where the account may do more than they may: who sees customers must
 * not be able to take away what an owner signs in with. An account that is none is nobody's. PROBLEM_FORBIDDEN. */
MUST_CHECK bool role_check_over(struct call *c, struct account_id account, struct err *e);
/* The same set as a list of names. */
struct shape_list role_permission_names(struct arena *a, permission_set set);
bool role_may_all(const struct call *c, permission_set set);

#endif
