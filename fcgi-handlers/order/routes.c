#include "handlers.h"
#include "pool.h"
#include "shared/page.h"

#define API_FOR(a, m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_API, .auth = a, .csrf = CSRF_NONE, .cors = CORS_PUBLIC, __VA_ARGS__}
#define PAGE_FOR(a, m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_PAGE, .auth = a, .csrf = CSRF_TOKEN, __VA_ARGS__}
#define API(m, p, h, ...) API_FOR(AUTH_GUEST, m, p, h, __VA_ARGS__)
#define PAGE(m, p, h, ...) PAGE_FOR(AUTH_GUEST, m, p, h, __VA_ARGS__)

enum { SMALL = 16 * 1024 };

static const struct route routes[] = {
    API(HTTP_POST, "/v1/carts", api_cart_create, .body_max = SMALL, .in = &cart_create_in_shape, .out = &cart_shape, .status = 201,
        .name = "cart_create", .doc = "Begin a cart, with as much in it as is known already; its token is told once"),
    API_FOR(AUTH_CUSTOMER, HTTP_GET, "/v1/carts/mine", api_cart_mine, .out = &cart_shape, .name = "cart_mine",
        .doc = "The open cart of the account, whichever device filled it"),
    API_FOR(AUTH_CUSTOMER, HTTP_POST, "/v1/carts/{id}/claim", api_cart_claim, .body_max = SMALL, .in = &cart_in_shape, .out = &cart_shape,
        .name = "cart_claim", .doc = "A guest's cart becomes the account's, or is put into the one it has; `changes` tells what came out differently"),
    API(HTTP_GET, "/v1/carts/{id}", api_cart_get, .in = &cart_in_shape, .out = &cart_shape, .name = "cart_get",
        .doc = "The cart with today's prices and stock, and what changed"),
    API(HTTP_PATCH, "/v1/carts/{id}", api_cart_patch, .idem = IDEM_HONOURED, .body_max = SMALL, .in = &cart_patch_in_shape, .out = &cart_shape,
        .name = "cart_patch", .doc = "Contact, shipping address, shipping option"),
    API(HTTP_POST, "/v1/carts/{id}/items", api_item_add, .idem = IDEM_HONOURED, .body_max = SMALL, .in = &item_add_in_shape, .out = &cart_shape,
        .name = "cart_item_add", .doc = "Put pieces of a variant into the cart", .problem_data = &shortage_shape),
    API(HTTP_PATCH, "/v1/carts/{id}/items/{item}", api_item_patch, .idem = IDEM_HONOURED, .body_max = SMALL, .in = &item_patch_in_shape,
        .out = &cart_shape, .name = "cart_item_patch", .doc = "Set the quantity of a line", .problem_data = &shortage_shape),
    API(HTTP_DELETE, "/v1/carts/{id}/items/{item}", api_item_delete, .idem = IDEM_HONOURED, .in = &item_delete_in_shape, .out = &cart_shape,
        .name = "cart_item_delete", .doc = "Remove a line"),
    API(HTTP_GET, "/v1/carts/{id}/shipping-options", api_shipping_options, .in = &options_in_shape, .out = &cart_shipping_shape, .out_list = true,
        .name = "cart_shipping_options", .doc = "How this cart can be shipped, cheapest first"),
    API(HTTP_POST, "/v1/carts/{id}/checkout", api_checkout, .idem = IDEM_REQUIRED, .body_max = SMALL, .in = &checkout_in_shape,
        .out = &checkout_shape, .status = 201, .name = "cart_checkout", .doc = "Make the cart an order with a payment to confirm",
        .problem_data = &cart_shape),
    API_FOR(AUTH_CUSTOMER, HTTP_GET, "/v1/orders", api_order_list, .in = &order_list_shape, .out = &order_item_shape, .out_list = true,
        .name = "order_list", .doc = "The account's orders, newest first"),
    API(HTTP_GET, "/v1/orders/{id}", api_order_get, .in = &order_in_shape, .out = &order_shape, .name = "order_get", .doc = "An order"),
    API(HTTP_POST, "/v1/orders/lookup", api_order_lookup, .body_max = SMALL, .rate_per_minute = 60, .in = &lookup_in_shape, .out = &order_shape,
        .name = "order_lookup", .doc = "An order by its number and e-mail address"),
    API(HTTP_POST, "/v1/orders/{id}/cancel", api_order_cancel, .in = &order_in_shape, .out = &order_shape, .name = "order_cancel",
        .doc = "Cancel an order that is not paid yet; repeating it is harmless"),

    PAGE(HTTP_GET, "/cart", page_cart, .name = "page_cart", .doc = "The cart"),
    PAGE(HTTP_GET, "/cart/fragment", page_cart_fragment, .name = "page_cart_fragment", .doc = "The cart for the drawer"),
    {.method = HTTP_POST, .pattern = "/cart/items", .handler = page_cart_add, .kind = KIND_PAGE, .auth = AUTH_GUEST, .csrf = CSRF_ORIGIN,
     .body_max = SMALL, .in = &page_add_shape, .name = "page_cart_add", .doc = "Put a product into the cart, from a page that may be cached"},
    PAGE(HTTP_POST, "/cart/items/{item}", page_cart_item, .body_max = SMALL, .in = &page_item_shape, .name = "page_cart_item",
         .doc = "Change or remove a line"),
    PAGE(HTTP_GET, "/checkout", page_address, .in = &page_checkout_shape, .name = "page_checkout", .doc = "Contact and address"),
    PAGE(HTTP_POST, "/checkout", page_address_post, .body_max = SMALL, .in = &page_address_shape, .name = "page_checkout_post",
         .doc = "Keep contact and address"),
    PAGE(HTTP_GET, "/checkout/shipping", page_shipping, .name = "page_checkout_shipping", .doc = "Choose how to ship"),
    PAGE(HTTP_POST, "/checkout/shipping", page_shipping_post, .body_max = SMALL, .in = &page_shipping_shape, .name = "page_checkout_shipping_post",
         .doc = "Keep the shipping option"),
    PAGE(HTTP_GET, "/checkout/payment", page_payment, .name = "page_checkout_payment", .doc = "Look over everything and pay"),
    PAGE(HTTP_POST, "/checkout/payment", page_payment_post, .idem = IDEM_REQUIRED, .body_max = SMALL, .in = &page_payment_shape,
         .name = "page_checkout_payment_post", .doc = "Place the order and go to pay"),
    PAGE_FOR(AUTH_CUSTOMER, HTTP_GET, "/orders", page_orders, .in = &page_orders_shape, .name = "page_orders", .doc = "The account's orders"),
    PAGE(HTTP_GET, "/orders/lookup", page_lookup, .name = "page_order_lookup", .doc = "Find an order"),
    PAGE(HTTP_POST, "/orders/lookup", page_lookup_post, .body_max = SMALL, .rate_per_minute = 60, .in = &page_lookup_shape,
         .name = "page_order_lookup_post", .doc = "Find an order by its number and e-mail address"),
    PAGE(HTTP_GET, "/orders/{id}", page_order, .in = &page_order_shape, .name = "page_order", .doc = "An order by its signed link"),
    PAGE(HTTP_POST, "/orders/{id}/cancel", page_order_cancel, .body_max = SMALL, .in = &page_order_shape, .name = "page_order_cancel",
         .doc = "Cancel an unpaid order"),
    PAGE(HTTP_POST, "/orders/{id}/cart", page_order_copy, .body_max = SMALL, .in = &page_order_shape, .name = "page_order_copy",
         .doc = "Fill a new cart from a canceled order"),
    {.pattern = NULL},
};

const struct pool_spec pool_order = {
    .name = "order",
    .routes = routes,
    .keyring = true,
    .db_lend = 4,          /* more make a hot stock row slower */
    .page_error = page_error_shelves,
};
