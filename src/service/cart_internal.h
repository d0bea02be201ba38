/* What the files of the cart share; nobody else includes it. */
#ifndef SOUK_SERVICE_CART_INTERNAL_H
#define SOUK_SERVICE_CART_INTERNAL_H

#include "domain/shipping.h"
#include "service/cart.h"

struct cart_wish { bool personal, explain; };

MUST_CHECK bool cart_load(struct call *c, struct cart_id id, struct str token, struct cart_wish wish, struct cart **ret_cart, struct err *e);
/* SHA-256 of the token: what the database holds. */
struct str cart_token_hash(struct arena *a, struct str token);
struct str cart_token_new(struct arena *a);
/* Opens what is sealed in the cart, into contact and shipping_address. */
MUST_CHECK bool cart_open_personal(struct call *c, struct cart *cart, struct err *e);
MUST_CHECK bool cart_check_open(const struct cart *cart, struct err *e);      /* PROBLEM_INVALID_STATE once ordered */
usec_t cart_expiry(const struct call *c);

/* Places of the ciphertexts; the order copies them unopened, so they name the cart for ever. */
#define CART_PLACE_EMAIL "orders.cart.email"
#define CART_PLACE_PHONE "orders.cart.phone"
#define CART_PLACE_ADDRESS "orders.cart.address"
#define CART_PLACE_NOTE "orders.cart.note"

/* Details as they are stored. */
struct cart_details {
    struct person_id person;
    struct str email_hash, email, phone, address;       /* sealed */
    struct str country, area;
    struct shipping_option_id option;
};

/* Checks and seals the details of a cart that is not stored yet (id, currency, country, weight and goods are filled). Not inside a transaction. */
MUST_CHECK bool cart_details_new(struct call *c, struct cart *cart, const struct cart_patch *patch, struct cart_details *ret_details, struct err *e);

/* What an account entered as a guest, before it signed in, is sealed again under its own key. *cart is read again when it changed. Not inside a transaction. */
MUST_CHECK bool cart_details_own(struct call *c, struct cart **cart, struct err *e);

/* The sealed address is this JSON. */
struct str address_to_json(struct arena *a, const struct address *in);
MUST_CHECK bool address_from_json(struct arena *a, struct str json, struct str country, struct address *ret_address, struct err *e);

#endif
