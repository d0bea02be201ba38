/* /account: the overview; its password; its e-mail address. */
#include "service/challenge.h"
#include "service/order_list.h"
#include "tpl/account_email.h"
#include "tpl/account_home.h"
#include "tpl/account_password.h"
#include "user/handlers.h"
#include "user/page.h"
#include "user/view.h"

enum { LATEST_ORDERS = 3 };

static bool read_account(struct req *r, struct account *ret, struct err *e)
{
    return account_read(r->call, r->call->actor.account, ret, e);
}

bool page_account(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    struct account account;
    struct shape_list orders;
    struct str next;
    struct tpl_account_home v;
    memset(&v, 0, sizeof v);
    if (!read_account(r, &account, e) || !order_list(r->call, account.id, &(struct order_list_in){.limit = LATEST_ORDERS}, &orders, &next, e)) return false;
    account_layout(r, page_text(r, "account.title"), &v.page);
    v.nav.home = true;
    v.nav.csrf = v.csrf = r->csrf_token;
    v.notice = view_notice(r, "account.done", in->done);
    v.name = account.name;
    v.email = account.email;
    v.setup_needed = account.staff && !r->call->actor.second_factor;
    v.orders.n = orders.n;
    v.orders.v = account_order_rows(r, orders);
    web_cache_never(w);
    tpl_account_home(&r->html, &v);
    return true;
}

/* --- password ---------------------------------------------------------------------------------------------------------------- */

static const struct form_row password_rows[] = {
    {"current_password", "present", "password.present", "confirm.wrong"}, {"password", "fresh", "password.fresh", "field.error_password_length"}, {NULL, NULL, NULL, NULL}};

static bool show_password(struct req *r, struct http_response *w, const struct err *bad, struct str problem, struct err *e)
{
    struct tpl_account_password v = {.csrf = r->csrf_token};
    struct account account;
    if (!read_account(r, &account, e)) return false;
    if (str_is_empty(account.email)) {                   /* what a password would go with */
        view_go(w, STR("/account/email"));
        return true;
    }
    account_layout(r, page_text(r, account.has_password ? "password.title" : "password.title_new"), &v.page);
    v.nav.security = true;
    v.nav.csrf = r->csrf_token;
    v.email = account.email;
    v.has_password = account.has_password;
    if (bad) form_summary(r, password_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.present = form_secret(r, password_rows, bad, "present", "current-password");
    v.fresh = form_secret(r, password_rows, bad, "fresh", "new-password");
    web_cache_never(w);
    tpl_account_password(&r->html, &v);
    return true;
}

bool page_password(struct req *r, struct http_response *w, struct err *e)
{
    return show_password(r, w, NULL, STR_NULL, e);
}

/* What the service calls `present` and `password` may also come without a name: then it is about the present one. */
static void name_fields(struct err *bad)
{
    if (bad->n_fields == 0 && bad->problem == PROBLEM_INVALID_CREDENTIALS) err_field(bad, PROBLEM_INVALID_CREDENTIALS, "current_password", "Not right");
}

bool page_password_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_password_in *in = r->in;
    struct err bad;
    err_clear(&bad);
    if (form_password(in->fresh, "password", &bad) && account_password_change(r->call, in->present, in->fresh, &bad)) {
        view_go(w, STR("/account/security?done=password"));
        return true;
    }
    name_fields(&bad);
    bool fields = form_blames(password_rows, &bad);
    struct str problem = fields ? STR_NULL : view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (fields) w->status = 422;
    return show_password(r, w, fields ? &bad : NULL, problem, e);
}

/* --- e-mail address ---------------------------------------------------------------------------------------------------------- */

static const struct form_row email_rows[] = {
    {"email", "email", "email.fresh", "field.error_email"}, {"code", "code", "field.code", "field.error_code"}, {NULL, NULL, NULL, NULL}};

static bool show_email(struct req *r, struct http_response *w, bool waiting, struct str email, const struct err *bad, struct str problem, struct err *e)
{
    struct tpl_account_email v = {.csrf = r->csrf_token, .waiting = waiting};
    struct account account;
    if (!read_account(r, &account, e)) return false;
    account_layout(r, page_text(r, str_is_empty(account.email) ? "email.title_new" : "email.title"), &v.page);
    v.nav.profile = true;
    v.nav.csrf = r->csrf_token;
    v.present = account.email;
    if (bad) form_summary(r, email_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.email = form_text(r, email_rows, bad, "email", "email", "email", email, 254);
    v.code = form_code(r, email_rows, bad, "code", STR_NULL);
    v.code.hint = page_text(r, "field.code_hint");
    web_cache_never(w);
    tpl_account_email(&r->html, &v);
    return true;
}

bool page_email(struct req *r, struct http_response *w, struct err *e)
{
    return show_email(r, w, false, STR_NULL, NULL, STR_NULL, e);
}

bool page_email_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_email_in *in = r->in;
    struct str verification;
    struct err bad;
    err_clear(&bad);
    if (str_is_empty(in->email)) err_field(&bad, PROBLEM_REQUIRED, "email", "A value is missing");
    else if (account_email_change(r->call, in->email, &verification, &bad)) {
        view_cookie_put(w, EMAIL_COOKIE, verification, CHALLENGE_LINK_LIFE / USEC_PER_SEC);
        view_go(w, STR("/account/email/confirm"));
        return true;
    }
    bool fields = form_blames(email_rows, &bad);
    struct str problem = fields ? STR_NULL : view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (fields) w->status = 422;
    return show_email(r, w, false, in->email, fields ? &bad : NULL, problem, e);
}

/* By code in the browser that asked; by the mail's link wherever the account is signed in. */
bool page_email_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    if (!str_is_empty(in->link)) {
        view_message(r, w, &(struct view_message){.title = "email.link_title", .text = "email.link_text", .label = "email.confirm", .post = STR("/account/email/confirm"),
                                                  .link = in->link});
        return true;
    }
    if (str_is_empty(http_cookie(r->http, EMAIL_COOKIE))) {
        view_go(w, STR("/account/email"));
        return true;
    }
    return show_email(r, w, true, STR_NULL, NULL, STR_NULL, e);
}

static bool email_by_link(struct req *r, struct http_response *w, struct str link, struct err *e)
{
    if (account_email_confirm_link(r->call, link, e)) {
        if (!str_is_null(http_cookie(r->http, EMAIL_COOKIE))) view_cookie_drop(w, EMAIL_COOKIE);
        view_go(w, STR("/account/profile?done=email"));
        return true;
    }
    if (e->problem != PROBLEM_EXPIRED && e->problem != PROBLEM_ALREADY_EXISTS) return false;
    err_clear(e);
    view_link_over(r, w, "email.title", STR("/account/email"));
    return true;
}

bool page_email_confirm_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    struct str problem = STR_NULL;
    struct err bad;
    err_clear(&bad);
    if (!str_is_empty(in->link)) return email_by_link(r, w, in->link, e);
    if (str_is_empty(in->code)) err_field(&bad, PROBLEM_REQUIRED, "code", "A value is missing");
    else if (account_email_confirm(r->call, http_cookie(r->http, EMAIL_COOKIE), in->code, &bad)) {
        view_cookie_drop(w, EMAIL_COOKIE);
        view_go(w, STR("/account/profile?done=email"));
        return true;
    }
    bool fields = bad.n_fields > 0 || bad.problem == PROBLEM_INVALID_CODE;
    if (fields && bad.n_fields == 0) err_field(&bad, PROBLEM_INVALID_CODE, "code", "Not right");
    if (bad.problem == PROBLEM_EXPIRED || bad.problem == PROBLEM_ALREADY_EXISTS) problem = page_text(r, "email.over");
    else if (bad.problem == PROBLEM_TOO_MANY_TRIES && bad.retry_after_s == 0) problem = page_text(r, "email.over");
    else if (!fields) problem = view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (w->status < 400) w->status = 422;
    return show_email(r, w, true, STR_NULL, fields ? &bad : NULL, problem, e);
}
