/* From what services return to what templates show. */
#ifndef SOUK_ORDER_VIEW_H
#define SOUK_ORDER_VIEW_H

#include "handlers.h"
#include "tpl/shop_cart_line.h"
#include "tpl/shop_errors.h"
#include "tpl/shop_layout.h"
#include "tpl/shop_order_summary.h"
#include "tpl/shop_quiet_layout.h"
#include "tpl/shop_totals.h"

/* Texts of the request's locale. */
struct str view_text(struct req *r, const char *key);
struct str view_text_n(struct req *r, const char *key, int64_t n);
struct str view_text_1(struct req *r, const char *key, const char *name, struct str value);

/* The frame with the shelves in its bar; without the database, or when reading fails, there are none: no page fails for it. */
void view_layout(struct req *r, struct str title, struct tpl_shop_layout *page);
void view_quiet(struct req *r, const char *title_key, struct tpl_shop_quiet_layout *page);
void view_totals(struct req *r, const struct cart_totals *t, bool included, struct str shipping_name, struct tpl_shop_totals *ret);
void view_cart_lines(struct req *r, const struct cart *cart, struct tpl_shop_cart_line **ret_lines);
void view_cart_summary(struct req *r, const struct cart *cart, struct tpl_shop_order_summary *ret);
void view_order_summary(struct req *r, const struct order *order, struct tpl_shop_order_summary *ret);

/* Lines of an address as it is written on a parcel. */
enum { VIEW_LINES_MAX = 8 };
struct view_lines { size_t n; struct str v[VIEW_LINES_MAX]; };
void view_address(struct req *r, const struct address *a, struct view_lines *ret);

/* The signed-in account's cart, else the cart of the visitor's cookie. A cart that a guest filled before signing in is claimed on the way, so that every way to
 * sign in keeps it. *ret_cart is NULL when there is none, it is gone, or it was ordered (then *ret_ordered names the order). */
MUST_CHECK bool view_current_cart(struct req *r, struct http_response *w, bool personal, struct cart **ret_cart, struct order_id *ret_ordered, struct err *e);
void view_set_cookie(struct http_response *w, struct str token);

/* Of a line of the cart; of another variant its name as the shop sells it, or a plain word when that cannot be read. */
struct str view_product_name(struct req *r, const struct cart *cart, struct variant_id variant);

/* What a refused change of the cart is called on a page; absent when the error is not of that kind. */
struct str view_cart_problem(struct req *r, const struct err *e);

#endif
