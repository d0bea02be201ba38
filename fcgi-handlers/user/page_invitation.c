/* /invitation: what the mail to somebody who shall work in the shop leads to. */
#include "service/staff.h"
#include "tpl/account_invitation.h"
#include "user/handlers.h"
#include "user/page.h"
#include "user/view.h"

static const struct form_row rows[] = {
    {"name", "name", "field.your_name", "field.error_too_long"},
    {"password", "password", "field.password", "field.error_password_length"},
    {NULL, NULL, NULL, NULL}};

static void show(struct req *r, struct http_response *w, const struct page_invitation_in *in, const struct staff_offer *offer, const struct err *bad, struct str problem)
{
    struct tpl_account_invitation v = {.csrf = r->csrf_token, .link = in->link, .email = offer->email, .known = offer->known};
    account_layout(r, page_text(r, "invitation.title"), &v.page);
    if (bad) form_summary(r, rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.name = form_text(r, rows, bad, "name", "text", "name", in->name, 100);
    v.password = form_secret(r, rows, bad, "password", offer->known ? "current-password" : "new-password");
    http_set_header(w, "Referrer-Policy", STR("same-origin"));          /* the address opens the account: it stays with us */
    web_cache_never(w);
    tpl_account_invitation(&r->html, &v);
}

/* False with *ret_answered when the link is over and the page says so. */
static bool offered(struct req *r, struct http_response *w, struct str link, struct staff_offer *ret_offer, bool *ret_answered, struct err *e)
{
    *ret_answered = false;
    if (staff_offer(r->call, link, ret_offer, e)) return true;
    if (e->problem != PROBLEM_EXPIRED) return false;
    err_clear(e);
    *ret_answered = true;
    view_link_over(r, w, "sign_in.title", STR("/sign-in"));
    return false;
}

bool page_invitation(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_invitation_in *in = r->in;
    struct staff_offer offer;
    bool answered;
    if (!offered(r, w, in->link, &offer, &answered, e)) return answered;
    show(r, w, in, &offer, NULL, STR_NULL);
    return true;
}

bool page_invitation_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_invitation_in *in = r->in;
    struct staff_offer offer;
    struct login_result result;
    struct err bad;
    bool answered;
    if (!offered(r, w, in->link, &offer, &answered, e)) return answered;
    err_clear(&bad);
    if (!offer.known && str_is_empty(str_trim(in->name))) err_field(&bad, PROBLEM_REQUIRED, "name", "A value is missing");
    if (str_is_empty(in->password)) err_field(&bad, PROBLEM_REQUIRED, "password", "A value is missing");
    if (bad.n_fields == 0 && staff_accept(r->call, &(struct staff_accept_in){in->link, in->name, in->password, SESSION_BROWSER}, &result, &bad)) {
        view_signed_in(r, w, &result, STR("/account/security"));
        return true;
    }
    if (bad.problem == PROBLEM_INVALID_CREDENTIALS) {
        err_clear(&bad);
        err_field(&bad, PROBLEM_INVALID_CREDENTIALS, "password", "Not right");
    }
    bool fields = form_blames(rows, &bad);
    struct str problem = fields ? STR_NULL : view_wait(r, w, &bad);
    if (!fields && str_is_null(problem)) {
        *e = bad;
        return false;
    }
    if (fields) w->status = 422;
    show(r, w, in, &offer, fields ? &bad : NULL, problem);
    return true;
}
