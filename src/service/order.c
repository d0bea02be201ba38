#include "service/order.h"

#include "crypto/crypto.h"
#include "domain/contact.h"
#include "domain/payment_state.h"
#include "service/cart_internal.h"
#include "service/payment.h"
#include "service/person.h"
#include "sql/orders.h"

static bool no_order(struct err *e)
{
    return err_set(e, PROBLEM_NOT_FOUND, "There is no such order");
}

static struct money money_of(const struct q_order_read_row *r, int64_t amount)
{
    return (struct money){amount, r->currency};
}

/* The receipt's table of taxes, from the stored lines: nothing is computed again. */
static void fill_taxes(struct call *c, const struct q_order_read_row *r, const struct q_order_lines_rows *lines, struct order *o)
{
    struct cart_tax *taxes = ARENA_ARRAY(c->arena, struct cart_tax, lines->n + 2);
    size_t n = 0;
    for (size_t i = 0; i <= lines->n; i++) {
        bool shipping = i == lines->n;
        if (shipping && r->shipping == 0) break;
        int64_t rate = shipping ? r->shipping_tax_rate : lines->v[i].tax_rate, tax = shipping ? r->shipping_tax : lines->v[i].tax;
        int64_t net = !shipping ? lines->v[i].net : r->prices_include_tax ? r->shipping - r->shipping_tax : r->shipping;
        size_t at = 0;
        while (at < n && taxes[at].rate > rate) at++;
        if (at == n || taxes[at].rate != rate) {
            memmove(&taxes[at + 1], &taxes[at], (n - at) * sizeof taxes[0]);
            taxes[at] = (struct cart_tax){rate, money_of(r, 0), money_of(r, 0)};
            n++;
        }
        taxes[at].net.amount += net;
        taxes[at].tax.amount += tax;
    }
    o->totals = (struct cart_totals){money_of(r, r->subtotal), money_of(r, r->discount), money_of(r, r->shipping), money_of(r, r->tax),
                                     money_of(r, r->total), {n, taxes}};
    o->totals_shown = &o->totals;
}

static void fill_lines(struct call *c, const struct q_order_read_row *r, const struct q_order_lines_rows *rows, struct order *o)
{
    struct order_line *lines = ARENA_ARRAY(c->arena, struct order_line, rows->n + 1);
    for (size_t i = 0; i < rows->n; i++) {
        const struct q_order_lines_row *x = &rows->v[i];
        lines[i] = (struct order_line){.id = x->id, .variant = x->variant, .product = x->product, .sku = x->sku, .product_name = x->product_name,
                                       .product_slug = x->product_slug, .variant_title = str_is_empty(x->variant_title) ? STR_NULL : x->variant_title,
                                       .image_url = x->image_url, .quantity = x->quantity, .unit_price = money_of(r, x->unit_price),
                                       .discount = money_of(r, x->discount), .tax = money_of(r, x->tax), .tax_rate = x->tax_rate,
                                       .total = money_of(r, r->prices_include_tax ? x->total : x->net)};
        o->item_count += x->quantity;
    }
    o->lines = (struct shape_list){rows->n, lines};
}

static bool fill_personal(struct call *c, const struct q_order_read_row *r, struct order *o, struct err *e)
{
    struct str email, phone, json;
    struct uuid place = r->cart.u;
    if (!person_open(c, r->person, person_context(c->arena, CART_PLACE_EMAIL, place), r->email, &email, e) ||
        !person_open(c, r->person, person_context(c->arena, CART_PLACE_PHONE, place), r->phone, &phone, e) ||
        !person_open(c, r->person, person_context(c->arena, CART_PLACE_ADDRESS, place), r->address, &json, e) ||
        !person_open(c, r->person, person_context(c->arena, CART_PLACE_NOTE, place), r->note, &o->note, e)) return false;
    if (!str_is_null(email)) {
        o->contact = ARENA_NEW(c->arena, struct cart_contact);
        *o->contact = (struct cart_contact){email, phone};
    }
    if (str_is_null(json)) return true;
    o->shipping_address = ARENA_NEW(c->arena, struct address);
    return address_from_json(c->arena, json, r->ship_country, o->shipping_address, e);
}

static void fill_payment(struct call *c, const struct q_order_read_row *r, struct order *o)
{
    bool alive = false;
    if (!uuid_is_zero(r->attempt.u)) {
        o->payment = ARENA_NEW(c->arena, struct order_payment);
        *o->payment = (struct order_payment){{r->attempt.u}, r->attempt_state, r->attempt_failure, r->attempt_count};
        alive = !str_eq_c(r->attempt_state, "failed") && !str_eq_c(r->attempt_state, "voided");
    }
    o->can_cancel = order_shopper_may_cancel(o->state);
    o->can_pay = o->state == ORDER_PENDING_PAYMENT && !alive && !o->cancel_requested;
    if (o->state == ORDER_PENDING_PAYMENT) o->payment_token = payment_token(c, o->id, c->now);
}

static bool fill(struct call *c, struct order_id id, const struct q_order_read_row *r, struct order *o, struct err *e)
{
    struct q_order_lines_rows lines;
    int state;
    if (!state_parse(&order_states, r->state, &state)) return err_cause(e, "an order is in a state that this program does not know");
    if (!q_order_lines(c->db, c->arena, &(struct q_order_lines_in){.id = id}, &lines, e)) return false;
    o->id = id;
    o->account = r->account;
    o->number = r->number;
    o->status = r->state;
    o->state = (enum order_state)state;
    o->version = r->version;
    o->market = r->market_code;
    o->currency_code = str_from(arena_strdup(c->arena, r->currency.code));
    o->locale = r->locale;
    o->prices_include_tax = r->prices_include_tax;
    o->shipping_name = r->shipping_name;
    o->cancel_requested = o->state == ORDER_PENDING_PAYMENT && r->cancel_requested_at != 0;
    o->cancel_reason = r->cancel_reason;
    o->expires_at = r->expires;
    o->paid_at = r->paid_at;
    o->completed_at = r->completed_at;
    o->canceled_at = r->canceled_at;
    o->created_at = r->created_at;
    o->updated_at = r->updated_at;
    fill_lines(c, r, &lines, o);
    fill_taxes(c, r, &lines, o);
    fill_payment(c, r, o);
    return fill_personal(c, r, o, e);
}

/* Reads and checks the token; the order's row comes back for those who need no more. */
static bool open_order(struct call *c, struct order_id id, struct str token, struct q_order_read_row *ret_row, struct err *e)
{
    bool found;
    bool signed_in = !uuid_is_zero(c->actor.account.u);
    if (!signed_in && (str_is_empty(token) || token.n > 500)) return no_order(e);
    if (!q_order_read(c->db, c->arena, &(struct q_order_read_in){.id = id}, ret_row, &found, e)) return false;
    if (!found) return no_order(e);
    if (signed_in && uuid_eq(ret_row->account.u, c->actor.account.u)) return true;
    if (str_is_empty(token) || token.n > 500) return no_order(e);
    if (crypto_equal(cart_token_hash(c->arena, token), ret_row->access_hash)) return true;
    return order_link_opens(c, id, token) || no_order(e);
}

bool order_read(struct call *c, struct order_id id, struct str token, struct order **ret_order, struct err *e)
{
    struct q_order_read_row row;
    struct order *o = ARENA_NEW(c->arena, struct order);
    if (!open_order(c, id, token, &row, e) || !fill(c, id, &row, o, e)) return false;
    o->access_token = order_link_token(c, id, o->created_at);
    *ret_order = o;
    return true;
}

/* "10001-k7q4mx " as people type it */
static struct str number_normalise(struct arena *a, struct str number)
{
    struct str s = str_trim(number);
    char *out = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) out[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 'a' + 'A') : s.p[i];
    return str_of(out, s.n);
}

bool order_lookup(struct call *c, struct str number, struct str email, struct order **ret_order, struct err *e)
{
    struct q_order_lookup_row row;
    struct q_order_read_row order;
    struct str address;
    bool found;
    /* An address that is none is hashed all the same: one answer, one way to it. */
    if (!email_normalise(c->arena, email, &address)) address = str_trim(email);
    struct q_order_lookup_in in = {.number = number_normalise(c->arena, number), .email_hash = person_email_hash(c, address)};
    if (!q_order_lookup(c->db, c->arena, &in, &row, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_NOT_FOUND, "No order has this number and this e-mail address");
    struct order *o = ARENA_NEW(c->arena, struct order);
    if (!q_order_read(c->db, c->arena, &(struct q_order_read_in){.id = row.id}, &order, &found, e)) return false;
    if (!found) return no_order(e);
    if (!fill(c, row.id, &order, o, e)) return false;
    o->access_token = order_link_token(c, row.id, c->now);
    *ret_order = o;
    return true;
}

static bool not_cancelable(struct str state, struct err *e)
{
    return err_set(e, PROBLEM_INVALID_STATE, "An order that is " STR_FMT " cannot be canceled here", STR_ARG(state));
}

bool order_cancel(struct call *c, struct order_id id, struct str token, struct order **ret_order, struct err *e)
{
    struct q_order_read_row row;
    struct q_order_cancel_row done;
    int state;
    if (!open_order(c, id, token, &row, e)) return false;
    if (!state_parse(&order_states, row.state, &state)) return err_cause(e, "an order is in a state that this program does not know");
    if (state != ORDER_CANCELED && !order_shopper_may_cancel((enum order_state)state)) return not_cancelable(row.state, e);
    struct q_order_cancel_in in = {.id = id, .actor = c->actor.id, .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now};
    if (!q_order_cancel(c->db, c->arena, &in, &done, e)) return false;
    if (str_eq_c(done.outcome, "not_pending")) return not_cancelable(STR("paid"), e);       /* since we looked */
    return order_read(c, id, token, ret_order, e);
}

bool order_copy_cart(struct call *c, struct order_id id, struct str token, struct str *ret_cart_token, struct cart **ret_cart, struct err *e)
{
    struct q_order_read_row row;
    if (!open_order(c, id, token, &row, e)) return false;
    if (!str_eq_c(row.state, "canceled")) return err_set(e, PROBLEM_INVALID_STATE, "Only a canceled order gives its cart back");
    return cart_copy_order(c, id, ret_cart_token, ret_cart, e);
}
