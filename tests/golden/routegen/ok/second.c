#include "../table.h"

static const struct route routes[] = {
    {HTTP_GET, "/v1/stock", handle, .out = &out, .name = "stock", .doc = "Another pool's call"},
    {HTTP_GET, "/stock", handle, .kind = KIND_PAGE, .name = "stock_page", .doc = "Another pool's page"},
    {0}};
extern const struct pool_spec pool_golden;
const struct pool_spec pool_golden = {.name = "second", .routes = routes};
