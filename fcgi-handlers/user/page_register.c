/* /register and /verify: an account begins when the code of the mail was typed, or its link opened. */
#include "domain/contact.h"
#include "domain/return_to.h"
#include "service/challenge.h"
#include "tpl/account_register.h"
#include "tpl/account_verify.h"
#include "tpl/account_verify_link.h"
#include "user/handlers.h"
#include "user/oidc.h"
#include "user/page.h"
#include "user/view.h"

static const struct form_row rows[] = {
    {"name", "name", "field.your_name", "field.error_too_long"},
    {"email", "email", "field.email", "field.error_email"},
    {"password", "password", "field.password", "field.error_password_length"},
    {NULL, NULL, NULL, NULL}};

static void show(struct req *r, struct http_response *w, const struct page_register_in *in, const struct err *bad, struct str problem)
{
    struct tpl_account_register v = {.csrf = r->csrf_token, .return_to = return_to_or_default(in->return_to)};
    account_layout(r, page_text(r, "register.title"), &v.page);
    if (bad) form_summary(r, rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.name = form_text(r, rows, bad, "name", "text", "name", in->name, 100);
    v.email = form_text(r, rows, bad, "email", "email", "username", in->email, 254);
    v.password = form_secret(r, rows, bad, "password", "new-password");
    page_provider_buttons(r, v.return_to, &v.outside);
    web_cache_never(w);
    tpl_account_register(&r->html, &v);
}

bool page_register(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    (void)e;
    if (!uuid_is_zero(r->call->actor.account.u)) view_go(w, return_to_or_default(in->return_to));
    else show(r, w, &(struct page_register_in){.return_to = in->return_to}, NULL, STR_NULL);
    return true;
}

/* What can be said at once is said at once; the rest is the service's. */
static bool complete(struct req *r, const struct page_register_in *in, struct err *bad)
{
    struct str ignored;
    if (str_is_empty(str_trim(in->name))) err_field(bad, PROBLEM_REQUIRED, "name", "A value is missing");
    if (str_is_empty(str_trim(in->email))) err_field(bad, PROBLEM_REQUIRED, "email", "A value is missing");
    else if (!email_normalise(r->arena, in->email, &ignored)) err_field(bad, PROBLEM_INVALID, "email", "This is not an e-mail address");
    return form_password(in->password, "password", bad) && bad->n_fields == 0;
}

bool page_register_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_register_in *in = r->in;
    struct account_register_in wish = {.email = in->email, .password = in->password, .name = in->name, .locale = str_from(text_locale(r->html.texts))};
    struct str verification;
    struct err bad;
    err_clear(&bad);
    if (complete(r, in, &bad) && account_register(r->call, &wish, &verification, &bad)) {
        view_cookie_put(w, VERIFY_COOKIE, verification, CHALLENGE_LINK_LIFE / USEC_PER_SEC);
        view_cookie_put(w, VERIFY_EMAIL_COOKIE, view_cookie_text(r, in->email), 0);
        view_go(w, view_with(r, "/verify", "return_to", return_to_or_default(in->return_to)));
        return true;
    }
    if (form_blames(rows, &bad)) {
        w->status = 422;
        show(r, w, in, &bad, STR_NULL);
        return true;
    }
    struct str problem = view_wait(r, w, &bad);
    if (str_is_null(problem)) {
        *e = bad;
        return false;
    }
    show(r, w, in, NULL, problem);
    return true;
}

/* --- the code ---------------------------------------------------------------------------------------------------------------- */

static const struct form_row code_rows[] = {{"code", "code", "field.code", "field.error_code"}, {NULL, NULL, NULL, NULL}};

static void show_code(struct req *r, struct http_response *w, const struct page_verify_in *in, const struct err *bad, struct str problem)
{
    struct tpl_account_verify v = {.csrf = r->csrf_token, .return_to = return_to_or_default(in->return_to), .notice = view_notice(r, "verify.done", in->done)};
    account_layout(r, page_text(r, "verify.title"), &v.page);
    v.email = view_cookie_text_read(r, VERIFY_EMAIL_COOKIE);
    if (bad) form_summary(r, code_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.code = form_code(r, code_rows, bad, "code", STR_NULL);
    v.code.hint = page_text(r, "field.code_hint");
    web_cache_never(w);
    tpl_account_verify(&r->html, &v);
}

static bool show_link(struct req *r, struct http_response *w, struct str link, bool ask_password, const struct err *bad, struct str problem, struct err *e)
{
    static const struct form_row password_rows[] = {{"password", "password", "field.password", "field.error_password_wrong"}, {NULL, NULL, NULL, NULL}};
    struct tpl_account_verify_link v = {.csrf = r->csrf_token, .link = link, .ask_password = ask_password};
    if (!account_verify_email(r->call, link, &v.email, e)) return view_over(r, w, e, "sign_in.register", STR("/register"));
    account_layout(r, page_text(r, "verify_link.title"), &v.page);
    if (bad) form_summary(r, password_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.password = form_secret(r, password_rows, bad, "password", "current-password");
    http_set_header(w, "Referrer-Policy", STR("same-origin"));          /* the address opens the account: it stays with us */
    web_cache_never(w);
    tpl_account_verify_link(&r->html, &v);
    return true;
}

bool page_verify(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_verify_in *in = r->in;
    bool held = !str_is_empty(http_cookie(r->http, VERIFY_COOKIE));
    if (!str_is_empty(in->link)) return show_link(r, w, in->link, !held, NULL, STR_NULL, e);
    if (!uuid_is_zero(r->call->actor.account.u)) view_go(w, STR("/account"));
    else if (!held) view_go(w, STR("/register"));
    else show_code(r, w, in, NULL, STR_NULL);
    return true;
}

static void welcome(struct req *r, struct http_response *w, const struct login_result *result, struct str return_to)
{
    struct str where = return_to_or_default(return_to);
    view_signed_in(r, w, result, str_eq_c(where, RETURN_TO_DEFAULT) ? STR("/account?done=welcome") : where);
}

bool page_verify_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_verify_in *in = r->in;
    struct login_result result;
    struct err bad;
    err_clear(&bad);
    if (str_is_empty(in->code)) err_field(&bad, PROBLEM_REQUIRED, "code", "A value is missing");
    else if (account_verify(r->call, http_cookie(r->http, VERIFY_COOKIE), in->code, SESSION_BROWSER, &result, &bad)) {
        welcome(r, w, &result, in->return_to);
        return true;
    }
    struct str problem = STR_NULL;
    bool fields = bad.n_fields > 0 || bad.problem == PROBLEM_INVALID_CODE;
    if (fields && bad.n_fields == 0) err_field(&bad, PROBLEM_INVALID_CODE, "code", "Not right");
    if (bad.problem == PROBLEM_EXPIRED) problem = page_text(r, "verify.over");
    else if (bad.problem == PROBLEM_TOO_MANY_TRIES && bad.retry_after_s == 0) problem = page_text(r, "verify.tries");
    else if (!fields) problem = view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (w->status < 400) w->status = 422;
    show_code(r, w, in, fields ? &bad : NULL, problem);
    return true;
}

bool page_verify_resend(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_verify_in *in = r->in;
    struct err bad;
    err_clear(&bad);
    if (!account_register_resend(r->call, http_cookie(r->http, VERIFY_COOKIE), &bad)) {
        struct str problem = view_wait(r, w, &bad);
        if (str_is_null(problem)) {
            *e = bad;
            return false;
        }
        show_code(r, w, in, NULL, problem);
        return true;
    }
    view_go(w, str_is_empty(in->return_to) ? STR("/verify?done=resent")
                                           : str_printf(r->arena, STR_FMT "&done=resent", STR_ARG(view_with(r, "/verify", "return_to", return_to_or_default(in->return_to)))));
    return true;
}

/* --- the link ------------------------------------------------------------------------------------------------------------------ */

bool page_verify_link(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    return show_link(r, w, in->link, str_is_empty(http_cookie(r->http, VERIFY_COOKIE)), NULL, STR_NULL, e);
}

bool page_verify_link_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_link_in *in = r->in;
    struct login_result result;
    struct err bad;
    err_clear(&bad);
    if (account_verify_link(r->call, in->link, http_cookie(r->http, VERIFY_COOKIE), in->password, SESSION_BROWSER, &result, &bad)) {
        welcome(r, w, &result, STR_NULL);
        return true;
    }
    if (bad.problem == PROBLEM_EXPIRED) return view_over(r, w, &bad, "sign_in.register", STR("/register"));
    bool password = strcmp(bad.param, "password") == 0 || bad.problem == PROBLEM_INVALID_CREDENTIALS;
    /* The button pressed where the registration did not begin: only now the page asks. */
    bool first = bad.problem == PROBLEM_REQUIRED && str_is_empty(in->password) && !str_is_empty(http_cookie(r->http, VERIFY_COOKIE));
    struct str problem = password ? STR_NULL : view_wait(r, w, &bad);
    if (!password && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (password && bad.n_fields == 0) err_field(&bad, bad.problem, "password", "Not right");
    if (password) w->status = 422;
    return show_link(r, w, in->link, true, password && !first ? &bad : NULL, problem, e);
}
