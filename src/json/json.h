/* JSON as text: a writer of single values and a reader with limits.
 *
 * The reader is json-c's, but nothing reaches it before json_check() has looked at every byte: RFC 8259's lexical rules to the letter (json-c
 * lets raw control characters, "1." and "01" pass and clamps long integers), the limits below, no NUL, and the number of members, which the tree is
 * compared with afterwards: json-c silently keeps the last of two equal keys, we refuse them. */
#ifndef SOUK_JSON_JSON_H
#define SOUK_JSON_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum {
    JSON_DEPTH_MAX = 16,          /* nested objects and arrays */
    JSON_MEMBERS_MAX = 8192,      /* members of all objects together: 500 items of a batch with a dozen each */
    JSON_ITEMS_MAX = 16384,       /* values of all arrays together, roughly: commas */
    JSON_BYTES_MAX = 8 << 20,
};

void json_put_string(struct buf *out, struct str s);      /* with quotes; an absent string is null; invalid UTF-8 becomes U+FFFD */
void json_put_int(struct buf *out, int64_t v);
void json_put_bool(struct buf *out, bool v);

/* Lexical rules and limits only; the grammar is json-c's part. */
MUST_CHECK bool json_check(struct str text, int64_t *ret_members, struct err *e);

/* The same value always as the same bytes: keys sorted by bytes, no blanks. For hashes of bodies. */
MUST_CHECK bool json_canonical(struct str text, struct arena *a, struct buf *out, struct err *e);

#endif
