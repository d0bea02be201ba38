/* Letters about accounts: one template, words by kind. Codes and links are derived here and now; nothing of them was stored. */
#include "jobs/mail.h"
#include "tpl/mail_account.h"
#include "tpl/mail_account_txt.h"

static struct str words(struct call *c, const struct letter *l, const struct mail_kind *k, const char *part, struct str code)
{
    return text_get(l->texts, c->arena, arena_printf(c->arena, "mail.%s.%s", k->name, part), 0, &(struct text_arg){"code", code}, 1);
}

static bool button(struct call *c, const struct message *m, const struct mail_kind *k, const struct account_message *a, struct str *ret_href, struct err *e)
{
    const char *base = c->env->config->base_url;
    struct str path = STR_NULL;
    switch (k->button) {
    case BUTTON_NONE: *ret_href = STR_NULL; return true;
    case BUTTON_PAGE: path = str_from(k->path); break;
    case BUTTON_CHALLENGE:
        if (str_is_null(a->link))
            return err_set(e, PROBLEM_CONFLICT, "the challenge is over");
        path = str_printf(c->arena, "%s?link=" STR_FMT, k->path, STR_ARG(a->link));
        break;
    case BUTTON_OWN:
        if (!k->link(c, m, &path, e))
            return false;
        break;
    }
    *ret_href = str_printf(c->arena, "%s" STR_FMT, base, STR_ARG(path));
    return true;
}

static struct str render(struct call *c, const struct text_catalog *texts, const struct tpl_mail_account *v, void (*template)(struct html *, const struct tpl_mail_account *))
{
    struct buf b;
    buf_init_arena(&b, c->arena, 0);
    template(&(struct html){.out = &b, .arena = c->arena, .texts = texts}, v);
    return buf_view(&b);
}

bool mail_write_account(struct call *c, const struct message *m, const struct mail_kind *k, struct letter *ret, struct err *e)
{
    struct account_message a;
    struct letter l = {0};
    if (!account_message_read(c, m, &a, e))
        return false;
    l.texts = text_catalog(a.locale);
    l.to_email = a.email;
    /* An old import may have brought a name that no header can hold. */
    l.to_name = !str_is_empty(a.name) && str_is_text(a.name, false) ? a.name : STR_NULL;
    if (k->code && str_is_null(a.code))
        return err_set(e, PROBLEM_CONFLICT, "the challenge is over");
    struct tpl_mail_account v = {.name = l.to_name, .code = k->code ? a.code : STR_NULL, .heading = words(c, &l, k, "heading", STR_NULL),
                                 .lead = words(c, &l, k, "lead", STR_NULL), .note = words(c, &l, k, "note", STR_NULL)};
    l.subject = words(c, &l, k, "subject", v.code);
    if (!button(c, m, k, &a, &v.button_href, e))
        return false;
    if (!str_is_null(v.button_href))
        v.button_label = words(c, &l, k, "button", STR_NULL);
    if (k->facts) {
        v.at = a.at;
        v.device = a.device;
        v.place = a.place;
    }
    v.page = (struct tpl_mail_layout){.lang = str_from(text_locale(l.texts)), .subject = l.subject, .shop_href = str_from(c->env->config->base_url)};
    l.html = render(c, l.texts, &v, tpl_mail_account);
    l.text = render(c, l.texts, &v, tpl_mail_account_txt);
    *ret = l;
    return true;
}
