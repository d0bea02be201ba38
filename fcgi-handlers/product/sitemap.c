/* What there is to be found, for search engines (sitemaps.org): one file while it is short, then an index and the files that it names.
 *
 * The protocol allows 50,000 addresses in a file. These are shorter, because a file is made in one piece of memory while somebody waits; there are 1, 2, 4, 8 …
 * of them, so that all have about the same size, and each is found without reading through those before it. */
#include "product/pool.h"

enum { FILE_ADDRESSES = 10000, FILES_MAX = 32768 /* of 50,000 that an index may name */, READ_AT_ONCE = 2000 };

static const char *const plain_pages[] = {"/", "/terms", "/privacy"};
enum { PLAIN_PAGES = sizeof(plain_pages) / sizeof(plain_pages[0]) };

static const struct shape_field sitemap_file_fields[] = {
    {"n", SHAPE_INT, offsetof(struct sitemap_file_in, n), SHAPE_PATH, .required = true, .min = 1, .max = FILES_MAX, .doc = "Which file, from 1", .example = "1"},
    {NULL}};
const struct shape sitemap_file_shape = {"SitemapFile", sitemap_file_fields, sizeof(struct sitemap_file_in)};

struct sitemap {
    struct req *r;
    struct shape_list categories;
    int64_t lead, files;                /* pages and categories, of which each file has its share; a power of two */
};

static bool open_sitemap(struct req *r, struct http_response *w, struct sitemap *ret_map, struct err *e)
{
    int64_t products;
    struct sitemap m = {.r = r, .files = 1};
    if (!catalog_categories(r->call, &m.categories, e)) return false;
    m.lead = PLAIN_PAGES + (int64_t)m.categories.n;
    for (;; m.files *= 2) {             /* one part tells how large all are */
        if (!catalog_address_count(r->call, (struct catalog_part){1, m.files}, FILE_ADDRESSES + 1, &products, e)) return false;
        if (m.lead / m.files + products <= FILE_ADDRESSES || m.files == FILES_MAX) break;
    }
    w->content_type = STR("application/xml; charset=utf-8");
    web_cache_public(w);
    *ret_map = m;
    return true;
}

/* Paths hold slugs only: letters, digits and hyphens need no escaping in XML. */
static void put_url(struct req *r, struct buf *b, const char *prefix, struct str slug, usec_t changed)
{
    buf_printf(b, "<url><loc>%s%s" STR_FMT "</loc>", r->call->env->config->base_url, prefix, STR_ARG(slug));
    if (changed) buf_printf(b, "<lastmod>" STR_FMT "</lastmod>", STR_ARG(str_sub(time_format(r->arena, changed), 0, 10)));
    BUF_LIT(b, "</url>\n");
}

static bool put_products(struct req *r, struct buf *b, struct catalog_part part, struct err *e)
{
    struct catalog_address_place at = catalog_address_start(part);
    struct shape_list list;
    do {
        if (!catalog_addresses(r->call, &at, READ_AT_ONCE, &list, e)) return false;
        const struct catalog_address *p = list.v;
        for (size_t i = 0; i < list.n; i++) put_url(r, b, "/p/", p[i].slug, p[i].updated_at);
    } while (list.n == READ_AT_ONCE);
    return true;
}

/* File n, from 1. */
static bool put_file(const struct sitemap *m, struct buf *b, int64_t n, struct err *e)
{
    const struct catalog_category *c = m->categories.v;
    int64_t i = m->lead * (n - 1) / m->files, end = m->lead * n / m->files;
    BUF_LIT(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (; i < end && i < PLAIN_PAGES; i++) put_url(m->r, b, plain_pages[i], STR(""), 0);
    for (; i < end; i++) put_url(m->r, b, "/c/", c[i - PLAIN_PAGES].slug, c[i - PLAIN_PAGES].updated_at);
    if (!put_products(m->r, b, (struct catalog_part){n, m->files}, e)) return false;
    BUF_LIT(b, "</urlset>\n");
    return true;
}

bool page_sitemap(struct req *r, struct http_response *w, struct err *e)
{
    struct sitemap m;
    if (!open_sitemap(r, w, &m, e)) return false;
    if (m.files == 1) return put_file(&m, &w->body, 1, e);
    BUF_LIT(&w->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (int64_t n = 1; n <= m.files; n++) {
        buf_printf(&w->body, "<sitemap><loc>%s/sitemap-%lld.xml</loc></sitemap>\n", r->call->env->config->base_url, (long long)n);
    }
    BUF_LIT(&w->body, "</sitemapindex>\n");
    return true;
}

/* The first file is there also while no index names it: a robot may come by an older index. */
bool page_sitemap_file(struct req *r, struct http_response *w, struct err *e)
{
    const struct sitemap_file_in *in = r->in;
    struct sitemap m;
    if (!open_sitemap(r, w, &m, e)) return false;
    if (in->n > m.files) return err_set(e, PROBLEM_NOT_FOUND, "the sitemap has no file %lld", (long long)in->n);
    return put_file(&m, &w->body, in->n, e);
}
