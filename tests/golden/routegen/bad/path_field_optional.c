#include "../table.h"

static const struct shape_field f[] = {{"slug", SHAPE_STR, 0, .in = SHAPE_PATH, .doc = "Which"}, {NULL}};
static const struct shape optional = {"Optional", f, sizeof(struct str)};
GOLDEN({HTTP_GET, "/v1/things/{slug}", .handler = handle, .name = "thing", .doc = "A thing", .in = &optional});
