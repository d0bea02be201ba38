#include "../table.h"

static const struct shape_field f[] = {{"any", SHAPE_JSON, 0, .doc = "Anything"}, {NULL}};
static const struct shape in = {"In", f, sizeof(struct str)};
GOLDEN({HTTP_POST, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .in = &in});
