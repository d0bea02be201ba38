/* Permissions: a fixed list (permission.def); roles and keys hold any of them. Kept as bits in memory, as names everywhere else. */
#ifndef SOUK_AUTH_PERMISSION_H
#define SOUK_AUTH_PERMISSION_H

#include "base/arena.h"
#include "base/str.h"

enum permission {
    PERMISSION_NONE,                     /* a route that asks for none */
#define PERMISSION(name, text, doc) PERMISSION_##name,
#include "auth/permission.def"
#undef PERMISSION
    PERMISSION_END
};

typedef uint64_t permission_set;

permission_set permission_bit(enum permission p);            /* 0 for PERMISSION_NONE */
bool permission_has(permission_set set, enum permission p);  /* true for PERMISSION_NONE */
const char *permission_name(enum permission p);              /* "read_orders"; "" for PERMISSION_NONE */
const char *permission_doc(enum permission p);
enum permission permission_find(struct str name);            /* PERMISSION_NONE when unknown */

/* Names separated by blanks, as in the scope of a token (RFC 6749 section 3.3), in the order of the list. */
struct str permission_format(struct arena *a, permission_set set);
permission_set permission_all(void);
/* Unknown names are left out: a token or a role may be newer than this program. "*" is every permission that this program knows (the owner's role). */
permission_set permission_parse(struct str names);

#endif
