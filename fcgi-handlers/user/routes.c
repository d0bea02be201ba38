/* The user pool's table, by group; each group has a file of handlers. */
#include "user/handlers.h"
#include "user/pool.h"
#include "user/shapes.h"

#define API(m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_API, .auth = AUTH_CUSTOMER, .csrf = CSRF_NONE, .cors = CORS_PUBLIC, __VA_ARGS__}

static const struct route routes[] = {
    /* --- the signed-in account: api_me.c --- */
    API(HTTP_GET, "/v1/me", api_me_get, .out = &account_shape, .name = "me_get", .doc = "The signed-in account"),

    {.pattern = NULL},
};

const struct pool_spec pool_user = {
    .name = "user",
    .routes = routes,
    .keyring = true,
    .db_lend = 6,          /* who waits for a password's hash holds none */
};
