/* Pages of lists. A cursor holds the sort value and the id of the last row, and a hash of everything that makes the list what it is:
 * sent with other filters it is refused. */
#include "crypto/crypto.h"
#include "service/catalog_internal.h"
#include "sql/catalog.h"

enum list_sort { SORT_POPULARITY, SORT_NEWEST, SORT_PRICE, SORT_PRICE_DESC, SORT_NAME, SORT_RELEVANCE };

static const struct { const char *name, *sql; } sorts[] = {
    [SORT_POPULARITY] = {"popularity", "popularity"}, [SORT_NEWEST] = {"newest", "newest"}, [SORT_PRICE] = {"price", "price"},
    [SORT_PRICE_DESC] = {"-price", "price_desc"}, [SORT_NAME] = {"name", "name"}, [SORT_RELEVANCE] = {"relevance", "relevance"}};

struct place {                    /* where a page begins */
    bool set;
    struct opt_int64 key;
    struct str name;
    struct product_id id;
    bool corrected;               /* the list is that of the corrected words */
};

struct list {
    struct call *c;
    const struct catalog_query *q;
    enum list_sort sort;
    struct str words;             /* what is searched: q, or its correction */
    struct category_id category;  /* zero: all */
    struct place at;
    int64_t limit;                /* one more is read, to know whether there is a next page */
    int64_t skip;
    struct card_row *rows;
    size_t n;
};

static bool read_sort(struct list *l, struct err *e)
{
    bool search = !str_is_empty(l->q->q);
    l->sort = search ? SORT_RELEVANCE : SORT_POPULARITY;
    if (str_is_empty(l->q->sort)) return true;
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (str_eq_c(l->q->sort, sorts[i].name) && (i != SORT_RELEVANCE || search)) {
            l->sort = (enum list_sort)i;
            return true;
        }
    }
    return err_param(e, PROBLEM_INVALID, "sort", search ? "Known are relevance, popularity, newest, price, -price and name"
                                                        : "Known are popularity, newest, price, -price and name");
}

/* 16 hexadecimal digits that differ when the list differs. */
static struct str fingerprint(const struct list *l)
{
    struct arena *a = l->c->arena;
    const struct catalog_query *q = l->q;
    char category[ID_TEXT_MAX], plist[ID_TEXT_MAX];
    id_format(ID_category, l->category.u, category);
    id_format(ID_price_list, l->c->market->price_list.u, plist);
    struct str text = str_printf(a, "%s\n%s\n%s\n" STR_FMT "\n%d%lld\n%d%lld\n%d\n" STR_FMT, sorts[l->sort].name, category, plist, STR_ARG(l->c->market->locale),
        q->price_min.set, (long long)q->price_min.v, q->price_max.set, (long long)q->price_max.v, q->available, STR_ARG(q->q));
    return str_sub(crypto_sha256_hex(a, text), 0, 16);
}

static struct str cursor_make(const struct list *l, const struct card_row *last)
{
    struct arena *a = l->c->arena;
    char id[ID_TEXT_MAX];
    id_format(ID_product, last->id.u, id);
    return crypto_base64url(a, str_printf(a, "1\n" STR_FMT "\n%d\n%lld\n%s\n" STR_FMT, STR_ARG(fingerprint(l)), l->at.corrected, (long long)last->key, id,
                                          STR_ARG(last->key_name)));
}

static bool cursor_read(struct list *l, struct err *e)
{
    struct str text, version, hash, corrected, key, id;
    if (str_is_null(l->q->cursor)) return true;
    if (!crypto_unbase64url(l->c->arena, l->q->cursor, &text) || !str_is_text(text, true) ||
        !str_split(&text, '\n', &version) || !str_split(&text, '\n', &hash) || !str_split(&text, '\n', &corrected) || !str_split(&text, '\n', &key) ||
        !str_split(&text, '\n', &id) || !str_eq_c(version, "1") || !str_eq(hash, fingerprint(l)) || !str_to_int64(key, &l->at.key.v) ||
        !id_parse(ID_product, id, &l->at.id.u)) {
        return err_param(e, PROBLEM_INVALID_CURSOR, "cursor", "Use a cursor only with the filters and the sort of the page that gave it");
    }
    l->at.set = l->at.key.set = true;
    l->at.corrected = str_eq_c(corrected, "1");
    l->at.name = str_is_null(text) ? STR("") : text;
    return true;
}

/* --- the queries --- */

#define TAKE(rows_) do { l->n = (rows_).n; l->rows = ARENA_ARRAY(c->arena, struct card_row, (rows_).n + 1); \
    for (size_t i_ = 0; i_ < (rows_).n; i_++) l->rows[i_] = CARD_ROW((rows_).v[i_]); } while (0)

#define PLAIN(kind_, after_) do { \
    struct q_product_page_##kind_##_rows rows_; \
    if (!q_product_page_##kind_(c->db, c->arena, &(struct q_product_page_##kind_##_in){.price_list = c->market->price_list, .locale = c->market->locale, \
            .after = after_, .after_id = l->at.id, .lim = l->limit + 1, .skip = l->skip, .now = c->now, \
            .price_min = l->q->price_min, .price_max = l->q->price_max, .available = l->q->available}, &rows_, e)) return false; \
    TAKE(rows_); } while (0)

static bool read_plain(struct list *l, struct err *e)
{
    struct call *c = l->c;
    switch (l->sort) {
    case SORT_POPULARITY: PLAIN(popularity, l->at.key); return true;
    case SORT_NEWEST: PLAIN(newest, l->at.key); return true;
    case SORT_PRICE: PLAIN(price, l->at.key); return true;
    case SORT_PRICE_DESC: PLAIN(price_desc, l->at.key); return true;
    case SORT_NAME: PLAIN(name, l->at.name); return true;
    case SORT_RELEVANCE: break;
    }
    UNREACHABLE();
}

#define FILTERED(kind_, ...) do { \
    struct q_product_page_##kind_##_rows rows_; \
    if (!q_product_page_##kind_(c->db, c->arena, &(struct q_product_page_##kind_##_in){.price_list = c->market->price_list, .locale = c->market->locale, \
            .sort = str_from(sorts[l->sort].sql), .after = l->at.key, .after_name = l->at.name, .after_id = l->at.id, .lim = l->limit + 1, .skip = l->skip, \
            .now = c->now, .price_min = l->q->price_min, .price_max = l->q->price_max, __VA_ARGS__}, &rows_, e)) return false; \
    TAKE(rows_); } while (0)

static bool read_search(struct list *l, struct err *e)
{
    struct call *c = l->c;
    struct str prefix = search_prefix(c->arena, l->words);
    if (str_is_empty(prefix)) {
        l->n = 0;
        return true;
    }
    FILTERED(search, .available = l->q->available, .category = l->category, .q = l->words, .language = search_language(c->market->locale), .prefix = prefix);
    return true;
}

static bool read_rows(struct list *l, struct err *e)
{
    struct call *c = l->c;
    const struct catalog_query *q = l->q;
    if (!str_is_empty(q->q)) return read_search(l, e);
    if (!uuid_is_zero(l->category.u)) {
        FILTERED(category, .available = q->available, .category = l->category);
        return true;
    }
    return read_plain(l, e);
}

/* --- rows to products --- */

bool card_products(struct call *c, const struct card_row *rows, size_t n, struct catalog_product *ret, struct err *e)
{
    struct product_id *stale = ARENA_ARRAY(c->arena, struct product_id, n + 1);
    size_t n_stale = 0;
    for (size_t i = 0; i < n; i++) {
        const struct card_row *r = &rows[i];
        ret[i] = (struct catalog_product){
            .id = r->id, .slug = r->slug, .url = catalog_url(c->arena, "/p/", r->slug), .name = r->name, .summary = r->summary,
            .price = money_or_none(r->amount_min, r->currency), .price_max = money_or_none(r->amount_max, r->currency),
            .compare_at = money_or_none(r->compare_at, r->currency), .available = r->available, .published_at = r->published_at};
        if (!str_is_null(r->image_url)) {
            ret[i].image = ARENA_NEW(c->arena, struct catalog_image);
            *ret[i].image = (struct catalog_image){.url = r->image_url, .alt = r->image_alt,
                .width = {r->image_width.set, r->image_width.v}, .height = {r->image_height.set, r->image_height.v}};
        }
        if (r->stale) stale[n_stale++] = r->id;
    }
    if (n_stale == 0) return true;

    struct q_listing_prices_rows fresh;
    if (!q_listing_prices(c->db, c->arena, &(struct q_listing_prices_in){.price_list = c->market->price_list, .products = {n_stale, stale}, .now = c->now},
                          &fresh, e)) return false;
    for (size_t i = 0; i < n; i++) {
        if (!rows[i].stale) continue;
        ret[i].price = ret[i].price_max = ret[i].compare_at = (struct money){0, {""}};
        for (size_t k = 0; k < fresh.n; k++) {
            if (!uuid_eq(fresh.v[k].id.u, rows[i].id.u)) continue;
            ret[i].price = (struct money){fresh.v[k].amount_min, rows[i].currency};
            ret[i].price_max = (struct money){fresh.v[k].amount_max, rows[i].currency};
            ret[i].compare_at = money_or_none(fresh.v[k].compare_at, rows[i].currency);
        }
    }
    return true;
}

static bool read_category(struct list *l, struct catalog_page *page, struct err *e)
{
    struct str moved;
    if (str_is_empty(l->q->category)) return true;
    struct catalog_category *found = ARENA_NEW(l->c->arena, struct catalog_category);
    if (!catalog_category(l->c, l->q->category, found, &moved, e)) return false;
    if (!str_is_null(moved) && !catalog_category(l->c, moved, found, &moved, e)) return false;
    l->category = found->id;
    page->category = found;
    return true;
}

/* Asked only when the page in hand does not say it already. */
static bool count_all(const struct list *l, struct catalog_page *page, struct err *e)
{
    struct call *c = l->c;
    const struct catalog_query *q = l->q;
    bool search = !str_is_empty(q->q);
    struct str prefix = search ? search_prefix(c->arena, l->words) : STR("");
    struct q_product_count_row row;
    if (!q->total) return true;
    if ((!l->at.set && l->skip == 0 && l->n <= (size_t)l->limit) || (search && str_is_empty(prefix))) {
        page->total = (struct opt_int64){true, (int64_t)l->n};
        return true;
    }
    if (!q_product_count(c->db, c->arena, &(struct q_product_count_in){.price_list = c->market->price_list, .locale = c->market->locale, .now = c->now,
                         .price_min = q->price_min, .price_max = q->price_max, .available = q->available, .category = l->category,
                         .q = search ? l->words : STR_NULL, .language = search_language(c->market->locale), .prefix = prefix}, &row, e)) return false;
    page->total = (struct opt_int64){true, row.count};
    return true;
}

/* Nothing has these words: the first page may look for what was probably meant; later pages follow their cursor. */
static bool search_again(struct list *l, struct catalog_page *page, struct err *e)
{
    bool first = !l->at.set && l->skip == 0;
    if (str_is_empty(l->q->q) || l->n > 0 || !first) return true;
    if (!search_correct(l->c, l->q->q, &page->corrected, e)) return false;
    if (str_is_null(page->corrected)) return true;
    l->words = page->corrected;
    l->at.corrected = true;
    if (!read_search(l, e)) return false;
    if (l->n == 0) page->corrected = STR_NULL;
    return true;
}

bool catalog_products(struct call *c, const struct catalog_query *q, struct catalog_page *ret_page, struct err *e)
{
    struct list l = {.c = c, .q = q, .words = q->q, .limit = q->limit > 0 ? q->limit : 20};
    struct catalog_page page = {.next_cursor = STR_NULL, .corrected = STR_NULL};
    struct catalog_expand expand;
    if (!read_sort(&l, e) || !catalog_expand_read(q->expand, &expand, e) || !read_category(&l, &page, e) || !cursor_read(&l, e)) return false;
    if (q->page > 1) l.skip = (q->page - 1) * l.limit;
    if (l.at.corrected || (q->page > 1 && !str_is_empty(q->q))) {
        /* a later page of a search: of the corrected words when the first page was */
        struct list probe = l;
        probe.at = (struct place){0};
        probe.skip = 0;
        probe.limit = 1;
        if (!l.at.corrected && !read_search(&probe, e)) return false;
        if (l.at.corrected || probe.n == 0) {
            if (!search_correct(c, q->q, &page.corrected, e)) return false;
            if (!str_is_null(page.corrected)) l.words = page.corrected;
        }
    }
    if (!read_rows(&l, e) || !search_again(&l, &page, e) || !count_all(&l, &page, e)) return false;

    size_t n = l.n > (size_t)l.limit ? (size_t)l.limit : l.n;
    struct catalog_product *products = ARENA_ARRAY(c->arena, struct catalog_product, n + 1);
    if (!card_products(c, l.rows, n, products, e) || !catalog_fill(c, products, n, expand, e)) return false;
    if (l.n > n) page.next_cursor = cursor_make(&l, &l.rows[n - 1]);
    page.products = (struct shape_list){n, products};
    page.sort = str_from(sorts[l.sort].name);
    *ret_page = page;
    return true;
}

bool catalog_related(struct call *c, struct product_id product, int64_t limit, struct shape_list *ret_products, struct err *e)
{
    struct q_product_related_rows rows;
    if (!q_product_related(c->db, c->arena, &(struct q_product_related_in){.price_list = c->market->price_list, .locale = c->market->locale,
                           .product = product, .lim = limit, .now = c->now}, &rows, e)) return false;
    struct card_row *cards = ARENA_ARRAY(c->arena, struct card_row, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) cards[i] = CARD_ROW(rows.v[i]);
    struct catalog_product *products = ARENA_ARRAY(c->arena, struct catalog_product, rows.n + 1);
    if (!card_products(c, cards, rows.n, products, e)) return false;
    *ret_products = (struct shape_list){rows.n, products};
    return true;
}

/* The keys of all products are the 2^32 numbers of int4, spread evenly (catalog.products_spread). */
struct catalog_address_place catalog_address_start(struct catalog_part part)
{
    int64_t width = (INT64_C(1) << 32) / part.of, first = INT32_MIN + (part.n - 1) * width;
    return (struct catalog_address_place){.after_key = first, .before_key = first + width};
}

bool catalog_address_count(struct call *c, struct catalog_part part, int64_t limit, int64_t *ret_n, struct err *e)
{
    struct catalog_address_place range = catalog_address_start(part);
    struct q_sitemap_count_row row;
    if (!q_sitemap_count(c->db, c->arena, &(struct q_sitemap_count_in){range.after_key, range.before_key, limit}, &row, e)) return false;
    *ret_n = row.count;
    return true;
}

bool catalog_addresses(struct call *c, struct catalog_address_place *at, int64_t limit, struct shape_list *ret_addresses, struct err *e)
{
    struct q_sitemap_products_rows rows;
    struct q_sitemap_products_in in = {.after_key = at->after_key, .after = at->after, .before_key = at->before_key, .lim = limit};
    if (!q_sitemap_products(c->db, c->arena, &in, &rows, e)) return false;
    struct catalog_address *list = ARENA_ARRAY(c->arena, struct catalog_address, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) list[i] = (struct catalog_address){rows.v[i].slug, rows.v[i].updated_at};
    if (rows.n > 0) {
        at->after_key = rows.v[rows.n - 1].key;
        at->after = rows.v[rows.n - 1].id.u;
    }
    *ret_addresses = (struct shape_list){rows.n, list};
    return true;
}
