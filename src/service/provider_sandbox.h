/* The sandbox provider: a payment provider that lives in schema `sandbox` of the same cluster and behaves, for the shop,
 * as one far away: its own role, its own connections, its own transactions, its own books. What it does is chosen by the
 * test token (provider_sandbox.def). It cannot post to us, so its events are pulled by `souk-jobs payment` and go through
 * the same door as POST /v1/hooks/sandbox: the same signature check, the same table. Refused in production. */
#ifndef SOUK_SERVICE_PROVIDER_SANDBOX_H
#define SOUK_SERVICE_PROVIDER_SANDBOX_H

#include "json/shape.h"
#include "net/payment_provider.h"
#include "service/call.h"

struct sandbox_token { const char *token; const char *text_key; const char *doc; };
const struct sandbox_token *sandbox_tokens(size_t *ret_n);

/* Fills *ret with the table and an own state; `close` frees it. */
MUST_CHECK bool provider_sandbox_open(const struct config *config, const struct keyring *keyring, struct payment_provider *ret_provider, struct err *e);

/* The bank's page. *ret_open says whether the payer may still answer. PROBLEM_NOT_FOUND for a wrong id or key. */
struct sandbox_challenge { struct money amount; struct str card, return_url; bool open; };
MUST_CHECK bool sandbox_challenge_get(const struct payment_provider *p, struct arena *a, int64_t deadline, struct str id, struct str key,
                                      struct sandbox_challenge *ret, struct err *e);
MUST_CHECK bool sandbox_challenge_answer(const struct payment_provider *p, struct arena *a, int64_t deadline, struct str id, struct str key, bool approve,
                                         struct sandbox_challenge *ret, struct err *e);

/* "t=…,v1=…" over t.body: what the sandbox sends as Sandbox-Signature. Public for tests of the hook. */
extern const struct shape sandbox_event_shape;       /* the body of its news */
struct str sandbox_sign(const struct payment_provider *p, struct arena *a, struct str body, int64_t unix_s);

#endif
