/* Letters about orders. */
#include "jobs/mail.h"
#include "tpl/mail_order_confirmation.h"
#include "tpl/mail_order_confirmation_txt.h"

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

bool mail_write_order(struct call *c, const struct message *m, const struct mail_kind *k, struct letter *ret, struct err *e)
{
    struct message_order o;
    (void)k;
    if (!message_order_read(c, m->order, &o, e))
        return false;
    const struct words w = {text_catalog(o.locale), c->arena};
    struct letter l = {.to_name = o.address != NULL ? o.address->name : STR_NULL, .to_email = o.email, .texts = w.texts,
                       .subject = text(&w, "mail.order_confirmation.subject", o.number)};
    const struct tpl_mail_order_confirmation v = fill(c, &w, &o, l.subject);
    l.text = render(c, &w, &v, tpl_mail_order_confirmation_txt);
    l.html = render(c, &w, &v, tpl_mail_order_confirmation);
    *ret = l;
    return true;
}
