/* JSON-LD for search engines: schema.org Product with its Offers, BreadcrumbList, WebSite with its search. */
#include "json/json.h"
#include "product/pool.h"
#include "shared/page.h"

static void put(struct buf *b, const char *name, struct str value)
{
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, value);
}

static void put_crumb(struct req *r, struct buf *b, size_t position, struct str name, struct str path)
{
    buf_printf(b, "%s{\"@type\":\"ListItem\",\"position\":%zu", position > 1 ? "," : "", position);
    put(b, "name", name);
    put(b, "item", page_absolute(r, path));
    buf_char(b, '}');
}

static void put_crumbs(struct req *r, struct buf *b, const struct catalog_category *chain, size_t n, struct str name, struct str url)
{
    size_t position = 1;
    BUF_LIT(b, "{\"@type\":\"BreadcrumbList\",\"itemListElement\":[");
    put_crumb(r, b, position++, page_text(r, "layout.home"), STR("/"));
    for (size_t i = 0; i < n; i++) put_crumb(r, b, position++, chain[i].name, chain[i].url);
    put_crumb(r, b, position, name, url);
    BUF_LIT(b, "]}");
}

struct str linked_crumbs(struct req *r, const struct catalog_category *chain, size_t n, struct str name, struct str url)
{
    struct buf b;
    buf_init_arena(&b, r->arena, 0);
    BUF_LIT(&b, "{\"@context\":\"https://schema.org\",\"@graph\":[");
    put_crumbs(r, &b, chain, n, name, url);
    BUF_LIT(&b, "]}");
    return buf_view(&b);
}

static void put_offer(struct req *r, struct buf *b, const struct catalog_product *p, const struct catalog_variant *v)
{
    struct str url = p->variants.n > 1 ? str_printf(r->arena, STR_FMT "?variant=" STR_FMT, STR_ARG(p->url), STR_ARG(id_str(r->arena, ID_variant, v->id.u))) : p->url;
    BUF_LIT(b, "{\"@type\":\"Offer\"");
    put(b, "url", page_absolute(r, url));
    put(b, "sku", v->sku);
    if (!str_is_empty(v->title)) put(b, "name", v->title);
    put(b, "price", money_decimal(r->arena, v->price));
    put(b, "priceCurrency", currency_str(&v->price.currency));
    put(b, "availability", v->available ? STR("https://schema.org/InStock") : STR("https://schema.org/OutOfStock"));
    put(b, "itemCondition", STR("https://schema.org/NewCondition"));
    buf_char(b, '}');
}

static void put_offers(struct req *r, struct buf *b, const struct catalog_product *p)
{
    const struct catalog_variant *v = p->variants.v;
    bool first = true;
    for (size_t i = 0; i < p->variants.n; i++) {
        if (!v[i].price.currency.code[0]) continue;
        buf_cstr(b, first ? ",\"offers\":[" : ",");
        put_offer(r, b, p, &v[i]);
        first = false;
    }
    if (!first) buf_char(b, ']');
}

struct str linked_product(struct req *r, const struct catalog_product *p)
{
    const struct catalog_variant *v = p->variants.v;
    const struct catalog_category *c = p->categories.n > 0 ? p->categories.v : NULL;
    const struct catalog_image *images = p->images.v;
    struct buf b;
    buf_init_arena(&b, r->arena, 0);
    BUF_LIT(&b, "{\"@context\":\"https://schema.org\",\"@graph\":[{\"@type\":\"Product\"");
    put(&b, "name", p->name);
    put(&b, "url", page_absolute(r, p->url));
    struct str words = p->description_html.v ? html_plain_words(r->arena, p->description, 5000) : p->description;
    if (str_is_empty(words)) words = p->summary;
    if (!str_is_empty(words)) put(&b, "description", words);
    if (p->variants.n > 0) put(&b, "sku", v[0].sku);
    if (!str_is_empty(p->vendor)) {
        BUF_LIT(&b, ",\"brand\":{\"@type\":\"Brand\"");
        put(&b, "name", p->vendor);
        buf_char(&b, '}');
    }
    for (size_t i = 0; i < p->images.n; i++) {
        buf_cstr(&b, i ? "," : ",\"image\":[");
        json_put_string(&b, page_absolute(r, images[i].url));
    }
    if (p->images.n > 0) buf_char(&b, ']');
    put_offers(r, &b, p);
    BUF_LIT(&b, "},");
    struct catalog_category *chain = ARENA_ARRAY(r->arena, struct catalog_category, c ? c->ancestors.n + 1 : 1);
    size_t n = 0;
    for (; c && n < c->ancestors.n; n++) chain[n] = ((const struct catalog_category *)c->ancestors.v)[n];
    if (c) chain[n++] = *c;
    put_crumbs(r, &b, chain, n, p->name, p->url);
    BUF_LIT(&b, "]}");
    return buf_view(&b);
}

struct str linked_site(struct req *r)
{
    struct buf b;
    buf_init_arena(&b, r->arena, 0);
    BUF_LIT(&b, "{\"@context\":\"https://schema.org\",\"@type\":\"WebSite\"");
    put(&b, "name", page_text(r, "shop.name"));
    put(&b, "url", page_absolute(r, STR("/")));
    BUF_LIT(&b, ",\"potentialAction\":{\"@type\":\"SearchAction\",\"target\":{\"@type\":\"EntryPoint\"");
    put(&b, "urlTemplate", page_absolute(r, STR("/search?q={search_term_string}")));
    BUF_LIT(&b, "},\"query-input\":\"required name=search_term_string\"}}");
    return buf_view(&b);
}
