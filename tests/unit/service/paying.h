/* Orders to be paid and the sandbox provider, for tests of payments, jobs and verification. */
#ifndef SOUK_TESTS_UNIT_SERVICE_PAYING_H
#define SOUK_TESTS_UNIT_SERVICE_PAYING_H

#include "service/checkout.h"
#include "service/payment.h"
#include "shop.h"

/* Group set-up: a shop with the sandbox provider. *state is the struct shop, as with shop_start. */
int paying_start(void **state);
int paying_stop(void **state);

/* A call that knows the providers. */
struct call *paying_call(struct shop *s, const char *role);
const struct payment_provider *paying_sandbox(void);
struct config *paying_config(void);

/* An order of one piece at 12.50 with free choice of the card. Its texts stay until the group ends. */
struct checkout_result order_to_pay(struct shop *s, struct variant_id v, const char *token);
/* The state of the payment as the database has it, and of its order. */
#define assert_payment(s, r, state_) assert_int_equal(shop_ask((s), "SELECT count(*) FROM payment.attempt WHERE id = %s AND state = '%s'", uuid_sql((r).payment.u, (char[40]){0}), (state_)), 1)
#define assert_order(s, r, state_) assert_int_equal(shop_ask((s), "SELECT count(*) FROM orders.orders WHERE id = %s AND state = '%s'", uuid_sql((r).order.u, (char[40]){0}), (state_)), 1)
/* Runs events, commands, pull and sweep as souk-jobs payment would, until nothing is left to do now. */
void work_payments(struct shop *s);

#endif
