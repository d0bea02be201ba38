/* The handlers of the order pool; routes.c lists them. */
#ifndef SOUK_ORDER_HANDLERS_H
#define SOUK_ORDER_HANDLERS_H

#include "shapes.h"
#include "web/web.h"

handler_fn api_cart_create, api_cart_get, api_cart_patch, api_item_add, api_item_patch, api_item_delete, api_shipping_options, api_checkout;
handler_fn api_cart_mine, api_cart_claim, api_order_list;
handler_fn api_order_get, api_order_lookup, api_order_cancel;

handler_fn page_cart, page_cart_fragment, page_cart_add, page_cart_item;
handler_fn page_address, page_address_post, page_shipping, page_shipping_post, page_payment, page_payment_post;
handler_fn page_order, page_order_cancel, page_order_copy, page_lookup, page_lookup_post, page_orders;

/* HTML page for an error, in the shop's layout. */

#define CART_COOKIE "__Host-cart"

#endif
