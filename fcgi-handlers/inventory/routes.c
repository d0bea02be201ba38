/* The inventory pool's table. One route for shoppers; those of warehouses and stock are the admin's. */
#include "inventory/pool.h"

struct availability_in { struct shape_list variants; };

static const struct shape_field in_fields[] = {
    {"variant_id", SHAPE_LIST, offsetof(struct availability_in, variants), SHAPE_QUERY, .item = SHAPE_ID, .id = ID_variant, .required = true, .min = 1,
     .max = INVENTORY_ASK_MAX, .doc = "One or more variants: variant_id=…&variant_id=…"},
    {NULL}};
static const struct shape in_shape = {"AvailabilityInput", in_fields, sizeof(struct availability_in)};

static const char *const statuses[] = {"in_stock", "out_of_stock", "checked_at_checkout", NULL};
static const struct shape_field out_fields[] = {
    {"variant_id", SHAPE_ID, offsetof(struct inventory_availability, variant), .id = ID_variant, .required = true, .doc = "The variant"},
    {"status", SHAPE_ENUM, offsetof(struct inventory_availability, status), .required = true, .values = statuses,
     .doc = "checked_at_checkout: the count cannot be given just now, the variant can still be bought"},
    {"available", SHAPE_OPT_INT, offsetof(struct inventory_availability, available), .nullable = true, .doc = "How many there are"},
    {NULL}};
static const struct shape out_shape = {"Availability", out_fields, sizeof(struct inventory_availability)};

static bool availability(struct req *r, struct http_response *w, struct err *e)
{
    const struct availability_in *in = r->in;
    struct shape_list list;
    if (!inventory_availability(r->call, in->variants, &list, e)) return false;
    web_cache_never(w);
    web_json_list(r, w, list, STR_NULL);
    return true;
}

static const struct route routes[] = {
    {HTTP_GET, "/v1/availability", availability, KIND_API, AUTH_NONE, CSRF_NONE, CORS_PUBLIC, IDEM_IGNORED, .in = &in_shape, .out = &out_shape, .out_list = true,
     .name = "availability", .doc = "How many there are of up to 100 variants"},
    {0}};

const struct pool_spec pool_inventory = {.name = "inventory", .routes = routes};
