#include "../table.h"

static const struct shape_field f[] = {{"other", SHAPE_STR, 0}, {NULL}};
static const struct shape thing = {"Thing", f, sizeof(struct str)};
GOLDEN({HTTP_GET, "/v1/things", .handler = handle, .name = "thing", .doc = "A thing", .out = &out}, {HTTP_GET, "/v1/others", handle, .name = "other", .doc = "Others", .out = &thing});
