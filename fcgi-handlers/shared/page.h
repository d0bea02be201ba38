/* What the pages of all pools have in common: the shop's frame, error pages, and a product as a card. */
#ifndef SOUK_SHARED_PAGE_H
#define SOUK_SHARED_PAGE_H

#include "service/catalog.h"
#include "tpl/shop_card.h"
#include "tpl/shop_layout.h"
#include "web/web.h"

struct page_info {
    struct str title;                /* without the shop's name */
    struct str description;          /* absent: none */
    struct str path;                 /* of the canonical address; absent: not to be indexed (carts, filters, orders, errors) */
    struct str og_image;             /* absolute or a path; absent: none */
    bool product;                    /* og:type product instead of website */
    struct trusted json_ld;
    struct str section;              /* slug of the top category that the page belongs to; absent: none */
    struct str query;                /* search words that stay in the field */
};

/* Fills the frame. The top categories are read from the database; when that fails the bar is simply left out. */
void page_layout(struct req *r, const struct page_info *info, struct tpl_shop_layout *ret_layout);
/* The same with categories that the caller has read already (struct catalog_category). */
void page_layout_with(struct req *r, const struct page_info *info, struct shape_list categories, struct tpl_shop_layout *ret_layout);

/* The top categories for pools whose role may not read the tree (one small query); empty when it fails. */
struct shape_list page_shelves(struct req *r);

/* For pool_spec.page_error: the error page in the shop's frame. */
void page_error(struct req *r, struct http_response *w, const struct err *e);
/* The same for pools whose role may not read the category tree: with the shelves of page_shelves(), with categories read elsewhere, or none. */
void page_error_shelves(struct req *r, struct http_response *w, const struct err *e);
void page_error_with(struct req *r, struct http_response *w, const struct err *e, struct shape_list categories);

/* A text of the request's locale. */
struct str page_text(struct req *r, const char *key);
/* The address with the shop's own in front. */
struct str page_absolute(struct req *r, struct str path);
/* Countries by their names in the request's language, sorted as people look for them. */
struct page_country { struct str code, name; };
struct page_country *page_countries(struct req *r, const struct str *codes, size_t n);
struct str page_country_name(struct req *r, struct str code);
/* Products (struct catalog_product) as cards; the first `eager` pictures are loaded at once. */
struct tpl_shop_card *page_cards(struct req *r, struct shape_list products, size_t eager);

#endif
