/* Prices in the product pool, for staff and their programs: what comes in and goes out. */
#ifndef SOUK_PRODUCT_PRICE_H
#define SOUK_PRODUCT_PRICE_H

#include "service/price.h"
#include "web/web.h"

struct price_page_in { struct price_filter filter; };
struct price_batch_in { struct shape_list prices; /* struct price_item */ };

/* shapes_price.c */
extern const struct shape price_list_shape, price_page_shape, admin_price_shape, price_batch_in_shape, price_batch_shape;

/* api_price.c */
handler_fn api_price_lists, api_prices, api_price_batch;

#endif
