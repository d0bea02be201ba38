/* Payments: attempts to pay an order, at a provider. Only the payment pool and `souk-jobs payment` call providers; every
 * call is an operation row before it is a call, and no transaction and no connection is held while a provider thinks.
 *
 * A payment outside (pay_…) is an attempt inside. Who may see and pay the payments of an order holds the order's payment
 * token: the checkout answer carries it, pages carry it as ?t=…, the API takes it as the header Payment-Token. */
#ifndef SOUK_SERVICE_PAYMENT_H
#define SOUK_SERVICE_PAYMENT_H

#include "service/call.h"

/* For the order pool: the token of an order's payments and the page where an attempt is paid ("/pay/pay_…?t=…"). */
struct str payment_token(struct call *c, struct order_id order);
struct str payment_page_path(struct call *c, struct payment_id payment, struct order_id order);
MUST_CHECK bool payment_token_check(struct call *c, struct str token, struct order_id *ret_order, struct err *e);

/* Methods that the checkout page offers and attempt_create_v1 accepts. In the sandbox: the documented test tokens. */
struct payment_method { const char *provider, *token, *text_key; };
const struct payment_method *payment_methods(const struct service_env *env, size_t *ret_n);
bool payment_method_known(const struct service_env *env, struct str token, const char **ret_provider);

/* The providers of this process, for env->providers (NULL-terminated). Called once at start. */
MUST_CHECK bool payment_providers_open(struct arena *a, const struct config *config, struct log *log, const struct keyring *keyring,
                                       const struct payment_provider *const **ret_providers, struct err *e);
void payment_providers_close(const struct payment_provider *const *providers);

#endif
