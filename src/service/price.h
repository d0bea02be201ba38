/* Prices as the shop's staff and their programs see and set them. A price is a fact with a time range: what is set replaces what stands in that
 * range, and the rest stays as it was (sql/functions/catalog_price.sql). Shoppers' prices are in catalog.h. */
#ifndef SOUK_SERVICE_PRICE_H
#define SOUK_SERVICE_PRICE_H

#include "json/shape.h"
#include "service/call.h"

enum { PRICE_BATCH_MAX = 500 };

struct price_list {
    struct price_list_id id;
    struct str code;                     /* "eur" */
    struct str currency;
    bool tax_included, is_default;       /* is_default: of the default market */
    struct shape_list markets;           /* struct str: codes */
};

struct price_row {
    struct price_id id;
    struct variant_id variant;
    struct str sku;
    struct product_id product;
    struct str price_list;               /* code */
    struct money price, compare_at;      /* compare_at without currency: none */
    usec_t valid_from, valid_to;         /* half-open; valid_to 0: until further notice */
    usec_t created_at;
    struct str state;                    /* "current", "planned", "past" */
};

/* --- reading: price_read.c --- */
/* struct price_list; the default market's first. */
MUST_CHECK bool price_lists(struct call *c, struct shape_list *ret_lists, struct err *e);

struct price_filter {
    struct product_id product;           /* zero: any; filters that contradict each other find nothing */
    struct variant_id variant;
    struct str sku, price_list;          /* absent: any */
    struct str state;                    /* "current" (also when absent), "planned", "past", "all" */
    struct str cursor;
    int64_t limit;
};
/* A page of struct price_row: by variant and list, the newest first; planned ones: what begins next first; past ones: what ended last first.
 * PROBLEM_INVALID_CURSOR. */
MUST_CHECK bool price_list_page(struct call *c, const struct price_filter *f, struct shape_list *ret_prices, struct str *ret_next, struct err *e);

/* "current", "planned" or "past" at `now`. */
struct str price_state(usec_t valid_from, usec_t valid_to, usec_t now);

/* --- setting: price_set.c --- */
struct price_item {
    struct variant_id variant;           /* this ... */
    struct str sku;                      /* ... or that */
    struct str price_list;               /* code; absent: the default market's */
    struct money price, compare_at;      /* compare_at without currency: none */
    usec_t valid_from;                   /* 0: now */
    usec_t valid_to;                     /* 0: until further notice; else the price before comes back then */
    struct price_id if_price;            /* zero: whatever is in force; else only when it is this one */
};
struct price_outcome { struct variant_id variant; struct str sku, outcome /* "changed", "unchanged" */; struct price_row *price; };
struct price_batch { int64_t changed, unchanged; struct shape_list prices; /* struct price_outcome, as asked */ };

/* Sets all of them or none; honours an idempotency key. Refused items are all in err->all, "prices[3].sku" and why: PROBLEM_UNKNOWN_VARIANT,
 * _VARIANT_ARCHIVED, _UNKNOWN_PRICE_LIST, _CURRENCY_MISMATCH, _IN_THE_PAST, _OVERLAP, _INVALID, _REQUIRED, _OUT_OF_RANGE, _PRECONDITION_FAILED;
 * as a whole it is a failed precondition only when nothing else is wrong. */
MUST_CHECK bool price_set(struct call *c, const struct price_item *items, size_t n, struct price_batch *ret_batch, bool *ret_replayed, struct err *e);

#endif
