/* The catalogue as shoppers see it: pages of products, one product, categories, suggestions.
 *
 * Only active products that have a price in the call's market are listed. Texts are those of the market's locale, with 'en'
 * behind it. Prices are those in force at call->now. Nothing here is cached: a page of a list is one index scan. */
#ifndef SOUK_SERVICE_CATALOG_H
#define SOUK_SERVICE_CATALOG_H

#include "base/opt.h"
#include "json/shape.h"
#include "service/call.h"

enum { CATALOG_QUERY_MAX = 100, CATALOG_PAGE_MAX = 500 };

struct catalog_image {
    struct image_id id;
    struct str url;                  /* absolute, or a path of this shop */
    struct str alt;
    struct opt_int64 width, height;  /* unknown for pictures that live elsewhere */
};

struct catalog_price {
    struct price_id id;
    struct money price, compare_at;  /* compare_at without currency: none */
    usec_t valid_from, valid_to;     /* half-open; valid_to 0: until further notice */
};

struct catalog_choice { struct str name, value; };          /* "Colour", "Sand" */

struct catalog_variant {
    struct variant_id id;
    struct str sku;
    struct str title;                /* "Sand / 30 cm"; empty for the only variant */
    struct shape_list options;       /* struct catalog_choice */
    struct money price, compare_at;  /* no currency: not sold in this market now; nothing to compare with */
    bool available;
    int64_t available_quantity;
    int64_t weight_g;
    struct str barcode;              /* absent: none */
    struct catalog_image *image;     /* of this variant; NULL: the product's */
    struct shape_list prices;        /* struct catalog_price, newest first; only when asked for */
    struct price_id price_id;
};

struct catalog_option { struct str name; struct shape_list values /* struct str */; };

struct catalog_category {
    struct category_id id;
    int64_t version;
    struct category_id parent;       /* zero: a top category */
    struct str slug, url, name, description;
    struct str image_url;            /* absent: none */
    int64_t depth;                   /* 1: top */
    int64_t position;
    usec_t created_at, updated_at;
    struct shape_list ancestors;     /* struct catalog_category, from the top; only for a single category and where asked for */
    struct shape_list children;
};

struct catalog_product {
    struct product_id id;
    struct str slug, url, name, summary;
    struct catalog_image *image;     /* the first; NULL: none */
    struct money price;              /* of the cheapest variant; no currency: not sold in this market now */
    struct money price_max;          /* of the dearest */
    struct money compare_at;         /* of the cheapest variant; no currency: none */
    bool available;
    struct opt_int64 available_quantity;       /* over all variants; not set in lists */
    usec_t published_at;
    /* only of a single product, or where a list was asked to expand them */
    struct opt_int64 version;
    struct str description;          /* absent in lists */
    struct opt_bool description_html;          /* the description is HTML from outside: sanitise it before showing */
    struct str vendor, tax_class;
    struct str seo_title, seo_description;
    usec_t created_at, updated_at;
    struct shape_list images;        /* struct catalog_image */
    struct shape_list options;       /* struct catalog_option */
    struct shape_list variants;      /* struct catalog_variant */
    struct shape_list categories;    /* struct catalog_category with ancestors; the first is the one of the breadcrumb */
};

/* What a list is asked for. Zeroed it is the first page of everything. */
struct catalog_query {
    struct str category;             /* id or slug, with its descendants; absent: all */
    struct opt_int64 price_min, price_max;     /* minor units, inclusive, of the cheapest variant */
    bool available;                  /* only what is in stock */
    struct str q;                    /* absent or empty: no search */
    struct str sort;                 /* popularity newest price -price name relevance; absent: relevance with q, else popularity */
    struct str cursor;               /* absent: from the start */
    int64_t limit;                   /* 1..100; 0: 20 */
    int64_t page;                    /* counted pages instead of a cursor, from 1; 0: not counted */
    struct shape_list expand;        /* struct str */
    bool total;                      /* count all pages, too */
};

struct catalog_page {
    struct shape_list products;      /* struct catalog_product */
    struct str next_cursor;          /* absent: the last page */
    struct opt_int64 total;          /* on all pages; only when asked for */
    struct str corrected;            /* what was searched instead, because nothing had the words of q; absent: q itself */
    struct str sort;                 /* the one that was used */
    const struct catalog_category *category;   /* of query->category; NULL: none asked for */
};

/* Errors: PROBLEM_INVALID (unknown sort or expand), PROBLEM_INVALID_CURSOR, PROBLEM_NOT_FOUND (no such category). */
MUST_CHECK bool catalog_products(struct call *c, const struct catalog_query *q, struct catalog_page *ret_page, struct err *e);

/* One product by prefixed id or by slug, whole. *ret_moved: the slug that it has now when an old one was asked for (then nothing else is
 * filled), else absent. `expand`: categories, prices (of the variants); the rest is always there. */
MUST_CHECK bool catalog_product(struct call *c, struct str id_or_slug, struct shape_list expand, struct catalog_product *ret_product, struct str *ret_moved,
                                struct err *e);
/* The most popular products of the same categories. */
MUST_CHECK bool catalog_related(struct call *c, struct product_id product, int64_t limit, struct shape_list *ret_products, struct err *e);

/* All active categories, parents before children. */
MUST_CHECK bool catalog_categories(struct call *c, struct shape_list *ret_categories, struct err *e);
/* The top of the tree, for pools that read nothing else of the catalogue: only slug, url, name and depth are filled. */
MUST_CHECK bool catalog_shelves(struct call *c, struct shape_list *ret_categories, struct err *e);
MUST_CHECK bool catalog_category(struct call *c, struct str id_or_slug, struct catalog_category *ret_category, struct str *ret_moved, struct err *e);

struct catalog_suggestion {
    struct str type;                 /* product | category */
    struct str id, slug, url, name;
    struct str image_url;            /* absent: none */
    struct money price, price_max;   /* of the cheapest and the dearest variant; products */
};
MUST_CHECK bool catalog_suggest(struct call *c, struct str q, int64_t limit, struct shape_list *ret_suggestions, struct err *e);

/* Addresses for a sitemap. The products of a shop fall into 2, 4, 8 … parts of about the same size; which one a product is in follows from its id alone. */
struct catalog_part { int64_t n, of; };            /* part n, from 1, of `of`, a power of two up to 2^32; {1, 1} is everything */
/* How many products are in it; no more than `limit` are counted. */
MUST_CHECK bool catalog_address_count(struct call *c, struct catalog_part part, int64_t limit, int64_t *ret_n, struct err *e);
struct catalog_address { struct str slug; usec_t updated_at; };
struct catalog_address_place { int64_t after_key, before_key; struct uuid after; };
struct catalog_address_place catalog_address_start(struct catalog_part part);
/* The next products behind `*at`, which moves on; fewer than `limit` means the end. */
MUST_CHECK bool catalog_addresses(struct call *c, struct catalog_address_place *at, int64_t limit, struct shape_list *ret_addresses, struct err *e);

#endif
