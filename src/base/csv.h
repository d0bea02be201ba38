/* A reader of CSV (RFC 4180) for files that people made: it never stops at a bad row, it says what is wrong with it.
 *
 * Memory is bounded: a record holds at most CSV_BYTES_MAX bytes and CSV_FIELDS_MAX fields; what is longer is read over and reported.
 * Lines end in LF or CRLF; quoted fields may hold line breaks; a byte order mark at the start and empty lines are passed over. A quote that is
 * never closed makes one record of everything behind it up to the limit, which is then reported; the reader goes on with the next line. */
#ifndef SOUK_BASE_CSV_H
#define SOUK_BASE_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { CSV_BYTES_MAX = 1 << 20, CSV_FIELDS_MAX = 256 };

enum csv_state {
    CSV_OK,
    CSV_TOO_LONG,           /* no fields */
    CSV_TOO_MANY_FIELDS,
    CSV_BAD_QUOTE,          /* something stands behind a closing quote, or the last quote is never closed; no fields */
    CSV_BAD_UTF8,           /* not UTF-8, or a control character other than tab, CR, LF; no fields */
};

struct csv_record {
    enum csv_state state;
    int64_t line;           /* where it begins, from 1 */
    int64_t lines;          /* how many lines of the file it covers */
    size_t n;
    const struct str *fields;      /* valid until the next call; never absent */
};

typedef bool csv_read_fn(void *arg, void *p, size_t n, size_t *ret_n, struct err *e);      /* 0 bytes: the end */

struct csv;
struct csv *csv_new(struct arena *a, csv_read_fn *read, void *arg);
/* *ret_found is false at the end. Fails only when reading fails. */
MUST_CHECK bool csv_next(struct csv *c, struct csv_record *ret_record, bool *ret_found, struct err *e);
const char *csv_state_text(enum csv_state s);       /* "not valid UTF-8" */
int64_t csv_lines(const struct csv *c);             /* lines read so far */

#endif
