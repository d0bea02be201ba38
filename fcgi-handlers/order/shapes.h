/* What the order pool takes and gives, as tables: they parse, write, and make the OpenAPI document. */
#ifndef SOUK_ORDER_SHAPES_H
#define SOUK_ORDER_SHAPES_H

#include "json/shape.h"
#include "service/cart.h"
#include "service/checkout.h"
#include "service/order.h"
#include "service/order_list.h"

/* --- answers --- */
extern const struct shape cart_shape, cart_shipping_shape, shortage_shape, checkout_shape, order_shape, order_item_shape;

/* --- the API's input --- */
struct cart_create_in { struct str market; struct shape_list items; struct cart_contact *contact; struct address *shipping_address;
                        struct shipping_option_id shipping_option; struct order_id from_order; struct str order_token; };
struct cart_in { struct cart_id cart; struct str token; };
struct cart_patch_in { struct cart_id cart; struct str token; struct cart_contact *contact; struct address *shipping_address;
                       struct shipping_option_id shipping_option; };
struct item_add_in { struct cart_id cart; struct str token; struct variant_id variant; int64_t quantity; };
struct item_in { struct cart_id cart; struct str token; struct cart_item_id item; int64_t quantity; };
struct options_in { struct cart_id cart; struct str token; struct str country; };
struct checkout_api_in { struct cart_id cart; struct str token; struct str payment_method, note; struct money expected_total; };
struct order_in { struct order_id order; struct str order_token, cart_token; };
struct lookup_in { struct str number, email; };

extern const struct shape cart_create_in_shape, cart_in_shape, cart_patch_in_shape, item_add_in_shape, item_patch_in_shape, item_delete_in_shape,
    options_in_shape, checkout_in_shape, order_in_shape, order_list_shape, lookup_in_shape;

/* --- the pages' input --- */
struct page_add_in { struct str variant_id; struct str quantity; };          /* as typed: a page explains, it does not refuse */
struct page_item_in { struct cart_item_id item; struct str quantity; };
struct page_address_in { struct str email, phone, name, company, line1, line2, postal_code, city, region, country; };
struct page_checkout_in { struct str address; };
struct page_orders_in { struct str status, after; };
struct page_shipping_in { struct str shipping_option; };
struct page_payment_in { struct str method, note, expected_total; };
struct page_order_in { struct order_id order; struct str token; };
struct page_lookup_in { struct str number, email; };

extern const struct shape page_add_shape, page_item_shape, page_checkout_shape, page_orders_shape, page_address_shape, page_shipping_shape, page_payment_shape, page_order_shape,
    page_lookup_shape;

#endif
