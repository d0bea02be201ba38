/* Rows that the table ok/shop.c has, too; clash_*.c are checked together with it. */
#include "../table.h"
#define CLASH(...) \
    static const struct route routes[] = {__VA_ARGS__, {0}}; \
    extern const struct pool_spec pool_golden; \
    const struct pool_spec pool_golden = {.name = "second", .routes = routes}
