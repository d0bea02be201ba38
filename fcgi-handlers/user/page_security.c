/* /account/security: password, second factors (page_factor.c), devices. */
#include "tpl/account_security.h"
#include "user/factor.h"
#include "user/handlers.h"
#include "user/oidc.h"
#include "user/page.h"
#include "user/view.h"

static bool fill_devices(struct req *r, struct tpl_account_security *v, struct err *e)
{
    struct shape_list list;
    if (!session_list(r->call, r->call->actor.account, &list, e)) return false;
    const struct session_info *s = list.v;
    struct tpl_account_security_devices *out = ARENA_ARRAY(r->arena, struct tpl_account_security_devices, list.n + 1);
    for (size_t i = 0; i < list.n; i++) {
        struct str id = id_str(r->arena, ID_session, s[i].id.u);
        out[i] = (struct tpl_account_security_devices){
            .action = str_printf(r->arena, "/account/devices/" STR_FMT "/end", STR_ARG(id)), .device = str_is_empty(s[i].device) ? page_text(r, "security.unknown_device") : s[i].device,
            .place = s[i].place, .last_used_at = s[i].last_used_at, .created_at = s[i].created_at, .current = s[i].current, .second_factor = s[i].second_factor,
            .app = s[i].kind == SESSION_APP};
        v->others |= !s[i].current;
    }
    v->devices.n = list.n;
    v->devices.v = out;
    return true;
}

bool page_security(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    struct tpl_account_security v = {.csrf = r->csrf_token};
    struct account account;
    if (!account_read(r->call, r->call->actor.account, &account, e) || !page_security_factors(r, &v.factors, e) || !page_security_identities(r, &v.identities, e) || !fill_devices(r, &v, e)) return false;
    account_layout(r, page_text(r, "security.title"), &v.page);
    v.nav.security = true;
    v.nav.csrf = r->csrf_token;
    v.notice = view_notice(r, "security.done", in->done);
    v.has_password = account.has_password;
    v.has_email = !str_is_empty(account.email);
    web_cache_never(w);
    tpl_account_security(&r->html, &v);
    return true;
}

bool page_device_end(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_device_in *in = r->in;
    if (!session_end(r->call, r->call->actor.account, in->id, "ended_by_owner", e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    view_go(w, STR("/account/security?done=ended"));
    return true;
}

bool page_devices_end(struct req *r, struct http_response *w, struct err *e)
{
    int ended;
    if (!session_end_all(r->call, r->call->actor.account, r->call->actor.session, "ended_by_owner", &ended, e)) return false;
    view_go(w, STR("/account/security?done=ended_others"));
    return true;
}
