/* The profile of the signed-in account: name, phone, language, preferences. What it says is sealed under the key of its person. */
#ifndef SOUK_SERVICE_PROFILE_H
#define SOUK_SERVICE_PROFILE_H

#include "service/account.h"

enum { PROFILE_NAME_MAX = 100 /* code points */, PROFILE_LOCALE_MAX = 15 };

/* Absent stays as it is; an empty text takes the value away. `version`: only when the account has it still (PROBLEM_PRECONDITION_FAILED), 0: whatever it is. */
struct profile_patch { struct str name, phone, locale; int64_t version; };
MUST_CHECK bool profile_change(struct call *c, const struct profile_patch *patch, struct account *ret_account, struct err *e);
/* The checks alone: trims, normalises, collects bad fields as "name", "phone", "locale". For registration, import and operators too. */
MUST_CHECK bool profile_check(struct call *c, const struct profile_patch *in, struct profile_patch *ret, struct err *e);

/* How the shop shall look and behave for this person: a fixed list of keys with fixed values (preference.def). Absent: not chosen. */
struct preferences {
#define PREFERENCE(key, what, ...) struct str key;
#include "service/preference.def"
#undef PREFERENCE
};
extern const struct shape preferences_shape;
MUST_CHECK bool preferences_read(struct call *c, struct preferences *ret, struct err *e);
/* Replaces all. */
MUST_CHECK bool preferences_put(struct call *c, const struct preferences *in, struct preferences *ret, struct err *e);

/* --- what operators do with customers' accounts (call->actor is the operator) --- */
struct customer {
    struct account_id id;
    struct str email, name, phone, locale, status;
    bool email_verified, staff, has_password, second_factor;
    int64_t version, orders, open_orders, sessions;
    usec_t created_at, last_sign_in_at;
};
struct customer_filter { struct str email /* exact */, status; bool staff_only; struct str cursor; int64_t limit; };
/* Newest first. Look-up by e-mail is exact (there is no search by parts of sealed data). */
MUST_CHECK bool customer_list(struct call *c, const struct customer_filter *f, struct shape_list *ret_list, struct str *ret_next, struct err *e);
MUST_CHECK bool customer_read(struct call *c, struct account_id id, struct customer *ret_customer, struct err *e);
/* Ends all sessions when it disables. Repeating it is harmless. PROBLEM_INVALID_STATE for an erased account and for one's own. */
MUST_CHECK bool customer_set_enabled(struct call *c, struct account_id id, bool enabled, struct customer *ret_customer, struct err *e);
/* Removes authenticator app, recovery codes, passkeys and trusted devices, ends all sessions, tells the owner. */
MUST_CHECK bool customer_reset_mfa(struct call *c, struct account_id id, int *ret_removed, struct err *e);

#endif
