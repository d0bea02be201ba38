/* What prices look like to staff and their programs. */
#include "product/price.h"

#define F(s, member) offsetof(struct s, member)

static const struct shape_field list_fields[] = {
    {"id", SHAPE_ID, F(price_list, id), .id = ID_price_list, .required = true, .doc = "Id"},
    {"code", SHAPE_STR, F(price_list, code), .required = true, .doc = "What the other calls name it by", .example = "eur"},
    {"currency", SHAPE_STR, F(price_list, currency), .required = true, .doc = "ISO 4217; every price in it has this one", .example = "EUR"},
    {"tax_included", SHAPE_BOOL, F(price_list, tax_included), .required = true, .doc = "Its prices hold the tax already"},
    {"default", SHAPE_BOOL, F(price_list, is_default), .required = true, .doc = "The one of the default market: meant where no list is named"},
    {"markets", SHAPE_LIST, F(price_list, markets), .required = true, .item = SHAPE_STR, .doc = "Codes of the markets that use it", .example = "[\"at\",\"de\"]"},
    {NULL}};
const struct shape price_list_shape = {"PriceList", list_fields, sizeof(struct price_list)};

/* --- one price --- */

static const char *const states[] = {"current", "planned", "past", NULL}, *const wanted[] = {"current", "planned", "past", "all", NULL};
static const struct shape_field price_fields[] = {
    {"id", SHAPE_ID, F(price_row, id), .id = ID_price, .required = true, .doc = "Id of this price; another amount is another price"},
    {"variant_id", SHAPE_ID, F(price_row, variant), .id = ID_variant, .required = true, .doc = "What it is the price of"},
    {"sku", SHAPE_STR, F(price_row, sku), .required = true, .max = 100, .doc = "The variant's stock keeping unit", .example = "MUG-MORNING-SAND"},
    {"product_id", SHAPE_ID, F(price_row, product), .id = ID_product, .required = true, .doc = "The variant's product"},
    {"price_list", SHAPE_STR, F(price_row, price_list), .required = true, .doc = "Code of its list", .example = "eur"},
    {"price", SHAPE_MONEY, F(price_row, price), .required = true, .doc = "The price"},
    {"compare_at", SHAPE_MONEY, F(price_row, compare_at), .nullable = true, .doc = "The price before, shown struck out; null: none", .example = "{\"amount\":2999,\"currency\":\"EUR\"}"},
    {"valid_from", SHAPE_TIME, F(price_row, valid_from), .required = true, .doc = "From then on", .example = "2026-11-20T00:00:00Z"},
    {"valid_to", SHAPE_TIME, F(price_row, valid_to), .nullable = true, .doc = "Until just before; null: until further notice", .example = "2026-12-01T00:00:00Z"},
    {"created_at", SHAPE_TIME, F(price_row, created_at), .required = true, .doc = "When it was set", .example = "2026-11-18T09:30:00Z"},
    {"state", SHAPE_ENUM, F(price_row, state), .required = true, .values = states, .doc = "current: in force now; planned: begins later; past: has ended"},
    {NULL}};
const struct shape admin_price_shape = {"AdminPrice", price_fields, sizeof(struct price_row)};

static const struct shape_field page_fields[] = {
    {"product_id", SHAPE_ID, F(price_page_in, filter.product), SHAPE_QUERY, .id = ID_product, .doc = "Only of this product's variants"},
    {"variant_id", SHAPE_ID, F(price_page_in, filter.variant), SHAPE_QUERY, .id = ID_variant, .doc = "Only of this variant"},
    {"sku", SHAPE_STR, F(price_page_in, filter.sku), SHAPE_QUERY, .max = 100, .doc = "Only of the variant with this SKU; one that nobody has finds nothing", .example = "MUG-MORNING-SAND"},
    {"price_list", SHAPE_STR, F(price_page_in, filter.price_list), SHAPE_QUERY, .max = 31, .doc = "Only of the list with this code", .example = "eur"},
    {"state", SHAPE_ENUM, F(price_page_in, filter.state), SHAPE_QUERY, .values = wanted,
     .doc = "current (also when left out): in force now, by variant; planned: what begins next comes first; past: what ended last comes first; all: by variant, the newest first"},
    {"cursor", SHAPE_STR, F(price_page_in, filter.cursor), SHAPE_QUERY, .max = 300, .doc = "next_cursor of the page before, with the same filters"},
    {"limit", SHAPE_INT, F(price_page_in, filter.limit), SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "How many"},
    {NULL}};
const struct shape price_page_shape = {"AdminPriceListInput", page_fields, sizeof(struct price_page_in)};

/* --- setting --- */

static const struct shape_field item_fields[] = {
    {"variant_id", SHAPE_ID, F(price_item, variant), .id = ID_variant, .doc = "The variant; this or sku"},
    {"sku", SHAPE_STR, F(price_item, sku), .max = 100, .doc = "Its stock keeping unit; this or variant_id", .example = "MUG-MORNING-SAND"},
    {"price_list", SHAPE_STR, F(price_item, price_list), .max = 31, .doc = "Code of the list; left out: that of the default market", .example = "eur"},
    {"price", SHAPE_MONEY, F(price_item, price), .required = true, .doc = "The price, in the currency of the list"},
    {"compare_at", SHAPE_MONEY, F(price_item, compare_at), .doc = "The higher price before, shown struck out; left out: none", .example = "{\"amount\":2999,\"currency\":\"EUR\"}"},
    {"valid_from", SHAPE_TIME, F(price_item, valid_from), .doc = "From when on; left out: now. Not in the past; what lies less than a minute back counts as now", .example = "2026-11-20T00:00:00Z"},
    {"valid_to", SHAPE_TIME, F(price_item, valid_to), .doc = "Until when: then the price before comes back by itself. Left out: until further notice, and what was planned for later is replaced",
     .example = "2026-12-01T00:00:00Z"},
    {"if_price_id", SHAPE_ID, F(price_item, if_price), .id = ID_price, .doc = "Only when this price is in force at valid_from; else 412"},
    {NULL}};
static const struct shape item_shape = {"PriceItemInput", item_fields, sizeof(struct price_item)};

static const struct shape_field batch_in_fields[] = {
    {"prices", SHAPE_LIST, F(price_batch_in, prices), .required = true, .min = 1, .max = PRICE_BATCH_MAX, .sub = &item_shape,
     .doc = "All of them are set, or none. Items of one variant and list must not overlap in time",
     .example = "[{\"sku\":\"MUG-MORNING-SAND\",\"price\":{\"amount\":2499,\"currency\":\"EUR\"}},"
                "{\"variant_id\":\"var_01jd9v7q3e8m2k5x6r4t0w1y9z\",\"price_list\":\"gbp\",\"price\":{\"amount\":1999,\"currency\":\"GBP\"},"
                "\"compare_at\":{\"amount\":2499,\"currency\":\"GBP\"},\"valid_from\":\"2026-11-27T00:00:00Z\",\"valid_to\":\"2026-12-01T00:00:00Z\"}]"},
    {NULL}};
const struct shape price_batch_in_shape = {"PriceBatchInput", batch_in_fields, sizeof(struct price_batch_in)};

static const char *const outcomes[] = {"changed", "unchanged", NULL};
static const struct shape_field outcome_fields[] = {
    {"variant_id", SHAPE_ID, F(price_outcome, variant), .id = ID_variant, .required = true, .doc = "The variant"},
    {"sku", SHAPE_STR, F(price_outcome, sku), .required = true, .max = 100, .doc = "Its stock keeping unit", .example = "MUG-MORNING-SAND"},
    {"outcome", SHAPE_ENUM, F(price_outcome, outcome), .required = true, .values = outcomes, .doc = "unchanged: it was so already for all of that time"},
    {"price", SHAPE_OBJECT, F(price_outcome, price), .required = true, .sub = &admin_price_shape, .doc = "The price in force at valid_from"},
    {NULL}};
static const struct shape outcome_shape = {"PriceOutcome", outcome_fields, sizeof(struct price_outcome)};

static const struct shape_field batch_fields[] = {
    {"changed", SHAPE_INT, F(price_batch, changed), .required = true, .doc = "How many prices were set"},
    {"unchanged", SHAPE_INT, F(price_batch, unchanged), .required = true, .doc = "How many were so already: no event, no new row", .example = "0"},
    {"prices", SHAPE_LIST, F(price_batch, prices), .required = true, .max = PRICE_BATCH_MAX, .sub = &outcome_shape, .doc = "One per item, in the order of the request"},
    {NULL}};
const struct shape price_batch_shape = {"PriceBatch", batch_fields, sizeof(struct price_batch)};
