#include "html/html.h"
#include "product/pool.h"

/* Catalogue answers are the same for everybody; whoever keeps one asks again with its ETag. */
static void cache_shared(struct http_response *w)
{
    http_cache(w, "public, no-cache");
}

bool api_products(struct req *r, struct http_response *w, struct err *e)
{
    const struct list_in *in = r->in;
    struct catalog_page page;
    if (!catalog_products(r->call, &in->query, &page, e)) return false;
    cache_shared(w);
    web_json_counted(r, w, page.products, page.next_cursor, page.total);
    return true;
}

static void moved(struct req *r, struct http_response *w, const char *collection, struct str slug)
{
    http_cache(w, "public, max-age=60");
    http_redirect(w, 301, str_printf(r->arena, "/v1/%s/" STR_FMT, collection, STR_ARG(slug)));
}

bool api_product(struct req *r, struct http_response *w, struct err *e)
{
    const struct one_in *in = r->in;
    struct catalog_product product;
    struct str slug;
    if (!catalog_product(r->call, in->id_or_slug, in->expand, &product, &slug, e)) return false;
    if (!str_is_null(slug)) {
        moved(r, w, "products", slug);
        return true;
    }
    /* Descriptions that came in files are as dangerous to a client as to our own pages. */
    if (product.description_html.v) product.description = html_trusted_sanitized(r->arena, product.description).html;
    cache_shared(w);
    web_json(r, w, &product);
    return true;
}

bool api_categories(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list categories;
    if (!catalog_categories(r->call, &categories, e)) return false;
    cache_shared(w);
    web_json_list(r, w, categories, STR_NULL);
    return true;
}

bool api_category(struct req *r, struct http_response *w, struct err *e)
{
    const struct one_in *in = r->in;
    struct catalog_category category;
    struct str slug;
    if (!catalog_category(r->call, in->id_or_slug, &category, &slug, e)) return false;
    if (!str_is_null(slug)) {
        moved(r, w, "categories", slug);
        return true;
    }
    cache_shared(w);
    web_json(r, w, &category);
    return true;
}

bool api_suggest(struct req *r, struct http_response *w, struct err *e)
{
    const struct suggest_in *in = r->in;
    struct shape_list suggestions;
    if (!catalog_suggest(r->call, in->q, in->limit, &suggestions, e)) return false;
    cache_shared(w);
    web_json_list(r, w, suggestions, STR_NULL);
    return true;
}

bool api_ping(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    web_cache_never(w);
    web_json(r, w, &(struct ping_out){true});
    return true;
}
