/* /account/privacy: consents with their history, a copy of everything, the end of the account. */
#include "service/consent.h"
#include "service/privacy.h"
#include "tpl/account_privacy.h"
#include "tpl/account_question.h"
#include "user/handlers.h"
#include "user/page.h"
#include "user/view.h"

static struct str text_or(struct req *r, const char *prefix, struct str what)
{
    const char *key = arena_printf(r->arena, "%s." STR_FMT, prefix, STR_ARG(what));
    return text_has(key) ? page_text(r, key) : what;
}

static bool fill_consents(struct req *r, struct tpl_account_privacy *v, struct err *e)
{
    struct shape_list list;
    if (!consent_list(r->call, r->call->actor.account, &list, e)) return false;
    const struct consent *c = list.v;
    struct tpl_account_privacy_consents *out = ARENA_ARRAY(r->arena, struct tpl_account_privacy_consents, list.n + 1);
    for (size_t i = 0; i < list.n; i++) {
        const struct consent_event *event = c[i].history.v;
        struct tpl_account_privacy_consents_history *history = ARENA_ARRAY(r->arena, struct tpl_account_privacy_consents_history, c[i].history.n + 1);
        for (size_t k = 0; k < c[i].history.n; k++) {
            history[k].granted = event[k].granted;
            history[k].at = event[k].at;
            history[k].source = text_or(r, "consent.source", event[k].source);
        }
        out[i].purpose = c[i].purpose;
        out[i].title = text_or(r, "consent", c[i].purpose);
        out[i].text = text_or(r, "consent.text", c[i].purpose);
        out[i].shown = str_printf(r->arena, STR_FMT ":%lld", STR_ARG(c[i].purpose), (long long)c[i].text_version);
        out[i].granted = c[i].granted;
        out[i].history.n = c[i].history.n;
        out[i].history.v = history;
    }
    v->consents.n = list.n;
    v->consents.v = out;
    return true;
}

static bool is_open(const struct data_request *q)
{
    return str_eq_c(q->state, "queued") || str_eq_c(q->state, "waiting") || str_eq_c(q->state, "running") || str_eq_c(q->state, "telling");
}

static bool fill_requests(struct req *r, struct tpl_account_privacy *v, struct err *e)
{
    struct shape_list list;
    if (!privacy_list(r->call, r->call->actor.account, &list, e)) return false;
    const struct data_request *q = list.v;
    struct tpl_account_privacy_requests *out = ARENA_ARRAY(r->arena, struct tpl_account_privacy_requests, list.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < list.n; i++) {
        bool erase = str_eq_c(q[i].kind, "erase"), ready = str_eq_c(q[i].state, "ready");
        if (erase && is_open(&q[i])) v->erasing = true;
        if (!is_open(&q[i]) && !ready) continue;               /* what is over is no news */
        struct str id = id_str(r->arena, ID_data_request, q[i].id.u);
        out[n].title = page_text(r, erase ? "data.delete" : "data.export_one");
        out[n].state = text_or(r, "data.state", q[i].state);
        out[n].at = q[i].created_at;
        out[n].expires_at = ready ? q[i].expires_at : 0;
        if (ready) out[n].download = q[i].download_path;
        else if (q[i].can_cancel) out[n].cancel = str_printf(r->arena, "/account/privacy/requests/" STR_FMT "/cancel", STR_ARG(id));
        n++;
    }
    v->requests.n = n;
    v->requests.v = out;
    return true;
}

static bool show(struct req *r, struct http_response *w, struct str problem, struct str notice, struct err *e)
{
    struct tpl_account_privacy v = {.csrf = r->csrf_token, .notice = notice};
    account_layout(r, page_text(r, "data.title"), &v.page);
    v.nav.privacy = true;
    v.nav.csrf = r->csrf_token;
    if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    if (!fill_consents(r, &v, e) || !fill_requests(r, &v, e)) return false;
    web_cache_never(w);
    tpl_account_privacy(&r->html, &v);
    return true;
}

bool page_my_data(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    return show(r, w, STR_NULL, view_notice(r, "data.done", in->done), e);
}

/* --- consents ------------------------------------------------------------------------------------------------------------------ */

static bool is_granted(const struct page_consents_in *in, struct str purpose)
{
    const struct str *v = in->granted.v;
    for (size_t i = 0; i < in->granted.n; i++) {
        if (str_eq(v[i], purpose)) return true;
    }
    return false;
}

/* Each text that was shown is answered by its box. Saying the same again adds nothing. */
bool page_consents(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_consents_in *in = r->in;
    const struct str *shown = in->texts.v;
    for (size_t i = 0; i < in->texts.n; i++) {
        struct str rest = shown[i], purpose;
        struct consent after;
        int64_t version;
        if (!str_split(&rest, ':', &purpose) || !str_to_int64(rest, &version)) continue;
        bool granted = is_granted(in, purpose);
        if (consent_put(r->call, r->call->actor.account, purpose, granted, granted ? version : 0, "account", &after, e)) continue;
        if (e->problem != PROBLEM_CONFLICT) return false;
        err_clear(e);
        w->status = 409;
        return show(r, w, page_text(r, "data.text_changed"), STR_NULL, e);
    }
    view_go(w, STR("/account/privacy?done=saved"));
    return true;
}

/* --- a copy of everything ---------------------------------------------------------------------------------------------------- */

bool page_export(struct req *r, struct http_response *w, struct err *e)
{
    struct data_request asked;
    if (!privacy_ask_export(r->call, r->call->actor.account, &asked, e)) {
        if (e->problem != PROBLEM_RATE_LIMITED) return false;
        err_clear(e);
        w->status = 429;
        return show(r, w, page_text(r, "data.export_often"), STR_NULL, e);
    }
    view_go(w, STR("/account/privacy?done=export"));
    return true;
}

bool page_request_cancel(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_request_in *in = r->in;
    struct data_request after;
    if (!privacy_cancel(r->call, r->call->actor.account, in->id, &after, e) && e->problem != PROBLEM_INVALID_STATE) return false;
    err_clear(e);
    view_go(w, STR("/account/privacy?done=canceled"));
    return true;
}

/* --- the end ------------------------------------------------------------------------------------------------------------------- */

bool page_delete(struct req *r, struct http_response *w, struct err *e)
{
    struct tpl_account_question v = {.title = page_text(r, "data.delete_title"), .text = page_text(r, "data.delete_question"), .submit = page_text(r, "data.delete_submit"),
                                     .action = STR("/account/delete"), .back = STR("/account/privacy"), .csrf = r->csrf_token};
    (void)e;
    account_layout(r, v.title, &v.page);
    v.nav.privacy = true;
    v.nav.csrf = r->csrf_token;
    web_cache_never(w);
    tpl_account_question(&r->html, &v);
    return true;
}

bool page_delete_post(struct req *r, struct http_response *w, struct err *e)
{
    struct data_request asked;
    if (!privacy_ask_erase(r->call, r->call->actor.account, false, &asked, e)) return false;
    web_session_clear(w);
    view_message(r, w, &(struct view_message){.title = "data.deleted_title", .text = asked.open_orders > 0 ? "data.deleted_waits" : "data.deleted",
                                              .label = "account.browse", .action = STR("/")});
    return true;
}
