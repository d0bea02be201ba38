/* Profile shopify: the product file that Shopify exports. Rows that follow each other with one Handle are one product: the first row names it, every
 * row may add a variant and a picture. Shopify renamed the columns in 2025: both names are known.
 *
 * Type becomes a category (unless the caller names one), tags and vendor are searched, pictures stay where they are (https), the stock goes to the
 * first warehouse. A product's slug is its handle. */
#include "json/json.h"
#include "service/import_internal.h"
#include "sql/catalog_import.h"

#define SOURCE STR("shopify")

enum { HANDLE, TITLE, VARIANT_PRICE, BODY, VENDOR, TYPE, TAGS, PUBLISHED, STATUS, NAME1, VALUE1, NAME2, VALUE2, NAME3, VALUE3, SKU, GRAMS, QUANTITY,
       COMPARE_AT, BARCODE, IMAGE, IMAGE_PLACE, IMAGE_ALT, VARIANT_IMAGE, SEO_TITLE, SEO_DESCRIPTION };
static const char *const columns[] = {
    "Handle|URL handle", "Title", "Variant Price|Price", "Body (HTML)|Description", "Vendor", "Type", "Tags", "Published|Published on online store", "Status",
    "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU|SKU", "Variant Grams|Weight value (grams)",
    "Variant Inventory Qty|Inventory quantity", "Variant Compare At Price|Compare-at price", "Variant Barcode|Barcode|Variant Barcodes|Barcodes",
    "Image Src|Product image URL", "Image Position", "Image Alt Text", "Variant Image|Variant image URL", "SEO Title", "SEO Description", NULL};

enum { OPTIONS = 3, VARIANTS_MAX = 2048, IMAGES_MAX = 250, OPTION_NAME_MAX = 100, HANDLE_MAX = 160, SLUG_MAX = 120, URL_MAX = 2000, LAST_PLACE = 1000000 };

struct variant { struct str sku, values[OPTIONS], barcode, image; int64_t amount, compare_at, grams; int32_t stock; };
struct image { struct str url, alt; int64_t place; };

struct product {
    struct arena *arena;             /* of this product; emptied for the next */
    int64_t line, rows;              /* good rows only */
    bool repeated;                   /* it stood further up already: its rows are only counted */
    struct str handle, title, body, vendor, type, tags, status, seo_title, seo_description;
    struct str option_names[OPTIONS];
    struct variant *variants;
    size_t n_variants;
    struct image *images;
    size_t n_images;
};

/* Handles that were seen, as 64-bit hashes: eight bytes each, whatever they are called. */
struct seen { uint64_t *slots; size_t n, size; };

struct shop { struct import *m; struct product p; struct seen handles, types; };

static uint64_t hash_of(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);                 /* FNV-1a */
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h ? h : 1;
}

static void seen_put(struct seen *s, uint64_t h)
{
    size_t at = h & (s->size - 1);
    while (s->slots[at]) at = (at + 1) & (s->size - 1);
    s->slots[at] = h;
    s->n++;
}

/* True when it was there already; remembers it. */
static bool seen_before(struct arena *a, struct seen *s, struct str text)
{
    uint64_t h = hash_of(text);
    if (s->n * 2 >= s->size) {
        struct seen bigger = {.size = s->size ? s->size * 2 : 1024};
        bigger.slots = ARENA_ARRAY(a, uint64_t, bigger.size);
        for (size_t i = 0; i < s->size; i++) {
            if (s->slots[i]) seen_put(&bigger, s->slots[i]);
        }
        *s = bigger;
    }
    for (size_t at = h & (s->size - 1); s->slots[at]; at = (at + 1) & (s->size - 1)) {
        if (s->slots[at] == h) return true;
    }
    seen_put(s, h);
    return false;
}

/* --- one product's document --- */

static void put(struct buf *b, const char *name, struct str value)
{
    if (str_is_empty(value)) return;
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, value);
}

static size_t option_count(const struct product *p)
{
    size_t n = 0;
    while (n < OPTIONS && !str_is_empty(p->option_names[n])) n++;
    return n;
}

static void put_options(struct buf *b, const struct product *p)
{
    BUF_LIT(b, ",\"options\":[");
    for (size_t o = 0; o < option_count(p); o++) {
        bool first = true;
        buf_cstr(b, o ? ",{\"name\":" : "{\"name\":");
        json_put_string(b, p->option_names[o]);
        BUF_LIT(b, ",\"values\":[");
        for (size_t i = 0; i < p->n_variants; i++) {
            bool again = false;
            for (size_t k = 0; k < i && !again; k++) again = str_eq(p->variants[k].values[o], p->variants[i].values[o]);
            if (again) continue;
            if (!first) buf_char(b, ',');
            first = false;
            json_put_string(b, p->variants[i].values[o]);
        }
        BUF_LIT(b, "]}");
    }
    buf_char(b, ']');
}

/* Place of a picture, from 1; one that only a variant names is added. 0: none. */
static size_t image_place(struct product *p, struct str url)
{
    if (str_is_empty(url)) return 0;
    for (size_t i = 0; i < p->n_images; i++) {
        if (str_eq(p->images[i].url, url)) return i + 1;
    }
    if (p->n_images == IMAGES_MAX) return 0;
    p->images[p->n_images++] = (struct image){url, p->title, LAST_PLACE};
    return p->n_images;
}

static void put_variants(struct buf *b, struct product *p)
{
    size_t n_options = option_count(p);
    BUF_LIT(b, ",\"variants\":[");
    for (size_t i = 0; i < p->n_variants; i++) {
        const struct variant *v = &p->variants[i];
        size_t place = image_place(p, v->image);
        buf_cstr(b, i ? ",{\"sku\":" : "{\"sku\":");
        json_put_string(b, v->sku);
        buf_printf(b, ",\"amount\":%lld,\"weight_g\":%lld", (long long)v->amount, (long long)v->grams);
        if (v->compare_at > v->amount) buf_printf(b, ",\"compare_at\":%lld", (long long)v->compare_at);
        if (place) buf_printf(b, ",\"image\":%zu", place);
        put(b, "barcode", v->barcode);
        BUF_LIT(b, ",\"values\":[");
        for (size_t o = 0; o < n_options; o++) {
            if (o) buf_char(b, ',');
            json_put_string(b, v->values[o]);
        }
        BUF_LIT(b, "]}");
    }
    buf_char(b, ']');
}

static void put_images(struct buf *b, const struct product *p)
{
    BUF_LIT(b, ",\"images\":[");
    for (size_t i = 0; i < p->n_images; i++) {
        buf_cstr(b, i ? ",{\"url\":" : "{\"url\":");
        json_put_string(b, p->images[i].url);
        BUF_LIT(b, ",\"alt\":");
        json_put_string(b, p->images[i].alt);
        buf_char(b, '}');
    }
    buf_char(b, ']');
}

/* The category of the product's type is made when there is none. */
static bool put_category(struct shop *s, struct buf *b, struct err *e)
{
    struct import *m = s->m;
    struct product *p = &s->p;
    struct str slug = m->o->category;
    if (str_is_null(slug) && !str_is_empty(p->type)) {
        slug = import_slug(p->arena, p->type);
        if (!seen_before(m->c->arena, &s->types, slug)) {
            struct q_import_categories_rows rows;
            struct buf doc;
            buf_init_arena(&doc, p->arena, 0);
            BUF_LIT(&doc, "[{\"only_new\":true,\"position\":100,\"slug\":");
            json_put_string(&doc, slug);
            put(&doc, "name", p->type);
            BUF_LIT(&doc, "}]");
            if (!q_import_categories(m->c->db, p->arena, &(struct q_import_categories_in){.categories = buf_view(&doc), .actor = m->c->actor.id,
                                     .request_id = m->c->request_id, .now = m->c->now}, &rows, e)) return false;
        }
    }
    if (str_is_empty(slug)) return true;
    BUF_LIT(b, ",\"categories\":[");
    json_put_string(b, slug);
    buf_char(b, ']');
    return true;
}

/* A SKU of our own for a variant without one: it comes out the same every time. */
static struct str made_sku(struct arena *a, const struct product *p, const struct variant *v)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_str(&b, p->handle);
    for (size_t o = 0; o < option_count(p); o++) {
        buf_char(&b, '-');
        buf_str(&b, import_slug(a, v->values[o]));
    }
    struct str sku = str_sub(buf_view(&b), 0, 100);
    char *text = str_cstr(a, sku);
    for (size_t i = 0; i < sku.n; i++) {
        if (text[i] >= 'a' && text[i] <= 'z') text[i] = (char)(text[i] - 'a' + 'A');
    }
    return str_of(text, sku.n);
}

static void settle_skus(struct product *p)
{
    for (size_t i = 0; i < p->n_variants; i++) {
        struct variant *v = &p->variants[i];
        if (str_is_empty(v->sku)) v->sku = made_sku(p->arena, p, v);
        for (size_t k = 0; k < i; k++) {
            if (str_eq(p->variants[k].sku, v->sku)) v->sku = str_printf(p->arena, STR_FMT "-%zu", STR_ARG(str_sub(v->sku, 0, 90)), i + 1);
        }
    }
}

static bool finish(struct shop *s, struct err *e)
{
    struct import *m = s->m;
    struct product *p = &s->p;
    struct buf b;
    if (p->rows == 0) return true;
    if (p->n_variants == 0) {
        import_count(m, IMPORT_BAD_ROW, p->rows);
        import_note(m, p->line, "bad row: the product has no row with a price");
        return true;
    }
    settle_skus(p);
    buf_init_arena(&b, p->arena, IMPORT_BATCH_BYTES * 3);
    put(&b, "slug", p->handle);
    put(&b, "name", p->title);
    put(&b, "status", p->status);
    put(&b, "vendor", p->vendor);
    put(&b, "description", p->body);
    if (memchr(p->body.p, '<', p->body.n)) BUF_LIT(&b, ",\"description_html\":true");
    put(&b, "keywords", str_trim(str_printf(p->arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(p->tags), STR_ARG(p->type), STR_ARG(p->vendor))));
    put(&b, "seo_title", p->seo_title);
    put(&b, "seo_description", p->seo_description);
    if (!put_category(s, &b, e)) return false;
    put_options(&b, p);
    put_variants(&b, p);                 /* may add pictures that only variants name */
    put_images(&b, p);
    if (b.failed) {
        import_count(m, IMPORT_BAD_ROW, p->rows);
        import_note(m, p->line, "bad row: the product is larger than 3 MB");
        return true;
    }
    if (!import_product(m, SOURCE, p->handle, buf_view(&b), (struct import_pending){p->line, p->rows}, e)) return false;
    for (size_t i = 0; i < p->n_variants; i++) import_stock(m, p->variants[i].sku, p->variants[i].stock);
    return true;
}

/* --- rows --- */

/* The first `most` bytes, whole characters. */
static struct str cut(struct str s, size_t most)
{
    size_t n = s.n < most ? s.n : most;
    while (n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80) n--;
    return str_of(s.p, n);
}

/* A value of the row as far as there is room for it. */
static struct str keep(struct import *m, const struct product *p, const struct csv_record *r, int column, size_t most)
{
    struct str s = import_field(m, r, column), kept = cut(s, most), names = str_from(columns[column]), name = names;
    if (kept.n < s.n && !p->repeated) import_shortened(m, r->line, str_split(&names, '|', &name) ? name : names, s.n, kept.n);
    return str_dup(p->arena, kept);
}

/* Pictures stay where they are, so that only a whole address is one. */
static bool is_picture(struct import *m, const struct csv_record *r, struct str url)
{
    bool good = str_starts(url, STR("https://")) && url.n <= URL_MAX;
    if (!good) import_note(m, r->line, "its picture is left out: only https addresses of up to %d characters", URL_MAX);
    return good;
}

/* What Shopify sells only to those who have the address ("unlisted") is not put on our shelves by itself. */
static struct str status_of(const struct import *m, const struct csv_record *r)
{
    struct str status = import_field(m, r, STATUS), published = import_field(m, r, PUBLISHED);
    if (str_eq_nocase(status, STR("archived"))) return STR("archived");
    if (str_eq_nocase(status, STR("draft")) || str_eq_nocase(status, STR("unlisted")) || str_eq_nocase(published, STR("false"))) return STR("draft");
    return STR("active");
}

static void start(struct shop *s, const struct csv_record *r, struct str handle, bool repeated)
{
    struct import *m = s->m;
    struct arena *a = s->p.arena;
    arena_reset(a);
    s->p = (struct product){.arena = a, .line = r->line, .repeated = repeated};
    struct product *p = &s->p;
    p->variants = ARENA_ARRAY(a, struct variant, VARIANTS_MAX);
    p->images = ARENA_ARRAY(a, struct image, IMAGES_MAX);
    p->handle = str_dup(a, cut(handle, HANDLE_MAX));
    if (handle.n > SLUG_MAX && !repeated) import_shortened(m, r->line, STR("Handle"), handle.n, SLUG_MAX);        /* catalog.slugify */
    p->title = keep(m, p, r, TITLE, 240);
    p->body = keep(m, p, r, BODY, 500000);
    p->vendor = keep(m, p, r, VENDOR, 200);
    p->type = keep(m, p, r, TYPE, 120);
    p->tags = keep(m, p, r, TAGS, 5000);
    p->status = status_of(m, r);
    p->seo_title = keep(m, p, r, SEO_TITLE, 200);
    p->seo_description = keep(m, p, r, SEO_DESCRIPTION, 1000);
    for (int o = 0; o < OPTIONS; o++) {
        struct str name = import_field(m, r, NAME1 + 2 * o);
        bool only = o == 0 && str_eq_nocase(name, STR("Title")) && str_eq_nocase(import_field(m, r, VALUE1), STR("Default Title"));
        p->option_names[o] = only ? STR("") : keep(m, p, r, NAME1 + 2 * o, OPTION_NAME_MAX);
    }
}

static int64_t whole(struct str s, int64_t most)
{
    size_t dot;
    int64_t v;
    if (str_find(s, '.', &dot)) s = str_sub(s, 0, dot);
    if (!str_to_int64(s, &v) || v < 0) return 0;
    return v < most ? v : most;
}

/* What is wrong with the row's variant; NULL: nothing. A row without price and option is none. */
static const char *take_variant(struct import *m, struct product *p, const struct csv_record *r)
{
    struct str price = import_field(m, r, VARIANT_PRICE), before = import_field(m, r, COMPARE_AT);
    struct variant v = {0};
    if (str_is_empty(price) && str_is_empty(import_field(m, r, VALUE1))) return str_is_empty(import_field(m, r, IMAGE)) ? "neither a variant nor a picture" : NULL;
    if (!money_parse_decimal(price, m->currency, &v.amount) || v.amount < 0) return "the variant's price cannot be read in the list's currency";
    if (!str_is_empty(before) && !money_parse_decimal(before, m->currency, &v.compare_at)) return "the compare-at price cannot be read in the list's currency";
    if (p->n_variants == VARIANTS_MAX) return "more than 2048 variants";
    for (size_t o = 0; o < option_count(p); o++) {
        v.values[o] = keep(m, p, r, VALUE1 + 2 * (int)o, OPTION_NAME_MAX);
        if (str_is_empty(v.values[o])) return "a variant without a value for each option";
    }
    for (size_t i = 0; i < p->n_variants; i++) {
        bool same = true;
        for (size_t o = 0; o < option_count(p); o++) same = same && str_eq(p->variants[i].values[o], v.values[o]);
        if (same) return "a variant with these values stands further up";
    }
    v.sku = keep(m, p, r, SKU, 100);
    v.barcode = keep(m, p, r, BARCODE, 100);
    v.grams = whole(import_field(m, r, GRAMS), 10000000);
    v.stock = (int32_t)whole(import_field(m, r, QUANTITY), 1000000000);
    struct str image = import_field(m, r, VARIANT_IMAGE);
    if (!str_is_empty(image) && is_picture(m, r, image)) v.image = str_dup(p->arena, image);
    p->variants[p->n_variants++] = v;
    return NULL;
}

static void take_image(struct import *m, struct product *p, const struct csv_record *r)
{
    struct str url = import_field(m, r, IMAGE), alt = import_field(m, r, IMAGE_ALT);
    if (str_is_empty(url) || !is_picture(m, r, url)) return;
    for (size_t i = 0; i < p->n_images; i++) {
        if (str_eq(p->images[i].url, url)) return;
    }
    if (p->n_images == IMAGES_MAX) {
        import_note(m, r->line, "its picture is left out: a product shows at most %d", IMAGES_MAX);
        return;
    }
    int64_t place = whole(import_field(m, r, IMAGE_PLACE), LAST_PLACE);
    size_t at = p->n_images++;
    if (place == 0) place = LAST_PLACE;                  /* none given: as the rows stand */
    for (; at > 0 && p->images[at - 1].place > place; at--) p->images[at] = p->images[at - 1];
    p->images[at] = (struct image){str_dup(p->arena, url), str_is_empty(alt) ? p->title : keep(m, p, r, IMAGE_ALT, 500), place};
}

static bool take(struct shop *s, const struct csv_record *r, struct err *e)
{
    struct import *m = s->m;
    struct product *p = &s->p;
    if (r->state != CSV_OK) {
        import_bad(m, r->line, csv_state_text(r->state));
        return true;
    }
    if (r->n != m->n_columns) {
        import_bad(m, r->line, r->n < m->n_columns ? "too few fields" : "too many fields");
        return true;
    }
    struct str handle = import_field(m, r, HANDLE);
    if (str_is_empty(handle)) {
        import_bad(m, r->line, "no handle");
        return true;
    }
    if (str_is_empty(p->handle) || !str_eq(p->handle, cut(handle, HANDLE_MAX))) {
        if (!finish(s, e)) return false;
        start(s, r, handle, seen_before(m->c->arena, &s->handles, handle));
        if (p->repeated) import_note(m, r->line, "the product \"" STR_FMT "\" stood further up already: rows of a product stand together", STR_ARG(handle));
    }
    if (p->repeated) {
        import_count(m, IMPORT_REPEATED, 1);
        return true;
    }
    const char *why = str_is_empty(p->title) ? "the first row of the product has no title" : take_variant(m, p, r);
    if (why) {
        import_bad(m, r->line, why);
        return true;
    }
    take_image(m, p, r);
    if (p->rows++ == 0) p->line = r->line;
    return true;
}

bool import_shopify(struct import *m, struct err *e)
{
    struct shop s = {.m = m, .p = {.arena = arena_new()}};
    struct csv_record r;
    bool found = true, good = import_header(m, columns, 3, e);
    while (good) {
        good = import_row(m, &r, &found, e);
        if (!good || !found) break;
        good = take(&s, &r, e);
    }
    good = good && finish(&s, e) && import_flush(m, SOURCE, e);
    arena_destroy(s.p.arena);
    return good;
}
