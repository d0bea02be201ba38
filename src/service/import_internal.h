/* Shared by the files of the import only. */
#ifndef SOUK_SERVICE_IMPORT_INTERNAL_H
#define SOUK_SERVICE_IMPORT_INTERNAL_H

#include "base/buf.h"
#include "base/csv.h"
#include "service/import.h"

enum { IMPORT_COLUMNS_MAX = 32, IMPORT_BATCH_PRODUCTS = 200, IMPORT_BATCH_BYTES = 1 << 20 };

struct import_pending { int64_t line, rows; };      /* of one product of the batch: its first line, how many rows it has */

struct import {
    struct call *c;
    const struct import_options *o;
    struct import_report report;
    struct input *input;
    struct csv *csv;
    struct arena *batch;             /* emptied after each batch; the call's arena lives as long as the import */
    struct price_list_id price_list;
    struct currency currency;
    int column[IMPORT_COLUMNS_MAX];  /* of the profile's columns: place in the file, -1: not there */
    size_t n_columns;                /* of the file */
    /* products that wait to be written: a JSON array that grows */
    struct buf docs;
    struct import_pending pending[IMPORT_BATCH_PRODUCTS];
    size_t n_pending;
    struct str *skus;                /* with their stock, in the batch's arena */
    int32_t *stocks;
    size_t n_skus, skus_max;
};

static inline void import_count(struct import *m, enum import_outcome o, int64_t rows) { m->report.outcomes[o] += rows; }
/* Reports a row (or a remark about it) to the caller. */
void import_note(struct import *m, int64_t line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* A value that was longer than its place: counted and reported. Bytes. */
void import_shortened(struct import *m, int64_t line, struct str what, size_t from, size_t to);
/* A bad row: counted and reported. */
void import_bad(struct import *m, int64_t line, const char *why);

/* The header: finds `names` (NULL-terminated; the first `required` must be there), ignoring case and blanks around. "Price|Variant Price": one
 * column that is called so or so. */
MUST_CHECK bool import_header(struct import *m, const char *const *names, size_t required, struct err *e);
/* The next row, with its state; *ret_found false at the end. Counts rows and lines, shows progress. */
MUST_CHECK bool import_row(struct import *m, struct csv_record *ret_row, bool *ret_found, struct err *e);
/* A field of a row by the profile's column, trimmed; empty when the file does not have it. */
struct str import_field(const struct import *m, const struct csv_record *row, int column);

/* A product for the batch. `body` is its document without key and digest, beginning with a comma; it does not live in the batch's arena, which may
 * be emptied first. */
MUST_CHECK bool import_product(struct import *m, struct str source, struct str key, struct str body, struct import_pending p, struct err *e);
void import_stock(struct import *m, struct str sku, int32_t stock);
/* Writes what waits. */
MUST_CHECK bool import_flush(struct import *m, struct str source, struct err *e);

/* The profiles. */
MUST_CHECK bool import_retail(struct import *m, struct err *e);
MUST_CHECK bool import_shopify(struct import *m, struct err *e);

/* "WHITE METAL LANTERN" becomes "White Metal Lantern"; runs of blanks become one; ASCII only. */
struct str import_title(struct arena *a, struct str s);
/* Lower case letters and digits joined by hyphens; ASCII only; "item" when nothing is left. */
struct str import_slug(struct arena *a, struct str s);
/* Is it the name of a product, not somebody's note ("?", "damaged", "found")? */
bool import_is_name(struct str s);

#endif
