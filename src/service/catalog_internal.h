/* Shared by the files of the catalogue service only. */
#ifndef SOUK_SERVICE_CATALOG_INTERNAL_H
#define SOUK_SERVICE_CATALOG_INTERNAL_H

#include "service/catalog.h"

/* One row of any list query. */
struct card_row {
    struct product_id id;
    struct str slug, name, summary, image_url, image_alt;
    struct opt_int32 image_width, image_height;
    struct currency currency;
    struct opt_int64 amount_min, amount_max, compare_at;
    bool stale, available;
    usec_t published_at;
    int64_t key;
    struct str key_name;
};

/* The row types of the list queries are generated one by one but have the same members. */
#define CARD_ROW(r) (struct card_row){(r).id, (r).slug, (r).name, (r).summary, (r).image_url, (r).image_alt, (r).image_width, (r).image_height, \
    (r).currency, (r).amount_min, (r).amount_max, (r).compare_at, (r).stale, (r).available, (r).published_at, (r).key, (r).key_name}

/* "/p/" and a slug. */
struct str catalog_url(struct arena *a, const char *prefix, struct str slug);

/* Rows to products; the amounts of stale rows are read again. */
MUST_CHECK bool card_products(struct call *c, const struct card_row *rows, size_t n, struct catalog_product *ret_products, struct err *e);

/* What `expand` asks for. `single`: a whole product, where the parts of the product itself are always there. */
struct catalog_expand { bool variants, options, images, categories, prices; };
MUST_CHECK bool catalog_expand_read(struct shape_list expand, struct catalog_expand *ret_expand, struct err *e);
/* Fills the parts of products that are known by id. */
MUST_CHECK bool catalog_fill(struct call *c, struct catalog_product *products, size_t n, struct catalog_expand expand, struct err *e);

/* The words of a search as a tsquery of beginnings ("'wool':* & 'bla':*"); empty when there is none. */
struct str search_prefix(struct arena *a, struct str q);
struct shape_list search_words(struct arena *a, struct str q);      /* struct str, lower case (ASCII) */
/* The text search configuration of a locale. */
struct str search_language(struct str locale);
/* *ret_corrected is absent when there is nothing to correct. */
MUST_CHECK bool search_correct(struct call *c, struct str q, struct str *ret_corrected, struct err *e);

const struct catalog_category *category_find(struct shape_list tree, struct str id_or_slug);
/* The chain from the top down to the parent. */
struct shape_list category_ancestors(struct arena *a, struct shape_list tree, const struct catalog_category *of);

static inline struct money money_or_none(struct opt_int64 amount, struct currency currency)
{
    return amount.set ? (struct money){amount.v, currency} : (struct money){0, {""}};
}

#endif
