#include "../table.h"

static const struct shape_field other_fields[] = {{"id", SHAPE_STR, 0, .in = SHAPE_PATH, .required = true, .doc = "Which"}, {NULL}};
static const struct shape other = {"Other", other_fields, sizeof(struct str)};
GOLDEN({HTTP_GET, "/v1/things/{slug}", .handler = handle, .name = "thing", .doc = "A thing", .in = &slug_in},
       {HTTP_GET, "/v1/things/{id}", handle, .name = "other", .doc = "The same", .in = &other});
