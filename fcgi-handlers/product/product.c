/* The page of one product. Each variant has an address of its own (?variant=…), so that choosing one needs no script. */
#include "domain/cart_rules.h"
#include "product/pool.h"
#include "shared/page.h"
#include "tpl/shop_product.h"

enum { LOW_STOCK = 5, RELATED = 4 };

static const struct shape_field product_page_fields[] = {
    {"slug", SHAPE_STR, offsetof(struct product_page_in, slug), SHAPE_PATH, .required = true, .min = 1, .max = 160, .doc = "Slug", .example = "mug-morning"},
    {"variant", SHAPE_STR, offsetof(struct product_page_in, variant), SHAPE_QUERY, .doc = "Id of the variant that is chosen"},
    {NULL}};
const struct shape product_page_shape = {"ProductPage", product_page_fields, sizeof(struct product_page_in)};

static bool has_value(const struct catalog_variant *v, struct str option, struct str value)
{
    const struct catalog_choice *c = v->options.v;
    for (size_t i = 0; i < v->options.n; i++) {
        if (str_eq(c[i].name, option) && str_eq(c[i].value, value)) return true;
    }
    return false;
}

/* How many values two variants share. */
static size_t likeness(const struct catalog_variant *a, const struct catalog_variant *b)
{
    const struct catalog_choice *c = a->options.v;
    size_t n = 0;
    for (size_t i = 0; i < a->options.n; i++) n += has_value(b, c[i].name, c[i].value);
    return n;
}

/* The one asked for; else the first that can be bought; else the first. */
static const struct catalog_variant *chosen_variant(const struct catalog_product *p, struct str id)
{
    const struct catalog_variant *v = p->variants.v, *first = NULL;
    struct variant_id asked = {{{0}}};
    (void)id_parse(ID_variant, id, &asked.u);
    for (size_t i = 0; i < p->variants.n; i++) {
        if (uuid_eq(v[i].id.u, asked.u)) return &v[i];
        if (!first && v[i].available) first = &v[i];
    }
    return first ? first : p->variants.n > 0 ? v : NULL;
}

/* Where a value leads: to the variant that has it and otherwise differs least from the chosen one; rather one that can be bought. */
static const struct catalog_variant *variant_for(const struct catalog_product *p, const struct catalog_variant *chosen, struct str option, struct str value)
{
    const struct catalog_variant *v = p->variants.v, *best = NULL;
    size_t best_score = 0;
    for (size_t i = 0; i < p->variants.n; i++) {
        if (!has_value(&v[i], option, value)) continue;
        size_t score = 1 + 2 * likeness(&v[i], chosen) + v[i].available;
        if (score > best_score) {
            best = &v[i];
            best_score = score;
        }
    }
    return best;
}

static void fill_options(struct req *r, const struct catalog_product *p, const struct catalog_variant *chosen, struct tpl_shop_product *page)
{
    const struct catalog_option *o = p->options.v;
    struct tpl_shop_option *options = ARENA_ARRAY(r->arena, struct tpl_shop_option, p->options.n + 1);
    for (size_t i = 0; i < p->options.n; i++) {
        struct tpl_shop_option_values *values = ARENA_ARRAY(r->arena, struct tpl_shop_option_values, o[i].values.n + 1);
        size_t n = 0;
        options[i].name = o[i].name;
        for (size_t k = 0; k < o[i].values.n; k++) {
            struct str value = ((const struct str *)o[i].values.v)[k];
            const struct catalog_variant *target = variant_for(p, chosen, o[i].name, value);
            if (!target) continue;
            bool selected = has_value(chosen, o[i].name, value);
            if (selected) options[i].chosen = value;
            values[n++] = (struct tpl_shop_option_values){
                value, str_printf(r->arena, "/p/" STR_FMT "?variant=" STR_FMT, STR_ARG(p->slug), STR_ARG(id_str(r->arena, ID_variant, target->id.u))),
                selected, !target->available};
        }
        options[i].values.n = n;
        options[i].values.v = values;
    }
    page->options.n = p->options.n;
    page->options.v = options;
}

/* The chosen variant's own picture stands first. */
static void fill_images(struct req *r, const struct catalog_product *p, const struct catalog_variant *chosen, struct tpl_shop_product *page)
{
    const struct catalog_image *i = p->images.v;
    struct tpl_shop_product_images *images = ARENA_ARRAY(r->arena, struct tpl_shop_product_images, p->images.n + 1);
    size_t main = 0, n = 0;
    for (size_t k = 0; chosen && chosen->image && k < p->images.n; k++) {
        if (uuid_eq(i[k].id.u, chosen->image->id.u)) main = k;
    }
    if (p->images.n > 0) images[n++] = (struct tpl_shop_product_images){i[main].url, i[main].alt, true};
    for (size_t k = 0; k < p->images.n; k++) {
        if (k != main) images[n++] = (struct tpl_shop_product_images){i[k].url, i[k].alt, false};
    }
    page->images.n = n;
    page->images.v = images;
}

static void fill_variant(struct req *r, const struct catalog_product *p, const struct catalog_variant *v, struct tpl_shop_product *page)
{
    if (!v) {
        page->sold_out = true;
        return;
    }
    int64_t most = v->available_quantity < CART_QUANTITY_MAX ? v->available_quantity : CART_QUANTITY_MAX;
    page->variant_id = id_str(r->arena, ID_variant, v->id.u);
    page->sku = v->sku;
    page->price = v->price.currency.code[0] ? v->price : p->price;
    page->on_sale = v->compare_at.currency.code[0] != '\0';
    page->compare_at = v->compare_at;
    page->sold_out = !v->available;
    page->low_stock = v->available && most <= LOW_STOCK ? most : 0;
    page->max_quantity = most;
}

static struct str plain_description(struct req *r, const struct catalog_product *p)
{
    size_t end;
    if (!str_is_empty(p->seo_description)) return p->seo_description;
    if (p->description_html.v) {
        struct str words = html_plain_words(r->arena, p->description, 300);
        if (!str_is_empty(words)) return words;
    }
    if (p->description_html.v || str_is_empty(p->description)) {
        struct text_arg name = {"name", p->name};
        return str_is_empty(p->summary) ? text_get(r->html.texts, r->arena, "product.description", 0, &name, 1) : p->summary;
    }
    struct str first = str_find(p->description, '\n', &end) ? str_sub(p->description, 0, end) : p->description;
    if (first.n <= 300) return first;
    size_t cut = 300;
    while (cut > 0 && ((unsigned char)first.p[cut] & 0xc0) == 0x80) cut--;
    return str_printf(r->arena, STR_FMT "…", STR_ARG(str_sub(first, 0, cut)));
}

static void fill_frame(struct req *r, const struct catalog_product *p, struct tpl_shop_product *page)
{
    const struct catalog_category *c = p->categories.n > 0 ? p->categories.v : NULL;
    const struct catalog_category *above = c ? c->ancestors.v : NULL;
    size_t n = 0, depth = c ? c->ancestors.n + 1 : 0;
    struct tpl_shop_breadcrumb_items *items = ARENA_ARRAY(r->arena, struct tpl_shop_breadcrumb_items, depth + 1);
    items[n++] = (struct tpl_shop_breadcrumb_items){STR("/"), page_text(r, "layout.home")};
    for (size_t i = 0; c && i < c->ancestors.n; i++) items[n++] = (struct tpl_shop_breadcrumb_items){above[i].url, above[i].name};
    if (c) items[n++] = (struct tpl_shop_breadcrumb_items){c->url, c->name};
    page->crumbs = (struct tpl_shop_breadcrumb){{n, items}, p->name};

    struct page_info info = {
        .title = str_is_empty(p->seo_title) ? p->name : p->seo_title, .description = plain_description(r, p), .path = p->url, .product = true,
        .og_image = p->image ? p->image->url : STR_NULL, .section = c ? (c->ancestors.n > 0 ? above[0].slug : c->slug) : STR_NULL,
        .json_ld = html_trusted_json(r->arena, linked_product(r, p))};
    page_layout(r, &info, &page->page);
}

bool page_product(struct req *r, struct http_response *w, struct err *e)
{
    const struct product_page_in *in = r->in;
    struct str categories[] = {STR("categories")};
    struct catalog_product p;
    struct shape_list related;
    struct str slug;
    if (!catalog_product(r->call, in->slug, (struct shape_list){1, categories}, &p, &slug, e)) return false;
    if (str_is_null(slug) && !str_eq(p.slug, in->slug)) slug = p.slug;                        /* found by its id */
    if (!str_is_null(slug)) {
        web_cache_public(w);
        http_redirect(w, 301, str_printf(r->arena, "/p/" STR_FMT, STR_ARG(slug)));
        return true;
    }
    if (!catalog_related(r->call, p.id, RELATED, &related, e)) return false;

    const struct catalog_variant *chosen = chosen_variant(&p, in->variant);
    struct tpl_shop_product page = {
        .name = p.name, .subtitle = p.summary, .price = p.price, .on_sale = p.compare_at.currency.code[0] != '\0', .compare_at = p.compare_at,
        .description = p.description_html.v ? html_trusted_sanitized(r->arena, p.description) : html_trusted_plain(r->arena, p.description),
        .related = {related.n, page_cards(r, related, 0)}};
    fill_variant(r, &p, chosen, &page);
    if (chosen) fill_options(r, &p, chosen, &page);
    fill_images(r, &p, chosen, &page);
    fill_frame(r, &p, &page);
    web_cache_public(w);
    tpl_shop_product(&r->html, &page);
    return true;
}
