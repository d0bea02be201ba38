/* Pages that show no product, and what only robots read. */
#include "product/pool.h"
#include "shared/page.h"
#include "tpl/shop_privacy.h"
#include "tpl/shop_terms.h"

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

bool page_robots(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    w->content_type = STR("text/plain; charset=utf-8");
    buf_printf(&w->body, "User-agent: *\nDisallow: /cart\nDisallow: /checkout\nDisallow: /orders\nDisallow: /pay\nDisallow: /search\nDisallow: /v1/\n\n"
               "Sitemap: %s/sitemap.xml\n", r->call->env->config->base_url);
    web_cache_public(w);
    return true;
}
