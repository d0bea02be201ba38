/* The payment pool's table. 32 threads lend 6 connections: most of them wait for a provider and hold none. */
#include "pool.h"
#include "service/payment.h"
#include "service/provider_sandbox.h"

static const struct route routes[] = {
    {HTTP_POST, "/v1/payments", api_payment_create, KIND_API, AUTH_GUEST, CSRF_NONE, CORS_PUBLIC, IDEM_REQUIRED, .body_max = 4096, .in = &payment_create_shape,
     .out = &payment_shape, .status = 201, .name = "payment_create", .doc = "Another try to pay an order after a failed one; asks the provider at once"},
    {HTTP_GET, "/v1/payments/{id}", api_payment_get, KIND_API, AUTH_GUEST, CSRF_NONE, CORS_PUBLIC, IDEM_IGNORED, .in = &payment_path_shape,
     .out = &payment_shape, .name = "payment_get", .doc = "How a payment stands"},
    {HTTP_POST, "/v1/payments/{id}/confirm", api_payment_confirm, KIND_API, AUTH_GUEST, CSRF_NONE, CORS_PUBLIC, IDEM_REQUIRED, .body_max = 4096,
     .in = &payment_path_shape, .out = &payment_shape, .name = "payment_confirm",
     .doc = "Asks the provider for the money of a new payment, or how a challenge ended"},
    {HTTP_POST, "/v1/hooks/sandbox", api_hook_sandbox, KIND_API, AUTH_NONE, CSRF_NONE, CORS_NO, IDEM_IGNORED, .body_max = 65536, .raw_body = true, .body_doc = &sandbox_event_shape,
     .reserved = true, .status = 204, .name = "hook_sandbox", .doc = "News from the sandbox provider, signed in the header Sandbox-Signature"},

    {HTTP_GET, "/pay/challenge", page_challenge, KIND_PAGE, AUTH_NONE, CSRF_NONE, CORS_NO, IDEM_IGNORED, .in = &challenge_shape, .name = "pay_challenge",
     .doc = "The sandbox bank's own page"},
    {HTTP_POST, "/pay/challenge", page_challenge_answer, KIND_PAGE, AUTH_NONE, CSRF_ORIGIN, CORS_NO, IDEM_IGNORED, .body_max = 4096,
     .in = &challenge_answer_shape, .name = "pay_challenge_answer", .doc = "The payer's answer to the sandbox bank"},
    {HTTP_GET, "/pay/return", page_return, KIND_PAGE, AUTH_NONE, CSRF_NONE, CORS_NO, IDEM_IGNORED, .in = &pay_return_shape, .name = "pay_return",
     .doc = "Back from a challenge, with a signed state that works once"},
    {HTTP_GET, "/pay/{payment}", page_pay, KIND_PAGE, AUTH_GUEST, CSRF_TOKEN, CORS_NO, IDEM_IGNORED, .in = &pay_show_shape, .name = "pay_page",
     .doc = "Pays an order, or shows why it did not work"},
    {HTTP_POST, "/pay/{payment}", page_pay_post, KIND_PAGE, AUTH_GUEST, CSRF_TOKEN, CORS_NO, IDEM_IGNORED, .body_max = 4096, .in = &pay_post_shape,
     .name = "pay_again", .doc = "Another try with another card"},
    {0}};

static bool start(struct service_env *env, struct arena *a, struct err *e)
{
    return payment_providers_open(a, env->config, env->log, env->keyring, &env->providers, e);
}

static void stop(struct service_env *env)
{
    payment_providers_close(env->providers);
}

const struct pool_spec pool_payment = {
    .name = "payment", .routes = routes, .providers = true, .keyring = true, .threads = 32, .reserve = 4, .db_lend = 6, .start = start, .stop = stop, .page_error = page_payment_error};
