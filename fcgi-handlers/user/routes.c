/* The user pool's table, by group; each group has a file of handlers. */
#include "service/profile.h"
#include "user/handlers.h"
#include "user/pool.h"
#include "user/shapes.h"

#define API(m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_API, .auth = AUTH_CUSTOMER, .csrf = CSRF_NONE, .cors = CORS_PUBLIC, __VA_ARGS__}

enum { SMALL = 16 * 1024 };

static const struct route routes[] = {
    /* --- the signed-in account: api_profile.c --- */
    API(HTTP_GET, "/v1/me", api_me_get, .out = &account_shape, .name = "me_get", .doc = "The signed-in account"),
    API(HTTP_PATCH, "/v1/me", api_me_patch, .body_max = SMALL, .in = &me_patch_in_shape, .out = &account_shape, .name = "me_patch",
        .doc = "Change name, phone or language"),
    API(HTTP_GET, "/v1/me/addresses", api_address_list, .out = &book_address_shape, .out_list = true, .name = "address_list", .doc = "The address book, defaults first"),
    API(HTTP_POST, "/v1/me/addresses", api_address_add, .idem = IDEM_HONOURED, .body_max = SMALL, .in = &address_add_in_shape, .out = &book_address_shape,
        .status = 201, .name = "address_add", .doc = "Add an address; the first one becomes both defaults"),
    API(HTTP_GET, "/v1/me/addresses/{id}", api_address_get, .in = &address_key_shape, .out = &book_address_shape, .name = "address_get", .doc = "An address"),
    API(HTTP_PATCH, "/v1/me/addresses/{id}", api_address_patch, .body_max = SMALL, .in = &address_patch_in_shape, .out = &book_address_shape, .name = "address_patch",
        .doc = "Change an address, make it a default"),
    API(HTTP_DELETE, "/v1/me/addresses/{id}", api_address_delete, .in = &address_key_shape, .status = 204, .name = "address_delete", .doc = "Remove an address"),
    API(HTTP_GET, "/v1/me/consents", api_consent_list, .out = &consent_shape, .out_list = true, .name = "consent_list", .doc = "What the shop may do, with its history"),
    API(HTTP_PUT, "/v1/me/consents/{purpose}", api_consent_put, .body_max = SMALL, .in = &consent_in_shape, .out = &consent_shape, .name = "consent_put",
        .doc = "Give a consent or take it back"),
    API(HTTP_GET, "/v1/me/preferences", api_preferences_get, .out = &preferences_shape, .name = "preferences_get", .doc = "How the shop looks for this account"),
    API(HTTP_PUT, "/v1/me/preferences", api_preferences_put, .body_max = SMALL, .in = &preferences_shape, .out = &preferences_shape, .name = "preferences_put",
        .doc = "Replace all preferences"),

    {.pattern = NULL},
};

const struct pool_spec pool_user = {
    .name = "user",
    .routes = routes,
    .keyring = true,
    .db_lend = 6,          /* who waits for a password's hash holds none */
};
