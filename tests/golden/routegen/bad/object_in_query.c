#include "../table.h"

static const struct shape_field f[] = {{"filter", SHAPE_OBJECT, 0, .in = SHAPE_QUERY, .sub = &out, .doc = "Which"}, {NULL}};
static const struct shape in = {"In", f, sizeof(void *)};
GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .in = &in});
