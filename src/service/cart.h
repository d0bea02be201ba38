/* Carts: held by PostgreSQL, found by a token of 32 random bytes that only the shopper has (stored as its hash).
 *
 * Prices and stock are read again with every cart; what changed since the shopper last looked is told in `changes` and in
 * each line's status, and stays told until she acts (changes the line, or is refused at checkout because of it).
 * Redis is not asked: one query by a unique index answers faster than it could. */
#ifndef SOUK_SERVICE_CART_H
#define SOUK_SERVICE_CART_H

#include "domain/address.h"
#include "domain/cart_rules.h"
#include "domain/totals.h"
#include "json/shape.h"
#include "service/call.h"

enum { CART_TOKEN_BYTES = 32, CART_TOKEN_TEXT = 43 /* base64url */, CART_TOKEN_LIMIT = 200 /* longer ones are not even hashed */ };

struct cart_line {
    struct cart_item_id id;
    struct variant_id variant;
    struct product_id product;
    struct str sku, product_name, product_slug, variant_title, image_url;
    int64_t quantity;
    struct money unit_price;         /* no currency: has none at present */
    struct money compare_at;         /* no currency: none */
    struct money previous_price;     /* what the shopper saw before; no currency: the same */
    struct money total;              /* as prices are shown; no currency: unpriced */
    int64_t tax_rate;
    int64_t available;               /* capped at CART_QUANTITY_MAX */
    int64_t max_quantity;
    struct str status;               /* cart_line_state_name */
    /* for checkout */
    enum cart_line_state state;
    struct price_id price_id;
    int64_t price_seen;
    int64_t weight_g;
    bool counted;                    /* priced and sellable: part of the totals */
    const struct totals_line *amounts;
};

struct cart_change {                 /* told in words by the page, by code to apps */
    struct str code;                 /* cart_line_state_name; "shipping_unavailable"; "merge_added", "merge_raised", "merge_reduced", "merge_left_out" */
    struct cart_item_id item;        /* zero for shipping */
    struct variant_id variant;
    struct money previous_price, price;
    int64_t quantity, available;
    int64_t previous_quantity, wanted_quantity;      /* merge_*: in the account's cart before (0: none); the larger one of both carts */
};

struct cart_tax { int64_t rate; struct money net, tax; };

struct cart_totals {
    struct money subtotal, discount;
    struct money shipping;           /* no currency: not known yet */
    struct money tax, total;
    struct shape_list taxes;         /* struct cart_tax */
};

struct cart_contact { struct str email, phone; };

struct cart_shipping {
    struct shipping_option_id id;
    struct str code, name;
    struct money price;              /* for this cart: 0 when free */
    int64_t days_min, days_max;
    bool selected;
    int64_t tax_rate;
};

struct cart {
    struct cart_id id;
    int64_t version;
    struct str state;                /* open | ordered | abandoned */
    struct str market;               /* code */
    struct currency currency;
    struct str currency_code;
    bool prices_include_tax;
    struct shape_list items;         /* struct cart_line */
    struct shape_list changes;       /* struct cart_change */
    int64_t item_count;              /* pieces */
    bool can_checkout;               /* nothing blocks: lines, contact, address and shipping are all there */
    struct cart_contact *contact;    /* NULL: none, or not asked for */
    struct address *shipping_address;
    struct cart_shipping *shipping;  /* the chosen option; NULL: none, or it does not fit any more */
    struct cart_totals totals;
    struct cart_totals *totals_shown;  /* = &totals: what a shape can point at */
    struct order_id order;           /* what it became; zero */
    struct str shown_token;          /* only where it was just made */
    usec_t expires_at, created_at, updated_at;
    /* for checkout */
    struct str token;                /* of guests; void once an account claimed the cart */
    struct account_id account;       /* zero: a guest's */
    struct str country;              /* whose taxes hold: of the address, else of the market */
    struct str ship_country;         /* absent: no address yet */
    struct str ship_postal_area;
    struct str locale;
    struct price_list_id price_list;
    struct person_id person;
    struct str email_hash, email_sealed, phone_sealed, address_sealed;
    bool has_contact, has_address;
    int64_t weight_g;
    struct totals amounts;
};

/* What PROBLEM_INSUFFICIENT_STOCK of cart_add and cart_set carries in err.data. */
struct cart_shortage { int64_t available, present; };

/* What a PATCH may say. A NULL part stays as it is. */
struct cart_patch {
    const struct cart_contact *contact;
    const struct address *shipping_address;
    struct shipping_option_id shipping_option;      /* zero: stays */
};

struct cart_wanted { struct variant_id variant; int64_t quantity; };

struct cart_open_in {
    struct str market;                           /* code; absent: the call's */
    struct shape_list items;                     /* struct cart_wanted; a variant named twice counts together */
    const struct cart_contact *contact;          /* NULL: none yet */
    const struct address *shipping_address;
    struct shipping_option_id shipping_option;   /* zero: the cheapest that reaches the address */
    bool what_is_left;                           /* lines that cannot be had are left out or made smaller instead of refused */
};

/* A new cart with everything that is known already: what an app saves in calls, the shop saves in commits. Bad lines are collected as
 * "items[i]" (PROBLEM_UNAVAILABLE_VARIANT, PROBLEM_INSUFFICIENT_STOCK); contact and address as in cart_change. *ret_token is shown once. For a signed-in account it is
 * claimed at once (cart_claim.h): *ret_cart is the account's one open cart, and there is no token. */
MUST_CHECK bool cart_open(struct call *c, const struct cart_open_in *in, struct str *ret_token, struct cart **ret_cart, struct err *e);

/* A new, empty cart. */
MUST_CHECK bool cart_create(struct call *c, struct str market, struct str *ret_token, struct cart **ret_cart, struct err *e);

/* The guest's cart of `token`; a cart_id besides must fit. Without such a one, the cart of the signed-in account (call->actor): the one of that id, or (id zero) its
 * open one in the call's market, else the one that was ordered last. PROBLEM_NOT_FOUND for a wrong token, a wrong id or an abandoned cart: all the same.
 * `personal` opens contact and address. */
MUST_CHECK bool cart_read(struct call *c, struct cart_id id, struct str token, bool personal, struct cart **ret_cart, struct err *e);

/* Adds pieces, on top of those that the cart holds. PROBLEM_UNAVAILABLE_VARIANT, _INSUFFICIENT_STOCK, _OUT_OF_RANGE, _CART_FULL.
 * *ret_replayed: the idempotency key was used before; nothing was added again. */
MUST_CHECK bool cart_add(struct call *c, const struct cart *cart, struct variant_id variant, int64_t quantity, struct cart **ret_cart,
                         bool *ret_replayed, struct err *e);
/* Sets a line's quantity; 0 removes it. */
MUST_CHECK bool cart_set(struct call *c, const struct cart *cart, struct cart_item_id item, int64_t quantity, struct cart **ret_cart,
                         bool *ret_replayed, struct err *e);
/* Contact, address, shipping option. The address needs a contact e-mail (in the same call or before): it is sealed under that person's key.
 * A shipping option that does not reach a new country is dropped. Bad fields are collected ("contact.email", "shipping_address.city"). */
MUST_CHECK bool cart_change(struct call *c, const struct cart *cart, const struct cart_patch *patch, struct cart **ret_cart, bool *ret_replayed,
                            struct err *e);

/* Options that reach the cart's country (or `country`), cheapest first. PROBLEM_NOT_SHIPPABLE is not used here: none is an answer. */
MUST_CHECK bool cart_shipping_options(struct call *c, const struct cart *cart, struct shape_list *ret_options, struct err *e);
/* Codes of the countries that the shop ships to in a currency. */
MUST_CHECK bool cart_countries(struct call *c, struct currency currency, struct shape_list *ret_codes /* struct str */, struct err *e);

/* The product's name, for a line that is not in the cart; absent when there is no such variant. */
MUST_CHECK bool cart_variant_name(struct call *c, struct variant_id variant, struct str *ret_name, struct err *e);

/* Prices that were told count as seen from now on. */
MUST_CHECK bool cart_prices_told(struct call *c, const struct cart *cart, struct err *e);

/* A new cart with the lines of a canceled order that can still be bought; the others are left out. */
MUST_CHECK bool cart_copy_order(struct call *c, struct order_id order, struct str *ret_token, struct cart **ret_cart, struct err *e);

#endif
