/* Prefix -> pool, as nginx locations. A page's prefix is its first segment; an API's is /v1 and one more, behind /v1/admin two more. */
#include "tools/routegen.h"

enum { PREFIXES_MAX = 512 };

struct prefix {
    const char *pool;
    const char *text;              /* "/c", "/v1/products"; "/" is the home page */
    bool api, exact, deeper, cached, uncached;
};

struct prefixes {
    size_t n;
    struct prefix v[PREFIXES_MAX];
};

static size_t segment_end(const char *p, size_t from)
{
    size_t i = from + 1;
    while (p[i] && p[i] != '/')
        i++;
    return i;
}

static size_t prefix_length(const struct route *r)
{
    size_t n = segment_end(r->pattern, 0);
    if (r->kind == KIND_API && r->pattern[n] == '/')
        n = segment_end(r->pattern, n);
    if (r->kind == KIND_API && strncmp(r->pattern, "/v1/admin/", 10) == 0)
        n = segment_end(r->pattern, n);
    return n;
}

static void add(struct routegen *g, struct prefixes *all, const char *pool, const struct route *r)
{
    size_t n = prefix_length(r);
    char *text = arena_strndup(g->arena, r->pattern, n);
    struct prefix *p = NULL;
    const char *open = strchr(text, '{');
    if (open && (r->kind == KIND_API || open == text + 1)) {
        routegen_complain(g, pool, r->pattern, "the first segment (of the API: the one behind /v1) must be literal or, of a page, begin so: nginx picks the pool by it");
        return;
    }
    for (size_t i = 0; i < all->n && !p; i++) {
        if (strcmp(all->v[i].text, text) == 0)
            p = &all->v[i];
    }
    if (!p) {
        BUG_IF(all->n == PREFIXES_MAX);
        p = &all->v[all->n++];
        *p = (struct prefix){.pool = pool, .text = text, .api = r->kind == KIND_API};
    }
    if (strcmp(p->pool, pool) != 0)
        routegen_complain(g, pool, r->pattern, "another pool has this prefix");
    p->exact |= r->pattern[n] == '\0';
    p->deeper |= r->pattern[n] == '/';
    p->cached |= r->cached;
    p->uncached |= !r->cached;
    if (p->cached && p->uncached)
        routegen_complain(g, pool, r->pattern, "pages behind one prefix are cached or not, not both");
}

/* "/sitemap-{n}.xml" as a regular expression: "/sitemap-[^/]+\.xml" */
static void put_expression(struct buf *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '{') {
            buf_cstr(out, "[^/]+");
            p = strchr(p, '}');
        } else {
            buf_printf(out, *p == '.' ? "\\%c" : "%c", *p);
        }
    }
}

static void put_page(struct buf *out, const struct prefix *p)
{
    const char *include = p->cached ? "page-cached.conf" : "page.conf";
    if (strchr(p->text, '{')) {
        buf_cstr(out, "location ~ ^");
        put_expression(out, p->text);
        buf_printf(out, "%s { include %s; fastcgi_pass %s; }\n", p->deeper ? "(?:/|$)" : "$", include, p->pool);
        return;
    }
    if (p->exact)
        buf_printf(out, "location = %s { include %s; fastcgi_pass %s; }\n", p->text, include, p->pool);
    if (p->deeper)
        buf_printf(out, "location ^~ %s/ { include %s; fastcgi_pass %s; }\n", p->text, include, p->pool);
}

static void put_api(struct buf *out, const struct prefixes *all, const char *pool)
{
    bool any = false;
    for (size_t i = 0; i < all->n; i++) {
        const struct prefix *p = &all->v[i];
        if (!p->api || strcmp(p->pool, pool) != 0)
            continue;
        buf_cstr(out, any ? "|" : "location ~ ^/v1/(?:");
        buf_cstr(out, p->text + strlen("/v1/"));
        any = true;
    }
    if (any)
        buf_printf(out, ")(?:/|$) { include api.conf; fastcgi_pass %s; }\n", pool);
}

void routegen_nginx(struct routegen *g, struct buf *out)
{
    struct prefixes *all = ARENA_NEW(g->arena, struct prefixes);
    for (size_t i = 0; i < g->n_pools; i++) {
        for (const struct route *r = g->pools[i]->routes; r->pattern; r++)
            add(g, all, g->pools[i]->name, r);
    }
    buf_cstr(out, "# Which pool answers what. Made by routegen from the route tables: change those.\n");
    for (size_t i = 0; i < all->n; i++) {
        if (!all->v[i].api)
            put_page(out, &all->v[i]);
    }
    for (size_t i = 0; i < g->n_pools; i++)
        put_api(out, all, g->pools[i]->name);
    buf_cstr(out, "location / { return 404; }\n");
}
