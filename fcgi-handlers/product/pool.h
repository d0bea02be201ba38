/* The product pool: the shop's public pages and the catalogue's API. */
#ifndef SOUK_PRODUCT_POOL_H
#define SOUK_PRODUCT_POOL_H

#include "service/catalog.h"
#include "web/web.h"

extern const struct pool_spec pool_product;

/* api.c */
struct list_in { struct catalog_query query; };
struct one_in { struct str id_or_slug; struct shape_list expand; };
struct suggest_in { struct str q; int64_t limit; };
struct ping_out { bool ok; };
bool api_products(struct req *r, struct http_response *w, struct err *e);
bool api_product(struct req *r, struct http_response *w, struct err *e);
bool api_categories(struct req *r, struct http_response *w, struct err *e);
bool api_category(struct req *r, struct http_response *w, struct err *e);
bool api_suggest(struct req *r, struct http_response *w, struct err *e);
bool api_ping(struct req *r, struct http_response *w, struct err *e);

/* shapes.c */
extern const struct shape list_in_shape, one_in_shape, category_in_shape, suggest_in_shape;
extern const struct shape product_shape, category_shape, suggestion_shape, ping_shape;

/* lists.c: home, category, search */
struct category_page_in { struct str slug, sort, price_min, price_max; bool available; int64_t page; };
struct search_page_in { struct str q, sort, price_min, price_max; bool available; int64_t page; };
extern const struct shape category_page_shape, search_page_shape;
bool page_home(struct req *r, struct http_response *w, struct err *e);
bool page_category(struct req *r, struct http_response *w, struct err *e);
bool page_search(struct req *r, struct http_response *w, struct err *e);

/* product.c */
struct product_page_in { struct str slug, variant; };
extern const struct shape product_page_shape;
bool page_product(struct req *r, struct http_response *w, struct err *e);

/* linked_data.c: JSON-LD (schema.org) */
struct str linked_product(struct req *r, const struct catalog_product *p);
struct str linked_crumbs(struct req *r, const struct catalog_category *chain, size_t n, struct str name, struct str url);
struct str linked_site(struct req *r);

/* plain.c: pages without a catalogue, and what only robots read */
bool page_terms(struct req *r, struct http_response *w, struct err *e);
bool page_privacy(struct req *r, struct http_response *w, struct err *e);
bool page_robots(struct req *r, struct http_response *w, struct err *e);

/* sitemap.c */
struct sitemap_file_in { int64_t n; };
extern const struct shape sitemap_file_shape;
bool page_sitemap(struct req *r, struct http_response *w, struct err *e);
bool page_sitemap_file(struct req *r, struct http_response *w, struct err *e);

#endif
