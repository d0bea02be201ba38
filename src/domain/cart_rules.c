#include "domain/cart_rules.h"

static const char *const state_names[CART_LINE_STATE_COUNT] = {
    [CART_LINE_OK] = "ok",
    [CART_LINE_PRICE_CHANGED] = "price_changed",
    [CART_LINE_INSUFFICIENT_STOCK] = "insufficient_stock",
    [CART_LINE_SOLD_OUT] = "sold_out",
    [CART_LINE_UNAVAILABLE] = "unavailable",
};

/* What stops the purchase is told before what merely changed. */
enum cart_line_state cart_line_state(const struct cart_line_facts *f)
{
    if (!f->sellable || !f->priced) return CART_LINE_UNAVAILABLE;
    if (f->available <= 0) return CART_LINE_SOLD_OUT;
    if (f->available < f->quantity) return CART_LINE_INSUFFICIENT_STOCK;
    if (f->price != f->price_seen) return CART_LINE_PRICE_CHANGED;
    return CART_LINE_OK;
}

const char *cart_line_state_name(enum cart_line_state s)
{
    return (size_t)s < CART_LINE_STATE_COUNT ? state_names[s] : NULL;
}

bool cart_line_blocks(enum cart_line_state s)
{
    return s == CART_LINE_INSUFFICIENT_STOCK || s == CART_LINE_SOLD_OUT || s == CART_LINE_UNAVAILABLE;
}

bool cart_check_quantity(int64_t quantity, struct err *e)
{
    if (quantity >= 1 && quantity <= CART_QUANTITY_MAX) return true;
    return err_param(e, PROBLEM_OUT_OF_RANGE, "quantity", "A line holds 1 to %d pieces", CART_QUANTITY_MAX);
}

bool cart_check_add(int64_t lines, int64_t present, int64_t more, struct err *e)
{
    if (!cart_check_quantity(more, e)) return false;
    if (present == 0 && lines >= CART_LINES_MAX) return err_set(e, PROBLEM_CART_FULL, "A cart holds at most %d lines", CART_LINES_MAX);
    if (present + more > CART_QUANTITY_MAX) {
        return err_param(e, PROBLEM_OUT_OF_RANGE, "quantity", "A line holds at most %d pieces; %lld are in the cart already",
                         CART_QUANTITY_MAX, (long long)present);
    }
    return true;
}

bool cart_value_add(int64_t price, int64_t quantity, int64_t *goods)
{
    int64_t line, sum;
    if (!money_mul(price, quantity, &line) || !money_add(*goods, line, &sum) || sum > CART_VALUE_MAX) return false;
    *goods = sum;
    return true;
}
