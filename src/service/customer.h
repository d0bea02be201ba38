/* Accounts as operators see them: staff with read_customers or write_customers, and the command line. call->actor is the operator. */
#ifndef SOUK_SERVICE_CUSTOMER_H
#define SOUK_SERVICE_CUSTOMER_H

#include "json/shape.h"
#include "service/call.h"

struct customer {
    struct account_id id;
    struct person_id person;
    struct str email, name, phone, locale, status;      /* absent: none, or erased */
    bool email_verified, staff, has_password, second_factor;
    int64_t version, orders, open_orders, sessions;
    usec_t created_at, last_sign_in_at;
};
struct customer_filter {
    struct str email;                    /* exact: there is no search by parts of what is sealed */
    struct str status;                   /* active, disabled, erased; absent: all */
    bool staff_only;
    struct str cursor;
    int64_t limit;
};
/* Newest first. struct customer. PROBLEM_INVALID_CURSOR, _INVALID. */
MUST_CHECK bool customer_list(struct call *c, const struct customer_filter *f, struct shape_list *ret_list, struct str *ret_next, struct err *e);
MUST_CHECK bool customer_read(struct call *c, struct account_id id, struct customer *ret_customer, struct err *e);
/* Disabling ends all sessions. Repeating it is harmless. PROBLEM_INVALID_STATE for an erased account and for one's own;
 * _FORBIDDEN for staff who may do more than the caller. */
MUST_CHECK bool customer_set_enabled(struct call *c, struct account_id id, bool enabled, struct customer *ret_customer, struct err *e);

#endif
