#include "view.h"

#include "service/cart_claim.h"
#include "shared/page.h"

struct str view_text(struct req *r, const char *key)
{
    return text_get(r->html.texts, r->arena, key, 0, NULL, 0);
}

struct str view_text_n(struct req *r, const char *key, int64_t n)
{
    return text_get(r->html.texts, r->arena, key, n, NULL, 0);
}

struct str view_text_1(struct req *r, const char *key, const char *name, struct str value)
{
    return text_get(r->html.texts, r->arena, key, 0, &(struct text_arg){name, value}, 1);
}

void view_layout(struct req *r, struct str title, struct tpl_shop_layout *page)
{
    page_layout_with(r, &(struct page_info){.title = title}, page_shelves(r), page);
}

void view_quiet(struct req *r, const char *title_key, struct tpl_shop_quiet_layout *page)
{
    page->lang = str_from(text_locale(r->html.texts));
    page->title = view_text(r, title_key);
    page->back_href = STR("/cart");
    page->back_label = view_text(r, "checkout.back");
}

void view_totals(struct req *r, const struct cart_totals *t, bool included, struct str shipping_name, struct tpl_shop_totals *ret)
{
    const struct cart_tax *taxes = t->taxes.v;
    struct tpl_shop_totals_taxes *rows = ARENA_ARRAY(r->arena, struct tpl_shop_totals_taxes, t->taxes.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < t->taxes.n; i++) {
        if (taxes[i].rate == 0) continue;
        rows[n].label = view_text_1(r, "totals.tax", "rate", text_rate(r->html.texts, r->arena, taxes[i].rate));
        rows[n++].amount = taxes[i].tax;
    }
    memset(ret, 0, sizeof *ret);
    ret->subtotal = t->subtotal;
    ret->shipping_known = t->shipping.currency.code[0] != '\0';
    ret->shipping_free = ret->shipping_known && t->shipping.amount == 0;
    ret->shipping = t->shipping;
    ret->shipping_name = shipping_name;
    ret->taxes.n = n;
    ret->taxes.v = rows;
    ret->tax_included = included;
    ret->total = t->total;
}

static struct str product_path(struct req *r, const struct cart_line *l)
{
    if (str_is_null(l->product_slug)) return STR("/");
    return str_printf(r->arena, "/p/" STR_FMT, STR_ARG(l->product_slug));
}

void view_cart_lines(struct req *r, const struct cart *cart, struct tpl_shop_cart_line **ret_lines)
{
    const struct cart_line *lines = cart->items.v;
    struct tpl_shop_cart_line *out = ARENA_ARRAY(r->arena, struct tpl_shop_cart_line, cart->items.n + 1);
    for (size_t i = 0; i < cart->items.n; i++) {
        const struct cart_line *l = &lines[i];
        out[i].item_id = id_str(r->arena, ID_cart_item, l->id.u);
        out[i].href = product_path(r, l);
        out[i].name = l->product_name;
        out[i].variant = l->variant_title;
        out[i].image = l->image_url;
        out[i].unit_price = l->counted ? l->unit_price : (struct money){l->price_seen, cart->currency};
        out[i].quantity = l->quantity;
        out[i].max_quantity = l->max_quantity;
        out[i].total = l->counted ? l->total : (struct money){0, cart->currency};
        out[i].price_changed = l->counted && l->previous_price.currency.code[0] != '\0';
        out[i].old_price = l->previous_price;
        out[i].too_few = l->state == CART_LINE_INSUFFICIENT_STOCK;
        out[i].available = l->available;
        out[i].gone = l->state == CART_LINE_UNAVAILABLE || l->state == CART_LINE_SOLD_OUT;
        out[i].csrf = r->csrf_token;
    }
    *ret_lines = out;
}

void view_cart_summary(struct req *r, const struct cart *cart, struct tpl_shop_order_summary *ret)
{
    const struct cart_line *lines = cart->items.v;
    struct tpl_shop_order_summary_lines *out = ARENA_ARRAY(r->arena, struct tpl_shop_order_summary_lines, cart->items.n + 1);
    for (size_t i = 0; i < cart->items.n; i++) {
        out[i].name = lines[i].product_name;
        out[i].variant = lines[i].variant_title;
        out[i].image = lines[i].image_url;
        out[i].quantity = lines[i].quantity;
        out[i].total = lines[i].counted ? lines[i].total : (struct money){0, cart->currency};
    }
    memset(ret, 0, sizeof *ret);
    ret->count = cart->item_count;
    ret->lines.n = cart->items.n;
    ret->lines.v = out;
    ret->edit = true;
    view_totals(r, &cart->totals, cart->prices_include_tax, cart->shipping ? cart->shipping->name : STR_NULL, &ret->totals);
}

void view_order_summary(struct req *r, const struct order *order, struct tpl_shop_order_summary *ret)
{
    const struct order_line *lines = order->lines.v;
    struct tpl_shop_order_summary_lines *out = ARENA_ARRAY(r->arena, struct tpl_shop_order_summary_lines, order->lines.n + 1);
    for (size_t i = 0; i < order->lines.n; i++) {
        out[i].name = lines[i].product_name;
        out[i].variant = lines[i].variant_title;
        out[i].image = lines[i].image_url;
        out[i].quantity = lines[i].quantity;
        out[i].total = lines[i].total;
    }
    memset(ret, 0, sizeof *ret);
    ret->count = order->item_count;
    ret->lines.n = order->lines.n;
    ret->lines.v = out;
    view_totals(r, &order->totals, order->prices_include_tax, order->shipping_name, &ret->totals);
}

static void put(struct view_lines *l, struct str s)
{
    if (!str_is_empty(s)) l->v[l->n++] = s;
}

void view_address(struct req *r, const struct address *a, struct view_lines *ret)
{
    *ret = (struct view_lines){0};
    if (a == NULL) return;
    put(ret, a->name);
    put(ret, a->company);
    put(ret, a->line1);
    put(ret, a->line2);
    put(ret, str_is_null(a->postal_code) ? a->city : str_printf(r->arena, STR_FMT " " STR_FMT, STR_ARG(a->postal_code), STR_ARG(a->city)));
    put(ret, a->region);
    put(ret, page_country_name(r, a->country));
}

/* The cookie has done its work: an account needs none. */
static bool claim(struct req *r, struct http_response *w, struct str token, struct err *e)
{
    enum cart_claim_outcome outcome;
    struct cart_id id;
    if (!cart_claim(r->call, r->call->actor.account, (struct cart_id){0}, token, &outcome, &id, e)) return false;
    http_set_cookie(w, CART_COOKIE, STR(""), (struct http_cookie_options){.http_only = true, .lax = true});
    return true;
}

bool view_current_cart(struct req *r, struct http_response *w, bool personal, struct cart **ret_cart, struct order_id *ret_ordered, struct err *e)
{
    struct str token = http_cookie(r->http, CART_COOKIE);
    bool signed_in = !uuid_is_zero(r->call->actor.account.u);
    struct cart *cart;
    *ret_cart = NULL;
    *ret_ordered = (struct order_id){0};
    if (signed_in && !str_is_empty(token) && !claim(r, w, token, e)) return false;
    if (signed_in) token = STR_NULL;
    if (str_is_null(token) && !signed_in) return true;
    if (!cart_read(r->call, (struct cart_id){0}, token, personal, &cart, e)) {
        if (e->problem != PROBLEM_NOT_FOUND) return false;
        err_clear(e);
        return true;
    }
    if (!str_eq_c(cart->state, "open")) {
        *ret_ordered = cart->order;
        return true;
    }
    *ret_cart = cart;
    return true;
}

void view_set_cookie(struct http_response *w, struct str token)
{
    http_set_cookie(w, CART_COOKIE, token, (struct http_cookie_options){.max_age_s = CART_LIFE / USEC_PER_SEC, .http_only = true, .lax = true});
}

struct str view_product_name(struct req *r, const struct cart *cart, struct variant_id variant)
{
    const struct cart_line *lines = cart->items.v;
    struct str name;
    struct err ignored = {0};
    for (size_t i = 0; i < cart->items.n; i++) {
        if (uuid_eq(lines[i].variant.u, variant.u) && !str_is_empty(lines[i].product_name)) return lines[i].product_name;
    }
    return cart_variant_name(r->call, variant, &name, &ignored) && !str_is_empty(name) ? name : view_text(r, "cart.one_thing");
}

struct str view_cart_problem(struct req *r, const struct err *e)
{
    const struct cart_shortage *s = e->data;
    switch (e->problem) {
    case PROBLEM_INSUFFICIENT_STOCK:
        return s == NULL || s->available <= 0 ? view_text(r, "cart.problem_sold_out") : view_text_n(r, "cart.problem_stock", s->available);
    case PROBLEM_OUT_OF_RANGE: return view_text(r, "cart.problem_quantity");
    case PROBLEM_CART_FULL: return view_text(r, "cart.problem_lines");
    case PROBLEM_UNAVAILABLE_VARIANT: return view_text(r, "cart.problem_unavailable");
    default: return STR_NULL;
    }
}
