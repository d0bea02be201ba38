/* /account/addresses: the address book. */
#include "service/address_book.h"
#include "tpl/account_address.h"
#include "tpl/account_addresses.h"
#include "tpl/account_question.h"
#include "user/handlers.h"
#include "user/page.h"
#include "user/view.h"

static const struct form_row rows[] = {
    {"address.country", "country", "field.country", "field.error_country_known"},
    {"address.name", "name", "field.name", "field.error_too_long"},
    {"address.company", "company", "field.company", "field.error_too_long"},
    {"address.line1", "line1", "field.line1", "field.error_too_long"},
    {"address.line2", "line2", "field.line2_plain", "field.error_too_long"},
    {"address.postal_code", "postal_code", "field.postal_code", "field.error_postal_code"},
    {"address.city", "city", "field.city", "field.error_too_long"},
    {"address.region", "region", "field.region", "field.error_too_long"},
    {"phone", "phone", "field.phone", "field.error_phone"},
    {"label", "label", "addresses.label", "field.error_too_long"},
    {NULL, NULL, NULL, NULL}};

/* Lines of an address as it is written on a parcel. */
struct lines { size_t n; struct str v[8]; };

static void put(struct lines *l, struct str s)
{
    if (!str_is_empty(s)) l->v[l->n++] = s;
}

static struct lines lines_of(struct req *r, const struct address *a)
{
    struct lines l = {0};
    if (a == NULL) return l;
    put(&l, a->name);
    put(&l, a->company);
    put(&l, a->line1);
    put(&l, a->line2);
    put(&l, str_is_empty(a->postal_code) ? a->city : str_printf(r->arena, STR_FMT " " STR_FMT, STR_ARG(a->postal_code), STR_ARG(a->city)));
    put(&l, a->region);
    put(&l, page_country_name(r, a->country));
    return l;
}

static struct str path_of(struct req *r, struct address_id id, const char *step)
{
    return str_printf(r->arena, "/account/addresses/" STR_FMT "%s", STR_ARG(id_str(r->arena, ID_address, id.u)), step);
}

/* --- the list ---------------------------------------------------------------------------------------------------------------- */

bool page_addresses(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_notice_in *in = r->in;
    struct shape_list list;
    struct tpl_account_addresses v = {.csrf = r->csrf_token};
    if (!address_book_list(r->call, &list, e)) return false;
    const struct book_address *a = list.v;
    account_layout(r, page_text(r, "addresses.title"), &v.page);
    v.nav.addresses = true;
    v.nav.csrf = r->csrf_token;
    v.notice = view_notice(r, "addresses.done", in->done);
    struct tpl_account_addresses_addresses *out = ARENA_ARRAY(r->arena, struct tpl_account_addresses_addresses, list.n + 1);
    for (size_t i = 0; i < list.n; i++) {
        struct lines l = lines_of(r, a[i].address);
        bool named = !str_is_empty(a[i].label);
        struct tpl_account_addresses_addresses_lines *text = ARENA_ARRAY(r->arena, struct tpl_account_addresses_addresses_lines, l.n + 1);
        size_t first = named || l.n == 0 ? 0 : 1;                  /* without a label the name is the heading */
        for (size_t k = first; k < l.n; k++) text[k - first].text = l.v[k];
        out[i].id = id_str(r->arena, ID_address, a[i].id.u);
        out[i].heading = named ? a[i].label : l.n > 0 ? l.v[0] : page_text(r, "addresses.where");
        out[i].lines.n = l.n - first;
        out[i].lines.v = text;
        out[i].shipping = a[i].default_shipping;
        out[i].billing = a[i].default_billing;
        out[i].edit_href = path_of(r, a[i].id, "");
        out[i].delete_href = path_of(r, a[i].id, "/remove");
        out[i].default_action = path_of(r, a[i].id, "/default");
    }
    v.addresses.n = list.n;
    v.addresses.v = out;
    web_cache_never(w);
    tpl_account_addresses(&r->html, &v);
    return true;
}

/* --- the form ------------------------------------------------------------------------------------------------------------------ */

static void fill_countries(struct req *r, struct str chosen, struct tpl_account_address *v)
{
    size_t n = country_count();
    struct tpl_account_address_countries *out = ARENA_ARRAY(r->arena, struct tpl_account_address_countries, n + 1);
    struct str *codes = ARENA_ARRAY(r->arena, struct str, n + 1);
    for (size_t i = 0; i < n; i++) codes[i] = str_from(country_at(i)->code);
    const struct page_country *country = page_countries(r, codes, n);
    for (size_t i = 0; i < n; i++) out[i] = (struct tpl_account_address_countries){country[i].code, country[i].name, str_eq(country[i].code, chosen)};
    v->countries.n = n;
    v->countries.v = out;
}

static void show_form(struct req *r, struct http_response *w, const struct page_address_in *in, const struct err *bad, struct str problem)
{
    struct tpl_account_address v = {.csrf = r->csrf_token};
    bool fresh = uuid_is_zero(in->id.u);
    v.title = page_text(r, fresh ? "addresses.new_title" : "addresses.edit_title");
    account_layout(r, v.title, &v.page);
    v.nav.addresses = true;
    v.nav.csrf = r->csrf_token;
    v.action = fresh ? STR("/account/addresses/new") : path_of(r, in->id, "");
    if (bad) form_summary(r, rows, bad, &v.page, &v.errors);
    else if (!str_is_null(problem)) form_problem(r, STR_NULL, problem, &v.page, &v.errors);
    v.label = form_text(r, rows, bad, "label", "text", "off", in->label, ADDRESS_LABEL_MAX);
    v.label.hint = page_text(r, "addresses.label_hint");
    v.name = form_text(r, rows, bad, "name", "text", "name", in->name, ADDRESS_LINE_MAX);
    v.company = form_text(r, rows, bad, "company", "text", "organization", in->company, ADDRESS_LINE_MAX);
    v.line1 = form_text(r, rows, bad, "line1", "text", "address-line1", in->line1, ADDRESS_LINE_MAX);
    v.line2 = form_text(r, rows, bad, "line2", "text", "address-line2", in->line2, ADDRESS_LINE_MAX);
    v.postal_code = form_text(r, rows, bad, "postal_code", "text", "postal-code", in->postal_code, 20);
    v.city = form_text(r, rows, bad, "city", "text", "address-level2", in->city, ADDRESS_CITY_MAX);
    v.region = form_text(r, rows, bad, "region", "text", "address-level1", in->region, ADDRESS_CITY_MAX);
    v.phone = form_text(r, rows, bad, "phone", "tel", "tel", in->phone, 40);
    v.label.optional = v.company.optional = v.line2.optional = v.phone.optional = true;
    const struct country *country = country_find(in->country);
    v.region_wanted = !str_is_empty(in->region) || !str_is_null(v.region.error) || (country && country->region_required);
    v.region.optional = !(country && country->region_required);
    v.postal_code.optional = country && country->postal[0] == '\0';
    v.country_error = form_error(r, rows, bad, "country");
    v.shipping = !str_is_empty(in->default_shipping);
    v.billing = !str_is_empty(in->default_billing);
    if (!str_to_int64(in->version, &v.version)) v.version = 0;
    fill_countries(r, in->country, &v);
    web_cache_never(w);
    tpl_account_address(&r->html, &v);
}

bool page_address_new(struct req *r, struct http_response *w, struct err *e)
{
    struct account a;
    if (!account_read(r->call, r->call->actor.account, &a, e)) return false;
    struct page_address_in in = {.name = a.name, .country = r->call->market->country};
    show_form(r, w, &in, NULL, STR_NULL);
    return true;
}

static struct book_address_in wish_of(const struct page_address_in *in, struct address *address)
{
    *address = (struct address){in->name, in->company, in->line1, in->line2, in->postal_code, in->city, in->region, in->country};
    return (struct book_address_in){.label = str_is_null(in->label) ? STR("") : in->label, .phone = str_is_null(in->phone) ? STR("") : in->phone, .address = address,
                                    .default_shipping = !str_is_empty(in->default_shipping), .default_billing = !str_is_empty(in->default_billing)};
}

/* Shows the form again, or gives up. */
static bool refused(struct req *r, struct http_response *w, const struct page_address_in *in, const struct err *bad, struct err *e)
{
    if (form_blames(rows, bad)) {
        w->status = 422;
        show_form(r, w, in, bad, STR_NULL);
        return true;
    }
    if (bad->problem == PROBLEM_CONFLICT || bad->problem == PROBLEM_PRECONDITION_FAILED) {
        w->status = 409;
        show_form(r, w, in, NULL, page_text(r, uuid_is_zero(in->id.u) ? "addresses.full" : "form.changed_meanwhile"));
        return true;
    }
    *e = *bad;
    return false;
}

bool page_address_add(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_in *in = r->in;
    struct address address;
    struct book_address_in wish = wish_of(in, &address);
    struct book_address made;
    struct err bad;
    bool replayed;
    err_clear(&bad);
    if (!address_book_add(r->call, &wish, &made, &replayed, &bad)) return refused(r, w, in, &bad, e);
    view_go(w, STR("/account/addresses?done=saved"));
    return true;
}

bool page_address_edit(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_key *in = r->in;
    struct book_address a;
    if (!address_book_read(r->call, in->id, &a, e)) return false;
    static const struct address nothing;
    const struct address *x = a.address ? a.address : &nothing;
    struct page_address_in shown = {.id = a.id, .label = a.label, .name = x->name, .company = x->company, .line1 = x->line1, .line2 = x->line2,
                                    .postal_code = x->postal_code, .city = x->city, .region = x->region, .country = x->country, .phone = a.phone,
                                    .version = str_printf(r->arena, "%lld", (long long)a.version)};
    if (a.default_shipping) shown.default_shipping = STR("true");
    if (a.default_billing) shown.default_billing = STR("true");
    show_form(r, w, &shown, NULL, STR_NULL);
    return true;
}

bool page_address_change(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_in *in = r->in;
    struct address address;
    struct book_address_in wish = wish_of(in, &address);
    struct book_address after;
    int64_t version;
    struct err bad;
    err_clear(&bad);
    if (!str_to_int64(in->version, &version)) version = 0;
    if (!address_book_change(r->call, in->id, version, &wish, &after, &bad)) return refused(r, w, in, &bad, e);
    view_go(w, STR("/account/addresses?done=saved"));
    return true;
}

bool page_address_default(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_key *in = r->in;
    struct book_address after;
    if (!address_book_change(r->call, in->id, 0, &(struct book_address_in){.default_shipping = true}, &after, e)) return false;
    view_go(w, STR("/account/addresses?done=saved"));
    return true;
}

/* --- removing -------------------------------------------------------------------------------------------------------------------- */

bool page_address_remove(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_key *in = r->in;
    struct book_address a;
    struct tpl_account_question v = {.csrf = r->csrf_token, .action = path_of(r, in->id, "/remove"), .back = STR("/account/addresses")};
    if (!address_book_read(r->call, in->id, &a, e)) return false;
    v.title = page_text(r, "addresses.delete_title");
    v.text = page_text(r, "addresses.delete_text");
    v.submit = page_text(r, "addresses.delete_submit");
    account_layout(r, v.title, &v.page);
    v.nav.addresses = true;
    v.nav.csrf = r->csrf_token;
    struct lines l = lines_of(r, a.address);
    struct tpl_account_question_lines *text = ARENA_ARRAY(r->arena, struct tpl_account_question_lines, l.n + 1);
    for (size_t i = 0; i < l.n; i++) text[i].text = l.v[i];
    v.lines.n = l.n;
    v.lines.v = text;
    web_cache_never(w);
    tpl_account_question(&r->html, &v);
    return true;
}

bool page_address_remove_post(struct req *r, struct http_response *w, struct err *e)
{
    const struct page_address_key *in = r->in;
    if (!address_book_remove(r->call, in->id, e) && e->problem != PROBLEM_NOT_FOUND) return false;
    err_clear(e);
    view_go(w, STR("/account/addresses?done=removed"));
    return true;
}
