#include "pool.h"
#include "service/order_link.h"
#include "service/payment.h"
#include "shared/page.h"
#include "shared/pay_methods.h"
#include "tpl/shop_pay.h"
#include "tpl/shop_pay_wait.h"

enum { TOKEN_MAX = 400, STATE_MAX = 600 };

#define T(field) offsetof(struct pay_in, field)
static const struct shape_field pay_show_fields[] = {
    {"payment", SHAPE_ID, T(payment), .in = SHAPE_PATH, .required = true, .id = ID_payment, .doc = "The payment"},
    {"t", SHAPE_STR, T(t), .in = SHAPE_QUERY, .required = true, .max = TOKEN_MAX, .doc = "Token of the order"},
    {NULL}};
const struct shape pay_show_shape = {"PayPage", pay_show_fields, sizeof(struct pay_in)};

static const struct shape_field pay_post_fields[] = {
    {"payment", SHAPE_ID, T(payment), .in = SHAPE_PATH, .required = true, .id = ID_payment, .doc = "The payment that failed"},
    {"t", SHAPE_STR, T(t), .in = SHAPE_QUERY, .required = true, .max = TOKEN_MAX, .doc = "Token of the order"},
    {"method", SHAPE_STR, T(method), .required = true, .min = 1, .max = 200, .doc = "The chosen card"},
    {NULL}};
const struct shape pay_post_shape = {"PayForm", pay_post_fields, sizeof(struct pay_in)};

static const struct shape_field pay_return_fields[] = {
    {"state", SHAPE_STR, offsetof(struct return_in, state), .in = SHAPE_QUERY, .required = true, .max = STATE_MAX, .doc = "Signed; works once"},
    {"t", SHAPE_STR, offsetof(struct return_in, t), .in = SHAPE_QUERY, .required = true, .max = TOKEN_MAX, .doc = "Token of the order"},
    {NULL}};
const struct shape pay_return_shape = {"PayReturn", pay_return_fields, sizeof(struct return_in)};

static struct str words(const struct req *r, const char *key, struct str number)
{
    return text_get(r->html.texts, r->arena, key, 0, &(struct text_arg){"number", number}, 1);
}

static struct tpl_shop_quiet_layout layout(struct req *r, const struct payment_view *v)
{
    return (struct tpl_shop_quiet_layout){
        .lang = str_from(text_locale(r->html.texts)), .title = words(r, "payment.title", v->order_number), .back_label = words(r, "payment.to_order", v->order_number),
        .back_href = order_page_path(r->call, v->order, v->order_created_at)};
}

static const char *failure_text(struct str code)
{
    if (str_eq_c(code, "card_declined"))
        return "payment.declined";
    if (str_eq_c(code, "insufficient_funds"))
        return "payment.insufficient_funds";
    if (str_eq_c(code, "challenge_failed"))
        return "payment.challenge_failed";
    return "payment.failed";
}

static struct str pay_path(struct req *r, const struct payment_view *v)
{
    return payment_page_path(r->call, v->id, v->order, r->call->now);
}

/* The form for another try. `problem` is the text of what went wrong. */
static void again(struct req *r, struct http_response *w, const struct payment_view *v, const char *problem, int status)
{
    struct tpl_shop_errors_items item = {.href = STR("#method"), .message = words(r, problem, v->order_number)};
    struct tpl_shop_pay page = {.page = layout(r, v), .errors = {.title = words(r, "payment.not_paid", v->order_number), .items = {1, &item}},
                                .csrf = r->csrf_token, .action = pay_path(r, v), .number = v->order_number, .total = v->amount,
                                .order_href = order_page_path(r->call, v->order, v->order_created_at)};
    page.page.bad = true;
    page_pay_methods(r, "payment.legend", STR_NULL, &page.methods);
    web_cache_never(w);
    w->status = status;
    tpl_shop_pay(&r->html, &page);
}

static void wait_page(struct req *r, struct http_response *w, const struct payment_view *v)
{
    struct tpl_shop_pay_wait page = {.page = layout(r, v), .number = v->order_number, .href = pay_path(r, v)};
    web_cache_never(w);
    http_set_header(w, "Refresh", STR("2"));       /* the page reloads without scripts, too */
    tpl_shop_pay_wait(&r->html, &page);
}

/* Where a payment stands decides where the shopper goes. */
static bool show(struct req *r, struct http_response *w, const struct payment_view *v)
{
    bool over = str_eq_c(v->state, "failed") || str_eq_c(v->state, "voided");
    if (!str_is_null(v->action_url))
        http_redirect(w, 303, v->action_url);
    else if (over && v->payable)
        again(r, w, v, failure_text(v->failure_code), 200);
    else if (v->processing || (str_eq_c(v->state, "created") && v->payable))
        wait_page(r, w, v);
    else
        http_redirect(w, 303, order_page_path(r->call, v->order, v->order_created_at));
    web_cache_never(w);
    return true;
}

bool page_pay(struct req *r, struct http_response *w, struct err *e)
{
    const struct pay_in *in = r->in;
    struct payment_view v;
    bool replayed;
    if (!payment_newest(r->call, in->payment, in->t, &v, e))
        return false;
    bool fresh = str_eq_c(v.state, "created") && !v.called && v.payable && r->http->method == HTTP_GET;
    if (fresh && !payment_confirm(r->call, v.id, in->t, &v, &replayed, e))
        return false;
    return show(r, w, &v);
}

bool page_pay_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct pay_in *in = r->in;
    struct payment_view v, next;
    bool replayed;
    if (!payment_newest(r->call, in->payment, in->t, &v, e))
        return false;
    bool over = str_eq_c(v.state, "failed") || str_eq_c(v.state, "voided");
    if (!over || !v.payable) {                      /* a second click, or the order is gone: show how it stands */
        http_redirect(w, 303, pay_path(r, &v));
        return true;
    }
    if (!payment_create(r->call, v.order, in->t, in->method, &next, &replayed, e)) {
        if (e->problem == PROBLEM_INVALID) {
            again(r, w, &v, "payment.failed", 422);
            return true;
        }
        if (e->problem != PROBLEM_INVALID_STATE)
            return false;
        next = v;
    }
    http_redirect(w, 303, pay_path(r, &next));
    return true;
}

bool page_return(struct req *r, struct http_response *w, struct err *e)
{
    const struct return_in *in = r->in;
    struct payment_view v;
    bool used;
    if (!payment_return(r->call, in->state, &v, &used, e))
        return false;
    if (!order_link_opens(r->call, v.order, in->t))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such payment.");
    http_redirect(w, 303, pay_path(r, &v));
    web_cache_never(w);
    return true;
}

void page_payment_error(struct req *r, struct http_response *w, const struct err *e)
{
    page_error_with(r, w, e, (struct shape_list){0, NULL});
}
