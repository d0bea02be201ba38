/* Browsers that sign in at a provider: /v1/auth/oidc/{provider} leads there, its callback leads back into the shop; the pages between are /sign-in/outside and the section of
 * /account/security. The two addresses below /v1 only ever lead on: what there is to say has a page of its own. */
#include "domain/return_to.h"
#include "shared/page.h"
#include "service/trusted_device.h"
#include "tpl/account_message.h"
#include "user/handlers.h"
#include "user/oidc.h"
#include "user/view.h"

#define SECTION STR("/account/security#identities")

/* For one value of a query. */
static struct str encoded(struct arena *a, struct str s)
{
    static const char plain[] = "-._~/";
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char ch = (unsigned char)s.p[i];
        bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
        if (letter || (ch != 0 && strchr(plain, ch)))
            buf_char(&b, (char)ch);
        else
            buf_printf(&b, "%%%02X", ch);
    }
    return buf_view(&b);
}

static bool say(struct req *r, struct http_response *w, const char *problem, struct str provider, struct str return_to)
{
    struct str back = encoded(r->arena, return_to_or_default(return_to)), name = encoded(r->arena, provider);
    view_go(w, str_printf(r->arena, "/sign-in/outside?problem=%s&provider=" STR_FMT "&return_to=" STR_FMT, problem, STR_ARG(name), STR_ARG(back)));
    return true;
}

/* What a person can do something about becomes a page; everything else is an error like any other. */
static bool say_error(struct req *r, struct http_response *w, struct err *e, struct str provider, struct str return_to)
{
    static const struct { enum problem problem; const char *name; } known[] = {
        {PROBLEM_EXPIRED, "expired"}, {PROBLEM_INVALID_TOKEN, "refused"}, {PROBLEM_UNAVAILABLE, "away"}, {PROBLEM_NOT_FOUND, "unknown"},
        {PROBLEM_INVALID_CREDENTIALS, "closed"}, {PROBLEM_FORBIDDEN, "closed"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (e->problem != known[i].problem)
            continue;
        err_clear(e);
        return say(r, w, known[i].name, provider, return_to);
    }
    return false;
}

static void give_cookie(struct http_response *w, struct str value)
{
    http_set_cookie(w, OIDC_COOKIE, value, (struct http_cookie_options){.max_age_s = OIDC_LIFE / USEC_PER_SEC, .http_only = true, .lax = true});
}

bool page_oidc_start(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_start_in *in = r->in;
    struct identity_start s;
    if (!identity_start(r->call, in->provider, http_cookie(r->http, OIDC_COOKIE), in->return_to, IDENTITY_TO_SIGN_IN, &s, e))
        return say_error(r, w, e, in->provider, in->return_to);
    give_cookie(w, s.cookie);
    view_go(w, s.location);
    return true;
}

bool page_oidc_callback(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_callback_in *in = r->in;
    struct identity_answer answer = {in->state, in->code, in->error, in->issuer};
    struct identity_result result;
    if (!identity_finish(r->call, in->provider, http_cookie(r->http, OIDC_COOKIE), &answer, http_cookie(r->http, TRUSTED_COOKIE), &result, e))
        return say_error(r, w, e, in->provider, STR_NULL);
    switch (result.outcome) {
    case IDENTITY_SIGNED_IN:
        view_signed_in(r, w, &result.login, result.return_to);
        return true;
    case IDENTITY_LINKED:
        view_go(w, SECTION);
        return true;
    case IDENTITY_CONFIRMED:
        web_session_set(w, &result.grant);
        view_go(w, result.return_to);
        return true;
    case IDENTITY_ANOTHER: return say(r, w, "another", in->provider, result.return_to);
    case IDENTITY_DENIED: return say(r, w, "denied", in->provider, result.return_to);
    case IDENTITY_LINKED_ELSEWHERE: return say(r, w, "taken", in->provider, result.return_to);
    case IDENTITY_SIGN_IN_FIRST: return say(r, w, "first", in->provider, result.return_to);
    }
    return true;
}

/* --- what there is to say ---------------------------------------------------------------------------------------------------- */

static const struct outside { const char *name; int status; const char *title, *text; } outside[] = {
    {"denied", 200, "outside.denied_title", "outside.denied"},
    {"expired", 410, "outside.expired_title", "outside.expired"},
    {"refused", 400, "outside.refused_title", "outside.refused"},
    {"away", 503, "outside.away_title", "outside.away"},
    {"taken", 409, "outside.taken_title", "outside.taken"},
    {"first", 409, "outside.first_title", "outside.first"},
    {"another", 409, "outside.another_title", "outside.another"},
    {"closed", 403, "outside.closed_title", "outside.closed"},
    {"unknown", 404, "outside.unknown_title", "outside.unknown"},
};

static const struct outside *outside_find(struct str name)
{
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        if (str_eq_c(name, outside[i].name))
            return &outside[i];
    }
    return &outside[1];
}

static struct str label_of(struct shape_list providers, struct str name)
{
    const struct identity_provider_info *p = providers.v;
    for (size_t i = 0; i < providers.n; i++) {
        if (str_eq(p[i].name, name))
            return p[i].label;
    }
    return STR_NULL;
}

bool page_outside(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_outside_in *in = r->in;
    const struct outside *o = outside_find(in->problem);
    struct shape_list providers = {0, NULL};
    if (!identity_providers_list(r->call, &providers, e)) return false;
    struct str label = label_of(providers, in->provider);
    label = str_is_null(label) ? page_text(r, "outside.provider") : label;
    bool in_already = !uuid_is_zero(r->call->actor.account.u);
    struct tpl_account_message v = {.title = view_text_with(r, o->title, "name", label), .text = view_text_with(r, o->text, "name", label)};
    v.action = in_already ? STR("/account/security") : str_printf(r->arena, "/sign-in?return_to=" STR_FMT, STR_ARG(encoded(r->arena, return_to_or_default(in->return_to))));
    v.action_label = page_text(r, in_already ? "outside.to_security" : "outside.to_sign_in");
    account_layout(r, v.title, &v.page);
    web_cache_never(w);
    w->status = o->status;
    if (o->status == 503)
        http_set_header(w, "Retry-After", STR("60"));
    tpl_account_message(&r->html, &v);
    return true;
}

void page_provider_buttons(struct req *r, struct str return_to, struct tpl_account_provider_buttons *ret)
{
    struct shape_list list;
    struct err ignored = {0};
    if (!identity_providers_list(r->call, &list, &ignored)) return;
    const struct identity_provider_info *p = list.v;
    struct tpl_account_provider_buttons_providers *out = ARENA_ARRAY(r->arena, struct tpl_account_provider_buttons_providers, list.n + 1);
    for (size_t i = 0; i < list.n; i++) out[i] = (struct tpl_account_provider_buttons_providers){p[i].href, p[i].label, return_to};
    ret->providers.n = list.n;
    ret->providers.v = out;
}

/* --- /account/security --------------------------------------------------------------------------------------------------------- */

static struct str form_of(struct req *r, struct str provider, const char *step)
{
    return str_printf(r->arena, "/account/identities/" STR_FMT "%s", STR_ARG(provider), step);
}

bool page_security_identities(struct req *r, struct tpl_account_security_identities *ret, struct err *e)
{
    struct shape_list links, providers;
    if (!identity_links(r->call, r->call->actor.account, &links, e) || !identity_providers_list(r->call, &providers, e)) return false;
    const struct identity_link *l = links.v;
    const struct identity_provider_info *p = providers.v;
    struct tpl_account_security_identities_linked *linked = ARENA_ARRAY(r->arena, struct tpl_account_security_identities_linked, links.n + 1);
    struct tpl_account_security_identities_offers *offers = ARENA_ARRAY(r->arena, struct tpl_account_security_identities_offers, providers.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < links.n; i++)
        linked[i] = (struct tpl_account_security_identities_linked){.label = l[i].label, .since = l[i].linked_at, .last_used_at = l[i].last_used_at,
                                                                    .removable = l[i].removable, .remove = form_of(r, l[i].provider, "/remove")};
    for (size_t i = 0; i < providers.n; i++) {
        bool has = false;
        for (size_t k = 0; k < links.n; k++)
            has = has || str_eq(l[k].provider, p[i].name);
        if (!has)
            offers[n++] = (struct tpl_account_security_identities_offers){.label = p[i].label, .action = form_of(r, p[i].name, "")};
    }
    *ret = (struct tpl_account_security_identities){.csrf = r->csrf_token, .linked = {links.n, linked}, .offers = {n, offers}};
    return true;
}

/* A form may not lead to another site (form-action 'self'), so the answer is a page that goes on by itself, or by its button. */
static bool lead_on(struct req *r, struct http_response *w, struct str provider, struct str return_to, enum identity_purpose purpose, const char *words, struct err *e)
{
    struct identity_start s;
    struct shape_list providers;
    if (!identity_start(r->call, provider, http_cookie(r->http, OIDC_COOKIE), return_to, purpose, &s, e))
        return say_error(r, w, e, provider, return_to);
    if (!identity_providers_list(r->call, &providers, e)) return false;
    struct str label = label_of(providers, provider);
    struct tpl_account_message v = {.title = view_text_with(r, "outside.link_title", "name", label), .text = view_text_with(r, words, "name", label), .action = s.location,
                                    .action_label = page_text(r, "outside.go_on")};
    account_layout(r, v.title, &v.page);
    give_cookie(w, s.cookie);
    web_cache_never(w);
    http_set_header(w, "Refresh", str_printf(r->arena, "0; url=" STR_FMT, STR_ARG(s.location)));
    tpl_account_message(&r->html, &v);
    return true;
}

bool page_identity_link(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_provider_in *in = r->in;
    return lead_on(r, w, in->provider, STR("/account/security"), IDENTITY_TO_LINK, "outside.link", e);
}

bool page_confirm_outside(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_start_in *in = r->in;
    return lead_on(r, w, in->provider, in->return_to, IDENTITY_TO_CONFIRM, "outside.confirm", e);
}

/* What the page that asks for a proof offers: identities of the account whose provider is still asked. */
bool page_confirm_identities(struct req *r, struct str return_to, struct tpl_account_confirm *v, struct err *e)
{
    struct shape_list links, providers;
    if (!identity_links(r->call, r->call->actor.account, &links, e) || !identity_providers_list(r->call, &providers, e)) return false;
    const struct identity_link *l = links.v;
    struct tpl_account_confirm_providers *out = ARENA_ARRAY(r->arena, struct tpl_account_confirm_providers, links.n + 1);
    for (size_t i = 0; i < links.n; i++) {
        if (str_is_null(label_of(providers, l[i].provider))) continue;
        out[v->providers.n++] = (struct tpl_account_confirm_providers){
            .action = str_printf(r->arena, "/sign-in/confirm/outside/" STR_FMT, STR_ARG(l[i].provider)), .name = l[i].label, .csrf = r->csrf_token, .return_to = return_to};
    }
    v->providers.v = out;
    return true;
}

bool page_identity_remove(struct req *r, struct http_response *w, struct err *e)
{
    const struct oidc_provider_in *in = r->in;
    if (!identity_unlink(r->call, r->call->actor.account, in->provider, e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    view_go(w, SECTION);
    return true;
}
