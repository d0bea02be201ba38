/* Mails: claimed, written from templates in the order's language, put into the spool, marked as sent. Killed in between, the next
 * one writes the same file name again, which changes nothing: one mail, however often. */
#include "html/html.h"
#include "jobs/jobs.h"
#include "net/mime.h"
#include "net/spool.h"
#include "service/notification.h"
#include "tpl/mail_order_confirmation.h"
#include "tpl/mail_order_confirmation_txt.h"

enum { PORTION = 10 };

struct words { const struct text_catalog *texts; struct arena *arena; };

static struct str text(const struct words *w, const char *key, struct str number)
{
    return text_get(w->texts, w->arena, key, 0, &(struct text_arg){"number", number}, 1);
}

static struct str country_name(const struct words *w, struct str code)
{
    const char *key = arena_printf(w->arena, "country." STR_FMT, STR_ARG(code));
    return text_has(key) ? text(w, key, STR_NULL) : code;
}

static size_t address_lines(const struct words *w, const struct address *x, struct str ret_lines[8])
{
    size_t n = 0;
    if (x == NULL)
        return 0;
    struct str place = str_printf(w->arena, STR_FMT " " STR_FMT, STR_ARG(x->postal_code), STR_ARG(x->city));
    const struct str all[] = {x->name, x->company, x->line1, x->line2, str_trim(place), x->region, country_name(w, x->country)};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!str_is_empty(all[i]))
            ret_lines[n++] = all[i];
    return n;
}

static struct tpl_mail_order_confirmation fill(struct call *c, const struct words *w, const struct message_order *o, struct str subject)
{
    struct str *address = ARENA_ARRAY(c->arena, struct str, 8);
    size_t n = address_lines(w, o->address, address);
    struct tpl_mail_order_confirmation_lines *items = ARENA_ARRAY(c->arena, struct tpl_mail_order_confirmation_lines, o->n_lines);
    for (size_t i = 0; i < o->n_lines; i++)
        items[i] = (struct tpl_mail_order_confirmation_lines){o->lines[i].name, o->lines[i].variant, o->lines[i].quantity, o->lines[i].total};
    return (struct tpl_mail_order_confirmation){
        .page = {.lang = str_from(text_locale(w->texts)), .subject = subject, .shop_href = str_from(c->env->config->base_url)},
        .number = o->number, .lines = {o->n_lines, items}, .subtotal = o->subtotal, .shipping = o->shipping, .shipping_free = o->shipping.amount == 0,
        .shipping_name = o->shipping_name, .tax = o->tax, .tax_included = o->prices_include_tax, .total = o->total, .address_lines = {n, address},
        .order_href = o->order_url};
}

static struct str render(struct call *c, const struct words *w, const struct tpl_mail_order_confirmation *v,
                         void (*template)(struct html *, const struct tpl_mail_order_confirmation *))
{
    struct buf b;
    buf_init_arena(&b, c->arena, 0);
    template(&(struct html){.out = &b, .arena = c->arena, .texts = w->texts}, v);
    return buf_view(&b);
}

/* "https://shop.example:8443" names "shop.example". */
static struct str host_of(const char *base_url)
{
    struct str s = str_from(base_url);
    size_t i;
    if (str_starts(s, STR("https://")))
        s = str_sub(s, 8, s.n);
    if (str_find(s, '/', &i))
        s = str_sub(s, 0, i);
    return str_find(s, ':', &i) ? str_sub(s, 0, i) : s;
}

static bool compose(struct call *c, const struct message *m, const struct message_order *o, struct buf *out, struct err *e)
{
    const struct words w = {text_catalog(o->locale), c->arena};
    const struct config *config = c->env->config;
    struct str id = id_str(c->arena, ID_mail, m->id.u), host = host_of(config->base_url);
    struct str subject = text(&w, "mail.order_confirmation.subject", o->number);
    const struct tpl_mail_order_confirmation v = fill(c, &w, o, subject);
    struct mime_mail mail = {
        .from = {str_from(config->shop_name), str_from(config->mail_from)}, .to = {o->address != NULL ? o->address->name : STR_NULL, o->email}, .subject = subject,
        .message_id = str_printf(c->arena, STR_FMT "@" STR_FMT, STR_ARG(id), STR_ARG(host)), .date = m->created_at,
        .text = render(c, &w, &v, tpl_mail_order_confirmation_txt), .html = render(c, &w, &v, tpl_mail_order_confirmation), .language = str_from(text_locale(w.texts))};
    return mime_build(c->arena, &mail, out, e);
}

static bool send(struct call *c, const struct message *m, bool *ret_permanent, struct err *e)
{
    struct message_order o;
    struct buf mail;
    bool fresh;
    const struct config *config = c->env->config;
    const char *folder = config->mail_spool[0] ? config->mail_spool : arena_printf(c->arena, "%s/mail", config->home);
    *ret_permanent = false;
    if (!message_order_read(c, m->order, &o, e))
        return false;
    *ret_permanent = str_is_null(o.email);
    if (*ret_permanent)
        return err_set(e, PROBLEM_CONFLICT, "the person was erased");
    buf_init_arena(&mail, c->arena, 0);
    if (!compose(c, m, &o, &mail, e)) {
        *ret_permanent = e->problem == PROBLEM_INVALID;
        return false;
    }
    db_release(c->db);
    return spool_put(folder, str_cstr(c->arena, id_str(c->arena, ID_mail, m->id.u)), buf_view(&mail), &fresh, e);
}

static bool work(struct call *c, const struct message *m, struct err *e)
{
    struct err why = {0};
    bool permanent;
    bool ok = send(c, m, &permanent, &why);
    const char *reason = why.cause[0] ? why.cause : why.detail;
    LOG(c->env->log, ok ? LOG_INFO : LOG_WARN, ok ? "message_sent" : "message_failed", LOGS("request_id", m->request_id), LOGS("trace_id", m->trace_id),
        LOGS("kind", m->kind), LOGS("message", id_str(c->arena, ID_mail, m->id.u)), LOGS("order", id_str(c->arena, ID_order, m->order.u)), LOGI("tries", m->tries),
        LOGC("cause", ok ? NULL : reason));
    return ok ? message_sent(c, m, e) : message_failed(c, m, permanent, reason, e);
}

bool job_mail(struct call *c, int *ret_done, struct err *e)
{
    struct message_list list;
    if (!message_claim(c, PORTION, &list, e))
        return false;
    for (size_t i = 0; i < list.n; i++)
        if (!work(c, &list.v[i], e))
            return false;
    *ret_done = (int)list.n;
    return true;
}
