/* Products as a whole: images, options, variants with price and stock from one statement. */
#include "service/catalog_internal.h"
#include "sql/catalog.h"

static const char *const expand_names[] = {"variants", "options", "images", "categories", "prices", "variants.prices", NULL};

bool catalog_expand_read(struct shape_list expand, struct catalog_expand *ret_expand, struct err *e)
{
    struct catalog_expand x = {0};
    for (size_t i = 0; i < expand.n; i++) {
        struct str s = ((const struct str *)expand.v)[i];
        size_t k = 0;
        while (expand_names[k] && !str_eq_c(s, expand_names[k])) k++;
        switch (k) {
        case 0: x.variants = true; break;
        case 1: x.options = true; break;
        case 2: x.images = true; break;
        case 3: x.categories = true; break;
        case 4: case 5: x.variants = x.prices = true; break;
        default: return err_param(e, PROBLEM_INVALID, "expand[]", "Known are variants, options, images, categories, prices and variants.prices");
        }
    }
    *ret_expand = x;
    return true;
}

static struct shape_list images_of(struct arena *a, const struct q_products_full_row *r)
{
    struct catalog_image *list = ARENA_ARRAY(a, struct catalog_image, r->image_ids.n + 1);
    for (size_t i = 0; i < r->image_ids.n; i++) {
        list[i] = (struct catalog_image){.id = r->image_ids.v[i], .url = r->image_urls.v[i], .alt = r->image_alts.v[i]};
        if (r->image_widths.v[i] > 0) {
            list[i].width = (struct opt_int64)OPT(r->image_widths.v[i]);
            list[i].height = (struct opt_int64)OPT(r->image_heights.v[i]);
        }
    }
    return (struct shape_list){r->image_ids.n, list};
}

static struct shape_list options_of(struct arena *a, const struct q_products_full_row *r)
{
    struct catalog_option *list = ARENA_ARRAY(a, struct catalog_option, r->option_ids.n + 1);
    for (size_t i = 0; i < r->option_ids.n; i++) {
        struct str *values = ARENA_ARRAY(a, struct str, r->value_ids.n + 1);
        size_t n = 0;
        for (size_t k = 0; k < r->value_ids.n; k++) {
            if (uuid_eq(r->value_options.v[k], r->option_ids.v[i])) values[n++] = r->value_names.v[k];
        }
        list[i] = (struct catalog_option){r->option_names.v[i], {n, values}};
    }
    return (struct shape_list){r->option_ids.n, list};
}

/* The value of one option that a variant has; absent when it has none. */
static struct str choice_of(const struct q_products_full_row *r, struct variant_id variant, struct uuid option)
{
    for (size_t i = 0; i < r->value_of_variant.n; i++) {
        if (!uuid_eq(r->value_of_variant.v[i].u, variant.u)) continue;
        for (size_t k = 0; k < r->value_ids.n; k++) {
            if (uuid_eq(r->value_ids.v[k], r->value_of_value.v[i]) && uuid_eq(r->value_options.v[k], option)) return r->value_names.v[k];
        }
    }
    return STR_NULL;
}

static void take_choices(struct arena *a, const struct q_products_full_row *r, struct catalog_variant *v)
{
    struct catalog_choice *choices = ARENA_ARRAY(a, struct catalog_choice, r->option_ids.n + 1);
    struct buf title;
    size_t n = 0;
    buf_init_arena(&title, a, 0);
    for (size_t i = 0; i < r->option_ids.n; i++) {
        struct str value = choice_of(r, v->id, r->option_ids.v[i]);
        if (str_is_null(value)) continue;
        if (n) BUF_LIT(&title, " / ");
        buf_str(&title, value);
        choices[n++] = (struct catalog_choice){r->option_names.v[i], value};
    }
    v->options = (struct shape_list){n, choices};
    v->title = buf_view(&title);
}

/* Over all warehouses. */
static int64_t stock_of(const struct q_products_full_row *r, struct variant_id variant)
{
    int64_t sum = 0;
    for (size_t i = 0; i < r->stock_variants.n; i++) {
        if (uuid_eq(r->stock_variants.v[i].u, variant.u)) sum += r->stock_counts.v[i];
    }
    return sum > 0 ? sum : 0;
}

static struct shape_list variants_of(struct call *c, const struct q_products_full_row *r, struct shape_list images)
{
    struct catalog_variant *list = ARENA_ARRAY(c->arena, struct catalog_variant, r->variant_ids.n + 1);
    for (size_t i = 0; i < r->variant_ids.n; i++) {
        struct catalog_variant *v = &list[i];
        bool sold = r->amounts.v[i] >= 0;
        int64_t stock = stock_of(r, r->variant_ids.v[i]);
        *v = (struct catalog_variant){.id = r->variant_ids.v[i], .sku = r->skus.v[i], .weight_g = r->weights.v[i], .price_id = r->price_ids.v[i],
                                      .available = sold && stock > 0, .available_quantity = stock};
        if (sold) v->price = (struct money){r->amounts.v[i], c->market->currency};
        if (r->compare_ats.v[i] >= 0) v->compare_at = (struct money){r->compare_ats.v[i], c->market->currency};
        if (!str_is_empty(r->barcodes.v[i])) v->barcode = r->barcodes.v[i];
        for (size_t k = 0; k < images.n; k++) {
            struct catalog_image *image = (struct catalog_image *)images.v + k;
            if (uuid_eq(image->id.u, r->variant_images.v[i].u)) v->image = image;
        }
        take_choices(c->arena, r, v);
    }
    return (struct shape_list){r->variant_ids.n, list};
}

/* Lowest and highest price and the whole stock, from the variants. */
static void sum_up(struct catalog_product *p)
{
    const struct catalog_variant *v = p->variants.v;
    p->price = p->price_max = p->compare_at = (struct money){0, {""}};
    p->available = false;
    p->available_quantity = (struct opt_int64)OPT(0);
    for (size_t i = 0; i < p->variants.n; i++) {
        p->available = p->available || v[i].available;
        p->available_quantity.v += v[i].available_quantity;
        if (!v[i].price.currency.code[0]) continue;
        if (!p->price.currency.code[0] || v[i].price.amount < p->price.amount) {
            p->price = v[i].price;
            p->compare_at = v[i].compare_at;
        }
        if (!p->price_max.currency.code[0] || v[i].price.amount > p->price_max.amount) p->price_max = v[i].price;
    }
}

static void from_full(struct call *c, const struct q_products_full_row *r, struct catalog_product *ret)
{
    struct catalog_product p = {
        .id = r->id, .slug = r->slug, .url = catalog_url(c->arena, "/p/", r->slug), .name = r->name, .summary = r->summary,
        .published_at = r->published_at, .version = OPT(r->version), .description = r->description, .description_html = {true, r->description_html},
        .vendor = r->vendor, .tax_class = r->tax_class, .seo_title = r->seo_title, .seo_description = r->seo_description,
        .created_at = r->created_at, .updated_at = r->updated_at};
    p.images = images_of(c->arena, r);
    p.options = options_of(c->arena, r);
    p.variants = variants_of(c, r, p.images);
    if (p.images.n > 0) p.image = p.images.v;
    sum_up(&p);
    *ret = p;
}

/* A scheduled price came into force since the row was made: the amounts as of now, in the same places. */
static bool reprice(struct call *c, struct q_products_full_row *r, struct err *e)
{
    size_t n = r->variant_ids.n;
    struct q_variant_prices_rows rows;
    struct price_id *ids = ARENA_ARRAY(c->arena, struct price_id, n + 1);
    int64_t *amounts = ARENA_ARRAY(c->arena, int64_t, n + 1), *compare_ats = ARENA_ARRAY(c->arena, int64_t, n + 1);
    if (!q_variant_prices(c->db, c->arena, &(struct q_variant_prices_in){.price_list = c->market->price_list, .variants = {n, r->variant_ids.v}}, &rows, e)) return false;
    for (size_t i = 0; i < n; i++) {
        amounts[i] = compare_ats[i] = -1;
        for (size_t k = 0; k < rows.n; k++) {
            if (!uuid_eq(rows.v[k].variant.u, r->variant_ids.v[i].u) || rows.v[k].valid_from > c->now ||
                (rows.v[k].valid_to && rows.v[k].valid_to <= c->now)) continue;
            ids[i] = rows.v[k].id;
            amounts[i] = rows.v[k].amount;
            compare_ats[i] = rows.v[k].compare_at.set ? rows.v[k].compare_at.v : -1;
        }
    }
    r->price_ids.v = ids;
    r->amounts.v = amounts;
    r->compare_ats.v = compare_ats;
    return true;
}

/* Whole products by id, or by a slug when that is given. */
static bool read_full(struct call *c, struct q_array_product_id ids, struct str slug, struct q_products_full_rows *ret_rows, struct err *e)
{
    struct q_products_full_rows rows;
    if (!q_products_full(c->db, c->arena, &(struct q_products_full_in){.locale = c->market->locale, .price_list = c->market->price_list,
                         .products = ids, .slug = slug}, &rows, e)) return false;
    for (size_t i = 0; i < rows.n; i++) {
        if (rows.v[i].next_change && rows.v[i].next_change <= c->now && !reprice(c, &rows.v[i], e)) return false;
    }
    *ret_rows = rows;
    return true;
}

static bool fill_categories(struct call *c, struct catalog_product *products, size_t n, struct q_array_product_id ids, struct err *e)
{
    struct shape_list tree;
    struct q_product_categories_rows rows;
    if (!catalog_categories(c, &tree, e) ||
        !q_product_categories(c->db, c->arena, &(struct q_product_categories_in){.products = ids}, &rows, e)) return false;
    for (size_t i = 0; i < n; i++) {
        struct catalog_category *list = ARENA_ARRAY(c->arena, struct catalog_category, rows.n + 1);
        size_t found = 0;
        for (size_t k = 0; k < rows.n; k++) {
            if (!uuid_eq(rows.v[k].product.u, products[i].id.u)) continue;
            const struct catalog_category *cat = category_find(tree, id_str(c->arena, ID_category, rows.v[k].category.u));
            if (!cat) continue;
            list[found] = *cat;
            list[found++].ancestors = category_ancestors(c->arena, tree, cat);
        }
        products[i].categories = (struct shape_list){found, list};
    }
    return true;
}

static bool fill_prices(struct call *c, struct catalog_product *products, size_t n, struct err *e)
{
    size_t total = 0, at = 0;
    for (size_t i = 0; i < n; i++) total += products[i].variants.n;
    struct variant_id *ids = ARENA_ARRAY(c->arena, struct variant_id, total + 1);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < products[i].variants.n; k++) ids[at++] = ((struct catalog_variant *)products[i].variants.v)[k].id;
    }
    struct q_variant_prices_rows rows;
    if (!q_variant_prices(c->db, c->arena, &(struct q_variant_prices_in){.price_list = c->market->price_list, .variants = {total, ids}}, &rows, e)) return false;

    struct catalog_price *prices = ARENA_ARRAY(c->arena, struct catalog_price, rows.n + 1);
    for (size_t k = 0; k < rows.n; k++) {
        prices[k] = (struct catalog_price){rows.v[k].id, {rows.v[k].amount, rows.v[k].currency}, money_or_none(rows.v[k].compare_at, rows.v[k].currency),
                                           rows.v[k].valid_from, rows.v[k].valid_to};
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < products[i].variants.n; j++) {
            struct catalog_variant *v = (struct catalog_variant *)products[i].variants.v + j;
            size_t from = 0, to;
            while (from < rows.n && !uuid_eq(rows.v[from].variant.u, v->id.u)) from++;
            for (to = from; to < rows.n && uuid_eq(rows.v[to].variant.u, v->id.u);) to++;
            v->prices = (struct shape_list){to - from, prices + from};
        }
    }
    return true;
}

bool catalog_fill(struct call *c, struct catalog_product *products, size_t n, struct catalog_expand x, struct err *e)
{
    struct product_id *ids = ARENA_ARRAY(c->arena, struct product_id, n + 1);
    for (size_t i = 0; i < n; i++) ids[i] = products[i].id;
    struct q_array_product_id array = {n, ids};

    if (n > 0 && (x.variants || x.options || x.images)) {
        struct q_products_full_rows rows;
        if (!read_full(c, array, STR_NULL, &rows, e)) return false;
        for (size_t k = 0; k < rows.n; k++) {
            for (size_t i = 0; i < n; i++) {
                if (!uuid_eq(products[i].id.u, rows.v[k].id.u)) continue;
                struct shape_list images = images_of(c->arena, &rows.v[k]);
                if (x.images) products[i].images = images;
                if (x.options) products[i].options = options_of(c->arena, &rows.v[k]);
                if (x.variants) products[i].variants = variants_of(c, &rows.v[k], images);
            }
        }
    }
    if (x.prices && !fill_prices(c, products, n, e)) return false;
    return !x.categories || fill_categories(c, products, n, array, e);
}

bool catalog_product(struct call *c, struct str id_or_slug, struct shape_list expand, struct catalog_product *ret_product, struct str *ret_moved,
                     struct err *e)
{
    struct catalog_expand x;
    struct q_products_full_rows rows;
    struct product_id id = {{{0}}};
    *ret_moved = STR_NULL;
    if (!catalog_expand_read(expand, &x, e)) return false;

    bool by_id = id_parse(ID_product, id_or_slug, &id.u);
    if (!read_full(c, (struct q_array_product_id){by_id, &id}, by_id ? STR_NULL : id_or_slug, &rows, e)) return false;
    if (rows.n == 0) return err_set(e, PROBLEM_NOT_FOUND, "There is no such product");
    if (!by_id && !str_eq(rows.v[0].slug, id_or_slug)) {
        *ret_moved = rows.v[0].slug;
        return true;
    }
    from_full(c, &rows.v[0], ret_product);
    return catalog_fill(c, ret_product, 1, (struct catalog_expand){.categories = x.categories, .prices = x.prices}, e);
}
