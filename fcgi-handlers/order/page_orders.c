/* /orders: what the signed-in account ordered, page by page. */
#include "shared/account.h"
#include "tpl/account_orders.h"
#include "view.h"

enum { ORDERS_PER_PAGE = 10 };

static const struct { const char *status, *label; } filters[] = {
    {"", "orders.all"}, {"open", "orders.open"}, {"completed", "order.status_completed"}, {"canceled", "order.status_canceled"}};
enum { FILTERS = sizeof filters / sizeof filters[0] };

static struct str address_of(struct req *r, struct str status, struct str after)
{
    if (str_is_empty(status)) return str_is_empty(after) ? STR("/orders") : str_printf(r->arena, "/orders?after=" STR_FMT, STR_ARG(after));
    struct str base = str_printf(r->arena, "/orders?status=" STR_FMT, STR_ARG(status));
    return str_is_empty(after) ? base : str_printf(r->arena, STR_FMT "&after=" STR_FMT, STR_ARG(base), STR_ARG(after));
}

static struct str known_status(struct str wanted)
{
    for (size_t i = 1; i < FILTERS; i++) {
        if (str_eq_c(wanted, filters[i].status)) return wanted;
    }
    return STR_NULL;
}

bool page_orders(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_orders_in *in = r->in;
    struct order_list_in wish = {.status = known_status(in->status), .cursor = in->after, .limit = ORDERS_PER_PAGE};
    struct shape_list list;
    struct str next;
    struct tpl_account_orders v;
    if (!order_list(r->call, r->call->actor.account, &wish, &list, &next, e)) {
        if (e->problem != PROBLEM_INVALID_CURSOR) return false;
        err_clear(e);                       /* an old bookmark: from the beginning */
        wish.cursor = STR_NULL;
        if (!order_list(r->call, r->call->actor.account, &wish, &list, &next, e)) return false;
    }
    memset(&v, 0, sizeof v);
    account_layout(r, view_text(r, "orders.title"), &v.page);
    v.nav.orders = true;
    v.nav.csrf = r->csrf_token;
    struct tpl_account_orders_states *states = ARENA_ARRAY(r->arena, struct tpl_account_orders_states, FILTERS);
    for (size_t i = 0; i < FILTERS; i++) {
        states[i].href = address_of(r, str_from(filters[i].status), STR_NULL);
        states[i].label = text_get(r->html.texts, r->arena, filters[i].label, 0, NULL, 0);
        states[i].current = i == 0 ? str_is_null(wish.status) : str_eq_c(wish.status, filters[i].status);
    }
    v.states.n = list.n > 0 || !str_is_null(wish.status) ? FILTERS : 0;
    v.states.v = states;
    v.orders.n = list.n;
    v.orders.v = account_order_rows(r, list);
    if (!str_is_null(wish.cursor)) v.first = address_of(r, wish.status, STR_NULL);
    if (!str_is_null(next)) v.next = address_of(r, wish.status, next);
    web_cache_never(w);
    tpl_account_orders(&r->html, &v);
    return true;
}
