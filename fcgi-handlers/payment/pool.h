/* The payment pool: its pages, its API, its hooks. */
#ifndef SOUK_PAYMENT_POOL_H
#define SOUK_PAYMENT_POOL_H

#include "web/web.h"

extern const struct pool_spec pool_payment;

/* api.c */
struct payment_path_in { struct payment_id id; struct str token; };
struct payment_create_in { struct str token; struct order_id order; struct str method; };
extern const struct shape payment_path_shape, payment_create_shape;
bool api_payment_create(struct req *r, struct http_response *w, struct err *e);
bool api_payment_get(struct req *r, struct http_response *w, struct err *e);
bool api_payment_confirm(struct req *r, struct http_response *w, struct err *e);
bool api_hook_sandbox(struct req *r, struct http_response *w, struct err *e);

/* pages.c */
struct pay_in { struct payment_id payment; struct str t, method; };
struct return_in { struct str state, t; };
struct challenge_in { struct str id, key; };
struct challenge_answer_in { struct str state, result; };
extern const struct shape pay_show_shape, pay_post_shape, pay_return_shape, challenge_shape, challenge_answer_shape;
bool page_pay(struct req *r, struct http_response *w, struct err *e);
bool page_pay_post(struct req *r, struct http_response *w, struct err *e);
bool page_return(struct req *r, struct http_response *w, struct err *e);
void page_payment_error(struct req *r, struct http_response *w, const struct err *e);

/* bank.c: the sandbox bank's page; not the shop's */
bool page_challenge(struct req *r, struct http_response *w, struct err *e);
bool page_challenge_answer(struct req *r, struct http_response *w, struct err *e);

#endif
