/* Pages that show no product, and what only robots read. */
#include "product/pool.h"
#include "shared/page.h"
#include "tpl/shop_privacy.h"
#include "tpl/shop_terms.h"

/* One file may hold 50,000 addresses (sitemaps.org); the categories and pages fit into what is left. */
enum { SITEMAP_STEP = 2000, SITEMAP_PRODUCTS = 48000 };

bool page_terms(struct req *r, struct http_response *w, struct err *e)
{
    struct tpl_shop_terms page = {0};
    (void)e;
    struct page_info info = {.title = page_text(r, "terms.title"), .description = page_text(r, "terms.description"), .path = STR("/terms")};
    page_layout(r, &info, &page.page);
    web_cache_public(w);
    tpl_shop_terms(&r->html, &page);
    return true;
}

bool page_privacy(struct req *r, struct http_response *w, struct err *e)
{
    struct tpl_shop_privacy page = {0};
    (void)e;
    struct page_info info = {.title = page_text(r, "privacy.title"), .description = page_text(r, "privacy.description"), .path = STR("/privacy")};
    page_layout(r, &info, &page.page);
    web_cache_public(w);
    tpl_shop_privacy(&r->html, &page);
    return true;
}

/* Paths hold slugs only: letters, digits and hyphens need no escaping in XML. */
static void put_url(struct req *r, struct buf *b, const char *prefix, struct str slug, usec_t changed)
{
    buf_printf(b, "<url><loc>%s%s" STR_FMT "</loc>", r->call->env->config->base_url, prefix, STR_ARG(slug));
    if (changed) buf_printf(b, "<lastmod>" STR_FMT "</lastmod>", STR_ARG(str_sub(time_format(r->arena, changed), 0, 10)));
    BUF_LIT(b, "</url>\n");
}

bool page_sitemap(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list categories, products;
    struct product_id after = {{{0}}};
    if (!catalog_categories(r->call, &categories, e)) return false;
    w->content_type = STR("application/xml; charset=utf-8");
    BUF_LIT(&w->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    put_url(r, &w->body, "/", STR(""), 0);
    put_url(r, &w->body, "/terms", STR(""), 0);
    put_url(r, &w->body, "/privacy", STR(""), 0);
    const struct catalog_category *c = categories.v;
    for (size_t i = 0; i < categories.n; i++) put_url(r, &w->body, "/c/", c[i].slug, c[i].updated_at);
    for (int64_t done = 0; done < SITEMAP_PRODUCTS; done += SITEMAP_STEP) {
        if (!catalog_addresses(r->call, &after, SITEMAP_STEP, &products, e)) return false;
        const struct catalog_address *p = products.v;
        for (size_t i = 0; i < products.n; i++) put_url(r, &w->body, "/p/", p[i].slug, p[i].updated_at);
        if (products.n < SITEMAP_STEP) break;
    }
    BUF_LIT(&w->body, "</urlset>\n");
    web_cache_public(w);
    return true;
}

bool page_robots(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    w->content_type = STR("text/plain; charset=utf-8");
    buf_printf(&w->body, "User-agent: *\nDisallow: /cart\nDisallow: /checkout\nDisallow: /orders\nDisallow: /pay\nDisallow: /search\nDisallow: /v1/\n\n"
               "Sitemap: %s/sitemap.xml\n", r->call->env->config->base_url);
    web_cache_public(w);
    return true;
}
