/* /sign-in in its steps, /sign-in/confirm, /sign-out. Known and unknown addresses are answered alike. */
#include "domain/return_to.h"
#include "service/second_factor.h"
#include "service/trusted_device.h"
#include "tpl/account_sign_in.h"
#include "tpl/account_sign_in_mfa.h"
#include "user/factor.h"
#include "user/handlers.h"
#include "user/oidc.h"
#include "user/page.h"
#include "user/view.h"

static const struct form_row rows[] = {
    {"email", "email", "field.email", "field.error_email"},
    {"password", "password", "field.password", "sign_in.wrong"},
    {NULL, NULL, NULL, NULL}};

static bool signed_in(const struct req *r)
{
    return !uuid_is_zero(r->call->actor.account.u);
}

static bool show(struct req *r, struct http_response *w, const struct page_sign_in_in *in, const struct err *bad, struct str problem, struct str notice, struct err *e)
{
    struct tpl_account_sign_in v = {.notice = notice, .csrf = r->csrf_token, .return_to = return_to_or_default(in->return_to)};
    account_layout(r, page_text(r, "sign_in.title"), &v.page);
    v.wanted = return_to_ok(in->return_to) && !str_eq_c(in->return_to, RETURN_TO_DEFAULT) && str_is_empty(notice);
    if (bad) form_summary(r, rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR("#email"), problem, &v.page, &v.errors);
    v.email = form_text(r, rows, bad, "email", "email", "username", in->email, 254);
    v.password = form_secret(r, rows, bad, "password", "current-password");
    page_provider_buttons(r, v.return_to, &v.outside);
    if (!page_passkey_button(r, v.return_to, false, &v.passkey, e)) return false;
    web_cache_never(w);
    tpl_account_sign_in(&r->html, &v);
    return true;
}

bool page_sign_in(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    struct page_sign_in_in typed = {.return_to = in->return_to};
    if (signed_in(r)) {
        view_go(w, return_to_or_default(in->return_to));
        return true;
    }
    struct str words = view_notice(r, "sign_in.done", in->done);
    bool failed = str_eq_c(in->done, "passkey") || str_eq_c(in->done, "over");
    return show(r, w, &typed, NULL, failed ? words : STR_NULL, failed ? STR_NULL : words, e);
}

static bool complete(const struct page_sign_in_in *in, struct err *bad)
{
    if (str_is_empty(str_trim(in->email))) err_field(bad, PROBLEM_REQUIRED, "email", "A value is missing");
    if (str_is_empty(in->password)) err_field(bad, PROBLEM_REQUIRED, "password", "A value is missing");
    return bad->n_fields == 0;
}

bool page_sign_in_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_sign_in_in *in = r->in;
    struct login_in login = {.email = in->email, .password = in->password, .trusted = http_cookie(r->http, TRUSTED_COOKIE), .kind = SESSION_BROWSER};
    struct login_result result;
    struct err bad;
    err_clear(&bad);
    if (!complete(in, &bad)) {
        w->status = 422;
        return show(r, w, in, &bad, STR_NULL, STR_NULL, e);
    }
    if (account_login(r->call, &login, &result, &bad)) {
        view_signed_in(r, w, &result, in->return_to);
        return true;
    }
    struct str problem = view_wait(r, w, &bad);
    if (bad.problem == PROBLEM_INVALID_CREDENTIALS || form_blames(rows, &bad)) {
        problem = page_text(r, "sign_in.wrong");
        w->status = 422;
    }
    if (!str_is_null(problem)) return show(r, w, in, NULL, problem, STR_NULL, e);
    *e = bad;
    return false;
}

/* --- the second step ------------------------------------------------------------------------------------------------------- */

static const struct form_row code_rows[] = {{"code", "code", "mfa.code", "field.error_code_app"}, {NULL, NULL, NULL, NULL}};

/* The first step is too long ago, or there were too many tries at the second. */
static bool begin_again(struct req *r, struct http_response *w, struct str return_to)
{
    view_cookie_drop(w, SECOND_COOKIE);
    view_go(w, view_with(r, "/sign-in?done=over", "return_to", return_to_or_default(return_to)));
    return true;
}

static bool show_mfa(struct req *r, struct http_response *w, const struct page_mfa_in *in, const struct err *bad, struct str problem, struct err *e)
{
    struct second_factor_state s;
    if (!account_second_step(r->call, http_cookie(r->http, SECOND_COOKIE), &s, e)) {
        if (e->problem != PROBLEM_EXPIRED) return false;
        err_clear(e);
        return begin_again(r, w, in->return_to);
    }
    struct tpl_account_sign_in_mfa v = {.csrf = r->csrf_token, .return_to = return_to_or_default(in->return_to), .trust = !str_is_empty(in->trust), .by_code = s.totp};
    account_layout(r, page_text(r, "mfa.title"), &v.page);
    if (bad) form_summary(r, code_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR("#code"), problem, &v.page, &v.errors);
    v.code = form_code(r, code_rows, bad, "code", STR_NULL);
    v.code.letters = true;               /* recovery codes have some */
    if (!page_passkey_button(r, v.return_to, false, &v.passkey, e)) return false;
    web_cache_never(w);
    tpl_account_sign_in_mfa(&r->html, &v);
    return true;
}

bool page_mfa(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    if (!str_is_empty(http_cookie(r->http, SECOND_COOKIE))) return show_mfa(r, w, &(struct page_mfa_in){.return_to = in->return_to}, NULL, STR_NULL, e);
    view_go(w, view_with(r, "/sign-in", "return_to", return_to_or_default(in->return_to)));
    return true;
}

bool page_mfa_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_mfa_in *in = r->in;
    struct login_result result;
    struct str trusted = STR_NULL, problem;
    struct err bad;
    err_clear(&bad);
    if (account_second_factor(r->call, http_cookie(r->http, SECOND_COOKIE), in->code, !str_is_empty(in->trust), &result, &trusted, &bad)) {
        if (!str_is_empty(trusted)) view_cookie_put(w, TRUSTED_COOKIE, trusted, TRUSTED_LIFE / USEC_PER_SEC);
        view_signed_in(r, w, &result, in->return_to);
        return true;
    }
    if (bad.problem == PROBLEM_EXPIRED || (bad.problem == PROBLEM_TOO_MANY_TRIES && bad.retry_after_s == 0)) return begin_again(r, w, in->return_to);
    if (form_blames(code_rows, &bad)) {
        w->status = 422;
        return show_mfa(r, w, in, &bad, STR_NULL, e);
    }
    problem = view_wait(r, w, &bad);
    if (str_is_null(problem)) {
        *e = bad;
        return false;
    }
    return show_mfa(r, w, in, NULL, problem, e);
}

/* --- proving to be there -------------------------------------------------------------------------------------------------------- */

static const struct form_row confirm_rows[] = {
    {"password", "password", "field.password", "confirm.wrong"}, {"code", "code", "mfa.code", "field.error_code_app"}, {NULL, NULL, NULL, NULL}};

static bool show_confirm(struct req *r, struct http_response *w, const struct page_confirm_in *in, const struct err *bad, struct str problem, struct err *e)
{
    struct tpl_account_confirm v = {.csrf = r->csrf_token, .return_to = return_to_or_default(in->return_to)};
    struct account account;
    struct second_factor_state s;
    if (!account_read(r->call, r->call->actor.account, &account, e) || !second_factor_state(r->call, account.id, &s, e)) return false;
    account_layout(r, page_text(r, "confirm.title"), &v.page);
    v.email = account.email;
    v.by_password = account.has_password;
    v.by_code = !account.has_password && s.totp;
    v.by_passkey = s.passkeys;
    if (!page_confirm_identities(r, v.return_to, &v, e)) return false;
    v.by_nothing = !account.has_password && !s.totp && v.providers.n == 0 && !str_is_empty(account.email);
    if (bad) form_summary(r, confirm_rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.password = form_secret(r, confirm_rows, bad, "password", "current-password");
    v.code = form_code(r, confirm_rows, bad, "code", STR_NULL);
    v.code.letters = true;
    if (s.passkeys && !page_passkey_button(r, v.return_to, true, &v.passkey, e)) return false;
    web_cache_never(w);
    tpl_account_confirm(&r->html, &v);
    return true;
}

bool page_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    return show_confirm(r, w, &(struct page_confirm_in){.return_to = in->return_to}, NULL, view_notice(r, "confirm.done", in->done), e);
}

bool page_confirm_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_confirm_in *in = r->in;
    struct session_grant grant;
    struct err bad;
    err_clear(&bad);
    if (account_confirm(r->call, in->password, in->code, &grant, &bad)) {
        web_session_set(w, &grant);
        view_go(w, return_to_or_default(in->return_to));
        return true;
    }
    if (form_blames(confirm_rows, &bad)) {
        w->status = 422;
        return show_confirm(r, w, in, &bad, STR_NULL, e);
    }
    struct str problem = view_wait(r, w, &bad);
    if (!str_is_null(problem)) return show_confirm(r, w, in, NULL, problem, e);
    *e = bad;
    return false;
}

/* --- leaving ----------------------------------------------------------------------------------------------------------------------- */

bool page_sign_out(struct req *r, struct http_response *w, struct err *e)
{
    const struct actor *who = &r->call->actor;
    if (signed_in(r) && !uuid_is_zero(who->session.u) && !session_end(r->call, who->account, who->session, "signed_out", e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    web_session_clear(w);
    view_go(w, STR("/sign-in?done=ended"));
    return true;
}
