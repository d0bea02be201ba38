#include "service/cart.h"

#include "service/cart_internal.h"
#include "service/idem.h"
#include "sql/orders.h"

enum { TRIES = 4 };         /* how often a change is tried again when somebody else changed the same cart */

static bool conflict(struct err *e)
{
    return err_set(e, PROBLEM_CONFLICT, "The cart is being changed by others at the same time; try again");
}

/* One change of one line. */
struct line_change {
    struct variant_id variant;
    struct cart_item_id item;        /* zero: `variant` says which */
    int64_t quantity;
    bool add;                        /* on top of what is there */
};

static const struct cart_line *find_line(const struct cart *cart, const struct line_change *w)
{
    const struct cart_line *lines = cart->items.v;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (uuid_is_zero(w->item.u) ? uuid_eq(lines[i].variant.u, w->variant.u) : uuid_eq(lines[i].id.u, w->item.u)) return &lines[i];
    }
    return NULL;
}

static bool short_of(struct call *c, struct err *e, int64_t available, int64_t present)
{
    struct cart_shortage *s = ARENA_NEW(c->arena, struct cart_shortage);
    s->available = available;
    s->present = present;
    if (available <= 0) {
        err_param(e, PROBLEM_INSUFFICIENT_STOCK, "quantity", "This variant is sold out");
    } else if (present > 0) {
        err_param(e, PROBLEM_INSUFFICIENT_STOCK, "quantity", "%lld are left, and %lld are in the cart", (long long)available, (long long)present);
    } else {
        err_param(e, PROBLEM_INSUFFICIENT_STOCK, "quantity", "%lld are left", (long long)available);
    }
    e->data = s;
    return false;
}

static bool unavailable(struct err *e)
{
    return err_param(e, PROBLEM_UNAVAILABLE_VARIANT, "variant_id", "This variant cannot be bought here");
}

/* With this many pieces of the line the cart is still one that can be paid. */
static bool payable(const struct cart *cart, const struct cart_line *line, int64_t price, int64_t wanted, struct err *e)
{
    int64_t goods = cart->amounts.subtotal - (line && line->counted ? line->amounts->list : 0);
    return cart_value_add(price, wanted, &goods) || err_param(e, PROBLEM_OUT_OF_RANGE, "quantity", "A cart of this value cannot be ordered");
}

/* Rules of a change; fills what is to be written. */
static bool plan(struct call *c, const struct cart *cart, const struct line_change *w, struct q_cart_item_put_in *in, struct err *e)
{
    const struct cart_line *line = find_line(cart, w);
    struct q_variant_offer_row offer;
    bool found;
    int64_t present = line && w->add ? line->quantity : 0, wanted = present + w->quantity;
    if (!cart_check_open(cart, e)) return false;
    if (!w->add && line == NULL) return err_set(e, PROBLEM_NOT_FOUND, "The cart has no such line");
    in->item = line ? line->id : (struct cart_item_id){uuid_v7(c->now)};
    in->variant = line ? line->variant : w->variant;
    in->quantity = (int32_t)wanted;
    if (!w->add && wanted == 0) return true;
    if (w->add ? !cart_check_add((int64_t)cart->items.n, present, w->quantity, e) : !cart_check_quantity(wanted, e)) return false;
    if (line) {
        if (line->state == CART_LINE_UNAVAILABLE) return unavailable(e);
        if (wanted > line->available) return short_of(c, e, line->available, present);
        in->price = line->unit_price.amount;
        return payable(cart, line, in->price, wanted, e);
    }
    struct q_variant_offer_in ask = {.variant = w->variant, .price_list = cart->price_list, .now = c->now};
    if (!q_variant_offer(c->db, c->arena, &ask, &offer, &found, e)) return false;
    if (!found || !str_eq_c(offer.status, "active") || !offer.price.set) return unavailable(e);
    int64_t available = offer.available.set ? offer.available.v : 0;
    if (wanted > available) return short_of(c, e, available, 0);
    in->price = offer.price.v;
    return payable(cart, NULL, in->price, wanted, e);
}

static bool put_line(struct call *c, const struct cart *cart, const struct line_change *w, struct err *e)
{
    for (int i = 0; i < TRIES; i++) {
        struct q_cart_item_put_in in = {.cart = cart->id, .version = (int32_t)cart->version, .expires = cart_expiry(c), .now = c->now};
        struct q_cart_item_put_row row;
        if (!plan(c, cart, w, &in, e) || !q_cart_item_put(c->db, c->arena, &in, &row, e)) return false;
        if (row.version >= 0) return true;
        struct cart *again;
        if (!cart_read(c, cart->id, cart->token, false, &again, e)) return false;
        cart = again;
    }
    return conflict(e);
}

static bool change_line(struct call *c, const struct cart *cart, const struct line_change *w, const char *route, struct cart **ret_cart,
                        bool *ret_replayed, struct err *e)
{
    struct idem k;
    struct str id = id_str(c->arena, ID_cart, cart->id.u);
    if (!idem_begin(c, str_printf(c->arena, STR_FMT ":%s", STR_ARG(id), route), &k, e)) return false;
    if (!k.replay) {
        if (!put_line(c, cart, w, e)) {
            idem_abort(c, &k);
            return false;
        }
        if (!idem_end(c, &k, 200, STR("{}"), e)) return false;
    }
    *ret_replayed = k.replay;
    return cart_read(c, cart->id, cart->token, true, ret_cart, e);
}

bool cart_add(struct call *c, const struct cart *cart, struct variant_id variant, int64_t quantity, struct cart **ret_cart, bool *ret_replayed,
              struct err *e)
{
    struct line_change w = {.variant = variant, .quantity = quantity, .add = true};
    return change_line(c, cart, &w, "add", ret_cart, ret_replayed, e);
}

bool cart_set(struct call *c, const struct cart *cart, struct cart_item_id item, int64_t quantity, struct cart **ret_cart, bool *ret_replayed,
              struct err *e)
{
    struct line_change w = {.item = item, .quantity = quantity};
    return change_line(c, cart, &w, "set", ret_cart, ret_replayed, e);
}

bool cart_prices_told(struct call *c, const struct cart *cart, struct err *e)
{
    const struct cart_line *lines = cart->items.v;
    struct variant_id *variants = ARENA_ARRAY(c->arena, struct variant_id, cart->items.n + 1);
    int64_t *prices = ARENA_ARRAY(c->arena, int64_t, cart->items.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (!lines[i].counted || lines[i].unit_price.amount == lines[i].price_seen) continue;
        variants[n] = lines[i].variant;
        prices[n++] = lines[i].unit_price.amount;
    }
    if (n == 0) return true;
    struct q_cart_seen_row row;
    struct q_cart_seen_in in = {.cart = cart->id, .version = (int32_t)cart->version, .variants = {n, variants}, .prices = {n, prices}, .now = c->now};
    return q_cart_seen(c->db, c->arena, &in, &row, e);        /* -1: the cart moved on, and will be read again anyway */
}

bool cart_countries(struct call *c, struct currency currency, struct shape_list *ret_codes, struct err *e)
{
    struct q_shipping_countries_rows rows;
    if (!q_shipping_countries(c->db, c->arena, &(struct q_shipping_countries_in){.currency = currency}, &rows, e)) return false;
    struct str *codes = ARENA_ARRAY(c->arena, struct str, rows.n + 1);
    for (size_t i = 0; i < rows.n; i++) codes[i] = rows.v[i].country;
    *ret_codes = (struct shape_list){rows.n, codes};
    return true;
}

bool cart_variant_name(struct call *c, struct variant_id variant, struct str *ret_name, struct err *e)
{
    struct q_variant_name_row row;
    bool found;
    if (!q_variant_name(c->db, c->arena, &(struct q_variant_name_in){.variant = variant}, &row, &found, e)) return false;
    *ret_name = found ? row.name : STR_NULL;
    return true;
}
