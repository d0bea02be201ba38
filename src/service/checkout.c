#include "service/checkout.h"

#include <poll.h>

#include "crypto/crypto.h"
#include "service/cart_internal.h"
#include "service/idem.h"
#include "service/order_link.h"
#include "service/payment.h"
#include "service/person.h"
#include "sql/orders.h"
#include "sql/platform.h"

enum { PRESSED_TRIES = 40, PRESSED_MS = 50 };

/* The typed result as it is stored with an idempotency key: ids and amounts, never a secret. */
static const struct shape_field result_fields[] = {
    {"order_id", SHAPE_ID, offsetof(struct checkout_result, order), .id = ID_order},
    {"number", SHAPE_STR, offsetof(struct checkout_result, number)},
    {"payment_id", SHAPE_ID, offsetof(struct checkout_result, payment), .id = ID_payment},
    {"total", SHAPE_MONEY, offsetof(struct checkout_result, total)},
    {"created_at", SHAPE_TIME, offsetof(struct checkout_result, created_at)},
    {"expires_at", SHAPE_TIME, offsetof(struct checkout_result, expires_at)},
    {NULL}};
static const struct shape result_shape = {"CheckoutStored", result_fields, sizeof(struct checkout_result)};

struct step { struct str what, rule; int64_t base, operand, value; };
static const struct shape_field step_fields[] = {
    {"what", SHAPE_STR, offsetof(struct step, what)},
    {"rule", SHAPE_STR, offsetof(struct step, rule)},
    {"base", SHAPE_INT, offsetof(struct step, base)},
    {"operand", SHAPE_INT, offsetof(struct step, operand)},
    {"value", SHAPE_INT, offsetof(struct step, value)},
    {NULL}};
static const struct shape step_shape = {"Step", step_fields, sizeof(struct step)};
struct explanation { struct shape_list steps; };
static const struct shape_field explanation_fields[] = {
    {"steps", SHAPE_LIST, offsetof(struct explanation, steps), .sub = &step_shape},
    {NULL}};
static const struct shape explanation_shape = {"Explanation", explanation_fields, sizeof(struct explanation)};

static struct str explain(struct arena *a, const struct totals *t)
{
    struct step *steps = ARENA_ARRAY(a, struct step, t->n_steps + 1);
    for (size_t i = 0; i < t->n_steps; i++) {
        const struct totals_step *s = &t->steps[i];
        steps[i] = (struct step){s->what, str_from(totals_rule_name(s->rule)), s->base, s->operand, s->value};
    }
    struct explanation x = {{t->n_steps, steps}};
    struct buf b;
    buf_init_arena(&b, a, 0);
    shape_write(&b, a, &explanation_shape, &x);
    return buf_view(&b);
}

static struct str stored_form(struct arena *a, const struct checkout_result *r)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    shape_write(&b, a, &result_shape, r);
    return buf_view(&b);
}

/* First answer and replay come from the stored form through this one function. */
static bool render(struct call *c, struct str stored, struct checkout_result *ret_result, struct err *e)
{
    struct checkout_result r;
    memset(&r, 0, sizeof r);
    if (!shape_read_json(&result_shape, stored, c->arena, &r, e)) return err_cause(e, "a stored checkout result is not what we stored");
    r.status = STR("pending_payment");
    r.access_token = order_link_token(c, r.order, r.created_at);
    r.payment_token = payment_token(c, r.order, r.created_at);          /* a replay a second later is the same to the letter */
    r.payment_path = payment_page_path(c, r.payment, r.order, r.created_at);
    *ret_result = r;
    return true;
}

/* The suffix of an order number: 6 of 32 signs without I, L, O, U: 30 bits that nobody guesses beside the e-mail address. */
static struct str number_suffix(struct arena *a)
{
    static const char signs[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint8_t bytes[6];
    char *out = arena_alloc(a, sizeof bytes);
    crypto_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) out[i] = signs[bytes[i] & 31];
    return str_of(out, sizeof bytes);
}

static struct str scope_of(struct call *c, struct cart_id cart)
{
    struct str id = id_str(c->arena, ID_cart, cart.u);
    return str_printf(c->arena, STR_FMT ":checkout", STR_ARG(id));
}

/* Refuses with the cart attached, and lets its prices count as told. */
static bool changed(struct call *c, struct cart *cart, struct err *e)
{
    struct err ignored;
    const struct cart_line *lines = cart->items.v;
    enum problem p = PROBLEM_CART_CHANGED;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (lines[i].state == CART_LINE_SOLD_OUT || lines[i].state == CART_LINE_INSUFFICIENT_STOCK) p = PROBLEM_INSUFFICIENT_STOCK;
        if (p == PROBLEM_INSUFFICIENT_STOCK) break;
    }
    err_clear(&ignored);
    if (!cart_prices_told(c, cart, &ignored)) return err_set(e, ignored.problem, "%s", ignored.detail);
    for (size_t i = 0; i < cart->items.n; i++) {
        char param[ERR_PARAM_MAX];
        snprintf(param, sizeof param, "items[%zu]", i);
        if (lines[i].state == CART_LINE_UNAVAILABLE) err_field(e, PROBLEM_UNAVAILABLE_VARIANT, param, "This variant cannot be bought any more");
        if (lines[i].state == CART_LINE_SOLD_OUT) err_field(e, PROBLEM_INSUFFICIENT_STOCK, param, "Sold out");
        if (lines[i].state == CART_LINE_INSUFFICIENT_STOCK)
            err_field(e, PROBLEM_INSUFFICIENT_STOCK, param, "%lld are left", (long long)lines[i].available);
        if (lines[i].state == CART_LINE_PRICE_CHANGED)
            err_field(e, PROBLEM_CART_CHANGED, param, "The price is %lld now, it was %lld", (long long)lines[i].unit_price.amount,
                      (long long)lines[i].price_seen);
    }
    err_set(e, p, p == PROBLEM_CART_CHANGED ? "The cart changed since you looked; read it again and confirm" : "Not everything in the cart is in stock");
    e->data = cart;
    return false;
}

/* What must be there before anything else is looked at. */
static bool complete(const struct cart *cart, struct err *e)
{
    if (cart->items.n == 0) return err_set(e, PROBLEM_CART_EMPTY, "The cart is empty");
    if (!cart->has_contact) err_field(e, PROBLEM_REQUIRED, "contact.email", "An e-mail address is missing");
    if (!cart->has_address) err_field(e, PROBLEM_REQUIRED, "shipping_address", "An address is missing");
    if (e->n_fields == 0 && cart->shipping == NULL) err_field(e, PROBLEM_REQUIRED, "shipping_option_id", "Choose how to ship");
    return e->n_fields == 0;
}

/* Nothing blocks, and what the shopper will pay is what she saw. */
static bool acceptable(struct call *c, struct cart *cart, const struct checkout_in *in, struct err *e)
{
    const struct cart_line *lines = cart->items.v;
    bool moved = false;
    for (size_t i = 0; i < cart->items.n; i++) {
        if (cart_line_blocks(lines[i].state)) return changed(c, cart, e);
        moved |= lines[i].state == CART_LINE_PRICE_CHANGED;
    }
    bool expected = in->expected_total.v == cart->amounts.total && (in->same_currency || currency_eq(in->expected_currency, cart->currency));
    if (in->expected_total.set ? !expected : moved) return changed(c, cart, e);
    return true;
}

static void fill_lines(struct call *c, const struct cart *cart, struct q_checkout_in *q)
{
    size_t n = cart->items.n;
    struct arena *a = c->arena;
    struct order_line_id *ids = ARENA_ARRAY(a, struct order_line_id, n);
    struct variant_id *variants = ARENA_ARRAY(a, struct variant_id, n);
    struct price_id *price_ids = ARENA_ARRAY(a, struct price_id, n);
    int32_t *quantities = ARENA_ARRAY(a, int32_t, n), *rates = ARENA_ARRAY(a, int32_t, n);
    int64_t *amounts = ARENA_ARRAY(a, int64_t, 5 * n);
    const struct cart_line *lines = cart->items.v;
    for (size_t i = 0; i < n; i++) {
        const struct totals_line *t = lines[i].amounts;
        ids[i] = (struct order_line_id){uuid_v7(c->now)};
        variants[i] = lines[i].variant;
        price_ids[i] = lines[i].price_id;
        quantities[i] = (int32_t)lines[i].quantity;
        rates[i] = (int32_t)lines[i].tax_rate;
        amounts[i] = lines[i].unit_price.amount;
        amounts[n + i] = t->discount;
        amounts[2 * n + i] = t->net;
        amounts[3 * n + i] = t->tax;
        amounts[4 * n + i] = t->total;
    }
    q->line_ids = (struct q_array_order_line_id){n, ids};
    q->variants = (struct q_array_variant_id){n, variants};
    q->price_ids = (struct q_array_price_id){n, price_ids};
    q->quantities = (struct q_array_int4){n, quantities};
    q->tax_rates = (struct q_array_int4){n, rates};
    q->unit_prices = (struct q_array_int8){n, amounts};
    q->discounts = (struct q_array_int8){n, amounts + n};
    q->nets = (struct q_array_int8){n, amounts + 2 * n};
    q->taxes = (struct q_array_int8){n, amounts + 3 * n};
    q->totals = (struct q_array_int8){n, amounts + 4 * n};
}

static void fill_amounts(const struct cart *cart, struct q_checkout_in *q)
{
    const struct totals *t = &cart->amounts;
    q->subtotal = t->subtotal;
    q->discount = t->discount;
    q->shipping = t->shipping;
    q->shipping_tax_rate = (int32_t)cart->shipping->tax_rate;
    q->shipping_tax = t->shipping_tax;
    q->tax = t->tax;
    q->total = t->total;
    q->calc_version = (int32_t)t->version;
}

static bool seal_note(struct call *c, const struct cart *cart, struct str note, struct str *ret_sealed, struct err *e)
{
    struct str trimmed = str_trim(note);
    *ret_sealed = STR_NULL;
    if (str_is_empty(trimmed)) return true;
    if (!str_is_text(trimmed, true) || str_utf8_length(trimmed) > CHECKOUT_NOTE_MAX)
        return err_param(e, PROBLEM_INVALID, "note", "A note has at most %d characters", CHECKOUT_NOTE_MAX);
    return person_seal(c, cart->person, person_context(c->arena, CART_PLACE_NOTE, cart->id.u), trimmed, ret_sealed, e);
}

static bool place(struct call *c, const struct cart *cart, const struct checkout_in *in, const char *provider, struct q_checkout_row *ret_row,
                  struct err *e)
{
    struct checkout_result r = {.order = {uuid_v7(c->now)}, .payment = {uuid_v7(c->now)}, .total = {cart->amounts.total, cart->currency},
                                .created_at = c->now, .expires_at = c->now + c->env->config->reservation_s * USEC_PER_SEC};
    struct q_checkout_in q = {.cart = cart->id, .cart_version = (int32_t)cart->version, .id = r.order, .suffix = number_suffix(c->arena),
                              .attempt = {r.payment.u}, .provider = str_from(provider), .method = in->method, .currency = cart->currency,
                              .prices_include_tax = cart->prices_include_tax, .explanation = explain(c->arena, &cart->amounts),
                              .expires = r.expires_at, .result = stored_form(c->arena, &r), .actor = c->actor.id, .request_id = c->request_id,
                              .trace_id = c->trace_id, .now = c->now};
    if (!str_is_null(c->idempotency_key)) {
        q.scope = scope_of(c, cart->id);
        q.key = c->idempotency_key;
        q.body_hash = c->body_hash;
    }
    if (!seal_note(c, cart, in->note, &q.note, e)) return false;
    fill_lines(c, cart, &q);
    fill_amounts(cart, &q);
    return q_checkout(c->db, c->arena, &q, ret_row, e);
}

static bool ordered_already(const struct cart *cart, struct arena *a, struct err *e)
{
    struct str id = id_str(a, ID_order, cart->order.u);
    return err_set(e, PROBLEM_INVALID_STATE, "This cart became the order " STR_FMT, STR_ARG(id));
}

/* The cart is an order already: perhaps by this very key. */
static bool replay(struct call *c, const struct cart *cart, struct checkout_result *ret_result, bool *ret_replayed, struct err *e)
{
    struct q_idem_begin_row row;
    if (str_is_null(c->idempotency_key)) return ordered_already(cart, c->arena, e);
    struct q_idem_begin_in in = {.scope = scope_of(c, cart->id), .key = c->idempotency_key, .body_hash = c->body_hash, .now = c->now};
    if (!q_idem_begin(c->db, c->arena, &in, &row, e)) return false;
    if (str_eq_c(row.outcome, "fresh")) return ordered_already(cart, c->arena, e);
    if (!str_eq_c(row.outcome, "replay")) return idem_refused(row.outcome, e);
    *ret_replayed = true;
    return render(c, row.result, ret_result, e);
}

/* Stock ran out between quote and reservation: the cart as it is now, with what was short. */
static bool sold_out(struct call *c, struct cart_id id, struct str token, const struct q_checkout_row *row, struct err *e)
{
    struct cart *now;
    if (!cart_load(c, id, token, (struct cart_wish){0}, &now, e)) return false;
    struct cart_line *lines = now->items.v;
    for (size_t i = 0; i < now->items.n; i++) {
        for (size_t k = 0; k < row->short_variants.n && k < row->short_available.n; k++) {
            if (!uuid_eq(lines[i].variant.u, row->short_variants.v[k].u)) continue;
            lines[i].available = row->short_available.v[k] < 0 ? 0 : row->short_available.v[k];
            lines[i].state = lines[i].available == 0 ? CART_LINE_SOLD_OUT : CART_LINE_INSUFFICIENT_STOCK;
            lines[i].status = str_from(cart_line_state_name(lines[i].state));
        }
    }
    return changed(c, now, e);
}

bool checkout(struct call *c, struct cart_id id, struct str token, const struct checkout_in *in, struct checkout_result *ret_result,
              bool *ret_replayed, struct err *e)
{
    struct cart *cart;
    const char *provider;
    struct q_checkout_row row;
    *ret_replayed = false;
    if (!payment_method_known(c->env, in->method, &provider)) return err_param(e, PROBLEM_INVALID, "payment_method", "This way to pay is not known");
    if (!cart_load(c, id, token, (struct cart_wish){.explain = true}, &cart, e)) return false;
    if (str_eq_c(cart->state, "ordered")) return replay(c, cart, ret_result, ret_replayed, e);
    if (!cart_details_own(c, &cart, e)) return false;
    if (!complete(cart, e) || !acceptable(c, cart, in, e) || !place(c, cart, in, provider, &row, e)) return false;

    if (str_eq_c(row.outcome, "ok") || str_eq_c(row.outcome, "replay")) {
        *ret_replayed = str_eq_c(row.outcome, "replay");
        return render(c, row.result, ret_result, e);
    }
    if (str_eq_c(row.outcome, "sold_out")) return sold_out(c, id, token, &row, e);
    if (str_eq_c(row.outcome, "in_flight") || str_eq_c(row.outcome, "mismatch")) return idem_refused(row.outcome, e);
    if (!cart_load(c, id, token, (struct cart_wish){0}, &cart, e)) return false;      /* changed, ordered */
    return str_eq_c(cart->state, "ordered") ? replay(c, cart, ret_result, ret_replayed, e) : changed(c, cart, e);
}

bool checkout_pressed(struct call *c, struct cart_id id, struct str token, const struct checkout_in *in, struct checkout_result *ret_result,
                      bool *ret_replayed, struct err *e)
{
    for (int i = 0; !checkout(c, id, token, in, ret_result, ret_replayed, e); i++) {
        if (e->problem != PROBLEM_IN_FLIGHT || i == PRESSED_TRIES || clock_monotonic() + PRESSED_MS * USEC_PER_MS > c->deadline) return false;
        err_clear(e);
        db_release(c->db);                   /* who waits holds no connection: the first press may need it */
        poll(NULL, 0, PRESSED_MS);
    }
    return true;
}
