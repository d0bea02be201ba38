/* CBOR as WebAuthn uses it (CTAP2 canonical form, RFC 8949 section 4.2): definite lengths, shortest integers, no tags, no floats, text in UTF-8, no two equal
 * keys, bounded depth. A cursor over the bytes; nothing is copied (libidentity). */
#ifndef SOUK_AUTH_CBOR_H
#define SOUK_AUTH_CBOR_H

#include "base/str.h"

enum { CBOR_DEPTH_MAX = 4, CBOR_ITEMS_MAX = 64 };

enum cbor_kind { CBOR_INT, CBOR_BYTES, CBOR_TEXT, CBOR_ARRAY, CBOR_MAP, CBOR_BOOL, CBOR_NULL };

struct cbor {
    enum cbor_kind kind;
    int64_t i;              /* INT, BOOL */
    struct str s;           /* BYTES, TEXT */
    size_t n;               /* ARRAY: items, MAP: pairs */
    struct str all;         /* the bytes of the whole item, what is inside included */
};

/* Reads and checks one item and everything inside it from the front of *in and moves *in behind it. */
bool cbor_read(struct str *in, struct cbor *ret_item);
/* The same, and nothing may follow. */
bool cbor_read_all(struct str in, struct cbor *ret_item);
/* Values of a map that cbor_read() gave. False when there is none. */
bool cbor_by_text(const struct cbor *map, const char *key, struct cbor *ret_value);
bool cbor_by_int(const struct cbor *map, int64_t key, struct cbor *ret_value);

#endif
