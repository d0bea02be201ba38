/* Staff: accounts with roles. They are invited by mail, sign in with a second factor, and the last owner stays. */
#ifndef SOUK_SERVICE_STAFF_H
#define SOUK_SERVICE_STAFF_H

#include "service/account.h"

struct staff {
    struct account_id id;
    struct str email, name, status;
    struct shape_list roles;             /* of struct str: names */
    struct shape_list permissions;       /* what they give together */
    bool second_factor;
    int64_t version;
    usec_t last_sign_in_at, created_at;
};
MUST_CHECK bool staff_list(struct call *c, struct account_id after, int64_t limit, struct shape_list *ret_list, struct account_id *ret_next, struct err *e);
MUST_CHECK bool staff_read(struct call *c, struct account_id id, struct staff *ret_staff, struct err *e);
/* Exactly these roles (names); none: staff no more. Effective within a second, for sessions and tokens that exist as well. `version` 0: whatever it is now.
 * Nobody gives or takes a role that may do what he may not. PROBLEM_NOT_FOUND, _INVALID (unknown role), _INVALID_STATE (the last owner), _PRECONDITION_FAILED, _FORBIDDEN. */
MUST_CHECK bool staff_set_roles(struct call *c, struct account_id id, int64_t version, struct shape_list roles, struct err *e);

struct staff_invite_in { struct str email; struct shape_list roles; };
struct staff_invitation {
    struct challenge_id id;
    struct str email;
    struct shape_list roles;
    usec_t expires_at;
};
/* Mails a link to the address, whoever has it. PROBLEM_INVALID, _FORBIDDEN. */
MUST_CHECK bool staff_invite(struct call *c, const struct staff_invite_in *in, struct staff_invitation *ret_invitation, struct err *e);
/* What an invitation's link is about: `known` when the address has an account already, whose password is asked for then. PROBLEM_EXPIRED. */
struct staff_offer {
    struct str email;
    struct shape_list roles;
    bool known;
};
MUST_CHECK bool staff_offer(struct call *c, struct str link, struct staff_offer *ret_offer, struct err *e);
/* Takes it: a new account with this name and password, or the account of the address when its password is right. Then signs in;
 * before anything else staff sets up a second factor. PROBLEM_EXPIRED, _INVALID_CREDENTIALS, _WEAK_PASSWORD, _TOO_MANY_TRIES. */
struct staff_accept_in { struct str link, name, password; enum session_kind kind; };
MUST_CHECK bool staff_accept(struct call *c, const struct staff_accept_in *in, struct login_result *ret, struct err *e);

#endif
