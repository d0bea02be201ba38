#include "shared/page.h"

#include "base/unicode.h"
#include "tpl/shop_error.h"

struct str page_text(struct req *r, const char *key)
{
    return text_get(r->html.texts, r->arena, key, 0, NULL, 0);
}

struct str page_absolute(struct req *r, struct str path)
{
    if (str_is_null(path) || !str_starts(path, STR("/"))) return path;
    return str_printf(r->arena, "%s" STR_FMT, r->call->env->config->base_url, STR_ARG(path));
}

void page_layout_with(struct req *r, const struct page_info *info, struct shape_list categories, struct tpl_shop_layout *ret_layout)
{
    const struct catalog_category *c = categories.v;
    struct tpl_shop_layout_nav *nav = ARENA_ARRAY(r->arena, struct tpl_shop_layout_nav, categories.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < categories.n; i++) {
        if (c[i].depth != 1) continue;
        nav[n++] = (struct tpl_shop_layout_nav){c[i].url, c[i].name, str_eq(c[i].slug, info->section)};
    }
    *ret_layout = (struct tpl_shop_layout){
        .lang = str_from(text_locale(r->html.texts)), .title = info->title, .description = info->description,
        .canonical = page_absolute(r, info->path), .og_type = info->product ? STR("product") : STR("website"),
        .og_image = page_absolute(r, info->og_image), .json_ld = info->json_ld, .nav = {n, nav}, .query = info->query};
}

static struct shape_list categories_if_any(struct req *r)
{
    struct shape_list categories = {0, NULL};
    struct err ignored = {0};
    if (!r->call->db || !catalog_categories(r->call, &categories, &ignored)) return (struct shape_list){0, NULL};
    return categories;
}

void page_layout(struct req *r, const struct page_info *info, struct tpl_shop_layout *ret_layout)
{
    page_layout_with(r, info, categories_if_any(r), ret_layout);
}

void page_error_with(struct req *r, struct http_response *w, const struct err *e, struct shape_list categories)
{
    int status = problem_info(e->problem)->status;
    int title, text;
    text_error_words(status, &title, &text);
    struct str heading = text_of(r->html.texts, title);
    struct tpl_shop_error page = {.status = status, .heading = heading, .text = text_of(r->html.texts, text),
                                  .request_id = status >= 500 ? r->call->request_id : STR_NULL};
    page_layout_with(r, &(struct page_info){.title = heading}, categories, &page.page);
    w->status = status;
    tpl_shop_error(&r->html, &page);
}

struct shape_list page_shelves(struct req *r)
{
    struct shape_list shelves = {0, NULL};
    struct err ignored = {0};
    if (!r->call->db || !catalog_shelves(r->call, &shelves, &ignored)) return (struct shape_list){0, NULL};
    return shelves;
}

void page_error_shelves(struct req *r, struct http_response *w, const struct err *e)
{
    page_error_with(r, w, e, problem_info(e->problem)->status >= 500 ? (struct shape_list){0, NULL} : page_shelves(r));
}

void page_error(struct req *r, struct http_response *w, const struct err *e)
{
    /* When the database is what failed, it is not asked for the categories. */
    page_error_with(r, w, e, problem_info(e->problem)->status >= 500 ? (struct shape_list){0, NULL} : categories_if_any(r));
}

struct str page_country_name(struct req *r, struct str code)
{
    const char *key = arena_printf(r->arena, "country." STR_FMT, STR_ARG(code));
    return text_has(key) ? page_text(r, key) : code;
}

struct page_country *page_countries(struct req *r, const struct str *codes, size_t n)
{
    struct page_country *out = ARENA_ARRAY(r->arena, struct page_country, n + 1);
    struct str *keys = ARENA_ARRAY(r->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct page_country x = {codes[i], page_country_name(r, codes[i])};
        struct str key = unicode_sort_key(r->arena, x.name);
        size_t at = i;
        for (; at > 0 && str_cmp(key, keys[at - 1]) < 0; at--) {
            out[at] = out[at - 1];
            keys[at] = keys[at - 1];
        }
        out[at] = x;
        keys[at] = key;
    }
    return out;
}

struct tpl_shop_card *page_cards(struct req *r, struct shape_list products, size_t eager)
{
    const struct catalog_product *p = products.v;
    struct tpl_shop_card *cards = ARENA_ARRAY(r->arena, struct tpl_shop_card, products.n + 1);
    for (size_t i = 0; i < products.n; i++) {
        cards[i] = (struct tpl_shop_card){
            .href = p[i].url, .name = p[i].name, .subtitle = p[i].summary, .image = p[i].image ? p[i].image->url : STR_NULL,
            .image_alt = p[i].image ? p[i].image->alt : STR_NULL, .price = p[i].price, .varies = p[i].price_max.amount != p[i].price.amount,
            .on_sale = p[i].compare_at.currency.code[0] != '\0', .compare_at = p[i].compare_at, .sold_out = !p[i].available, .eager = i < eager};
    }
    return cards;
}
