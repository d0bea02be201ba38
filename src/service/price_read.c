/* Lists of prices. Each state has an order of its own, along an index, so that any page costs the same: a cursor is the last row's place in it. */
#include "service/page_cursor.h"
#include "service/price.h"
#include "sql/catalog_price.h"

bool price_lists(struct call *c, struct shape_list *ret_lists, struct err *e)
{
    struct q_price_lists_rows rows;
    if (!q_price_lists(c->db, c->arena, &rows, e)) return false;
    struct price_list *v = ARENA_ARRAY(c->arena, struct price_list, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_price_lists_row *r = &rows.v[i];
        v[i] = (struct price_list){.id = r->id, .code = r->code, .currency = currency_str(&r->currency), .tax_included = r->tax_included, .is_default = r->is_default,
                                   .markets = {r->markets.n, (void *)(uintptr_t)r->markets.v}};
    }
    *ret_lists = (struct shape_list){rows.n, v};
    return true;
}

struct str price_state(usec_t valid_from, usec_t valid_to, usec_t now)
{
    if (valid_from > now) return STR("planned");
    return valid_to != 0 && valid_to <= now ? STR("past") : STR("current");
}

/* --- where a page begins --- */

enum order { BY_VARIANT, BY_BEGIN, BY_END };

struct place { usec_t at; struct uuid a, b; };      /* BY_VARIANT: valid_from, variant, list; else the time and the price's id */

struct listing {
    struct call *c;
    const struct price_filter *f;
    struct str state;
    enum order order;
    struct place place;
    int32_t lim;
};

static struct str filters_of(const struct listing *l)
{
    const struct price_filter *f = l->f;
    struct arena *a = l->c->arena;
    return str_printf(a, STR_FMT "\n" STR_FMT "\n" STR_FMT "\n%zu:" STR_FMT "\n" STR_FMT, STR_ARG(l->state), STR_ARG(id_str(a, ID_product, f->product.u)),
                      STR_ARG(id_str(a, ID_variant, f->variant.u)), f->sku.n, STR_ARG(f->sku), STR_ARG(f->price_list));
}

static bool place_read(struct listing *l, struct err *e)
{
    struct place *p = &l->place;
    struct str text, at, first;
    if (str_is_null(l->f->cursor)) {
        p->at = l->c->now + (l->order == BY_END ? 1 : 0);      /* what ends now is over */
        return true;
    }
    if (!page_cursor_unpack(l->c->arena, filters_of(l), l->f->cursor, &text, e)) return false;
    if (str_split(&text, '\n', &at) && str_split(&text, '\n', &first) && str_to_int64(at, &p->at) && uuid_parse(first, &p->a) && uuid_parse(text, &p->b)) return true;
    return err_param(e, PROBLEM_INVALID_CURSOR, "cursor", "This is no cursor of this list");
}

static struct str place_of(const struct listing *l, const struct q_price_page_row *r)
{
    char a[37], b[37];
    uuid_format(l->order == BY_VARIANT ? r->variant.u : r->id.u, a);
    uuid_format(r->list, b);
    usec_t at = l->order == BY_END ? r->valid_to : r->valid_from;
    return page_cursor_pack(l->c->arena, filters_of(l), str_printf(l->c->arena, "%lld\n%s\n%s", (long long)at, a, b));
}

/* --- rows --- */

/* The row types of the queries are generated one by one but have the same members. */
#define TAKE(rows_) do { ret->n = (rows_).n; ret->v = ARENA_ARRAY(c->arena, struct q_price_page_row, (rows_).n + 1); \
    for (size_t i_ = 0; i_ < (rows_).n; i_++) \
        ret->v[i_] = (struct q_price_page_row){(rows_).v[i_].id, (rows_).v[i_].variant, (rows_).v[i_].sku, (rows_).v[i_].product, (rows_).v[i_].price_list, \
            (rows_).v[i_].currency, (rows_).v[i_].amount, (rows_).v[i_].compare_at, (rows_).v[i_].valid_from, (rows_).v[i_].valid_to, (rows_).v[i_].created_at, \
            (rows_).v[i_].list}; } while (0)

static bool read_of(const struct listing *l, struct q_price_page_rows *ret, struct err *e)
{
    struct call *c = l->c;
    struct q_price_page_of_rows rows;
    if (!q_price_page_of(c->db, c->arena, &(struct q_price_page_of_in){.product = l->f->product, .variant = l->f->variant, .sku = l->f->sku, .code = l->f->price_list,
                         .state = l->state, .at = l->place.at, .a = l->place.a, .b = l->place.b, .now = c->now, .lim = l->lim}, &rows, e)) return false;
    TAKE(rows);
    return true;
}

static bool read_rows(const struct listing *l, struct q_price_page_rows *ret, struct err *e)
{
    struct call *c = l->c;
    const struct price_filter *f = l->f;
    if (!uuid_is_zero(f->product.u) || !uuid_is_zero(f->variant.u) || !str_is_null(f->sku)) return read_of(l, ret, e);
    if (l->order == BY_BEGIN) {
        struct q_price_page_planned_rows rows;
        if (!q_price_page_planned(c->db, c->arena, &(struct q_price_page_planned_in){.at = l->place.at, .id = l->place.a, .code = f->price_list, .now = c->now, .lim = l->lim},
                                  &rows, e)) return false;
        TAKE(rows);
        return true;
    }
    if (l->order == BY_END) {
        struct q_price_page_past_rows rows;
        if (!q_price_page_past(c->db, c->arena, &(struct q_price_page_past_in){.at = l->place.at, .id = l->place.a, .code = f->price_list, .now = c->now, .lim = l->lim},
                               &rows, e)) return false;
        TAKE(rows);
        return true;
    }
    return q_price_page(c->db, c->arena, &(struct q_price_page_in){.variant = l->place.a, .list = l->place.b, .at = l->place.at, .code = f->price_list,
                        .current = str_eq_c(l->state, "current"), .now = c->now, .lim = l->lim}, ret, e);
}

bool price_list_page(struct call *c, const struct price_filter *f, struct shape_list *ret_prices, struct str *ret_next, struct err *e)
{
    struct listing l = {.c = c, .f = f, .state = str_is_null(f->state) ? STR("current") : f->state, .lim = (int32_t)f->limit + 1};
    struct q_price_page_rows rows;
    l.order = str_eq_c(l.state, "planned") ? BY_BEGIN : str_eq_c(l.state, "past") ? BY_END : BY_VARIANT;
    if (!place_read(&l, e) || !read_rows(&l, &rows, e)) return false;
    size_t n = rows.n > (size_t)f->limit ? (size_t)f->limit : rows.n;
    struct price_row *v = ARENA_ARRAY(c->arena, struct price_row, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct q_price_page_row *r = &rows.v[i];
        v[i] = (struct price_row){.id = r->id, .variant = r->variant, .sku = r->sku, .product = r->product, .price_list = r->price_list, .price = {r->amount, r->currency},
                                  .valid_from = r->valid_from, .valid_to = r->valid_to, .created_at = r->created_at, .state = price_state(r->valid_from, r->valid_to, c->now)};
        if (r->compare_at.set) v[i].compare_at = (struct money){r->compare_at.v, r->currency};
    }
    *ret_prices = (struct shape_list){n, v};
    *ret_next = rows.n > n ? place_of(&l, &rows.v[n - 1]) : STR_NULL;
    return true;
}
