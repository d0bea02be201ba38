/* New carts: empty, with everything that an app knows already, or with what a canceled order held. One writing statement. */
#include "service/cart_claim.h"
#include "service/cart_internal.h"
#include "sql/orders.h"

struct opening {
    struct cart cart;                    /* as far as the rules of details look at it */
    struct market_id market;
    struct str market_country;
    size_t n;
    struct cart_item_id *items;
    struct variant_id *variants;
    int32_t *quantities;
    int64_t *prices;
};

static bool find_market(struct call *c, struct str code, struct opening *o, struct err *e)
{
    struct q_market_by_code_row row;
    bool found;
    o->market = c->market->id;
    o->market_country = c->market->country;
    o->cart.currency = c->market->currency;
    o->cart.price_list = c->market->price_list;
    if (str_is_null(code) || str_eq(code, c->market->code)) return true;
    if (!q_market_by_code(c->db, c->arena, &(struct q_market_by_code_in){.code = code}, &row, &found, e)) return false;
    if (!found) return err_param(e, PROBLEM_INVALID, "market", "There is no such market");
    o->market = row.id;
    o->market_country = row.country;
    o->cart.currency = row.currency;
    o->cart.price_list = row.price_list;
    return true;
}

/* Pieces of one variant that is named twice count together. */
static bool sum_up(struct call *c, const struct cart_open_in *in, struct opening *o, struct err *e)
{
    const struct cart_wanted *w = in->items.v;
    o->items = ARENA_ARRAY(c->arena, struct cart_item_id, in->items.n + 1);
    o->variants = ARENA_ARRAY(c->arena, struct variant_id, in->items.n + 1);
    o->quantities = ARENA_ARRAY(c->arena, int32_t, in->items.n + 1);
    o->prices = ARENA_ARRAY(c->arena, int64_t, in->items.n + 1);
    for (size_t i = 0; i < in->items.n; i++) {
        size_t k = 0;
        while (k < o->n && !uuid_eq(o->variants[k].u, w[i].variant.u)) k++;
        int64_t present = k < o->n ? o->quantities[k] : 0;
        if (!cart_check_add((int64_t)o->n, present, w[i].quantity, e)) {
            if (e->problem == PROBLEM_OUT_OF_RANGE) snprintf(e->param, sizeof e->param, "items[%zu].quantity", i);
            return false;
        }
        if (k == o->n) {
            o->n++;
            o->variants[k] = w[i].variant;
            o->items[k] = (struct cart_item_id){uuid_v7(c->now + (usec_t)k)};        /* so that they stay in this order */
        }
        o->quantities[k] += (int32_t)w[i].quantity;
    }
    return true;
}

static const struct q_variant_offers_row *offer_of(const struct q_variant_offers_rows *rows, struct variant_id v)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (uuid_eq(rows->v[i].variant.u, v.u)) return &rows->v[i];
    }
    return NULL;
}

/* Every line must be there in full, or, for a copy, what is there is taken. */
static bool price_lines(struct call *c, const struct cart_open_in *in, struct opening *o, struct err *e)
{
    struct q_variant_offers_rows rows;
    size_t kept = 0;
    if (o->n == 0) return true;
    struct q_variant_offers_in ask = {.variants = {o->n, o->variants}, .price_list = o->cart.price_list, .now = c->now};
    if (!q_variant_offers(c->db, c->arena, &ask, &rows, e)) return false;
    for (size_t i = 0; i < o->n; i++) {
        const struct q_variant_offers_row *r = offer_of(&rows, o->variants[i]);
        bool sellable = r != NULL && str_eq_c(r->status, "active") && r->price.set;
        int64_t available = sellable && r->available.set && r->available.v > 0 ? r->available.v : 0;
        char param[ERR_PARAM_MAX];
        snprintf(param, sizeof param, "items[%zu]", i);
        if (in->what_is_left) {
            if (available == 0) continue;
            if (available < o->quantities[i]) o->quantities[i] = (int32_t)available;
        } else if (!sellable) {
            err_field(e, PROBLEM_UNAVAILABLE_VARIANT, param, "This variant cannot be bought here");
            continue;
        } else if (available < o->quantities[i]) {
            err_field(e, PROBLEM_INSUFFICIENT_STOCK, param, "%lld are left", (long long)available);
            continue;
        }
        if (!cart_value_add(r->price.v, o->quantities[i], &o->cart.amounts.goods)) {
            if (in->what_is_left) continue;
            return err_param(e, PROBLEM_OUT_OF_RANGE, arena_printf(c->arena, "%s.quantity", param), "A cart of this value cannot be ordered");
        }
        o->items[kept] = o->items[i];
        o->variants[kept] = o->variants[i];
        o->quantities[kept] = o->quantities[i];
        o->prices[kept++] = r->price.v;
        o->cart.weight_g += (int64_t)r->weight_g * o->quantities[i];
    }
    o->n = kept;
    return e->n_fields == 0;
}

/* A cart that an account begins is the account's at once. Has it one already, the lines are merged, and the details that were given hold there. */
static bool take(struct call *c, const struct cart_open_in *in, struct str token, struct str *ret_token, struct cart **ret_cart, struct err *e)
{
    enum cart_claim_outcome outcome;
    struct cart_id id;
    bool replayed, details = in->contact != NULL || in->shipping_address != NULL || !uuid_is_zero(in->shipping_option.u);
    if (!cart_claim(c, c->actor.account, (struct cart_id){0}, token, &outcome, &id, e)) return false;
    *ret_token = STR_NULL;
    if (!cart_read(c, id, STR_NULL, true, ret_cart, e)) return false;
    if (outcome != CART_CLAIM_MERGED || !details) return true;
    struct cart_patch patch = {in->contact, in->shipping_address, in->shipping_option};
    return cart_change(c, *ret_cart, &patch, ret_cart, &replayed, e);
}

bool cart_open(struct call *c, const struct cart_open_in *in, struct str *ret_token, struct cart **ret_cart, struct err *e)
{
    struct opening o;
    struct cart_details d;
    memset(&o, 0, sizeof o);
    if (!find_market(c, in->market, &o, e) || !sum_up(c, in, &o, e) || !price_lines(c, in, &o, e)) return false;
    o.cart.id = (struct cart_id){uuid_v7(c->now)};
    o.cart.state = STR("open");
    o.cart.country = o.market_country;
    struct cart_patch patch = {in->contact, in->shipping_address, in->shipping_option};
    if (!cart_details_new(c, &o.cart, &patch, &d, e)) return false;
    struct str token = cart_token_new(c->arena);
    struct q_cart_open_in q = {.id = o.cart.id, .token_hash = cart_token_hash(c->arena, token), .market = o.market, .items = {o.n, o.items},
                               .variants = {o.n, o.variants}, .quantities = {o.n, o.quantities}, .prices = {o.n, o.prices}, .person = d.person,
                               .email_hash = d.email_hash, .email = d.email, .phone = d.phone, .address = d.address, .country = d.country,
                               .postal_area = d.area, .option = d.option, .expires = cart_expiry(c), .now = c->now};
    if (!q_cart_open(c->db, c->arena, &q, NULL, e)) return false;
    if (!uuid_is_zero(c->actor.account.u)) return take(c, in, token, ret_token, ret_cart, e);
    if (!cart_read(c, o.cart.id, token, true, ret_cart, e)) return false;
    (*ret_cart)->shown_token = token;
    *ret_token = token;
    return true;
}

bool cart_create(struct call *c, struct str market, struct str *ret_token, struct cart **ret_cart, struct err *e)
{
    return cart_open(c, &(struct cart_open_in){.market = market}, ret_token, ret_cart, e);
}

bool cart_copy_order(struct call *c, struct order_id order, struct str *ret_token, struct cart **ret_cart, struct err *e)
{
    struct q_order_lines_rows lines;
    if (!q_order_lines(c->db, c->arena, &(struct q_order_lines_in){.id = order}, &lines, e)) return false;
    struct cart_wanted *wanted = ARENA_ARRAY(c->arena, struct cart_wanted, lines.n + 1);
    for (size_t i = 0; i < lines.n; i++) wanted[i] = (struct cart_wanted){lines.v[i].variant, lines.v[i].quantity};
    return cart_open(c, &(struct cart_open_in){.items = {lines.n, wanted}, .what_is_left = true}, ret_token, ret_cart, e);
}
