/* Home, category and search: pages of cards. */
#include "product/pool.h"
#include "shared/page.h"
#include "tpl/shop_category.h"
#include "tpl/shop_home.h"
#include "tpl/shop_search.h"

enum { PER_PAGE = 24, EAGER = 4, PAGE_LAST = 400, POPULAR = 8, FRESH = 4 };

#define FILTER_FIELDS(type) \
    {"sort", SHAPE_STR, offsetof(struct type, sort), SHAPE_QUERY, .max = 20, .doc = "popularity, newest, price, -price, name; relevance in a search"}, \
    {"price_min", SHAPE_STR, offsetof(struct type, price_min), SHAPE_QUERY, .max = 20, .doc = "Lowest price, decimal"}, \
    {"price_max", SHAPE_STR, offsetof(struct type, price_max), SHAPE_QUERY, .max = 20, .doc = "Highest price, decimal"}, \
    {"available", SHAPE_BOOL, offsetof(struct type, available), SHAPE_QUERY, .doc = "Only what is in stock"}, \
    {"page", SHAPE_INT, offsetof(struct type, page), SHAPE_QUERY, .min = 1, .max = PAGE_LAST, .def = 1, .doc = "Counted from 1"}

static const struct shape_field category_page_fields[] = {
    {"slug", SHAPE_STR, offsetof(struct category_page_in, slug), SHAPE_PATH, .required = true, .min = 1, .max = 160, .doc = "Slug", .example = "tea"},
    FILTER_FIELDS(category_page_in), {NULL}};
const struct shape category_page_shape = {"CategoryPage", category_page_fields, sizeof(struct category_page_in)};

static const struct shape_field search_page_fields[] = {
    {"q", SHAPE_STR, offsetof(struct search_page_in, q), SHAPE_QUERY, .max = CATALOG_QUERY_MAX, .doc = "Words", .example = "mug"},
    FILTER_FIELDS(search_page_in), {NULL}};
const struct shape search_page_shape = {"SearchPage", search_page_fields, sizeof(struct search_page_in)};

/* What both pages with filters know. */
struct filters {
    struct str action;               /* path */
    struct str q;                    /* absent: not a search */
    struct str sort, price_min, price_max;
    bool available;
    int64_t page;
};

static const struct { const char *value, *text; } sort_texts[] = {
    {"relevance", "filters.sort_relevance"}, {"popularity", "filters.sort_popular"}, {"newest", "filters.sort_newest"},
    {"price", "filters.sort_price_up"}, {"-price", "filters.sort_price_down"}, {"name", "filters.sort_name"}};

/* "24,90" and "24.90" alike; what is not a price is no filter: a form without scripts sends what was typed. */
static struct opt_int64 read_price(struct req *r, struct str s)
{
    int64_t amount;
    if (str_is_empty(s)) return (struct opt_int64){false, 0};
    char *text = str_cstr(r->arena, s);
    char *comma = strchr(text, ',');
    if (comma) *comma = '.';
    if (!money_parse_decimal(str_trim(str_from(text)), r->call->market->currency, &amount) || amount < 0) return (struct opt_int64){false, 0};
    return (struct opt_int64){true, amount};
}

static bool is_known_sort(struct str sort, bool search)
{
    for (size_t i = search ? 0 : 1; i < sizeof sort_texts / sizeof *sort_texts; i++) {
        if (str_eq_c(sort, sort_texts[i].value)) return true;
    }
    return false;
}

static struct catalog_query query_of(struct req *r, const struct filters *f)
{
    struct catalog_query q = {.limit = PER_PAGE, .page = f->page, .total = true, .available = f->available, .q = f->q,
                              .price_min = read_price(r, f->price_min), .price_max = read_price(r, f->price_max)};
    if (is_known_sort(f->sort, !str_is_empty(f->q))) q.sort = f->sort;
    return q;
}

static void put_encoded(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == '.' || ch == '~';
        if (plain) buf_char(b, (char)ch);
        else buf_printf(b, "%%%02X", ch);
    }
}

static void put_pair(struct buf *b, const char *name, struct str value)
{
    size_t ignored;
    if (str_is_empty(value)) return;
    buf_char(b, str_find(buf_view(b), '?', &ignored) ? '&' : '?');
    buf_cstr(b, name);
    buf_char(b, '=');
    put_encoded(b, value);
}

/* The address of another page of the same list; page 1 has no number. */
static struct str page_href(struct req *r, const struct filters *f, int64_t page)
{
    struct buf b;
    buf_init_arena(&b, r->arena, 0);
    buf_str(&b, f->action);
    put_pair(&b, "q", f->q);
    put_pair(&b, "sort", f->sort);
    put_pair(&b, "price_min", f->price_min);
    put_pair(&b, "price_max", f->price_max);
    if (f->available) put_pair(&b, "available", STR("true"));
    if (page > 1) put_pair(&b, "page", str_printf(r->arena, "%lld", (long long)page));
    return buf_view(&b);
}

static bool is_filtered(const struct filters *f)
{
    return !str_is_empty(f->price_min) || !str_is_empty(f->price_max) || f->available;
}

static void fill_filters(struct req *r, const struct filters *f, struct str sort, struct tpl_shop_filters *ret)
{
    size_t first = str_is_empty(f->q) ? 1 : 0, n = sizeof sort_texts / sizeof *sort_texts - first;
    struct tpl_shop_filters_sorts *sorts = ARENA_ARRAY(r->arena, struct tpl_shop_filters_sorts, n);
    for (size_t i = 0; i < n; i++) {
        sorts[i] = (struct tpl_shop_filters_sorts){str_from(sort_texts[first + i].value), page_text(r, sort_texts[first + i].text),
                                                   str_eq_c(sort, sort_texts[first + i].value)};
    }
    struct filters bare = {.action = f->action, .q = f->q, .page = 1};
    *ret = (struct tpl_shop_filters){.action = f->action, .query = f->q, .sorts = {n, sorts}, .price_min = f->price_min, .price_max = f->price_max,
                                     .available = f->available, .active = is_filtered(f), .reset = page_href(r, &bare, 1)};
}

static struct tpl_shop_pager pager_of(struct req *r, const struct filters *f, const struct catalog_page *page)
{
    int64_t pages = (page->total.v + PER_PAGE - 1) / PER_PAGE;
    struct tpl_shop_pager pager = {.page = f->page, .pages = pages < PAGE_LAST ? pages : PAGE_LAST};
    if (f->page > 1) pager.prev = page_href(r, f, f->page - 1);
    if (!str_is_null(page->next_cursor) && f->page < PAGE_LAST) pager.next = page_href(r, f, f->page + 1);
    return pager;
}

/* nginx keeps category + sort + page; what was filtered or searched is as many pages as there are people. */
static void cache_list(struct http_response *w, const struct filters *f)
{
    if (is_filtered(f) || !str_is_null(f->q)) http_cache(w, "public, no-cache");
    else web_cache_public(w);
}

/* The newest of those that do not stand among the popular ones already. */
static struct shape_list fresh_only(struct req *r, struct shape_list newest, struct shape_list popular)
{
    const struct catalog_product *p = newest.v, *shown = popular.v;
    struct catalog_product *fresh = ARENA_ARRAY(r->arena, struct catalog_product, FRESH);
    size_t n = 0;
    for (size_t i = 0; i < newest.n && n < FRESH; i++) {
        size_t k = 0;
        while (k < popular.n && !uuid_eq(shown[k].id.u, p[i].id.u)) k++;
        if (k == popular.n) fresh[n++] = p[i];
    }
    return (struct shape_list){n, fresh};
}

bool page_home(struct req *r, struct http_response *w, struct err *e)
{
    struct shape_list categories;
    struct catalog_page popular, fresh;
    if (!catalog_categories(r->call, &categories, e) ||
        !catalog_products(r->call, &(struct catalog_query){.limit = POPULAR}, &popular, e) ||
        !catalog_products(r->call, &(struct catalog_query){.limit = POPULAR + FRESH, .sort = STR("newest")}, &fresh, e)) return false;

    const struct catalog_category *c = categories.v;
    struct tpl_shop_home_categories *rooms = ARENA_ARRAY(r->arena, struct tpl_shop_home_categories, categories.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < categories.n; i++) {
        if (c[i].depth == 1) rooms[n++] = (struct tpl_shop_home_categories){c[i].url, c[i].name, c[i].description, c[i].image_url};
    }
    struct shape_list unpacked = fresh_only(r, fresh.products, popular.products);
    struct tpl_shop_home page = {.categories = {n, rooms}, .popular = {popular.products.n, page_cards(r, popular.products, EAGER)},
                                 .fresh = {unpacked.n, page_cards(r, unpacked, 0)}};
    struct page_info info = {.title = page_text(r, "home.page_title"), .description = page_text(r, "home.description"), .path = STR("/"),
                             .json_ld = html_trusted_json(r->arena, linked_site(r))};
    page_layout_with(r, &info, categories, &page.page);
    web_cache_public(w);
    tpl_shop_home(&r->html, &page);
    return true;
}

static void category_frame(struct req *r, const struct filters *f, const struct catalog_category *c, struct shape_list tree, struct tpl_shop_category *page)
{
    const struct catalog_category *above = c->ancestors.v, *below = c->children.v;
    struct tpl_shop_breadcrumb_items *items = ARENA_ARRAY(r->arena, struct tpl_shop_breadcrumb_items, c->ancestors.n + 1);
    items[0] = (struct tpl_shop_breadcrumb_items){STR("/"), page_text(r, "layout.home")};
    for (size_t i = 0; i < c->ancestors.n; i++) items[i + 1] = (struct tpl_shop_breadcrumb_items){above[i].url, above[i].name};
    page->crumbs = (struct tpl_shop_breadcrumb){{c->ancestors.n + 1, items}, c->name};

    struct tpl_shop_category_children *children = ARENA_ARRAY(r->arena, struct tpl_shop_category_children, c->children.n + 1);
    for (size_t i = 0; i < c->children.n; i++) children[i] = (struct tpl_shop_category_children){below[i].url, below[i].name, false};
    page->children.n = c->children.n;
    page->children.v = children;

    struct filters canonical = {.action = f->action, .page = f->page};
    struct str number = str_printf(r->arena, "%lld", (long long)f->page);
    struct text_arg args[] = {{"name", c->name}, {"page", number}};
    struct page_info info = {
        .title = f->page > 1 ? text_get(r->html.texts, r->arena, "category.page_title", 0, args, 2) : c->name,
        .description = str_is_empty(c->description) ? text_get(r->html.texts, r->arena, "category.description", 0, args, 1) : c->description,
        .path = is_filtered(f) ? STR_NULL : page_href(r, &canonical, f->page), .og_image = c->image_url,
        .section = c->ancestors.n > 0 ? above[0].slug : c->slug,
        .json_ld = html_trusted_json(r->arena, linked_crumbs(r, above, c->ancestors.n, c->name, c->url))};
    page_layout_with(r, &info, tree, &page->page);
}

bool page_category(struct req *r, struct http_response *w, struct err *e)
{
    const struct category_page_in *in = r->in;
    struct catalog_category category;
    struct str slug;
    if (!catalog_category(r->call, in->slug, &category, &slug, e)) return false;
    if (str_is_null(slug) && !str_eq(category.slug, in->slug)) slug = category.slug;         /* found by its id */
    if (!str_is_null(slug)) {
        web_cache_public(w);
        http_redirect(w, 301, str_printf(r->arena, "/c/" STR_FMT, STR_ARG(slug)));
        return true;
    }
    struct filters f = {category.url, STR_NULL, in->sort, in->price_min, in->price_max, in->available, in->page};
    struct catalog_query query = query_of(r, &f);
    struct catalog_page list;
    struct shape_list tree;
    query.category = category.slug;
    if (!catalog_products(r->call, &query, &list, e) || !catalog_categories(r->call, &tree, e)) return false;
    if (list.products.n == 0 && f.page > 1) return err_set(e, PROBLEM_NOT_FOUND, "The category has fewer pages");

    struct tpl_shop_category page = {.name = category.name, .description = category.description,
                                     .count = list.total.v, .cards = {list.products.n, page_cards(r, list.products, EAGER)},
                                     .pager = pager_of(r, &f, &list)};
    fill_filters(r, &f, list.sort, &page.filters);
    category_frame(r, &f, &category, tree, &page);
    cache_list(w, &f);
    tpl_shop_category(&r->html, &page);
    return true;
}

bool page_search(struct req *r, struct http_response *w, struct err *e)
{
    const struct search_page_in *in = r->in;
    struct filters f = {STR("/search"), str_is_null(in->q) ? STR("") : in->q, in->sort, in->price_min, in->price_max, in->available, in->page};
    struct tpl_shop_search page = {.query = f.q};
    struct catalog_page list = {.sort = STR("relevance")}, popular;
    if (!str_is_empty(f.q)) {
        struct catalog_query query = query_of(r, &f);
        if (!catalog_products(r->call, &query, &list, e)) return false;
        if (list.products.n == 0 && f.page > 1) return err_set(e, PROBLEM_NOT_FOUND, "The search has fewer pages");
        page.count = list.total.v;
        page.cards.n = list.products.n;
        page.cards.v = page_cards(r, list.products, EAGER);
        page.pager = pager_of(r, &f, &list);
        page.corrected = list.corrected;
    }
    if (page.cards.n == 0) {
        if (!catalog_products(r->call, &(struct catalog_query){.limit = 8}, &popular, e)) return false;
        page.popular.n = popular.products.n;
        page.popular.v = page_cards(r, popular.products, 0);
    }
    fill_filters(r, &f, list.sort, &page.filters);
    struct text_arg words = {"query", f.q};
    struct page_info info = {.title = str_is_empty(f.q) ? page_text(r, "search.title_empty") : text_get(r->html.texts, r->arena, "search.title", 0, &words, 1),
                             .description = page_text(r, "search.description"), .query = f.q};
    page_layout(r, &info, &page.page);
    cache_list(w, &f);
    tpl_shop_search(&r->html, &page);
    return true;
}
