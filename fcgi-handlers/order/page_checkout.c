/* /checkout in three steps: contact and address, shipping, payment. Each is a form that posts and is redirected to the next; a bad form comes
 * back with what was typed. Who skips a step is sent to it. */
#include "service/shopper.h"
#include "shared/page.h"
#include "shared/pay_methods.h"
#include "tpl/shop_checkout.h"
#include "tpl/shop_checkout_payment.h"
#include "tpl/shop_checkout_shipping.h"
#include "view.h"

static bool go(struct http_response *w, struct str where)
{
    web_cache_never(w);
    http_redirect(w, 303, where);
    return true;
}

/* The cart, when this step can be done; otherwise *ret_cart is NULL and the visitor is on her way to where she can go on. */
static bool at_step(struct req *r, struct http_response *w, int step, struct cart **ret_cart, struct err *e)
{
    struct cart *cart;
    struct order_id ordered;
    *ret_cart = NULL;
    if (!view_current_cart(r, w, true, &cart, &ordered, e)) return false;
    if (!uuid_is_zero(ordered.u)) {
        struct str id = id_str(r->arena, ID_order, ordered.u);
        return go(w, str_printf(r->arena, "/orders/" STR_FMT, STR_ARG(id)));      /* the cookie opens it */
    }
    if (cart == NULL || cart->items.n == 0) return go(w, STR("/cart"));
    const struct cart_line *lines = cart->items.v;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (cart_line_blocks(lines[i].state)) return go(w, STR("/cart"));
    }
    if (step > 1 && (!cart->has_contact || !cart->has_address)) return go(w, STR("/checkout"));
    if (step > 2 && cart->shipping == NULL) return go(w, STR("/checkout/shipping"));
    *ret_cart = cart;
    return true;
}

/* --- bad fields ---------------------------------------------------------------------------------------------------------- */

/* A parameter of the service, the form's field, its name for people and what is said when its value is wrong. */
static const struct bad_field { const char *param, *anchor, *label, *wrong; } bad_fields[] = {
    {"contact.email", "#email", "field.email", "field.error_email"},
    {"contact.phone", "#phone", "field.phone", "field.error_phone"},
    {"shipping_address.country", "#address.country", "field.country", "field.error_country"},
    {"shipping_address.name", "#address.name", "field.name", "field.error_too_long"},
    {"shipping_address.company", "#address.line2", "field.line2", "field.error_too_long"},
    {"shipping_address.line1", "#address.line1", "field.line1", "field.error_too_long"},
    {"shipping_address.line2", "#address.line2", "field.line2", "field.error_too_long"},
    {"shipping_address.postal_code", "#address.postal_code", "field.postal_code", "field.error_postal_code"},
    {"shipping_address.city", "#address.city", "field.city", "field.error_too_long"},
    {"shipping_address.region", "#address.region", "field.region", "field.error_too_long"},
    {NULL, NULL, NULL, NULL}};

static struct str say(struct req *r, const struct bad_field *f, enum problem p)
{
    return view_text_1(r, p == PROBLEM_REQUIRED ? "field.error_required" : f->wrong, "field", view_text(r, f->label));
}

/* What is wrong with a field; absent when nothing is. */
static struct str error_of(struct req *r, const struct err *e, const char *param)
{
    for (const struct bad_field *f = bad_fields; f->param; f++) {
        if (strcmp(f->param, param) != 0) continue;
        for (size_t i = 0; e && i < e->n_fields; i++) {
            if (strcmp(e->fields[i].param, param) == 0) return say(r, f, e->fields[i].problem);
        }
        if (e && e->n_fields == 0 && strcmp(e->param, param) == 0) return say(r, f, e->problem);
    }
    return STR_NULL;
}

static void summarise(struct req *r, const struct err *e, struct tpl_shop_errors *ret)
{
    size_t n = 0;
    struct tpl_shop_errors_items *items = ARENA_ARRAY(r->arena, struct tpl_shop_errors_items, 16);
    for (const struct bad_field *f = bad_fields; f->param; f++) {
        struct str message = error_of(r, e, f->param);
        if (!str_is_null(message)) items[n++] = (struct tpl_shop_errors_items){str_from(f->anchor), message};
    }
    ret->title = view_text(r, "checkout.errors");
    ret->items.n = n;
    ret->items.v = items;
}

static void one_error(struct req *r, struct str message, struct tpl_shop_errors *ret)
{
    struct tpl_shop_errors_items *item = ARENA_NEW(r->arena, struct tpl_shop_errors_items);
    item->message = message;
    ret->title = view_text(r, "form.look_again");
    ret->items.n = 1;
    ret->items.v = item;
}

/* --- 1: contact and address ---------------------------------------------------------------------------------------------- */

static bool fill_countries(struct req *r, const struct cart *cart, struct str chosen, struct tpl_shop_checkout *v, struct err *e)
{
    struct shape_list codes;
    if (!cart_countries(r->call, cart->currency, &codes, e)) return false;
    const struct page_country *country = page_countries(r, codes.v, codes.n);
    struct tpl_shop_checkout_countries *out = ARENA_ARRAY(r->arena, struct tpl_shop_checkout_countries, codes.n + 1);
    for (size_t i = 0; i < codes.n; i++) out[i] = (struct tpl_shop_checkout_countries){country[i].code, country[i].name, str_eq(country[i].code, chosen)};
    v->countries.n = codes.n;
    v->countries.v = out;
    return true;
}

static struct page_address_in typed_before(const struct cart *cart)
{
    struct page_address_in in = {0};
    if (cart->contact) {
        in.email = cart->contact->email;
        in.phone = cart->contact->phone;
    }
    in.country = cart->country;
    if (cart->shipping_address) {
        const struct address *a = cart->shipping_address;
        in = (struct page_address_in){in.email, in.phone, a->name, a->company, a->line1, a->line2, a->postal_code, a->city, a->region, a->country};
    }
    return in;
}

/* What the address book says of one: its label, else its receiver. */
static void fill_saved(struct req *r, const struct shopper *shopper, const struct page_address_in *in, struct tpl_shop_checkout *v)
{
    const struct shopper_address *a = shopper->addresses.v;
    struct tpl_shop_checkout_saved *out = ARENA_ARRAY(r->arena, struct tpl_shop_checkout_saved, shopper->addresses.n + 1);
    for (size_t i = 0; i < shopper->addresses.n; i++) {
        struct str id = id_str(r->arena, ID_address, a[i].id.u);
        out[i].href = str_printf(r->arena, "/checkout?address=" STR_FMT, STR_ARG(id));
        out[i].label = str_is_empty(a[i].label) ? a[i].address->name : a[i].label;
        out[i].text = str_printf(r->arena, STR_FMT ", " STR_FMT, STR_ARG(a[i].address->line1), STR_ARG(a[i].address->city));
        out[i].current = str_eq(a[i].address->line1, in->line1) && str_eq(a[i].address->name, in->name) && str_eq(a[i].address->city, in->city);
    }
    v->saved.n = shopper->addresses.n;
    v->saved.v = out;
}

static void use_address(struct req *r, const struct shopper_address *a, struct page_address_in *in)
{
    const struct address *x = a->address;
    struct str second = str_is_empty(x->line2) ? x->company : x->line2;        /* the form has one field for both */
    if (!str_is_empty(x->line2) && !str_is_empty(x->company)) second = str_printf(r->arena, STR_FMT ", " STR_FMT, STR_ARG(x->company), STR_ARG(x->line2));
    *in = (struct page_address_in){in->email, str_is_empty(a->phone) ? in->phone : a->phone, x->name, STR_NULL, x->line1, second, x->postal_code,
                                   x->city, x->region, x->country};
}

/* What an account knows already stands in the form: the address that was chosen, else the cart's, else the default. */
static void fill_in(struct req *r, const struct cart *cart, const struct shopper *shopper, struct str chosen, struct page_address_in *in)
{
    const struct shopper_address *a = shopper->addresses.v, *use = NULL;
    struct uuid id;
    if (str_is_empty(in->email)) in->email = shopper->email;
    if (str_is_empty(in->phone)) in->phone = shopper->phone;
    if (cart->shipping_address == NULL && shopper->addresses.n > 0) use = &a[0];
    for (size_t i = 0; i < shopper->addresses.n && id_parse(ID_address, chosen, &id); i++) {
        if (uuid_eq(a[i].id.u, id)) use = &a[i];
    }
    if (use) use_address(r, use, in);
    if (str_is_empty(in->name)) in->name = shopper->name;
}

static bool show_address(struct req *r, struct http_response *w, const struct cart *cart, const struct shopper *shopper, const struct page_address_in *in,
                         const struct err *bad, struct err *e)
{
    struct tpl_shop_checkout v;
    memset(&v, 0, sizeof v);
    const struct country *country = country_find(in->country);
    if (!fill_countries(r, cart, in->country, &v, e)) return false;
    view_quiet(r, "checkout.title", &v.page);
    v.steps.address = true;
    if (bad) summarise(r, bad, &v.errors);
    v.page.bad = bad != NULL;
    v.csrf = r->csrf_token;
    v.email = in->email;
    v.email_error = error_of(r, bad, "contact.email");
    v.phone = in->phone;
    v.phone_error = error_of(r, bad, "contact.phone");
    v.name = in->name;
    v.name_error = error_of(r, bad, "shipping_address.name");
    v.line1 = in->line1;
    v.line1_error = error_of(r, bad, "shipping_address.line1");
    v.line2 = in->line2;
    v.line2_error = error_of(r, bad, "shipping_address.line2");
    v.postal_code = in->postal_code;
    v.postal_code_error = error_of(r, bad, "shipping_address.postal_code");
    v.city = in->city;
    v.city_error = error_of(r, bad, "shipping_address.city");
    v.region = in->region;
    v.region_error = error_of(r, bad, "shipping_address.region");
    v.region_wanted = !str_is_empty(v.region) || !str_is_null(v.region_error) || (country && country->region_required);
    v.country_error = error_of(r, bad, "shipping_address.country");
    v.sign_in = shopper == NULL;
    if (shopper) fill_saved(r, shopper, in, &v);
    view_cart_summary(r, cart, &v.summary);
    if (bad) w->status = 422;
    web_cache_never(w);
    tpl_shop_checkout(&r->html, &v);
    return true;
}

/* NULL for guests. */
static bool read_shopper(struct req *r, struct shopper **ret_shopper, struct err *e)
{
    *ret_shopper = NULL;
    if (uuid_is_zero(r->call->actor.account.u)) return true;
    *ret_shopper = ARENA_NEW(r->arena, struct shopper);
    return shopper_read(r->call, *ret_shopper, e);
}

bool page_address(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_checkout_in *chosen = r->in;
    struct cart *cart;
    struct shopper *shopper;
    if (!at_step(r, w, 1, &cart, e)) return false;
    if (cart == NULL) return true;
    if (!read_shopper(r, &shopper, e)) return false;
    struct page_address_in in = typed_before(cart);
    if (shopper) fill_in(r, cart, shopper, chosen->address, &in);
    return show_address(r, w, cart, shopper, &in, NULL, e);
}

static bool is_form_error(const struct err *e)
{
    return e->n_fields > 0 || e->problem == PROBLEM_NOT_SHIPPABLE;
}

bool page_address_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_in *in = r->in;
    struct cart *cart, *after;
    bool replayed;
    struct err bad;
    if (!at_step(r, w, 1, &cart, e)) return false;
    if (cart == NULL) return true;
    struct cart_contact contact = {in->email, in->phone};
    struct address address = {in->name, in->company, in->line1, in->line2, in->postal_code, in->city, in->region, in->country};
    struct cart_patch patch = {.contact = &contact, .shipping_address = &address};
    err_clear(&bad);
    if (cart_change(r->call, cart, &patch, &after, &replayed, &bad)) return go(w, STR("/checkout/shipping"));
    struct shopper *shopper;
    if (is_form_error(&bad)) return read_shopper(r, &shopper, e) && show_address(r, w, cart, shopper, in, &bad, e);
    *e = bad;
    return false;
}

/* --- 2: shipping ----------------------------------------------------------------------------------------------------------- */

static struct str days(struct req *r, const struct cart_shipping *o)
{
    struct text_arg args[2] = {{"from", text_int(r->html.texts, r->arena, o->days_min)}, {"to", text_int(r->html.texts, r->arena, o->days_max)}};
    if (o->days_min == o->days_max) return view_text_n(r, "shipping.days", o->days_max);
    return text_get(r->html.texts, r->arena, "shipping.days_range", o->days_max, args, 2);
}

static bool show_shipping(struct req *r, struct http_response *w, const struct cart *cart, struct str problem, struct err *e)
{
    struct tpl_shop_checkout_shipping v;
    struct shape_list options;
    struct view_lines address;
    if (!cart_shipping_options(r->call, cart, &options, e)) return false;
    memset(&v, 0, sizeof v);
    view_quiet(r, "checkout.shipping_title", &v.page);
    v.steps.shipping = true;
    if (!str_is_null(problem)) one_error(r, problem, &v.errors);
    v.page.bad = !str_is_null(problem);
    v.csrf = r->csrf_token;
    if (cart->contact) v.email = cart->contact->email;
    view_address(r, cart->shipping_address, &address);
    struct tpl_shop_checkout_shipping_address_lines *lines = ARENA_ARRAY(r->arena, struct tpl_shop_checkout_shipping_address_lines, address.n + 1);
    for (size_t i = 0; i < address.n; i++) lines[i].text = address.v[i];
    v.address_lines.n = address.n;
    v.address_lines.v = lines;
    const struct cart_shipping *o = options.v;
    struct tpl_shop_checkout_shipping_options *out = ARENA_ARRAY(r->arena, struct tpl_shop_checkout_shipping_options, options.n + 1);
    for (size_t i = 0; i < options.n; i++)
        out[i] = (struct tpl_shop_checkout_shipping_options){.value = id_str(r->arena, ID_shipping_option, o[i].id.u), .label = o[i].name,
            .hint = days(r, &o[i]), .price = o[i].price, .free = o[i].price.amount == 0, .selected = o[i].selected || (cart->shipping == NULL && i == 0)};
    v.options.n = options.n;
    v.options.v = out;
    view_cart_summary(r, cart, &v.summary);
    if (!str_is_null(problem)) w->status = 422;
    web_cache_never(w);
    tpl_shop_checkout_shipping(&r->html, &v);
    return true;
}

bool page_shipping(struct req *r, struct http_response *w, struct err *e)
{
    struct cart *cart;
    if (!at_step(r, w, 2, &cart, e)) return false;
    return cart == NULL || show_shipping(r, w, cart, STR_NULL, e);
}

bool page_shipping_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_shipping_in *in = r->in;
    struct cart *cart, *after;
    struct cart_patch patch = {0};
    struct err bad;
    bool replayed;
    if (!at_step(r, w, 2, &cart, e)) return false;
    if (cart == NULL) return true;
    err_clear(&bad);
    if (id_parse(ID_shipping_option, str_trim(in->shipping_option), &patch.shipping_option.u)) {
        if (cart_change(r->call, cart, &patch, &after, &replayed, &bad)) return go(w, STR("/checkout/payment"));
        if (bad.problem != PROBLEM_INVALID && bad.problem != PROBLEM_NOT_SHIPPABLE) {
            *e = bad;
            return false;
        }
    }
    return show_shipping(r, w, cart, view_text_1(r, "field.error_choice", "field", view_text(r, "checkout.shipping_options")), e);
}

/* --- 3: payment ------------------------------------------------------------------------------------------------------------ */

struct shown { struct str problem, note_error, note, method; int status; };

static bool show_payment(struct req *r, struct http_response *w, const struct cart *cart, const struct shown *s)
{
    struct tpl_shop_checkout_payment v;
    struct view_lines address;
    char key[37];
    memset(&v, 0, sizeof v);
    view_quiet(r, "checkout.payment_title", &v.page);
    v.steps.payment = true;
    if (!str_is_null(s->problem)) one_error(r, s->problem, &v.errors);
    v.page.bad = !str_is_null(s->problem);
    uuid_format(uuid_v7(r->call->now), key);
    v.idempotency_key = str_from(arena_strdup(r->arena, key));
    v.csrf = r->csrf_token;
    v.expected_total = str_printf(r->arena, "%lld", (long long)cart->amounts.total);
    if (cart->contact) v.email = cart->contact->email;
    view_address(r, cart->shipping_address, &address);
    struct tpl_shop_checkout_payment_address_lines *lines = ARENA_ARRAY(r->arena, struct tpl_shop_checkout_payment_address_lines, address.n + 1);
    for (size_t i = 0; i < address.n; i++) lines[i].text = address.v[i];
    v.address_lines.n = address.n;
    v.address_lines.v = lines;
    if (cart->shipping) v.shipping_label = cart->shipping->name;
    page_pay_methods(r, "checkout.payment_legend", s->method, &v.methods);
    v.note = s->note;
    v.note_error = s->note_error;
    v.total = cart->totals.total;
    view_cart_summary(r, cart, &v.summary);
    if (s->status) w->status = s->status;
    web_cache_never(w);
    tpl_shop_checkout_payment(&r->html, &v);
    return true;
}

bool page_payment(struct req *r, struct http_response *w, struct err *e)
{
    struct cart *cart;
    if (!at_step(r, w, 3, &cart, e)) return false;
    return cart == NULL || show_payment(r, w, cart, &(struct shown){0});
}

/* What the shopper is told and can do something about; false: an error page. */
static bool explain(struct req *r, const struct err *bad, struct shown *s)
{
    s->status = problem_info(bad->problem)->status;
    switch (bad->problem) {
    case PROBLEM_CART_CHANGED: s->problem = view_text(r, "checkout.changed"); return true;
    case PROBLEM_INSUFFICIENT_STOCK: s->problem = view_text(r, "checkout.sold_out"); return true;
    case PROBLEM_INVALID:
        if (strcmp(bad->param, "note") == 0) {
            s->note_error = view_text_1(r, "field.error_too_long", "field", view_text(r, "field.note"));
            s->problem = s->note_error;
        } else {
            s->problem = view_text_1(r, "field.error_choice", "field", view_text(r, "checkout.payment_legend"));
        }
        return true;
    default: return false;
    }
}

bool page_payment_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_payment_in *in = r->in;
    bool signed_in = !uuid_is_zero(r->call->actor.account.u);
    struct str token = signed_in ? STR_NULL : http_cookie(r->http, CART_COOKIE);
    struct checkout_in wish = {.method = in->method, .note = in->note};
    struct checkout_result result;
    struct shown s = {.note = in->note, .method = in->method};
    struct cart *cart;
    struct err bad;
    bool replayed;
    err_clear(&bad);
    /* The same press of the button twice: the key of the form leads to the same order. */
    if (str_to_int64(str_trim(in->expected_total), &wish.expected_total.v)) wish.expected_total.set = true;
    wish.same_currency = true;
    if ((signed_in || !str_is_null(token)) && checkout_pressed(r->call, (struct cart_id){0}, token, &wish, &result, &replayed, &bad)) return go(w, result.payment_path);
    if (!at_step(r, w, 3, &cart, e)) return false;
    if (cart == NULL) return true;              /* ordered, emptied, sold out or incomplete: on the way to the page that says so */
    if (explain(r, &bad, &s)) return show_payment(r, w, cart, &s);
    *e = bad;
    return false;
}
