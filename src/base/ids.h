/* Ids: a distinct C type per kind of object, so that a product's id cannot be passed for an order's.
 * Inside: UUIDv7 (RFC 9562), made here, sortable by time. Outside: the prefix of ids.def, '_' and 26 characters of
 * Crockford base32 (most significant first; the 130 bits begin with two zero bits). An id is never a secret. */
#ifndef SOUK_BASE_IDS_H
#define SOUK_BASE_IDS_H

#include "base/str.h"

struct uuid {
    uint8_t b[16];
};

enum id_kind {
#define ID(name, prefix) ID_##name,
#include "base/ids.def"
#undef ID
    ID_KIND_COUNT
};

/* struct product_id { struct uuid u; } and its siblings */
#define ID(name, prefix) struct name##_id { struct uuid u; };
#include "base/ids.def"
#undef ID

enum { ID_TEXT_MAX = 40 };     /* longest prefix + '_' + 26 + NUL fits */

struct uuid uuid_v7(int64_t now_us);                         /* random part from getrandom(2) */
bool uuid_is_zero(struct uuid u);                            /* the zero id stands for "none" */
bool uuid_eq(struct uuid a, struct uuid b);
int uuid_cmp(struct uuid a, struct uuid b);
bool uuid_parse(struct str s, struct uuid *ret_uuid);        /* 8-4-4-4-12 hexadecimal */
void uuid_format(struct uuid u, char ret_text[37]);

const char *id_prefix(enum id_kind kind);
size_t id_format(enum id_kind kind, struct uuid u, char ret_text[ID_TEXT_MAX]);    /* returns the length */
bool id_parse(enum id_kind kind, struct str s, struct uuid *ret_uuid);             /* exact prefix, lower case, canonical; never the zero id */
struct str id_str(struct arena *a, enum id_kind kind, struct uuid u);

#endif
