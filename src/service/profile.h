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

/* How the shop's apps shall look and behave for this person, on every device (its pages are the same for everybody and follow the device): a fixed list of keys with
 * fixed values (preference.def). Absent: not chosen. */
struct preferences {
#define PREFERENCE(key, what, ...) struct str key;
#include "service/preference.def"
#undef PREFERENCE
};
extern const struct shape preferences_shape;
MUST_CHECK bool preferences_read(struct call *c, struct preferences *ret, struct err *e);
/* Replaces all. */
MUST_CHECK bool preferences_put(struct call *c, const struct preferences *in, struct preferences *ret, struct err *e);

#endif
