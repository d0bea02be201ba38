/* Reads a cart as it stands now: one query, then the rules of domain/ over its rows. */
#include "crypto/crypto.h"
#include "service/cart_internal.h"
#include "service/person.h"
#include "sql/orders.h"

static const struct shape_field address_fields[] = {
    {"name", SHAPE_STR, offsetof(struct address, name), .max = 400},
    {"company", SHAPE_STR, offsetof(struct address, company), .max = 400},
    {"line1", SHAPE_STR, offsetof(struct address, line1), .max = 400},
    {"line2", SHAPE_STR, offsetof(struct address, line2), .max = 400},
    {"postal_code", SHAPE_STR, offsetof(struct address, postal_code), .max = 40},
    {"city", SHAPE_STR, offsetof(struct address, city), .max = 400},
    {"region", SHAPE_STR, offsetof(struct address, region), .max = 400},
    {NULL}};
static const struct shape address_sealed = {"SealedAddress", address_fields, sizeof(struct address)};

struct str cart_token_hash(struct arena *a, struct str token)
{
    uint8_t hash[SHA256_LEN];
    crypto_sha256(token, hash);
    return str_dup(a, str_of((const char *)hash, sizeof hash));
}

struct str cart_token_new(struct arena *a)
{
    uint8_t bytes[CART_TOKEN_BYTES];
    crypto_random(bytes, sizeof bytes);
    return crypto_base64url(a, str_of((const char *)bytes, sizeof bytes));
}

usec_t cart_expiry(const struct call *c)
{
    return c->now + CART_LIFE;
}

bool cart_check_open(const struct cart *cart, struct err *e)
{
    return str_eq_c(cart->state, "open") || err_set(e, PROBLEM_INVALID_STATE, "This cart became an order; begin a new cart");
}

struct str address_to_json(struct arena *a, const struct address *in)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    shape_write(&b, a, &address_sealed, in);
    return buf_view(&b);
}

bool address_from_json(struct arena *a, struct str json, struct str country, struct address *ret_address, struct err *e)
{
    struct address out;
    memset(&out, 0, sizeof out);
    if (!shape_read_json(&address_sealed, json, a, &out, e)) return err_cause(e, "a sealed address is not what we sealed");
    out.country = country;
    *ret_address = out;
    return true;
}

bool cart_open_personal(struct call *c, struct cart *cart, struct err *e)
{
    struct str email, phone, json;
    if (!cart->has_contact) return true;
    struct uuid row = cart->id.u;
    if (!person_open(c, cart->person, person_context(c->arena, CART_PLACE_EMAIL, row), cart->email_sealed, &email, e) ||
        !person_open(c, cart->person, person_context(c->arena, CART_PLACE_PHONE, row), cart->phone_sealed, &phone, e) ||
        !person_open(c, cart->person, person_context(c->arena, CART_PLACE_ADDRESS, row), cart->address_sealed, &json, e)) return false;
    if (!str_is_null(email)) {
        cart->contact = ARENA_NEW(c->arena, struct cart_contact);
        *cart->contact = (struct cart_contact){email, phone};
    }
    if (str_is_null(json)) return true;
    cart->shipping_address = ARENA_NEW(c->arena, struct address);
    return address_from_json(c->arena, json, cart->ship_country, cart->shipping_address, e);
}

static struct money money_of(const struct cart *cart, int64_t amount)
{
    return (struct money){amount, cart->currency};
}

static void fill_head(struct cart *cart, const struct q_cart_read_row *r, struct str token)
{
    cart->id = r->id;
    cart->version = r->version;
    cart->state = r->state;
    cart->market = r->market_code;
    cart->currency = r->currency;
    cart->currency_code = currency_str(&cart->currency);
    cart->prices_include_tax = r->prices_include_tax;
    cart->order = r->ordered;
    cart->expires_at = r->expires;
    cart->created_at = r->created_at;
    cart->updated_at = r->updated_at;
    cart->token = token;
    cart->account = r->account;
    cart->ship_country = r->ship_country;
    cart->ship_postal_area = r->ship_postal_area;
    cart->country = str_is_null(r->ship_country) ? r->country : r->ship_country;
    cart->locale = r->locale;
    cart->price_list = r->price_list;
    cart->person = r->person;
    cart->email_hash = r->email_hash;
    cart->email_sealed = r->email;
    cart->phone_sealed = r->phone;
    cart->address_sealed = r->address;
    cart->has_contact = !str_is_null(r->email);
    cart->has_address = !str_is_null(r->address);
}

static void fill_line(const struct cart *cart, const struct q_cart_read_row *r, struct cart_line *l)
{
    /* A class without a rate at the destination cannot be sold there. */
    bool sellable = str_eq_c(r->variant_status, "active") && r->tax_rate.set;
    struct cart_line_facts f = {.sellable = sellable, .priced = r->price.set, .price = r->price.v, .price_seen = r->price_seen.v,
                                .quantity = r->quantity.v, .available = r->available.set ? r->available.v : 0};
    l->id = r->item;
    l->variant = r->variant;
    l->product = r->product;
    l->sku = r->sku;
    l->product_name = r->product_name;
    l->product_slug = r->product_slug;
    l->variant_title = str_is_empty(r->variant_title) ? STR_NULL : r->variant_title;
    l->image_url = r->image_url;
    l->quantity = r->quantity.v;
    l->state = cart_line_state(&f);
    l->status = str_from(cart_line_state_name(l->state));
    l->counted = f.sellable && f.priced;
    l->available = f.available < 0 ? 0 : f.available > CART_QUANTITY_MAX ? CART_QUANTITY_MAX : f.available;
    l->max_quantity = l->state == CART_LINE_UNAVAILABLE ? 0 : l->available;
    l->price_id = r->price_id;
    l->price_seen = f.price_seen;
    l->weight_g = r->weight_g.set ? r->weight_g.v : 0;
    l->tax_rate = r->tax_rate.set ? r->tax_rate.v : 0;
    if (!f.priced) return;
    l->unit_price = money_of(cart, f.price);
    if (r->compare_at.set && r->compare_at.v > f.price) l->compare_at = money_of(cart, r->compare_at.v);
    if (f.price != f.price_seen) l->previous_price = money_of(cart, f.price_seen);
}

/* A price that rose beyond all bounds must not make the cart unreadable: then nobody could take the line out again. */
static void too_dear(struct cart_line *l)
{
    l->state = CART_LINE_UNAVAILABLE;
    l->status = str_from(cart_line_state_name(l->state));
    l->counted = false;
    l->max_quantity = 0;
}

static void fill_lines(struct call *c, struct cart *cart, const struct q_cart_read_rows *rows)
{
    struct cart_line *lines = ARENA_ARRAY(c->arena, struct cart_line, rows->n);
    int64_t goods = 0;
    size_t n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (uuid_is_zero(rows->v[i].item.u)) continue;
        fill_line(cart, &rows->v[i], &lines[n]);
        if (lines[n].counted && !cart_value_add(lines[n].unit_price.amount, lines[n].quantity, &goods)) too_dear(&lines[n]);
        cart->item_count += lines[n].quantity;
        cart->weight_g += lines[n].weight_g * lines[n].quantity;
        n++;
    }
    cart->items = (struct shape_list){n, lines};
}

static bool compute(struct call *c, struct cart *cart, int64_t shipping, int64_t shipping_rate, bool explain, struct err *e)
{
    struct cart_line *lines = cart->items.v;
    struct totals_line_in *in = ARENA_ARRAY(c->arena, struct totals_line_in, cart->items.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (lines[i].counted) in[n++] = (struct totals_line_in){lines[i].unit_price.amount, lines[i].quantity, 0, lines[i].tax_rate};
    }
    struct totals_in t = {cart->prices_include_tax, n, in, 0, shipping, shipping_rate};
    return totals_compute(c->arena, TOTALS_VERSION, &t, explain, &cart->amounts, e);
}

/* The chosen option as a rule sees it; false when it cannot be used for this cart. */
static bool chosen_option(const struct cart *cart, const struct q_cart_read_row *r, struct shipping_option *ret_option)
{
    struct shipping_option o = {.id = r->option, .code = r->option_code, .countries = r->option_countries, .price = r->option_price.v,
                                .free_from = r->option_free_from, .max_weight_g = r->option_max_weight};
    if (!currency_parse(r->option_currency, &o.currency) || !r->option_tax_rate.set || cart->country.n != 2) return false;
    char country[3] = {cart->country.p[0], cart->country.p[1], '\0'};
    *ret_option = o;
    return shipping_fits(&o, country, cart->currency, cart->weight_g);
}

static bool fill_amounts(struct call *c, struct cart *cart, const struct q_cart_read_row *r, bool explain, struct err *e)
{
    struct shipping_option o;
    bool chosen = !uuid_is_zero(r->option.u) && chosen_option(cart, r, &o);
    if (!compute(c, cart, 0, 0, explain && !chosen, e)) return false;
    if (chosen) {
        int64_t price = shipping_price(&o, cart->amounts.goods);
        cart->shipping = ARENA_NEW(c->arena, struct cart_shipping);
        *cart->shipping = (struct cart_shipping){.id = o.id, .code = o.code, .name = r->option_name, .price = money_of(cart, price),
                                                 .days_min = r->option_days_min.v, .days_max = r->option_days_max.v, .selected = true,
                                                 .tax_rate = r->option_tax_rate.v};
        if (!compute(c, cart, price, r->option_tax_rate.v, explain, e)) return false;
    }
    struct cart_line *lines = cart->items.v;
    size_t k = 0;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (!lines[i].counted) continue;
        lines[i].amounts = &cart->amounts.lines[k++];
        lines[i].total = money_of(cart, lines[i].amounts->list - lines[i].amounts->discount);
    }
    return true;
}

static void fill_totals(struct call *c, struct cart *cart)
{
    const struct totals *t = &cart->amounts;
    struct cart_tax *taxes = ARENA_ARRAY(c->arena, struct cart_tax, t->n_rates + 1);
    for (size_t i = 0; i < t->n_rates; i++)
        taxes[i] = (struct cart_tax){t->rates[i].rate, money_of(cart, t->rates[i].net), money_of(cart, t->rates[i].tax)};
    cart->totals = (struct cart_totals){money_of(cart, t->subtotal), money_of(cart, t->discount), {0}, money_of(cart, t->tax),
                                        money_of(cart, t->total), {t->n_rates, taxes}};
    cart->totals_shown = &cart->totals;
    if (cart->shipping) cart->totals.shipping = money_of(cart, t->shipping);
}

/* What a merge left to tell: orders.cart.merge_notice. */
struct notice { struct str code; struct str variant; int64_t quantity, previous, wanted, available; };
static const struct shape_field notice_fields[] = {
    {"code", SHAPE_STR, offsetof(struct notice, code)},
    {"variant", SHAPE_STR, offsetof(struct notice, variant)},
    {"quantity", SHAPE_INT, offsetof(struct notice, quantity), .max = INT32_MAX},
    {"previous", SHAPE_INT, offsetof(struct notice, previous), .max = INT32_MAX},
    {"wanted", SHAPE_INT, offsetof(struct notice, wanted), .max = INT32_MAX},
    {"available", SHAPE_INT, offsetof(struct notice, available), .max = INT64_MAX},
    {NULL}};
static const struct shape notice_shape = {"MergeNotice", notice_fields, sizeof(struct notice)};
struct notices { struct shape_list list; };
static const struct shape_field notices_fields[] = {{"list", SHAPE_LIST, offsetof(struct notices, list), .sub = &notice_shape, .max = 1000}, {NULL}};
static const struct shape notices_shape = {"MergeNotices", notices_fields, sizeof(struct notices)};

static bool read_notices(struct call *c, struct str json, struct shape_list *ret_list, struct err *e)
{
    struct notices all;
    memset(&all, 0, sizeof all);
    if (!str_is_null(json) && !shape_read_json(&notices_shape, str_printf(c->arena, "{\"list\":" STR_FMT "}", STR_ARG(json)), c->arena, &all, e))
        return err_cause(e, "a cart's notice is not what we stored");
    *ret_list = all.list;
    return true;
}

static struct cart_change of_notice(const struct cart *cart, const struct notice *n)
{
    const struct cart_line *lines = cart->items.v;
    struct cart_change x = {.code = n->code, .quantity = n->quantity, .available = n->available < CART_QUANTITY_MAX ? n->available : CART_QUANTITY_MAX,
                            .previous_quantity = n->previous, .wanted_quantity = n->wanted};
    if (!uuid_parse(n->variant, &x.variant.u)) x.variant = (struct variant_id){0};
    for (size_t i = 0; i < cart->items.n; i++) {
        if (uuid_eq(lines[i].variant.u, x.variant.u)) x.item = lines[i].id;
    }
    return x;
}

static void fill_changes(struct call *c, struct cart *cart, bool shipping_lost, struct shape_list notices)
{
    struct cart_line *lines = cart->items.v;
    struct cart_change *out = ARENA_ARRAY(c->arena, struct cart_change, cart->items.n + notices.n + 1);
    size_t n = 0;
    bool blocked = cart->items.n == 0;
    for (size_t i = 0; i < cart->items.n; i++) {
        blocked |= cart_line_blocks(lines[i].state);
        if (lines[i].state == CART_LINE_OK) continue;
        out[n++] = (struct cart_change){lines[i].status, lines[i].id, lines[i].variant, lines[i].previous_price, lines[i].unit_price,
                                        lines[i].quantity, lines[i].available};
    }
    if (shipping_lost) out[n++] = (struct cart_change){.code = STR("shipping_unavailable")};
    const struct notice *told = notices.v;
    for (size_t i = 0; i < notices.n; i++) out[n++] = of_notice(cart, &told[i]);
    cart->changes = (struct shape_list){n, out};
    cart->can_checkout = !blocked && cart->has_contact && cart->has_address && cart->shipping != NULL && str_eq_c(cart->state, "open");
}

bool cart_load(struct call *c, struct cart_id id, struct str token, struct cart_wish wish, struct cart **ret_cart, struct err *e)
{
    struct q_cart_read_rows rows;
    struct shape_list notices = {0, NULL};
    bool by_token = !str_is_empty(token) && token.n <= CART_TOKEN_LIMIT, by_account = !uuid_is_zero(c->actor.account.u);
    if (!by_token && !by_account) return err_set(e, PROBLEM_NOT_FOUND, "There is no such cart");
    struct q_cart_read_in in = {.cart = id, .now = c->now, .account = c->actor.account, .market = c->market->id};
    if (by_token) in.token_hash = cart_token_hash(c->arena, token);
    if (!q_cart_read(c->db, c->arena, &in, &rows, e)) return false;
    if (rows.n == 0 || str_eq_c(rows.v[0].state, "abandoned") || (str_eq_c(rows.v[0].state, "open") && rows.v[0].expires <= c->now))
        return err_set(e, PROBLEM_NOT_FOUND, "There is no such cart");
    struct cart *cart = ARENA_NEW(c->arena, struct cart);
    fill_head(cart, &rows.v[0], token);
    fill_lines(c, cart, &rows);
    if (!fill_amounts(c, cart, &rows.v[0], wish.explain, e)) return false;
    fill_totals(c, cart);
    if (!read_notices(c, rows.v[0].merge_notice, &notices, e)) return false;
    fill_changes(c, cart, !uuid_is_zero(rows.v[0].option.u) && cart->shipping == NULL, notices);
    if (wish.personal && !cart_open_personal(c, cart, e)) return false;
    *ret_cart = cart;
    return true;
}

bool cart_read(struct call *c, struct cart_id id, struct str token, bool personal, struct cart **ret_cart, struct err *e)
{
    return cart_load(c, id, token, (struct cart_wish){.personal = personal}, ret_cart, e);
}
