#include "../table.h"

static const char *const colors[] = {"red", "blue", NULL};
static const struct shape_field query_fields[] = {
    {"q", SHAPE_STR, offsetof(struct thing, q), .in = SHAPE_QUERY, .max = 40, .doc = "Words to look for", .example = "tea"},
    {"color", SHAPE_ENUM, offsetof(struct thing, color), .in = SHAPE_QUERY, .values = colors, .doc = "Only of this colour"},
    {"tags", SHAPE_LIST, offsetof(struct thing, tags), .in = SHAPE_QUERY, .item = SHAPE_STR, .doc = "With these words", .example = "tea"},
    {"limit", SHAPE_INT, offsetof(struct thing, count), .in = SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "How many"},
    {NULL}};
static const struct shape query = {"Query", query_fields, sizeof(struct thing)};

GOLDEN({HTTP_GET, "/v1/things", handle, .cors = CORS_PUBLIC, .in = &query, .out = &out, .out_list = true, .name = "thing_list", .doc = "A page of things"},
       {HTTP_POST, "/v1/things", handle, .auth = AUTH_GUEST, .idem = IDEM_REQUIRED, .in = &body_in, .out = &out, .status = 201, .name = "thing_create", .doc = "Makes a thing"},
       {HTTP_GET, "/v1/things/{slug}", handle, .in = &slug_in, .out = &out, .name = "thing_get", .doc = "One thing"},
       {HTTP_DELETE, "/v1/things/{slug}", handle, .auth = AUTH_STAFF, .permission = PERMISSION_WRITE_PRODUCTS, .in = &slug_in, .status = 204, .name = "thing_delete", .doc = "Takes a thing away"},
       {HTTP_POST, "/v1/hooks/x", handle, .raw_body = true, .body_doc = &body_in, .refusal = &out, .rate_per_minute = 60, .name = "hook", .doc = "Takes what another system says"},
       {HTTP_GET, "/v1/admin/things", handle, .auth = AUTH_STAFF, .permission = PERMISSION_WRITE_PRODUCTS, .out = &out, .out_list = true, .name = "admin_thing_list", .doc = "Things for staff"},
       {HTTP_GET, "/", handle, .kind = KIND_PAGE, .cached = true, .name = "home", .doc = "Home"},
       {HTTP_GET, "/t/{slug}", handle, .kind = KIND_PAGE, .cached = true, .in = &slug_in, .name = "thing_page", .doc = "A thing's page"},
       {HTTP_GET, "/map-{slug}.xml", handle, .kind = KIND_PAGE, .cached = true, .in = &slug_in, .name = "map_page", .doc = "A page whose first segment begins literally"},
       {HTTP_GET, "/form", handle, .kind = KIND_PAGE, .csrf = CSRF_TOKEN, .name = "form", .doc = "A form"},
       {HTTP_POST, "/form", handle, .kind = KIND_PAGE, .csrf = CSRF_TOKEN, .in = &body_in, .name = "form_sent", .doc = "Its action"});
