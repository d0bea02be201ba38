/* Orders as their buyer sees them: by signed link, by the token of the cart they came from, by number and e-mail. */
#ifndef SOUK_SERVICE_ORDER_H
#define SOUK_SERVICE_ORDER_H

#include "domain/order_state.h"
#include "service/cart.h"
#include "service/call.h"
#include "service/order_link.h"

struct order_line {
    struct order_line_id id;
    struct variant_id variant;
    struct product_id product;
    struct str sku, product_name, product_slug, variant_title, image_url;
    int64_t quantity;
    struct money unit_price, discount, total /* as prices are shown, less discount */, tax;
    int64_t tax_rate;
};

struct order_payment {               /* the last attempt */
    struct payment_id id;
    struct str state;                /* created, requires_action, authorized, captured, voided, failed */
    struct str failure_code;
    int64_t number;                  /* 1, 2, ... */
};

struct order {
    struct order_id id;
    struct str number, status;
    enum order_state state;
    int64_t version;
    struct str market, currency_code, locale;
    bool prices_include_tax;
    struct shape_list lines;         /* struct order_line */
    int64_t item_count;
    struct cart_contact *contact;    /* NULL: erased */
    struct address *shipping_address;
    struct str note;
    struct str shipping_name;
    struct cart_totals totals;
    struct cart_totals *totals_shown;  /* = &totals */
    struct order_payment *payment;
    bool can_cancel, can_pay;        /* can_pay: unpaid and no attempt is open: another may begin */
    bool cancel_requested;
    struct str cancel_reason;
    usec_t expires_at, paid_at, completed_at, canceled_at, created_at, updated_at;
    struct account_id account;       /* zero: a guest's */
    struct str access_token;         /* opens the order for the next 180 days: ?t=... or the header Order-Token */
    struct str payment_token;        /* of its payments; only while it can be paid */
};

/* `token`: of a signed link, or of the cart that the order came from; the signed-in owner (call->actor) needs none. PROBLEM_NOT_FOUND for a wrong one and for an unknown
 * order. */
MUST_CHECK bool order_read(struct call *c, struct order_id id, struct str token, struct order **ret_order, struct err *e);
/* PROBLEM_NOT_FOUND: the same for a wrong number and a wrong address. */
MUST_CHECK bool order_lookup(struct call *c, struct str number, struct str email, struct order **ret_order, struct err *e);

/* Cancels an unpaid order; *ret_order shows `cancel_requested` while a payment attempt must be closed at the provider first.
 * Repeating it is harmless. PROBLEM_INVALID_STATE once it is paid. */
MUST_CHECK bool order_cancel(struct call *c, struct order_id id, struct str token, struct order **ret_order, struct err *e);
/* A new cart with what a canceled order held. PROBLEM_INVALID_STATE for any other order. */
MUST_CHECK bool order_copy_cart(struct call *c, struct order_id id, struct str token, struct str *ret_cart_token, struct cart **ret_cart, struct err *e);

#endif
