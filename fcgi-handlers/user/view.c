#include "user/view.h"

#include "domain/return_to.h"
#include "service/challenge.h"
#include "tpl/account_message.h"

struct str view_text_with(struct req *r, const char *key, const char *name, struct str value)
{
    return text_get(r->html.texts, r->arena, key, 0, &(struct text_arg){name, value}, 1);
}

void view_go(struct http_response *w, struct str where)
{
    web_cache_never(w);
    http_redirect(w, 303, where);
}

static void put_encoded(struct buf *b, struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        unsigned char c = (unsigned char)value.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("-._~/", c));
        if (plain) buf_char(b, (char)c);
        else buf_printf(b, "%%%02X", c);
    }
}

struct str view_with(struct req *r, const char *path, const char *name, struct str value)
{
    struct buf b;
    if (str_is_empty(value)) return str_from(path);
    buf_init_arena(&b, r->arena, 0);
    buf_printf(&b, "%s%c%s=", path, strchr(path, '?') ? '&' : '?', name);
    put_encoded(&b, value);
    return buf_view(&b);
}

struct str view_notice(struct req *r, const char *prefix, struct str done)
{
    if (str_is_empty(done) || done.n > 30) return STR_NULL;
    for (size_t i = 0; i < done.n; i++) {
        if ((done.p[i] < 'a' || done.p[i] > 'z') && done.p[i] != '_') return STR_NULL;
    }
    const char *key = arena_printf(r->arena, "%s." STR_FMT, prefix, STR_ARG(done));
    return text_has(key) ? page_text(r, key) : STR_NULL;
}

void view_cookie_put(struct http_response *w, const char *name, struct str value, int64_t max_age_s)
{
    http_set_cookie(w, name, value, (struct http_cookie_options){.max_age_s = max_age_s, .session = max_age_s == 0, .http_only = true, .lax = true});
}

void view_cookie_drop(struct http_response *w, const char *name)
{
    http_set_cookie(w, name, STR(""), (struct http_cookie_options){.http_only = true, .lax = true});
}

struct str view_cookie_text(struct req *r, struct str text)
{
    struct buf b;
    buf_init_arena(&b, r->arena, 0);
    put_encoded(&b, text);
    return buf_view(&b);
}

struct str view_cookie_text_read(struct req *r, const char *name)
{
    struct str value = http_cookie(r->http, name), pair = str_printf(r->arena, "v=" STR_FMT, STR_ARG(value));
    struct shape_pairs pairs;
    struct err ignored = {0};
    if (str_is_empty(value) || value.n > 1000 || !http_parse_pairs(r->arena, pair, &pairs, &ignored) || pairs.n != 1) return STR_NULL;
    return str_is_text(pairs.v[0].value, false) ? pairs.v[0].value : STR_NULL;
}

/* --- forms ------------------------------------------------------------------------------------------------------------------ */

static struct str say(struct req *r, const struct form_row *row, enum problem p)
{
    const char *key = p == PROBLEM_REQUIRED ? "field.error_required" : p == PROBLEM_WEAK_PASSWORD ? "field.error_password_weak" : row->wrong;
    return view_text_with(r, key, "field", text_get(r->html.texts, r->arena, row->label, 0, NULL, 0));
}

static bool problem_of(const struct err *bad, const char *param, enum problem *ret)
{
    if (bad == NULL) return false;
    for (size_t i = 0; i < bad->n_fields; i++) {
        if (strcmp(bad->fields[i].param, param) != 0) continue;
        *ret = bad->fields[i].problem;
        return true;
    }
    *ret = bad->problem;
    return bad->n_fields == 0 && strcmp(bad->param, param) == 0;
}

static const struct form_row *row_of(const struct form_row *rows, const char *field)
{
    while (rows->field != NULL && strcmp(rows->field, field) != 0) rows++;
    BUG_IF(rows->field == NULL);
    return rows;
}

struct str form_error(struct req *r, const struct form_row *rows, const struct err *bad, const char *field)
{
    enum problem p;
    const struct form_row *row = row_of(rows, field);
    return problem_of(bad, row->param, &p) ? say(r, row, p) : STR_NULL;
}

bool form_blames(const struct form_row *rows, const struct err *bad)
{
    enum problem p;
    if (bad->n_fields == 0 && problem_info(bad->problem)->status >= 500) return false;
    for (; rows->field != NULL; rows++) {
        if (problem_of(bad, rows->param, &p)) return true;
    }
    return false;
}

void form_summary(struct req *r, const struct form_row *rows, const struct err *bad, struct tpl_shop_layout *page, struct tpl_shop_errors *ret)
{
    size_t n = 0, most = 0;
    while (rows[most].field != NULL) most++;
    struct tpl_shop_errors_items *items = ARENA_ARRAY(r->arena, struct tpl_shop_errors_items, most + 1);
    for (; rows->field != NULL; rows++) {
        enum problem p;
        if (!problem_of(bad, rows->param, &p)) continue;
        items[n++] = (struct tpl_shop_errors_items){str_printf(r->arena, "#%s", rows->field), say(r, rows, p)};
    }
    ret->title = page_text(r, "checkout.errors");
    ret->items.n = n;
    ret->items.v = items;
    page->bad = n > 0;
}

void form_problem(struct req *r, struct str href, struct str message, struct tpl_shop_layout *page, struct tpl_shop_errors *ret)
{
    struct tpl_shop_errors_items *item = ARENA_NEW(r->arena, struct tpl_shop_errors_items);
    *item = (struct tpl_shop_errors_items){href, message};
    ret->title = page_text(r, "form.look_again");
    ret->items.n = 1;
    ret->items.v = item;
    page->bad = true;
}

struct tpl_account_field form_text(struct req *r, const struct form_row *rows, const struct err *bad, const char *field, const char *type, const char *autocomplete,
                                   struct str value, int64_t max)
{
    const struct form_row *row = row_of(rows, field);
    return (struct tpl_account_field){.name = str_from(field), .label = text_get(r->html.texts, r->arena, row->label, 0, NULL, 0), .type = str_from(type),
                                      .autocomplete = str_from(autocomplete), .value = value, .max = max, .error = form_error(r, rows, bad, field)};
}

struct tpl_account_field form_secret(struct req *r, const struct form_row *rows, const struct err *bad, const char *field, const char *autocomplete)
{
    /* Browsers count UTF-16 and cut what is longer without a word: 256 characters may be twice as many, and what is too long shall be refused instead. */
    struct tpl_account_field f = form_text(r, rows, bad, field, "password", autocomplete, STR_NULL, 1000);
    f.secret = true;
    if (strcmp(autocomplete, "new-password") == 0) f.hint = page_text(r, "field.password_hint");
    return f;
}

struct tpl_account_field form_code(struct req *r, const struct form_row *rows, const struct err *bad, const char *field, struct str value)
{
    struct tpl_account_field f = form_text(r, rows, bad, field, "text", "one-time-code", value, 30);
    f.code = true;
    return f;
}

bool form_password(struct str password, const char *param, struct err *bad)
{
    size_t n = str_is_utf8(password) ? str_utf8_length(password) : password.n;
    if (n == 0) return err_field(bad, PROBLEM_REQUIRED, param, "A value is missing");
    return (n >= 8 && n <= 256) || err_field(bad, PROBLEM_OUT_OF_RANGE, param, "A password has 8 to 256 characters");
}

struct str view_wait(struct req *r, struct http_response *w, const struct err *bad)
{
    if (bad->problem != PROBLEM_TOO_MANY_TRIES && bad->problem != PROBLEM_RATE_LIMITED && bad->problem != PROBLEM_UNAVAILABLE) return STR_NULL;
    int wait = bad->retry_after_s;
    if (bad->problem == PROBLEM_UNAVAILABLE && wait == 0) return STR_NULL;         /* not about waiting: an error page */
    w->status = problem_info(bad->problem)->status;
    if (wait > 0) http_set_header(w, "Retry-After", str_printf(r->arena, "%d", wait));
    if (bad->problem == PROBLEM_UNAVAILABLE) return page_text(r, "sign_in.busy");
    if (wait < 60) return text_get(r->html.texts, r->arena, "sign_in.wait_seconds", wait > 0 ? wait : 1, NULL, 0);
    return text_get(r->html.texts, r->arena, "sign_in.wait_minutes", (wait + 59) / 60, NULL, 0);
}

/* --- after signing in ----------------------------------------------------------------------------------------------------- */

/* The session that this browser had until now would stay open, and in the list of devices, without anybody who holds its cookie. */
static void end_replaced(struct req *r)
{
    const struct actor *who = &r->call->actor;
    struct err lost;
    err_clear(&lost);
    if (!uuid_is_zero(who->session.u) && !session_end(r->call, who->account, who->session, "replaced", &lost))
        LOG(r->call->env->log, LOG_WARN, "replaced_session_not_ended", LOGS("request_id", r->call->request_id), LOGC("cause", lost.cause));
}

void view_signed_in(struct req *r, struct http_response *w, const struct login_result *login, struct str return_to)
{
    struct str where = return_to_or_default(return_to);
    if (login->outcome == LOGIN_SECOND_FACTOR) {
        view_cookie_put(w, SECOND_COOKIE, login->challenge, CHALLENGE_MFA_LIFE / USEC_PER_SEC);
        view_go(w, view_with(r, "/sign-in/mfa", "return_to", where));
        return;
    }
    end_replaced(r);
    web_session_set(w, &login->grant);
    if (!str_is_null(http_cookie(r->http, SECOND_COOKIE))) view_cookie_drop(w, SECOND_COOKIE);
    if (!str_is_null(http_cookie(r->http, VERIFY_COOKIE))) view_cookie_drop(w, VERIFY_COOKIE);
    if (!str_is_null(http_cookie(r->http, VERIFY_EMAIL_COOKIE))) view_cookie_drop(w, VERIFY_EMAIL_COOKIE);
    view_go(w, login->setup_needed ? STR("/account") : where);
}

/* --- plain pages -------------------------------------------------------------------------------------------------------------- */

void view_message(struct req *r, struct http_response *w, const struct view_message *m)
{
    struct tpl_account_message v = {.title = text_get(r->html.texts, r->arena, m->title, 0, NULL, 0), .text = text_get(r->html.texts, r->arena, m->text, 0, NULL, 0),
                                    .csrf = r->csrf_token};
    struct str label = m->label ? text_get(r->html.texts, r->arena, m->label, 0, NULL, 0) : STR_NULL;
    account_layout(r, v.title, &v.page);
    if (!str_is_null(m->post)) {
        v.post = m->post;
        v.link = m->link;
        v.post_label = label;
    } else if (m->label) {
        v.action = m->action;
        v.action_label = label;
    }
    if (m->status) w->status = m->status;
    web_cache_never(w);
    tpl_account_message(&r->html, &v);
}

void view_link_over(struct req *r, struct http_response *w, const char *label, struct str action)
{
    view_message(r, w, &(struct view_message){.title = "link.over_title", .text = "link.over", .label = label, .action = action, .status = 410});
}

bool view_over(struct req *r, struct http_response *w, struct err *e, const char *label, struct str action)
{
    if (e->problem != PROBLEM_EXPIRED) return false;
    err_clear(e);
    view_link_over(r, w, label, action);
    return true;
}
