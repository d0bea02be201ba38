/* /orders: an order's page by signed link (or by the cookie of the cart it came from), and the look-up. */
#include "service/payment.h"
#include "tpl/shop_order.h"
#include "tpl/shop_order_lookup.h"
#include "view.h"

/* How long the page says thank you. */
#define THANKS (30 * USEC_PER_MINUTE)

static struct str token_of(struct req *r, const struct page_order_in *in)
{
    return str_is_empty(in->token) ? http_cookie(r->http, CART_COOKIE) : in->token;
}

static struct str path(struct req *r, const struct order *o, const char *step)
{
    struct str id = id_str(r->arena, ID_order, o->id.u);
    return str_printf(r->arena, "/orders/" STR_FMT "%s?t=" STR_FMT, STR_ARG(id), step, STR_ARG(o->access_token));
}

static void fill_payment(struct req *r, const struct order *o, struct tpl_shop_order *v)
{
    if (o->payment == NULL) return;
    if (o->state == ORDER_PENDING_PAYMENT) {
        if (!o->cancel_requested) v->retry_href = payment_page_path(r->call, o->payment->id, o->id, r->call->now);
        if (o->can_pay) {
            const char *key = arena_printf(r->arena, "payment." STR_FMT, STR_ARG(o->payment->failure_code));
            v->payment_problem = view_text(r, !str_is_empty(o->payment->failure_code) && text_has(key) ? key : "order.failed");
        }
    }
    v->pending = o->state == ORDER_PENDING_PAYMENT && !o->cancel_requested;
}

static void fill_state(struct req *r, const struct order *o, struct tpl_shop_order *v)
{
    v->status_label = view_text(r, arena_printf(r->arena, "order.status_" STR_FMT, STR_ARG(o->status)));
    v->paid = o->state == ORDER_PAID || o->state == ORDER_FULFILLING || o->state == ORDER_COMPLETED;
    v->shipped = o->state == ORDER_COMPLETED;
    v->completed = o->state == ORDER_COMPLETED;
    v->canceled = o->state == ORDER_CANCELED;
    v->cancel_requested = o->cancel_requested;
    if (o->can_cancel && !o->cancel_requested) v->cancel_href = path(r, o, "/cancel");
    if (v->canceled) v->copy_href = path(r, o, "/cart");
    v->csrf = r->csrf_token;
    v->placed = v->paid && r->call->now - o->created_at < THANKS;
}

static void show(struct req *r, struct http_response *w, const struct order *o)
{
    struct tpl_shop_order v;
    struct view_lines address;
    memset(&v, 0, sizeof v);
    view_layout(r, view_text_1(r, "order.title", "number", o->number), &v.page);
    v.page.description = view_text(r, "order.description");
    fill_state(r, o, &v);
    fill_payment(r, o, &v);
    v.number = o->number;
    v.placed_at = o->created_at;
    if (o->contact) v.email = o->contact->email;
    view_address(r, o->shipping_address, &address);
    struct tpl_shop_order_address_lines *lines = ARENA_ARRAY(r->arena, struct tpl_shop_order_address_lines, address.n + 1);
    for (size_t i = 0; i < address.n; i++) lines[i].text = address.v[i];
    v.address_lines.n = address.n;
    v.address_lines.v = lines;
    v.shipping_label = o->shipping_name;
    v.note = o->note;
    bool signed_in = !uuid_is_zero(r->call->actor.account.u);
    v.owned = signed_in && uuid_eq(o->account.u, r->call->actor.account.u);
    if (!signed_in && uuid_is_zero(o->account.u) && v.placed) v.offer_href = STR("/register");
    view_order_summary(r, o, &v.summary);
    web_cache_never(w);
    http_set_header(w, "Referrer-Policy", STR("same-origin"));      /* the address opens the order: it stays with us */
    tpl_shop_order(&r->html, &v);
}

bool page_order(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_order_in *in = r->in;
    struct order *o;
    if (!order_read(r->call, in->order, token_of(r, in), &o, e)) return false;
    show(r, w, o);
    return true;
}

bool page_order_cancel(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_order_in *in = r->in;
    struct order *o;
    struct str token = token_of(r, in);
    if (!order_cancel(r->call, in->order, token, &o, e)) {
        if (e->problem != PROBLEM_INVALID_STATE) return false;
        err_clear(e);                                               /* paid in the meantime: the page shows it */
        if (!order_read(r->call, in->order, token, &o, e)) return false;
    }
    web_cache_never(w);
    http_redirect(w, 303, path(r, o, ""));
    return true;
}

bool page_order_copy(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_order_in *in = r->in;
    struct cart *cart;
    struct str token;
    if (!order_copy_cart(r->call, in->order, token_of(r, in), &token, &cart, e)) return false;
    if (!str_is_null(token)) view_set_cookie(w, token);
    web_cache_never(w);
    http_redirect(w, 303, STR("/cart"));
    return true;
}

static void show_lookup(struct req *r, struct http_response *w, const struct page_lookup_in *in, struct str problem)
{
    struct tpl_shop_order_lookup v;
    struct tpl_shop_errors_items item = {STR("#number"), problem};
    memset(&v, 0, sizeof v);
    view_layout(r, view_text(r, "lookup.title"), &v.page);
    v.page.description = view_text(r, "lookup.description");
    v.csrf = r->csrf_token;
    v.number = in->number;
    v.email = in->email;
    if (!str_is_null(problem)) {
        v.errors.title = view_text(r, "form.look_again");
        v.errors.items.n = 1;
        v.errors.items.v = &item;
        v.page.bad = true;
    }
    web_cache_never(w);
    tpl_shop_order_lookup(&r->html, &v);
}

bool page_lookup(struct req *r, struct http_response *w, struct err *e)
{
    (void)e;
    show_lookup(r, w, &(struct page_lookup_in){0}, STR_NULL);
    return true;
}

bool page_lookup_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_lookup_in *in = r->in;
    struct order *o;
    if (!order_lookup(r->call, in->number, in->email, &o, e)) {
        if (e->problem != PROBLEM_NOT_FOUND) return false;
        w->status = 404;
        show_lookup(r, w, in, view_text(r, "lookup.not_found"));
        return true;
    }
    web_cache_never(w);
    http_redirect(w, 303, path(r, o, ""));
    return true;
}
