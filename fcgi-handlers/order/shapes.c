#include "shapes.h"

#define F(s, member) offsetof(struct s, member)

/* --- answers ------------------------------------------------------------------------------------------------------------ */

static const char *const line_states[] = {"ok", "price_changed", "insufficient_stock", "sold_out", "unavailable", NULL};
static const char *const change_codes[] = {"price_changed", "insufficient_stock", "sold_out", "unavailable", "shipping_unavailable", "merge_added", "merge_raised",
    "merge_reduced", "merge_left_out", NULL};
static const char *const cart_states[] = {"open", "ordered", NULL};
static const char *const order_states_names[] = {"pending_payment", "paid", "fulfilling", "completed", "canceled", NULL};
static const char *const payment_states_names[] = {"created", "requires_action", "authorized", "captured", "voided", "failed", NULL};

static const struct shape_field line_fields[] = {
    {"id", SHAPE_ID, F(cart_line, id), .id = ID_cart_item, .required = true},
    {"variant_id", SHAPE_ID, F(cart_line, variant), .id = ID_variant, .required = true},
    {"product_id", SHAPE_ID, F(cart_line, product), .id = ID_product, .nullable = true},
    {"sku", SHAPE_STR, F(cart_line, sku), .nullable = true},
    {"product_name", SHAPE_STR, F(cart_line, product_name), .nullable = true},
    {"product_slug", SHAPE_STR, F(cart_line, product_slug), .nullable = true},
    {"variant_title", SHAPE_STR, F(cart_line, variant_title), .nullable = true},
    {"image_url", SHAPE_STR, F(cart_line, image_url), .nullable = true},
    {"quantity", SHAPE_INT, F(cart_line, quantity), .required = true},
    {"unit_price", SHAPE_MONEY, F(cart_line, unit_price), .nullable = true, .doc = "The price now; null when it has none in this market"},
    {"compare_at_price", SHAPE_MONEY, F(cart_line, compare_at), .nullable = true},
    {"previous_unit_price", SHAPE_MONEY, F(cart_line, previous_price), .nullable = true, .doc = "What the shopper was told before; null when it did not change"},
    {"total", SHAPE_MONEY, F(cart_line, total), .nullable = true},
    {"tax_rate", SHAPE_INT, F(cart_line, tax_rate), .doc = "In 1/10,000 percent: 190000 is 19 %"},
    {"available", SHAPE_INT, F(cart_line, available), .doc = "Pieces in stock, at most 999 are told"},
    {"status", SHAPE_ENUM, F(cart_line, status), .values = line_states, .required = true},
    {NULL}};
static const struct shape line_shape = {"CartLine", line_fields, sizeof(struct cart_line)};

static const struct shape_field change_fields[] = {
    {"code", SHAPE_ENUM, F(cart_change, code), .values = change_codes, .required = true},
    {"item_id", SHAPE_ID, F(cart_change, item), .id = ID_cart_item, .nullable = true},
    {"variant_id", SHAPE_ID, F(cart_change, variant), .id = ID_variant, .nullable = true},
    {"previous_unit_price", SHAPE_MONEY, F(cart_change, previous_price), .nullable = true},
    {"unit_price", SHAPE_MONEY, F(cart_change, price), .nullable = true},
    {"quantity", SHAPE_INT, F(cart_change, quantity)},
    {"available", SHAPE_INT, F(cart_change, available)},
    {"previous_quantity", SHAPE_INT, F(cart_change, previous_quantity), .doc = "merge_*: how many the account's cart held before the merge"},
    {"wanted_quantity", SHAPE_INT, F(cart_change, wanted_quantity), .doc = "merge_*: the larger quantity of the two carts"},
    {NULL}};
static const struct shape change_shape = {"CartChange", change_fields, sizeof(struct cart_change)};

static const struct shape_field contact_fields[] = {
    {"email", SHAPE_STR, F(cart_contact, email), .required = true, .max = 254, .example = "ada@example.com", .doc = "Where the confirmation goes"},
    {"phone", SHAPE_STR, F(cart_contact, phone), .max = 40, .nullable = true, .doc = "For questions on the way"},
    {NULL}};
static const struct shape contact_shape = {"Contact", contact_fields, sizeof(struct cart_contact)};

/* Lengths, required fields and postal codes are rules of domain/address; here only what is absurd is refused. */
static const struct shape_field address_fields[] = {
    {"name", SHAPE_STR, F(address, name), .max = 400, .example = "Ada Example", .doc = "Of the receiver"},
    {"company", SHAPE_STR, F(address, company), .max = 400, .nullable = true, .doc = "Company"},
    {"line1", SHAPE_STR, F(address, line1), .max = 400, .example = "Example Street 1", .doc = "Street and number"},
    {"line2", SHAPE_STR, F(address, line2), .max = 400, .nullable = true, .doc = "Apartment, floor"},
    {"postal_code", SHAPE_STR, F(address, postal_code), .max = 40, .nullable = true, .example = "10115", .doc = "As the country writes it; not every country has them"},
    {"city", SHAPE_STR, F(address, city), .max = 400, .example = "Berlin", .doc = "Town or city"},
    {"region", SHAPE_STR, F(address, region), .max = 400, .nullable = true, .doc = "State, province; required where the country wants one"},
    {"country", SHAPE_STR, F(address, country), .max = 2, .doc = "ISO 3166-1 alpha-2", .example = "DE"},
    {NULL}};
static const struct shape address_shape = {"Address", address_fields, sizeof(struct address)};

static const struct shape_field tax_fields[] = {
    {"rate", SHAPE_INT, F(cart_tax, rate), .required = true, .doc = "In 1/10,000 percent"},
    {"net", SHAPE_MONEY, F(cart_tax, net), .required = true},
    {"tax", SHAPE_MONEY, F(cart_tax, tax), .required = true},
    {NULL}};
static const struct shape tax_shape = {"TaxLine", tax_fields, sizeof(struct cart_tax)};

static const struct shape_field totals_fields[] = {
    {"subtotal", SHAPE_MONEY, F(cart_totals, subtotal), .required = true},
    {"discount", SHAPE_MONEY, F(cart_totals, discount), .required = true},
    {"shipping", SHAPE_MONEY, F(cart_totals, shipping), .nullable = true, .doc = "Null until a shipping option is chosen"},
    {"tax", SHAPE_MONEY, F(cart_totals, tax), .required = true},
    {"total", SHAPE_MONEY, F(cart_totals, total), .required = true},
    {"taxes", SHAPE_LIST, F(cart_totals, taxes), .sub = &tax_shape, .max = 102},
    {NULL}};
static const struct shape totals_shape = {"Totals", totals_fields, sizeof(struct cart_totals)};

static const struct shape_field shipping_fields[] = {
    {"id", SHAPE_ID, F(cart_shipping, id), .id = ID_shipping_option, .required = true},
    {"code", SHAPE_STR, F(cart_shipping, code), .required = true, .example = "standard"},
    {"name", SHAPE_STR, F(cart_shipping, name), .required = true},
    {"price", SHAPE_MONEY, F(cart_shipping, price), .required = true, .doc = "For this cart: 0 when it is free"},
    {"days_min", SHAPE_INT, F(cart_shipping, days_min)},
    {"days_max", SHAPE_INT, F(cart_shipping, days_max)},
    {"selected", SHAPE_BOOL, F(cart_shipping, selected)},
    {NULL}};
const struct shape cart_shipping_shape = {"ShippingOption", shipping_fields, sizeof(struct cart_shipping)};

static const struct shape_field cart_fields[] = {
    {"id", SHAPE_ID, F(cart, id), .id = ID_cart, .required = true},
    {"token", SHAPE_STR, F(cart, shown_token), .doc = "Only in the answer that made the cart: send it as the header Cart-Token from then on"},
    {"version", SHAPE_INT, F(cart, version), .required = true},
    {"status", SHAPE_ENUM, F(cart, state), .values = cart_states, .required = true},
    {"market", SHAPE_STR, F(cart, market), .required = true, .example = "de"},
    {"currency", SHAPE_STR, F(cart, currency_code), .required = true, .example = "EUR"},
    {"prices_include_tax", SHAPE_BOOL, F(cart, prices_include_tax), .required = true},
    {"items", SHAPE_LIST, F(cart, items), .sub = &line_shape, .required = true},
    {"item_count", SHAPE_INT, F(cart, item_count), .required = true, .doc = "Pieces"},
    {"changes", SHAPE_LIST, F(cart, changes), .sub = &change_shape, .max = 1101, .required = true, .doc = "What changed in the shop since the shopper was told last"},
    {"can_checkout", SHAPE_BOOL, F(cart, can_checkout), .required = true},
    {"contact", SHAPE_OBJECT, F(cart, contact), .sub = &contact_shape, .nullable = true},
    {"shipping_address", SHAPE_OBJECT, F(cart, shipping_address), .sub = &address_shape, .nullable = true},
    {"shipping_option", SHAPE_OBJECT, F(cart, shipping), .sub = &cart_shipping_shape, .nullable = true},
    {"totals", SHAPE_OBJECT, F(cart, totals_shown), .sub = &totals_shape, .required = true},
    {"order_id", SHAPE_ID, F(cart, order), .id = ID_order, .nullable = true, .doc = "What an ordered cart became"},
    {"expires_at", SHAPE_TIME, F(cart, expires_at)},
    {"created_at", SHAPE_TIME, F(cart, created_at)},
    {"updated_at", SHAPE_TIME, F(cart, updated_at)},
    {NULL}};
const struct shape cart_shape = {"Cart", cart_fields, sizeof(struct cart)};

static const struct shape_field shortage_fields[] = {
    {"available", SHAPE_INT, F(cart_shortage, available), .doc = "Pieces that are left"},
    {"in_cart", SHAPE_INT, F(cart_shortage, present), .doc = "Pieces that the cart holds already"},
    {NULL}};
const struct shape shortage_shape = {"Shortage", shortage_fields, sizeof(struct cart_shortage)};

static const struct shape_field checkout_fields[] = {
    {"order_id", SHAPE_ID, F(checkout_result, order), .id = ID_order, .required = true},
    {"number", SHAPE_STR, F(checkout_result, number), .required = true, .example = "10001-K7Q4MX"},
    {"status", SHAPE_ENUM, F(checkout_result, status), .values = order_states_names, .required = true},
    {"payment_id", SHAPE_ID, F(checkout_result, payment), .id = ID_payment, .required = true, .doc = "Confirm it with POST /v1/payments/{id}/confirm"},
    {"total", SHAPE_MONEY, F(checkout_result, total), .required = true},
    {"created_at", SHAPE_TIME, F(checkout_result, created_at)},
    {"expires_at", SHAPE_TIME, F(checkout_result, expires_at), .doc = "Until then the stock is held"},
    {"access_token", SHAPE_STR, F(checkout_result, access_token), .doc = "Opens the order: header Order-Token"},
    {"payment_token", SHAPE_STR, F(checkout_result, payment_token), .doc = "Opens its payments: header Payment-Token"},
    {"payment_url", SHAPE_STR, F(checkout_result, payment_path), .doc = "Where a browser goes to pay"},
    {NULL}};
const struct shape checkout_shape = {"Checkout", checkout_fields, sizeof(struct checkout_result)};

static const struct shape_field order_line_fields[] = {
    {"id", SHAPE_ID, F(order_line, id), .id = ID_order_line, .required = true},
    {"variant_id", SHAPE_ID, F(order_line, variant), .id = ID_variant, .required = true},
    {"product_id", SHAPE_ID, F(order_line, product), .id = ID_product, .required = true},
    {"sku", SHAPE_STR, F(order_line, sku), .required = true},
    {"product_name", SHAPE_STR, F(order_line, product_name), .required = true},
    {"product_slug", SHAPE_STR, F(order_line, product_slug), .required = true},
    {"variant_title", SHAPE_STR, F(order_line, variant_title), .nullable = true},
    {"image_url", SHAPE_STR, F(order_line, image_url), .nullable = true},
    {"quantity", SHAPE_INT, F(order_line, quantity), .required = true},
    {"unit_price", SHAPE_MONEY, F(order_line, unit_price), .required = true},
    {"discount", SHAPE_MONEY, F(order_line, discount)},
    {"total", SHAPE_MONEY, F(order_line, total), .required = true},
    {"tax", SHAPE_MONEY, F(order_line, tax), .required = true},
    {"tax_rate", SHAPE_INT, F(order_line, tax_rate), .required = true},
    {NULL}};
static const struct shape order_line_shape = {"OrderLine", order_line_fields, sizeof(struct order_line)};

static const struct shape_field order_payment_fields[] = {
    {"id", SHAPE_ID, F(order_payment, id), .id = ID_payment, .required = true},
    {"status", SHAPE_ENUM, F(order_payment, state), .values = payment_states_names, .required = true},
    {"failure_code", SHAPE_STR, F(order_payment, failure_code), .nullable = true},
    {"number", SHAPE_INT, F(order_payment, number), .doc = "1 for the first attempt"},
    {NULL}};
static const struct shape order_payment_shape = {"OrderPayment", order_payment_fields, sizeof(struct order_payment)};

static const struct shape_field order_fields[] = {
    {"id", SHAPE_ID, F(order, id), .id = ID_order, .required = true},
    {"number", SHAPE_STR, F(order, number), .required = true, .example = "10001-K7Q4MX"},
    {"status", SHAPE_ENUM, F(order, status), .values = order_states_names, .required = true},
    {"version", SHAPE_INT, F(order, version), .required = true},
    {"market", SHAPE_STR, F(order, market)},
    {"currency", SHAPE_STR, F(order, currency_code)},
    {"prices_include_tax", SHAPE_BOOL, F(order, prices_include_tax)},
    {"lines", SHAPE_LIST, F(order, lines), .sub = &order_line_shape, .required = true},
    {"item_count", SHAPE_INT, F(order, item_count)},
    {"contact", SHAPE_OBJECT, F(order, contact), .sub = &contact_shape, .nullable = true},
    {"shipping_address", SHAPE_OBJECT, F(order, shipping_address), .sub = &address_shape, .nullable = true},
    {"note", SHAPE_STR, F(order, note), .nullable = true},
    {"shipping_name", SHAPE_STR, F(order, shipping_name)},
    {"totals", SHAPE_OBJECT, F(order, totals_shown), .sub = &totals_shape, .required = true},
    {"payment", SHAPE_OBJECT, F(order, payment), .sub = &order_payment_shape, .nullable = true, .doc = "The last attempt"},
    {"can_cancel", SHAPE_BOOL, F(order, can_cancel)},
    {"can_pay", SHAPE_BOOL, F(order, can_pay), .doc = "Unpaid, and no attempt is open: another may begin"},
    {"cancel_requested", SHAPE_BOOL, F(order, cancel_requested), .doc = "The provider is being asked to close a payment first"},
    {"cancel_reason", SHAPE_STR, F(order, cancel_reason), .nullable = true},
    {"expires_at", SHAPE_TIME, F(order, expires_at)},
    {"paid_at", SHAPE_TIME, F(order, paid_at), .nullable = true},
    {"completed_at", SHAPE_TIME, F(order, completed_at), .nullable = true},
    {"canceled_at", SHAPE_TIME, F(order, canceled_at), .nullable = true},
    {"created_at", SHAPE_TIME, F(order, created_at)},
    {"updated_at", SHAPE_TIME, F(order, updated_at)},
    {"access_token", SHAPE_STR, F(order, access_token), .doc = "Header Order-Token"},
    {"payment_token", SHAPE_STR, F(order, payment_token), .doc = "Header Payment-Token; only while it can be paid"},
    {NULL}};
const struct shape order_shape = {"Order", order_fields, sizeof(struct order)};

/* --- the API's input ------------------------------------------------------------------------------------------------------ */

#define CART_KEYS(s) \
    {"id", SHAPE_ID, F(s, cart), SHAPE_PATH, .id = ID_cart, .required = true, .doc = "Which one"}, \
    {"cart-token", SHAPE_STR, F(s, token), SHAPE_HEADER, .max = 200, .doc = "The token that came with the new cart; the signed-in account needs none for its own"}

static const struct shape_field wanted_fields[] = {
    {"variant_id", SHAPE_ID, F(cart_wanted, variant), .id = ID_variant, .required = true, .doc = "What to add"},
    {"quantity", SHAPE_INT, F(cart_wanted, quantity), .min = 1, .max = CART_QUANTITY_MAX, .def = 1, .doc = "How many pieces"},
    {NULL}};
static const struct shape wanted_shape = {"CartItemWanted", wanted_fields, sizeof(struct cart_wanted)};

static const struct shape_field cart_create_fields[] = {
    {"market", SHAPE_STR, F(cart_create_in, market), .max = 31, .doc = "Code of a market; absent: the shop's default", .example = "de"},
    {"items", SHAPE_LIST, F(cart_create_in, items), .sub = &wanted_shape, .max = CART_LINES_MAX, .doc = "What shall be in it from the start"},
    {"contact", SHAPE_OBJECT, F(cart_create_in, contact), .sub = &contact_shape, .doc = "Who orders, when it is known already"},
    {"shipping_address", SHAPE_OBJECT, F(cart_create_in, shipping_address), .sub = &address_shape, .doc = "Needs a contact"},
    {"shipping_option_id", SHAPE_ID, F(cart_create_in, shipping_option), .id = ID_shipping_option, .doc = "Absent: the cheapest that reaches the address"},
    {"from_order", SHAPE_ID, F(cart_create_in, from_order), .id = ID_order, .doc = "A canceled order whose lines shall be in the new cart, as far as they are left; the other fields are then not looked at"},
    {"order-token", SHAPE_STR, F(cart_create_in, order_token), SHAPE_HEADER, .max = 500, .doc = "With from_order: opens that order"},
    {NULL}};
const struct shape cart_create_in_shape = {"CartCreate", cart_create_fields, sizeof(struct cart_create_in)};

static const struct shape_field cart_in_fields[] = {CART_KEYS(cart_in), {NULL}};
const struct shape cart_in_shape = {"CartKey", cart_in_fields, sizeof(struct cart_in)};

static const struct shape_field cart_patch_fields[] = {
    CART_KEYS(cart_patch_in),
    {"contact", SHAPE_OBJECT, F(cart_patch_in, contact), .sub = &contact_shape, .doc = "Replaces the whole contact"},
    {"shipping_address", SHAPE_OBJECT, F(cart_patch_in, shipping_address), .sub = &address_shape, .doc = "Needs a contact e-mail, in the same call or before"},
    {"shipping_option_id", SHAPE_ID, F(cart_patch_in, shipping_option), .id = ID_shipping_option, .doc = "Absent: the cheapest that reaches the address"},
    {NULL}};
const struct shape cart_patch_in_shape = {"CartPatch", cart_patch_fields, sizeof(struct cart_patch_in)};

static const struct shape_field item_add_fields[] = {
    CART_KEYS(item_add_in),
    {"variant_id", SHAPE_ID, F(item_add_in, variant), .id = ID_variant, .required = true, .doc = "What to add"},
    {"quantity", SHAPE_INT, F(item_add_in, quantity), .min = 1, .max = CART_QUANTITY_MAX, .def = 1, .doc = "Added to what the cart holds"},
    {NULL}};
const struct shape item_add_in_shape = {"CartItemAdd", item_add_fields, sizeof(struct item_add_in)};

static const struct shape_field item_patch_fields[] = {
    CART_KEYS(item_in),
    {"item", SHAPE_ID, F(item_in, item), SHAPE_PATH, .id = ID_cart_item, .required = true, .doc = "The line"},
    {"quantity", SHAPE_INT, F(item_in, quantity), .min = 1, .max = CART_QUANTITY_MAX, .required = true, .doc = "How many pieces"},
    {NULL}};
const struct shape item_patch_in_shape = {"CartItemPatch", item_patch_fields, sizeof(struct item_in)};

static const struct shape_field item_delete_fields[] = {
    CART_KEYS(item_in),
    {"item", SHAPE_ID, F(item_in, item), SHAPE_PATH, .id = ID_cart_item, .required = true, .doc = "The line"},
    {NULL}};
const struct shape item_delete_in_shape = {"CartItemKey", item_delete_fields, sizeof(struct item_in)};

static const struct shape_field options_fields[] = {
    CART_KEYS(options_in),
    {"country", SHAPE_STR, F(options_in, country), SHAPE_QUERY, .max = 2, .doc = "Destination; absent: the cart's address, else the market's country"},
    {NULL}};
const struct shape options_in_shape = {"ShippingOptionsQuery", options_fields, sizeof(struct options_in)};

static const struct shape_field checkout_in_fields[] = {
    CART_KEYS(checkout_api_in),
    {"payment_method", SHAPE_STR, F(checkout_api_in, payment_method), .required = true, .max = 200, .doc = "One-time token of the provider", .example = "tok_ok"},
    {"note", SHAPE_TEXT, F(checkout_api_in, note), .max = CHECKOUT_NOTE_MAX, .doc = "To the shop"},
    {"expected_total", SHAPE_MONEY, F(checkout_api_in, expected_total),
     .doc = "What the shopper was shown. With it the order is placed exactly when this is the sum; without it, when no price changed since she was told"},
    {NULL}};
const struct shape checkout_in_shape = {"CheckoutInput", checkout_in_fields, sizeof(struct checkout_api_in)};

static const char *const order_filters[] = {"open", "pending_payment", "paid", "fulfilling", "completed", "canceled", NULL};
static const struct shape_field order_item_fields[] = {
    {"id", SHAPE_ID, F(order_item, id), .id = ID_order, .required = true},
    {"number", SHAPE_STR, F(order_item, number), .required = true, .example = "10001-K7Q4MX"},
    {"status", SHAPE_ENUM, F(order_item, status), .values = order_states_names, .required = true},
    {"total", SHAPE_MONEY, F(order_item, total), .required = true},
    {"item_count", SHAPE_INT, F(order_item, item_count)},
    {"image_url", SHAPE_STR, F(order_item, image_url), .nullable = true, .doc = "Of its first line that has a picture"},
    {"cancel_requested", SHAPE_BOOL, F(order_item, cancel_requested)},
    {"claimed", SHAPE_BOOL, F(order_item, claimed), .doc = "Bought as a guest, before the account had it"},
    {"created_at", SHAPE_TIME, F(order_item, created_at), .required = true},
    {"updated_at", SHAPE_TIME, F(order_item, updated_at)},
    {NULL}};
const struct shape order_item_shape = {"OrderItem", order_item_fields, sizeof(struct order_item)};

static const struct shape_field order_list_fields[] = {
    {"status", SHAPE_ENUM, F(order_list_in, status), SHAPE_QUERY, .values = order_filters, .doc = "open: neither completed nor canceled"},
    {"cursor", SHAPE_STR, F(order_list_in, cursor), SHAPE_QUERY, .max = 300, .doc = "next_cursor of the page before"},
    {"limit", SHAPE_INT, F(order_list_in, limit), SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "Rows"},
    {NULL}};
const struct shape order_list_shape = {"OrderList", order_list_fields, sizeof(struct order_list_in)};

static const struct shape_field order_in_fields[] = {
    {"id", SHAPE_ID, F(order_in, order), SHAPE_PATH, .id = ID_order, .required = true, .doc = "Which one"},
    {"order-token", SHAPE_STR, F(order_in, order_token), SHAPE_HEADER, .max = 500, .doc = "The order's access token"},
    {"cart-token", SHAPE_STR, F(order_in, cart_token), SHAPE_HEADER, .max = 200, .doc = "Or the token of the cart it came from"},
    {NULL}};
const struct shape order_in_shape = {"OrderKey", order_in_fields, sizeof(struct order_in)};

static const struct shape_field lookup_fields[] = {
    {"number", SHAPE_STR, F(lookup_in, number), .required = true, .max = 40, .example = "10001-K7Q4MX", .doc = "From the confirmation"},
    {"email", SHAPE_STR, F(lookup_in, email), .required = true, .max = 254, .example = "ada@example.com", .doc = "E-mail address"},
    {NULL}};
const struct shape lookup_in_shape = {"OrderLookup", lookup_fields, sizeof(struct lookup_in)};

/* --- the pages' input: everything as it was typed, so that a form can show it again ---------------------------------------- */

static const struct shape_field page_add_fields[] = {
    {"variant_id", SHAPE_STR, F(page_add_in, variant_id), .max = 100, .doc = "What to add"},
    {"quantity", SHAPE_STR, F(page_add_in, quantity), .max = 100, .doc = "How many pieces"},
    {NULL}};
const struct shape page_add_shape = {"PageAdd", page_add_fields, sizeof(struct page_add_in)};

static const struct shape_field page_item_fields[] = {
    {"item", SHAPE_ID, F(page_item_in, item), SHAPE_PATH, .id = ID_cart_item, .required = true, .doc = "The line"},
    {"quantity", SHAPE_STR, F(page_item_in, quantity), .max = 100, .doc = "How many pieces"},
    {NULL}};
const struct shape page_item_shape = {"PageItem", page_item_fields, sizeof(struct page_item_in)};

static const struct shape_field page_address_fields[] = {
    {"email", SHAPE_STR, F(page_address_in, email), .max = 1000, .doc = "E-mail address"},
    {"phone", SHAPE_STR, F(page_address_in, phone), .max = 1000, .doc = "Telephone"},
    {"address.name", SHAPE_STR, F(page_address_in, name), .max = 1000, .doc = "Of the receiver"},
    {"address.company", SHAPE_STR, F(page_address_in, company), .max = 1000, .doc = "Company"},
    {"address.line1", SHAPE_STR, F(page_address_in, line1), .max = 1000, .doc = "Street and number"},
    {"address.line2", SHAPE_STR, F(page_address_in, line2), .max = 1000, .doc = "Apartment, floor, company"},
    {"address.postal_code", SHAPE_STR, F(page_address_in, postal_code), .max = 1000, .doc = "Postal code"},
    {"address.city", SHAPE_STR, F(page_address_in, city), .max = 1000, .doc = "Town or city"},
    {"address.region", SHAPE_STR, F(page_address_in, region), .max = 1000, .doc = "State or province"},
    {"address.country", SHAPE_STR, F(page_address_in, country), .max = 1000, .doc = "Country of destination"},
    {NULL}};
const struct shape page_address_shape = {"PageAddress", page_address_fields, sizeof(struct page_address_in)};

static const struct shape_field page_checkout_fields[] = {
    {"address", SHAPE_STR, F(page_checkout_in, address), SHAPE_QUERY, .max = 100, .doc = "One of the account's address book, to fill in"},
    {NULL}};
const struct shape page_checkout_shape = {"PageCheckout", page_checkout_fields, sizeof(struct page_checkout_in)};

static const struct shape_field page_orders_fields[] = {
    {"status", SHAPE_STR, F(page_orders_in, status), SHAPE_QUERY, .max = 30, .doc = "Which orders"},
    {"after", SHAPE_STR, F(page_orders_in, after), SHAPE_QUERY, .max = 300, .doc = "Cursor of the next page"},
    {NULL}};
const struct shape page_orders_shape = {"PageOrders", page_orders_fields, sizeof(struct page_orders_in)};

static const struct shape_field page_shipping_fields[] = {
    {"shipping_option", SHAPE_STR, F(page_shipping_in, shipping_option), .max = 100, .doc = "The chosen option"},
    {NULL}};
const struct shape page_shipping_shape = {"PageShipping", page_shipping_fields, sizeof(struct page_shipping_in)};

static const struct shape_field page_payment_fields[] = {
    {"method", SHAPE_STR, F(page_payment_in, method), .max = 200, .doc = "The chosen way to pay"},
    {"note", SHAPE_TEXT, F(page_payment_in, note), .max = 5000, .doc = "To the shop"},
    {"expected_total", SHAPE_STR, F(page_payment_in, expected_total), .max = 20, .doc = "The sum that the page showed, in minor units"},
    {NULL}};
const struct shape page_payment_shape = {"PagePayment", page_payment_fields, sizeof(struct page_payment_in)};

static const struct shape_field page_order_fields[] = {
    {"id", SHAPE_ID, F(page_order_in, order), SHAPE_PATH, .id = ID_order, .required = true, .doc = "Which one"},
    {"t", SHAPE_STR, F(page_order_in, token), SHAPE_QUERY, .max = 500, .doc = "Signed token of the link"},
    {NULL}};
const struct shape page_order_shape = {"PageOrder", page_order_fields, sizeof(struct page_order_in)};

static const struct shape_field page_lookup_fields[] = {
    {"number", SHAPE_STR, F(page_lookup_in, number), .max = 1000, .doc = "From the confirmation"},
    {"email", SHAPE_STR, F(page_lookup_in, email), .max = 1000, .doc = "E-mail address"},
    {NULL}};
const struct shape page_lookup_shape = {"PageLookup", page_lookup_fields, sizeof(struct page_lookup_in)};
