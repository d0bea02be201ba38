/* The gates between the route table and the handler. Each returns true to let the request pass, or says why not. */
#ifndef SOUK_WEB_GATES_H
#define SOUK_WEB_GATES_H

#include "web/app.h"

MUST_CHECK bool gate_threads(struct serving *s, struct err *e);          /* keeps pool_spec.reserve threads for the rows that need them */
void gate_threads_leave(struct serving *s);
MUST_CHECK bool gate_credentials(struct serving *s, struct err *e);      /* our cookies and Authorization together: 400 */
MUST_CHECK bool gate_auth(struct serving *s, struct err *e);              /* who calls, and whether the row lets them: identity.c */
MUST_CHECK bool gate_origin(struct serving *s, struct err *e);           /* CSRF_ORIGIN and CSRF_TOKEN */
MUST_CHECK bool gate_rate(struct serving *s, struct err *e);
MUST_CHECK bool gate_body(struct serving *s, struct err *e);             /* 413, 415; reads the body */
MUST_CHECK bool gate_csrf_token(struct serving *s, struct shape_pairs form, struct err *e);
MUST_CHECK bool gate_idempotency(struct serving *s, struct shape_pairs form, struct err *e);

/* Pages lead to the sign-in instead of refusing: true when it turned the refusal into a redirect. */
bool identity_redirect(struct serving *s, const struct err *e);
/* WWW-Authenticate of a 401 (RFC 9110 section 11.6.1, RFC 6750 section 3). */
void identity_challenge(struct serving *s, const struct err *e);
bool method_is_safe(enum http_method m);
/* Gives the visitor the cookie that synchronizer tokens are made from, and the page its token. */
void csrf_prepare(struct serving *s);
bool csrf_token_ok(struct arena *a, struct str cookie, struct str token);
struct str csrf_token_make(struct arena *a, struct str cookie);
bool origin_is_ours(const struct app *app, const struct http_request *http);
void cors_headers(struct serving *s);
void cors_preflight(struct serving *s);

#endif
