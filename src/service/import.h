/* Imports: catalogues from files that other programs wrote. Streaming: memory does not grow with the file. One import is one transaction, and a
 * second one of the same file changes nothing (a product is left alone while its own part of the file stays the same, whatever was done to it since).
 *
 * Every row of the file has one outcome, and the outcomes add up to the rows. */
#ifndef SOUK_SERVICE_IMPORT_H
#define SOUK_SERVICE_IMPORT_H

#include "base/input.h"
#include "base/opt.h"
#include "service/call.h"

enum import_outcome {
    IMPORT_CREATED,              /* a product began with this row */
    IMPORT_UPDATED,              /* the first row of a product that was brought up to date */
    IMPORT_UNCHANGED,            /* the first row of a product that is as the file says */
    IMPORT_MERGED,               /* a further row of one of these */
    /* skipped: */
    IMPORT_BAD_ROW,              /* cannot be read; each is reported with its line */
    IMPORT_CANCELLATION,         /* retail: the invoice was canceled */
    IMPORT_NO_PRODUCT,           /* retail: postage, fees, vouchers: the code is not that of a product */
    IMPORT_NO_QUANTITY,          /* retail: corrections of stock */
    IMPORT_NO_PRICE,             /* retail: given away, broken, lost */
    IMPORT_NO_NAME,              /* retail: no row of the product has a usable description */
    IMPORT_CONFLICT,             /* a SKU belongs to another product; reported with its line */
    IMPORT_REPEATED,             /* shopify: the handle stood further up already; reported */
    IMPORT_OUTCOMES
};
const char *import_outcome_text(enum import_outcome o);
bool import_is_skipped(enum import_outcome o);

struct import_options {
    struct str profile;              /* retail-invoices | shopify */
    struct str price_list;           /* code; absent: that of the default market. Amounts are taken as numbers of its currency. */
    struct str category;             /* slug of a category for all products; absent: none (shopify: of the column Type) */
    struct opt_int32 stock;          /* first stock of new variants; not set: 0 (shopify: what the file says) */
    bool dry_run;                    /* do everything, keep nothing */
    /* NULL: none; called now and then: `done` of `all` (0: nobody knows), and how many `things` ("rows" that are read, then "products" that are written) */
    void (*progress)(void *arg, int64_t done, int64_t all, int64_t count, const char *things);
    void (*note)(void *arg, int64_t line, const char *what);                    /* NULL: none; what needs somebody's eyes; line 0: not one row but all of a product */
    void *arg;
};

struct import_report {
    int64_t lines;                   /* of the file, with header and empty lines */
    int64_t rows;                    /* without the header */
    int64_t outcomes[IMPORT_OUTCOMES];
    int64_t products_created, products_updated, products_unchanged, variants_stocked;
    int64_t shortened;               /* values that were longer than their place in the catalogue; each is reported with its line */
    int64_t notes;                   /* rows that were reported, and remarks (a picture that was left out) */
};

/* PROBLEM_INVALID: unknown profile, price list or category, a file without the profile's columns, or one that cannot be read: then nothing is kept. */
MUST_CHECK bool import_run(struct call *c, struct input *in, const struct import_options *o, struct import_report *ret_report, struct err *e);

#endif
