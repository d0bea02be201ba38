#include "../table.h"

static const struct shape_field f[] = {{"n", SHAPE_INT, 0, .in = SHAPE_QUERY, .min = 5, .max = 4, .doc = "How many"}, {NULL}};
static const struct shape in = {"In", f, sizeof(int64_t)};
GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .in = &in});
