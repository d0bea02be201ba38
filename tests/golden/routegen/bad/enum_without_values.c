#include "../table.h"

static const struct shape_field f[] = {{"color", SHAPE_ENUM, 0, .in = SHAPE_QUERY, .doc = "Which"}, {NULL}};
static const struct shape in = {"In", f, sizeof(struct str)};
GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .in = &in});
