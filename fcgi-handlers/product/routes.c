/* The product pool's table. It serves most of what a shop serves, hence the threads. One process: of two, one has more of nginx's connections than
 * the other, its clients wait while the other's threads are idle, and a lucky client got ten times what the others got. Most threads wait for what
 * another one reads (src/db/gather.c), so few connections do; and few that are always warm cost PostgreSQL less than one per thread, in turns. */
#include "product/pool.h"
#include "product/price.h"
#include "shared/page.h"

#define API KIND_API, AUTH_NONE, CSRF_NONE, CORS_PUBLIC, IDEM_IGNORED
#define PAGE KIND_PAGE, AUTH_NONE, CSRF_NONE, CORS_NO, IDEM_IGNORED
#define ADMIN(m, p, h, needs, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_API, .auth = AUTH_STAFF, .permission = PERMISSION_##needs, .csrf = CSRF_NONE, \
                                    .cors = CORS_PUBLIC, __VA_ARGS__}

static const struct route routes[] = {
    {HTTP_GET, "/v1/products", api_products, API, .in = &list_in_shape, .out = &product_shape, .out_list = true, .name = "product_list",
     .doc = "A page of products: filters, search, sort"},
    {HTTP_GET, "/v1/products/{id_or_slug}", api_product, API, .in = &one_in_shape, .out = &product_shape, .name = "product_get",
     .doc = "One product with its images, options and variants; an old slug answers 301"},
    {HTTP_GET, "/v1/categories", api_categories, API, .out = &category_shape, .out_list = true, .name = "category_list",
     .doc = "All categories, parents before their children"},
    {HTTP_GET, "/v1/categories/{id_or_slug}", api_category, API, .in = &category_in_shape, .out = &category_shape, .name = "category_get",
     .doc = "One category with its ancestors and children; an old slug answers 301"},
    {HTTP_GET, "/v1/suggest", api_suggest, API, .in = &suggest_in_shape, .out = &suggestion_shape, .out_list = true, .name = "suggest",
     .doc = "Categories and products whose names have words beginning like this; forgives typing errors"},
    {HTTP_GET, "/v1/ping", api_ping, API, .out = &ping_shape, .name = "ping", .doc = "Answers without asking anybody: the floor under every other route"},

    /* --- for staff and their programs: api_price.c --- */
    ADMIN(HTTP_GET, "/v1/admin/price-lists", api_price_lists, READ_PRODUCTS, .out = &price_list_shape, .out_list = true, .name = "price_list_list",
          .doc = "Price lists, and which markets use them; the default market's first"),
    ADMIN(HTTP_GET, "/v1/admin/prices", api_prices, READ_PRODUCTS, .in = &price_page_shape, .out = &admin_price_shape, .out_list = true, .name = "price_list",
          .doc = "Prices in force, planned and past"),
    ADMIN(HTTP_POST, "/v1/admin/prices/batch", api_price_batch, WRITE_PRODUCTS, .idem = IDEM_HONOURED, .in = &price_batch_in_shape, .out = &price_batch_shape,
          .name = "price_batch", .doc = "Set up to 500 prices, all or none: from now or later, with an end or until further notice"),

    {HTTP_GET, "/", page_home, PAGE, .cached = true, .name = "home_page", .doc = "Home"},
    {HTTP_GET, "/c/{slug}", page_category, PAGE, .cached = true, .in = &category_page_shape, .name = "category_page", .doc = "A category, with filters and sort"},
    {HTTP_GET, "/p/{slug}", page_product, PAGE, .cached = true, .in = &product_page_shape, .name = "product_page", .doc = "A product with the choice of its variants"},
    {HTTP_GET, "/search", page_search, PAGE, .cached = true, .in = &search_page_shape, .name = "search_page", .doc = "Search"},
    {HTTP_GET, "/terms", page_terms, PAGE, .cached = true, .name = "terms_page", .doc = "Terms"},
    {HTTP_GET, "/privacy", page_privacy, PAGE, .cached = true, .name = "privacy_page", .doc = "Privacy"},
    {HTTP_GET, "/sitemap.xml", page_sitemap, PAGE, .cached = true, .name = "sitemap", .doc = "Addresses for search engines, or the index of the files that hold them"},
    {HTTP_GET, "/sitemap-{n}.xml", page_sitemap_file, PAGE, .cached = true, .in = &sitemap_file_shape, .name = "sitemap_file", .doc = "One file of the sitemap's index"},
    {HTTP_GET, "/robots.txt", page_robots, PAGE, .cached = true, .name = "robots", .doc = "What robots may read"},
    {0}};

const struct pool_spec pool_product = {.name = "product", .routes = routes, .processes = 1, .threads = 16, .db_lend = 8, .page_error = page_error};
