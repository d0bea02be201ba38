/* /account/security: app, recovery codes, passkeys, trusted devices; /sign-in/passkey. */
#include "domain/return_to.h"
#include "shared/account.h"
#include "tpl/account_factor_codes.h"
#include "tpl/account_factor_setup.h"
#include "user/factor.h"
#include "user/handlers.h"
#include "user/view.h"

#define SECURITY STR("/account/security")
#define STALE_MARGIN (30 * USEC_PER_SEC)      /* who looks at the page now still has to read it and press a button */

static void frame(struct req *r, const char *title_key, struct tpl_shop_layout *ret_page, struct tpl_account_nav *ret_nav)
{
    account_layout(r, page_text(r, title_key), ret_page);
    *ret_nav = (struct tpl_account_nav){.security = true, .csrf = r->csrf_token};
}

/* --- parts of other pages ------------------------------------------------------------------------------------------------------ */

bool page_passkey_button(struct req *r, struct str return_to, bool again, struct tpl_account_passkey_button *ret, struct err *e)
{
    struct passkey_request p;
    if (!passkey_login_begin(r->call, &p, e)) return false;
    *ret = (struct tpl_account_passkey_button){.action = again ? STR("/sign-in/confirm/passkey") : STR("/sign-in/passkey"), .csrf = r->csrf_token,
                                               .return_to = return_to_or_default(return_to), .options = factor_request_json(r, &p), .again = again};
    return true;
}

static struct str under(struct req *r, const char *what, enum id_kind kind, struct uuid id, const char *step)
{
    return str_printf(r->arena, "/account/security/%s/" STR_FMT "%s", what, STR_ARG(id_str(r->arena, kind, id)), step);
}

static bool fill_passkeys(struct req *r, struct tpl_account_security_factors *v, struct err *e)
{
    struct shape_list list;
    struct passkey_registration p;
    if (!passkey_list(r->call, &list, e)) return false;
    const struct passkey_info *k = list.v;
    struct tpl_account_security_factors_passkeys *out = ARENA_ARRAY(r->arena, struct tpl_account_security_factors_passkeys, list.n);
    for (size_t i = 0; i < list.n; i++)
        out[i] = (struct tpl_account_security_factors_passkeys){
            .action = under(r, "passkeys", ID_passkey, k[i].id.u, ""), .remove = under(r, "passkeys", ID_passkey, k[i].id.u, "/remove"),
            .field = str_printf(r->arena, "name-%zu", i + 1), .name = k[i].name, .created_at = k[i].created_at, .last_used_at = k[i].last_used_at,
            .backed_up = k[i].backed_up};
    v->passkeys.n = list.n;
    v->passkeys.v = out;
    v->full = list.n >= PASSKEYS_MAX;
    if (v->full || v->fixed) return true;
    if (!passkey_register_begin(r->call, &p, e)) return false;
    v->options = factor_creation_json(r, &p);
    return true;
}

static bool fill_trusted(struct req *r, struct tpl_account_security_factors *v, struct err *e)
{
    struct shape_list list;
    if (!trusted_device_list(r->call, &list, e)) return false;
    const struct trusted_device_info *d = list.v;
    struct tpl_account_security_factors_trusted *out = ARENA_ARRAY(r->arena, struct tpl_account_security_factors_trusted, list.n);
    for (size_t i = 0; i < list.n; i++)
        out[i] = (struct tpl_account_security_factors_trusted){
            .action = under(r, "trusted", ID_trusted_device, d[i].id.u, "/end"), .created_at = d[i].created_at, .expires_at = d[i].expires_at,
            .device = str_is_empty(d[i].device) ? page_text(r, "security.unknown_device") : d[i].device};
    v->trusted.n = list.n;
    v->trusted.v = out;
    return true;
}

bool page_security_factors(struct req *r, struct tpl_account_security_factors *ret, struct err *e)
{
    struct second_factor_state s;
    struct tpl_account_security_factors v = {.csrf = r->csrf_token};
    if (!second_factor_state(r->call, r->call->actor.account, &s, e)) return false;
    v.app = s.totp;
    v.app_since = s.totp_since;
    v.recovery_left = s.recovery_left;
    v.locked = s.required && !r->call->actor.second_factor;
    v.stale = !v.locked && r->call->actor.fresh_at < r->call->now - (r->call->env->config->fresh_s * USEC_PER_SEC - STALE_MARGIN);
    v.fixed = v.locked || v.stale;
    if (!fill_passkeys(r, &v, e) || !fill_trusted(r, &v, e)) return false;
    *ret = v;
    return true;
}

/* --- app and recovery codes ------------------------------------------------------------------------------------------------------ */

static void show_setup(struct req *r, struct http_response *w, const struct totp_setup *setup, struct str problem)
{
    struct tpl_account_factor_setup v = {.csrf = r->csrf_token, .qr = html_trusted_svg(setup->qr_svg), .uri = setup->uri, .secret = setup->secret};
    frame(r, "factor.setup_title", &v.page, &v.nav);
    v.code = (struct tpl_account_field){.name = STR("code"), .label = page_text(r, "factor.setup_code"), .max = 10, .code = true, .error = problem};
    if (!str_is_empty(problem)) {
        form_problem(r, STR("#code"), problem, &v.page, &v.errors);
        w->status = 422;
    }
    web_cache_never(w);
    tpl_account_factor_setup(&r->html, &v);
}

bool page_totp_begin(struct req *r, struct http_response *w, struct err *e)
{
    struct totp_setup setup;
    if (!totp_begin(r->call, &setup, e) && e->problem != PROBLEM_ALREADY_EXISTS) return false;
    err_clear(e);
    view_go(w, STR("/account/security/app"));
    return true;
}

/* Nothing waits (any more): back to where one begins. */
static bool back_to_security(struct http_response *w, struct err *e)
{
    if (e->problem != PROBLEM_NOT_FOUND && e->problem != PROBLEM_EXPIRED) return false;
    err_clear(e);
    view_go(w, SECURITY);
    return true;
}

bool page_totp(struct req *r, struct http_response *w, struct err *e)
{
    struct totp_setup setup;
    if (!totp_pending(r->call, &setup, e)) return back_to_security(w, e);
    show_setup(r, w, &setup, STR_NULL);
    return true;
}

static void show_codes(struct req *r, struct http_response *w, const struct recovery_codes *codes)
{
    const struct str *text = codes->codes.v;
    struct tpl_account_factor_codes v = {.codes = {0}};
    struct tpl_account_factor_codes_codes *list = ARENA_ARRAY(r->arena, struct tpl_account_factor_codes_codes, codes->codes.n);
    for (size_t i = 0; i < codes->codes.n; i++) list[i].text = text[i];
    v.codes.n = codes->codes.n;
    v.codes.v = list;
    frame(r, "factor.codes_title", &v.page, &v.nav);
    web_session_set(w, &codes->grant);
    web_cache_never(w);
    tpl_account_factor_codes(&r->html, &v);
}

bool page_totp_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct mfa_code_in *in = r->in;
    struct recovery_codes codes;
    struct totp_setup setup;
    if (totp_confirm(r->call, in->code, &codes, e)) {
        show_codes(r, w, &codes);
        return true;
    }
    if (e->problem != PROBLEM_INVALID_CODE) return back_to_security(w, e);
    err_clear(e);
    if (!totp_pending(r->call, &setup, e)) return back_to_security(w, e);
    show_setup(r, w, &setup, page_text(r, "factor.setup_wrong"));
    return true;
}

bool page_totp_remove(struct req *r, struct http_response *w, struct err *e)
{
    if (!totp_remove(r->call, e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    view_go(w, STR("/account/security?done=app_removed"));
    return true;
}

bool page_recovery_codes(struct req *r, struct http_response *w, struct err *e)
{
    struct recovery_codes codes;
    if (!recovery_codes_renew(r->call, &codes, e)) return false;
    show_codes(r, w, &codes);
    return true;
}

bool page_trusted_end(struct req *r, struct http_response *w, struct err *e)
{
    const struct device_key_in *in = r->in;
    if (!trusted_device_end(r->call, in->id, e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    view_go(w, STR("/account/security?done=trust_ended"));
    return true;
}

/* --- passkeys ---------------------------------------------------------------------------------------------------------------------- */

bool page_passkey_add(struct req *r, struct http_response *w, struct err *e)
{
    struct passkey_registered done;
    if (!passkey_register_finish(r->call, r->in, &done, e)) return false;
    web_session_set(w, &done.grant);
    view_go(w, STR("/account/security?done=passkey_added"));
    return true;
}

bool page_passkey_rename(struct req *r, struct http_response *w, struct err *e)
{
    const struct passkey_patch_in *in = r->in;
    struct passkey_info info;
    if (!passkey_rename(r->call, in->id, in->name, &info, e)) return false;
    view_go(w, STR("/account/security?done=passkey_named"));
    return true;
}

bool page_passkey_remove(struct req *r, struct http_response *w, struct err *e)
{
    const struct passkey_key_in *in = r->in;
    if (!passkey_remove(r->call, in->id, e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    view_go(w, STR("/account/security?done=passkey_removed"));
    return true;
}

/* What went wrong is said by the page that has the button. */
static bool asked_again(struct req *r, struct http_response *w, const char *page, struct str return_to, struct err *e)
{
    if (e->problem != PROBLEM_INVALID_CREDENTIALS && e->problem != PROBLEM_EXPIRED && e->problem != PROBLEM_INVALID) return false;
    err_clear(e);
    view_go(w, view_with(r, page, "return_to", return_to_or_default(return_to)));
    return true;
}

bool page_passkey_login(struct req *r, struct http_response *w, struct err *e)
{
    const struct passkey_page_in *in = r->in;
    struct passkey_login_in login = in->login;
    struct login_result result;
    login.kind = SESSION_BROWSER;
    if (!passkey_login(r->call, &login, &result, e)) return asked_again(r, w, "/sign-in?done=passkey", in->return_to, e);
    view_signed_in(r, w, &result, in->return_to);
    return true;
}

bool page_passkey_confirm(struct req *r, struct http_response *w, struct err *e)
{
    const struct passkey_page_in *in = r->in;
    struct session_grant grant;
    if (!passkey_confirm(r->call, &in->login, &grant, e)) return asked_again(r, w, "/sign-in/confirm?done=passkey", in->return_to, e);
    web_session_set(w, &grant);
    view_go(w, return_to_or_default(in->return_to));
    return true;
}
