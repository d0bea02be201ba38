/* /cart: the page, the drawer's fragment, and the forms that change it. Every form works without a script: it posts, and is redirected. */
#include "tpl/shop_cart.h"
#include "tpl/shop_cart_fragment.h"
#include "view.h"

/* What a merge did, in words. Lines that were only added or raised need none: they are seen. */
static struct view_lines merge_words(struct req *r, const struct cart *cart, bool *ret_merged, bool *ret_other)
{
    const struct cart_change *x = cart->changes.v;
    struct view_lines out = {0};
    *ret_merged = *ret_other = false;
    for (size_t i = 0; i < cart->changes.n; i++) {
        if (!str_starts(x[i].code, STR("merge_"))) {
            *ret_other = true;
            continue;
        }
        *ret_merged = true;
        bool reduced = str_eq_c(x[i].code, "merge_reduced");
        if (out.n == VIEW_LINES_MAX || (!reduced && !str_eq_c(x[i].code, "merge_left_out"))) continue;
        struct text_arg args[2] = {{"name", view_product_name(r, cart, x[i].variant)}, {"wanted", text_int(r->html.texts, r->arena, x[i].wanted_quantity)}};
        out.v[out.n++] = text_get(r->html.texts, r->arena, reduced ? "cart.merge_reduced" : "cart.merge_left_out", x[i].quantity, args, reduced ? 2 : 1);
    }
    return out;
}

#define FILL_CHANGES(type_) do { \
    bool merged_, other_; \
    struct view_lines words_ = merge_words(r, cart, &merged_, &other_); \
    struct type_ *notes_ = ARENA_ARRAY(r->arena, struct type_, words_.n + 1); \
    for (size_t i_ = 0; i_ < words_.n; i_++) notes_[i_].text = words_.v[i_]; \
    v.merged = merged_; \
    v.merge_notes.n = words_.n; \
    v.merge_notes.v = notes_; \
    v.changed = other_; \
} while (0)

static bool sellable(const struct cart *cart)
{
    const struct cart_line *lines = cart->items.v;
    bool good = true;
    for (size_t i = 0; i < cart->items.n; i++) good &= !cart_line_blocks(lines[i].state);
    return good;
}

/* An empty cart has totals of nothing; the template does not show them. */
static void show_page(struct req *r, struct http_response *w, const struct cart *cart, struct str problem)
{
    struct tpl_shop_cart v;
    struct tpl_shop_cart_line *lines = NULL;
    memset(&v, 0, sizeof v);
    view_layout(r, view_text(r, "cart.title"), &v.page);
    v.problem = problem;
    v.guest = uuid_is_zero(r->call->actor.account.u);
    if (cart) {
        view_cart_lines(r, cart, &lines);
        v.count = cart->item_count;
        v.lines.n = cart->items.n;
        v.lines.v = lines;
        FILL_CHANGES(tpl_shop_cart_merge_notes);
        v.can_checkout = sellable(cart);
        view_totals(r, &cart->totals, cart->prices_include_tax, cart->shipping ? cart->shipping->name : STR_NULL, &v.totals);
    }
    web_cache_never(w);
    tpl_shop_cart(&r->html, &v);
}

bool page_cart(struct req *r, struct http_response *w, struct err *e)
{
    struct cart *cart;
    struct order_id ordered;
    if (!view_current_cart(r, w, false, &cart, &ordered, e)) return false;
    show_page(r, w, cart, STR_NULL);
    return true;
}

bool page_cart_fragment(struct req *r, struct http_response *w, struct err *e)
{
    struct cart *cart;
    struct order_id ordered;
    struct tpl_shop_cart_fragment v;
    struct tpl_shop_cart_line *lines = NULL;
    if (!view_current_cart(r, w, false, &cart, &ordered, e)) return false;
    memset(&v, 0, sizeof v);
    if (cart) {
        view_cart_lines(r, cart, &lines);
        v.count = cart->item_count;
        v.lines.n = cart->items.n;
        v.lines.v = lines;
        FILL_CHANGES(tpl_shop_cart_fragment_merge_notes);
        v.can_checkout = sellable(cart);
        view_totals(r, &cart->totals, cart->prices_include_tax, cart->shipping ? cart->shipping->name : STR_NULL, &v.totals);
    }
    web_cache_never(w);
    tpl_shop_cart_fragment(&r->html, &v);
    return true;
}

/* A refusal that the shopper can mend is told on the cart's page; everything else is an error page. */
static bool refused(struct req *r, struct http_response *w, struct err *e)
{
    struct str problem = view_cart_problem(r, e);
    struct cart *cart;
    struct order_id ordered;
    struct err other;
    if (str_is_null(problem)) return false;
    err_clear(&other);
    if (!view_current_cart(r, w, false, &cart, &ordered, &other)) return false;
    w->status = problem_info(e->problem)->status;
    show_page(r, w, cart, problem);
    return true;
}

static bool quantity_of(struct str text, int64_t absent, int64_t *ret_quantity, struct err *e)
{
    *ret_quantity = absent;
    if (str_is_empty(str_trim(text))) return true;
    return str_to_int64(str_trim(text), ret_quantity) ||
           err_param(e, PROBLEM_OUT_OF_RANGE, "quantity", "A line holds 1 to %d pieces", CART_QUANTITY_MAX);
}

bool page_cart_add(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_add_in *in = r->in;
    struct cart *cart;
    struct order_id ordered;
    struct variant_id variant;
    struct str token = STR_NULL;
    int64_t quantity;
    bool replayed;
    if (!view_current_cart(r, w, false, &cart, &ordered, e)) return false;
    if (!quantity_of(in->quantity, 1, &quantity, e)) return refused(r, w, e);
    if (!id_parse(ID_variant, str_trim(in->variant_id), &variant.u)) {
        err_param(e, PROBLEM_UNAVAILABLE_VARIANT, "variant_id", "This variant cannot be bought here");
        return refused(r, w, e);
    }
    if (cart == NULL && !cart_create(r->call, STR_NULL, &token, &cart, e)) return false;
    if (!cart_add(r->call, cart, variant, quantity, &cart, &replayed, e)) return refused(r, w, e);
    if (str_is_null(token)) token = cart->token;
    if (!str_is_null(token)) view_set_cookie(w, token);            /* an account's cart has none */
    web_cache_never(w);
    http_redirect(w, 303, STR("/cart"));
    return true;
}

bool page_cart_item(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_item_in *in = r->in;
    struct cart *cart;
    struct order_id ordered;
    int64_t quantity;
    bool replayed;
    if (!view_current_cart(r, w, false, &cart, &ordered, e)) return false;
    if (!quantity_of(in->quantity, 0, &quantity, e)) return refused(r, w, e);
    /* A line or a cart that is gone already: the page shows how things stand. */
    if (cart != NULL && !cart_set(r->call, cart, in->item, quantity, &cart, &replayed, e)) {
        if (e->problem != PROBLEM_NOT_FOUND) return refused(r, w, e);
        err_clear(e);
    }
    web_cache_never(w);
    http_redirect(w, 303, STR("/cart"));
    return true;
}
