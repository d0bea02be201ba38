/* /account/profile: name, telephone, language. */
#include "service/profile.h"
#include "tpl/account_profile.h"
#include "user/handlers.h"
#include "user/page.h"
#include "user/view.h"

static const struct form_row rows[] = {
    {"name", "name", "field.name", "field.error_too_long"}, {"phone", "phone", "field.phone", "field.error_phone"}, {NULL, NULL, NULL, NULL}};
static const struct { const char *value, *label; } languages[] = {{"en", "locale.en"}, {"de", "locale.de"}};
enum { LANGUAGES = sizeof languages / sizeof languages[0] };

/* "de" for "de-AT" */
static bool speaks(struct str locale, const char *language)
{
    struct str l = str_from(language);
    return str_starts(locale, l) && (locale.n == l.n || locale.p[l.n] == '-');
}

static void fill_languages(struct req *r, struct str locale, struct tpl_account_profile *v)
{
    struct tpl_account_profile_locales *out = ARENA_ARRAY(r->arena, struct tpl_account_profile_locales, LANGUAGES);
    struct str present = str_is_empty(locale) ? str_from(text_locale(r->html.texts)) : locale;
    for (size_t i = 0; i < LANGUAGES; i++) {
        out[i].value = str_from(languages[i].value);
        out[i].label = text_get(r->html.texts, r->arena, languages[i].label, 0, NULL, 0);
        out[i].selected = speaks(present, languages[i].value);
    }
    v->locales.n = LANGUAGES;
    v->locales.v = out;
}

static bool show(struct req *r, struct http_response *w, const struct page_profile_in *typed, const struct err *bad, struct str problem, struct str notice, struct err *e)
{
    struct tpl_account_profile v = {.csrf = r->csrf_token, .notice = notice};
    struct account a;
    if (!account_read(r->call, r->call->actor.account, &a, e)) return false;
    account_layout(r, page_text(r, "profile.title"), &v.page);
    v.nav.profile = true;
    v.nav.csrf = r->csrf_token;
    v.email = a.email;
    v.version = a.version;
    if (bad) form_summary(r, rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.name = form_text(r, rows, bad, "name", "text", "name", typed ? typed->name : a.name, PROFILE_NAME_MAX);
    v.phone = form_text(r, rows, bad, "phone", "tel", "tel", typed ? typed->phone : a.phone, 40);
    v.name.optional = v.phone.optional = true;
    v.phone.hint = page_text(r, "field.phone_hint");
    fill_languages(r, typed ? typed->locale : a.locale, &v);
    web_cache_never(w);
    tpl_account_profile(&r->html, &v);
    return true;
}

bool page_profile(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    return show(r, w, NULL, NULL, STR_NULL, view_notice(r, "profile.done", in->done), e);
}

static struct str given(struct str s)
{
    return str_is_null(s) ? STR("") : s;         /* an emptied field takes the value away */
}

bool page_profile_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_profile_in *in = r->in;
    struct profile_patch patch = {.name = given(in->name), .phone = given(in->phone), .locale = given(in->locale)};
    struct account after;
    struct err bad;
    err_clear(&bad);
    if (!str_to_int64(in->version, &patch.version)) patch.version = 0;
    if (profile_change(r->call, &patch, &after, &bad)) {
        view_go(w, STR("/account/profile?done=saved"));
        return true;
    }
    if (form_blames(rows, &bad)) {
        w->status = 422;
        return show(r, w, in, &bad, STR_NULL, STR_NULL, e);
    }
    if (bad.problem == PROBLEM_PRECONDITION_FAILED || bad.problem == PROBLEM_CONFLICT) {
        w->status = 409;
        return show(r, w, NULL, NULL, page_text(r, "form.changed_meanwhile"), STR_NULL, e);
    }
    *e = bad;
    return false;
}
