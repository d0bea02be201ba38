/* How the catalogue looks in JSON and what its routes accept. */
#include "product/pool.h"

#define Q(m) offsetof(struct list_in, query.m)
static const char *const sort_values[] = {"popularity", "newest", "price", "-price", "name", "relevance", NULL};

static const struct shape_field list_in_fields[] = {
    {"category", SHAPE_STR, Q(category), SHAPE_QUERY, .max = 120, .doc = "Id or slug of a category; its descendants count", .example = "tea"},
    {"price[gte]", SHAPE_OPT_INT, Q(price_min), SHAPE_QUERY, .min = 0, .max = MONEY_MAX, .doc = "Lowest price in minor units", .example = "1000"},
    {"price[lte]", SHAPE_OPT_INT, Q(price_max), SHAPE_QUERY, .min = 0, .max = MONEY_MAX, .doc = "Highest price in minor units", .example = "5000"},
    {"available", SHAPE_BOOL, Q(available), SHAPE_QUERY, .doc = "Only what is in stock"},
    {"q", SHAPE_STR, Q(q), SHAPE_QUERY, .max = CATALOG_QUERY_MAX, .doc = "Words to search; forgives typing errors", .example = "mug"},
    {"sort", SHAPE_ENUM, Q(sort), SHAPE_QUERY, .values = sort_values, .doc = "relevance needs q and is its default; otherwise popularity"},
    {"cursor", SHAPE_STR, Q(cursor), SHAPE_QUERY, .max = 800, .doc = "next_cursor of the page before, with the same filters and sort"},
    {"limit", SHAPE_INT, Q(limit), SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "How many"},
    {"expand[]", SHAPE_LIST, Q(expand), SHAPE_QUERY, .item = SHAPE_STR,
     .doc = "variants, options, images, categories, prices (of the variants; also variants.prices)", .example = "variants"},
    {"total", SHAPE_BOOL, Q(total), SHAPE_QUERY, .doc = "Also count the products of all pages"},
    {NULL}};
const struct shape list_in_shape = {"ProductListInput", list_in_fields, sizeof(struct list_in)};

static const struct shape_field one_in_fields[] = {
    {"id_or_slug", SHAPE_STR, offsetof(struct one_in, id_or_slug), SHAPE_PATH, .required = true, .min = 1, .max = 160, .doc = "Id or slug", .example = "mug-morning"},
    {"expand[]", SHAPE_LIST, offsetof(struct one_in, expand), SHAPE_QUERY, .item = SHAPE_STR,
     .doc = "categories, prices (of the variants; also variants.prices); images, options and variants are always there", .example = "categories"},
    {NULL}};
const struct shape one_in_shape = {"ProductInput", one_in_fields, sizeof(struct one_in)};

static const struct shape_field category_in_fields[] = {
    {"id_or_slug", SHAPE_STR, offsetof(struct one_in, id_or_slug), SHAPE_PATH, .required = true, .min = 1, .max = 160, .doc = "Id or slug", .example = "tea"},
    {NULL}};
const struct shape category_in_shape = {"CategoryInput", category_in_fields, sizeof(struct one_in)};

static const struct shape_field suggest_in_fields[] = {
    {"q", SHAPE_STR, offsetof(struct suggest_in, q), SHAPE_QUERY, .required = true, .min = 1, .max = CATALOG_QUERY_MAX, .doc = "What was typed so far", .example = "te"},
    {"limit", SHAPE_INT, offsetof(struct suggest_in, limit), SHAPE_QUERY, .min = 1, .max = 20, .def = 8, .doc = "How many"},
    {NULL}};
const struct shape suggest_in_shape = {"SuggestInput", suggest_in_fields, sizeof(struct suggest_in)};

/* --- output --- */

#define I(m) offsetof(struct catalog_image, m)
static const struct shape_field image_fields[] = {
    {"id", SHAPE_ID, I(id), .id = ID_image, .doc = "Absent in lists"},
    {"url", SHAPE_STR, I(url), .required = true, .max = 2000, .doc = "Absolute, or a path of this shop", .example = "/media/demo/mug.svg"},
    {"alt", SHAPE_STR, I(alt), .required = true, .doc = "What it shows, in words"},
    {"width", SHAPE_OPT_INT, I(width), .doc = "Pixels, where known"},
    {"height", SHAPE_OPT_INT, I(height), .doc = "Pixels, where known"},
    {NULL}};
static const struct shape image_shape = {"Image", image_fields, sizeof(struct catalog_image)};

#define P(m) offsetof(struct catalog_price, m)
static const struct shape_field price_fields[] = {
    {"id", SHAPE_ID, P(id), .id = ID_price, .required = true, .doc = "Id of this price; another amount is another price"},
    {"price", SHAPE_MONEY, P(price), .required = true, .doc = "The price"},
    {"compare_at", SHAPE_MONEY, P(compare_at), .nullable = true, .doc = "The price before"},
    {"valid_from", SHAPE_TIME, P(valid_from), .required = true, .doc = "From then on"},
    {"valid_to", SHAPE_TIME, P(valid_to), .nullable = true, .doc = "Until just before; null: until further notice"},
    {NULL}};
static const struct shape price_shape = {"Price", price_fields, sizeof(struct catalog_price)};

static const struct shape_field choice_fields[] = {
    {"name", SHAPE_STR, offsetof(struct catalog_choice, name), .required = true, .doc = "Name of the option", .example = "Colour"},
    {"value", SHAPE_STR, offsetof(struct catalog_choice, value), .required = true, .doc = "The value that this variant has", .example = "Sand"},
    {NULL}};
static const struct shape choice_shape = {"VariantOption", choice_fields, sizeof(struct catalog_choice)};

#define V(m) offsetof(struct catalog_variant, m)
static const struct shape_field variant_fields[] = {
    {"id", SHAPE_ID, V(id), .id = ID_variant, .required = true, .doc = "What goes into a cart"},
    {"sku", SHAPE_STR, V(sku), .required = true, .doc = "Stock keeping unit, unique in the shop"},
    {"title", SHAPE_STR, V(title), .required = true, .doc = "Its values, joined; empty for the only variant", .example = "Sand / 30 cm"},
    {"options", SHAPE_LIST, V(options), .required = true, .sub = &choice_shape, .doc = "One per option of the product"},
    {"price", SHAPE_MONEY, V(price), .nullable = true, .doc = "null: not sold in this market now"},
    {"compare_at", SHAPE_MONEY, V(compare_at), .nullable = true, .doc = "The price before, when it is reduced"},
    {"available", SHAPE_BOOL, V(available), .required = true, .doc = "Can be bought now"},
    {"available_quantity", SHAPE_INT, V(available_quantity), .required = true, .doc = "How many there are; checkout checks again"},
    {"weight_g", SHAPE_INT, V(weight_g), .required = true, .doc = "Weight in grams"},
    {"barcode", SHAPE_STR, V(barcode), .doc = "GTIN or other barcode"},
    {"image", SHAPE_OBJECT, V(image), .nullable = true, .sub = &image_shape, .doc = "Its own picture; null: the product's"},
    {"prices", SHAPE_LIST, V(prices), .sub = &price_shape, .leave_out = true, .doc = "All its prices, newest first; with expand[]=prices"},
    {NULL}};
static const struct shape variant_shape = {"Variant", variant_fields, sizeof(struct catalog_variant)};

static const struct shape_field option_fields[] = {
    {"name", SHAPE_STR, offsetof(struct catalog_option, name), .required = true, .doc = "Name of the option", .example = "Colour"},
    {"values", SHAPE_LIST, offsetof(struct catalog_option, values), .required = true, .item = SHAPE_STR, .doc = "What there is to choose from"},
    {NULL}};
static const struct shape option_shape = {"Option", option_fields, sizeof(struct catalog_option)};

#define C(m) offsetof(struct catalog_category, m)
#define CATEGORY_FIELDS \
    {"id", SHAPE_ID, C(id), .id = ID_category, .required = true, .doc = "Id"}, \
    {"parent_id", SHAPE_ID, C(parent), .id = ID_category, .nullable = true, .doc = "null: a top category"}, \
    {"slug", SHAPE_STR, C(slug), .required = true, .doc = "Its word in addresses", .example = "tea"}, \
    {"url", SHAPE_STR, C(url), .required = true, .doc = "Path of its page", .example = "/c/tea"}, \
    {"name", SHAPE_STR, C(name), .required = true, .doc = "Name"}, \
    {"description", SHAPE_STR, C(description), .required = true, .max = 5000, .doc = "What it holds"}, \
    {"image_url", SHAPE_STR, C(image_url), .nullable = true, .max = 2000, .doc = "Picture"}, \
    {"depth", SHAPE_INT, C(depth), .required = true, .doc = "1: a top category"}, \
    {"position", SHAPE_INT, C(position), .required = true, .doc = "Order among its siblings"}, \
    {"version", SHAPE_INT, C(version), .required = true, .doc = "Grows with every change"}, \
    {"created_at", SHAPE_TIME, C(created_at), .required = true, .doc = "When it was made"}, \
    {"updated_at", SHAPE_TIME, C(updated_at), .required = true, .doc = "When it last changed"}
static const struct shape_field relative_fields[] = {CATEGORY_FIELDS, {NULL}};
static const struct shape relative_shape = {"CategorySummary", relative_fields, sizeof(struct catalog_category)};

static const struct shape_field category_fields[] = {
    CATEGORY_FIELDS,
    {"ancestors", SHAPE_LIST, C(ancestors), .sub = &relative_shape, .leave_out = true, .doc = "From the top down to its parent; not in the list of all"},
    {"children", SHAPE_LIST, C(children), .sub = &relative_shape, .leave_out = true, .doc = "Its direct children; only of a single category"},
    {NULL}};
const struct shape category_shape = {"Category", category_fields, sizeof(struct catalog_category)};

#define R(m) offsetof(struct catalog_product, m)
static const struct shape_field product_fields[] = {
    {"id", SHAPE_ID, R(id), .id = ID_product, .required = true, .doc = "Id"},
    {"slug", SHAPE_STR, R(slug), .required = true, .doc = "Its word in addresses", .example = "mug-morning"},
    {"url", SHAPE_STR, R(url), .required = true, .doc = "Path of its page", .example = "/p/mug-morning"},
    {"name", SHAPE_STR, R(name), .required = true, .max = 250, .doc = "Name"},
    {"summary", SHAPE_STR, R(summary), .required = true, .max = 1000, .doc = "One line about it"},
    {"image", SHAPE_OBJECT, R(image), .nullable = true, .sub = &image_shape, .doc = "Its first picture"},
    {"price", SHAPE_MONEY, R(price), .nullable = true, .doc = "Of its cheapest variant; null: not sold in this market now"},
    {"price_max", SHAPE_MONEY, R(price_max), .nullable = true, .doc = "Of its dearest variant"},
    {"compare_at", SHAPE_MONEY, R(compare_at), .nullable = true, .doc = "The price before, when the cheapest variant is reduced"},
    {"available", SHAPE_BOOL, R(available), .required = true, .doc = "Some variant can be bought now"},
    {"available_quantity", SHAPE_OPT_INT, R(available_quantity), .doc = "Over all variants; only of a single product"},
    {"published_at", SHAPE_TIME, R(published_at), .required = true, .doc = "What sort=newest sorts by"},
    {"version", SHAPE_OPT_INT, R(version), .doc = "Grows with every change; only of a single product, like all that follows"},
    {"description", SHAPE_TEXT, R(description), .max = 3000000, .doc = "Plain text, or harmless HTML when description_html says so"},
    {"description_html", SHAPE_OPT_BOOL, R(description_html), .doc = "The description is HTML: an allow-list of elements, no scripts, no styles"},
    {"vendor", SHAPE_STR, R(vendor), .doc = "Who made it"},
    {"tax_class", SHAPE_STR, R(tax_class), .doc = "standard, reduced or zero"},
    {"created_at", SHAPE_TIME, R(created_at), .doc = "When it was made"},
    {"updated_at", SHAPE_TIME, R(updated_at), .doc = "When it last changed"},
    {"images", SHAPE_LIST, R(images), .sub = &image_shape, .leave_out = true, .doc = "In order; in lists with expand[]=images"},
    {"options", SHAPE_LIST, R(options), .sub = &option_shape, .leave_out = true, .doc = "In order; in lists with expand[]=options"},
    {"variants", SHAPE_LIST, R(variants), .sub = &variant_shape, .leave_out = true, .doc = "In order; in lists with expand[]=variants"},
    {"categories", SHAPE_LIST, R(categories), .sub = &category_shape, .leave_out = true, .doc = "The first is its main one; with expand[]=categories"},
    {NULL}};
const struct shape product_shape = {"Product", product_fields, sizeof(struct catalog_product)};

#define S(m) offsetof(struct catalog_suggestion, m)
static const char *const suggestion_types[] = {"product", "category", NULL};
static const struct shape_field suggestion_fields[] = {
    {"type", SHAPE_ENUM, S(type), .required = true, .values = suggestion_types, .doc = "What it is"},
    {"id", SHAPE_STR, S(id), .required = true, .doc = "Its id"},
    {"slug", SHAPE_STR, S(slug), .required = true, .doc = "Its word in addresses"},
    {"url", SHAPE_STR, S(url), .required = true, .doc = "Path of its page"},
    {"name", SHAPE_STR, S(name), .required = true, .max = 250, .doc = "Its name"},
    {"image_url", SHAPE_STR, S(image_url), .nullable = true, .max = 2000, .doc = "Picture"},
    {"price", SHAPE_MONEY, S(price), .nullable = true, .doc = "Of the cheapest variant; products only"},
    {"price_max", SHAPE_MONEY, S(price_max), .nullable = true, .doc = "Of the dearest variant; products only"},
    {NULL}};
const struct shape suggestion_shape = {"Suggestion", suggestion_fields, sizeof(struct catalog_suggestion)};

static const struct shape_field ping_fields[] = {
    {"ok", SHAPE_BOOL, offsetof(struct ping_out, ok), .required = true, .doc = "true"},
    {NULL}};
const struct shape ping_shape = {"Ping", ping_fields, sizeof(struct ping_out)};
