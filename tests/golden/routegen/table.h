/* What the golden tables share: a handler, and small shapes. */
#include "web/web.h"

static bool handle(struct req *r, struct http_response *w, struct err *e)
{
    (void)r;
    (void)w;
    (void)e;
    return true;
}

struct thing { struct thing_id_ { struct uuid u; } id; struct str name, slug, q, color; int64_t count; struct shape_list tags; };
static const struct shape_field slug_in_fields[] = {{"slug", SHAPE_STR, offsetof(struct thing, slug), .in = SHAPE_PATH, .required = true, .doc = "Which one"}, {NULL}};
static const struct shape slug_in = {"SlugInput", slug_in_fields, sizeof(struct thing)};
static const struct shape_field body_in_fields[] = {{"name", SHAPE_STR, offsetof(struct thing, name), .required = true, .doc = "Its name", .example = "Teapot"}, {NULL}};
static const struct shape body_in = {"BodyInput", body_in_fields, sizeof(struct thing)};
static const struct shape_field out_fields[] = {{"id", SHAPE_ID, offsetof(struct thing, id), .id = ID_product, .doc = "Its id"},
                                                {"name", SHAPE_STR, offsetof(struct thing, name), .doc = "Its name", .example = "Teapot"}, {NULL}};
static const struct shape out = {"Thing", out_fields, sizeof(struct thing)};

#define GOLDEN(...) \
    static const struct route routes[] = {__VA_ARGS__, {0}}; \
    extern const struct pool_spec pool_golden; \
    const struct pool_spec pool_golden = {.name = "golden", .routes = routes}

/* Not every table uses all of it. */
static const void *const used[] __attribute__((unused)) = {&handle, &slug_in, &body_in, &out};
