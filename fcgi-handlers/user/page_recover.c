/* /forgot, /reset, /unlock: what mails lead to. /forgot says the same for every address. */
#include "tpl/account_forgot.h"
#include "tpl/account_reset.h"
#include "user/handlers.h"
#include "user/page.h"
#include "user/view.h"

static const struct form_row email_rows[] = {{"email", "email", "field.email", "field.error_email"}, {NULL, NULL, NULL, NULL}};

static void show_forgot(struct req *r, struct http_response *w, bool sent, struct str email, const struct err *bad, struct str problem)
{
    struct tpl_account_forgot v = {.csrf = r->csrf_token, .sent = sent};
    account_layout(r, page_text(r, sent ? "forgot.sent_title" : "forgot.title"), &v.page);
    if (bad) form_summary(r, email_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.email = form_text(r, email_rows, bad, "email", "email", "username", email, 254);
    web_cache_never(w);
    tpl_account_forgot(&r->html, &v);
}

bool page_forgot(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    (void)e;
    show_forgot(r, w, str_eq_c(in->done, "sent"), STR_NULL, NULL, STR_NULL);
    return true;
}

bool page_forgot_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_email_in *in = r->in;
    struct err bad;
    err_clear(&bad);
    if (str_is_empty(in->email)) err_field(&bad, PROBLEM_REQUIRED, "email", "A value is missing");
    else if (account_password_forgot(r->call, in->email, &bad)) {
        view_go(w, STR("/forgot?done=sent"));
        return true;
    }
    bool fields = form_blames(email_rows, &bad);
    struct str problem = fields ? STR_NULL : view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (fields) w->status = 422;
    show_forgot(r, w, false, in->email, fields ? &bad : NULL, problem);
    return true;
}

/* --- a new password ---------------------------------------------------------------------------------------------------------- */

static const struct form_row password_rows[] = {{"password", "password", "field.password_new", "field.error_password_length"}, {NULL, NULL, NULL, NULL}};

static void show_reset(struct req *r, struct http_response *w, struct str link, struct str email, const struct err *bad, struct str problem)
{
    struct tpl_account_reset v = {.csrf = r->csrf_token, .link = link, .email = email};
    account_layout(r, page_text(r, "reset.title"), &v.page);
    if (bad) form_summary(r, password_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.password = form_secret(r, password_rows, bad, "password", "new-password");
    http_set_header(w, "Referrer-Policy", STR("same-origin"));          /* the address opens the account: it stays with us */
    web_cache_never(w);
    tpl_account_reset(&r->html, &v);
}

bool page_reset(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    struct str email;
    if (str_is_empty(in->link)) {
        view_go(w, STR("/forgot"));
        return true;
    }
    if (!account_reset_email(r->call, in->link, &email, e)) return view_over(r, w, e, "forgot.submit", STR("/forgot"));      /* before somebody thinks of a password */
    show_reset(r, w, in->link, email, NULL, STR_NULL);
    return true;
}

bool page_reset_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    struct str email;
    struct err bad;
    err_clear(&bad);
    if (form_password(in->password, "password", &bad) && account_password_reset(r->call, in->link, in->password, &bad)) {
        web_session_clear(w);
        view_go(w, STR("/sign-in?done=reset"));
        return true;
    }
    if (bad.problem == PROBLEM_EXPIRED || !account_reset_email(r->call, in->link, &email, e))
        return view_over(r, w, bad.problem == PROBLEM_EXPIRED ? &bad : e, "forgot.submit", STR("/forgot"));
    bool fields = form_blames(password_rows, &bad);
    struct str problem = fields ? STR_NULL : view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (fields) w->status = 422;
    show_reset(r, w, in->link, email, fields ? &bad : NULL, problem);
    return true;
}

/* --- lifting a lock ------------------------------------------------------------------------------------------------------------ */

bool page_unlock(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    (void)e;
    if (str_is_empty(in->link)) view_go(w, STR("/sign-in"));
    else view_message(r, w, &(struct view_message){.title = "unlock.title", .text = "unlock.text", .label = "unlock.submit", .post = STR("/unlock"), .link = in->link});
    return true;
}

bool page_unlock_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    if (account_unlock(r->call, in->link, e)) {
        view_go(w, STR("/sign-in?done=unlocked"));
        return true;
    }
    return view_over(r, w, e, "forgot.title", STR("/forgot"));
}
