/* Where to go after signing in. What comes from an address or a form may be anybody's: only a path of this shop is followed (CWE-601). */
#ifndef SOUK_DOMAIN_RETURN_TO_H
#define SOUK_DOMAIN_RETURN_TO_H

#include <stdbool.h>

#include "base/str.h"

enum { RETURN_TO_MAX = 1000 };

#define RETURN_TO_DEFAULT "/account"

/* A path that begins with one '/', without "//" (browsers take it for another host), backslash (they take it for a slash), blanks, control characters or bytes
 * beyond ASCII; not a page of signing in or out itself. May be absent: false. */
bool return_to_ok(struct str path);
/* `path` when it is one, else RETURN_TO_DEFAULT. */
struct str return_to_or_default(struct str path);

#endif
