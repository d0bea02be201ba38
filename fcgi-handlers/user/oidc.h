/* Signing in with an outside identity in the user pool: what comes in and goes out, and the part of the security page. */
#ifndef SOUK_USER_OIDC_H
#define SOUK_USER_OIDC_H

#include "service/identity_provider.h"
#include "tpl/account_confirm.h"
#include "tpl/account_provider_buttons.h"
#include "tpl/account_security_identities.h"
#include "web/web.h"

struct oidc_start_in { struct str provider, return_to; };
struct oidc_callback_in { struct str provider, state, code, error, issuer; };
struct oidc_token_in { struct str provider, code, code_verifier, redirect_uri, nonce, trusted_device; };
struct oidc_provider_in { struct str provider; };
struct oidc_outside_in { struct str problem, provider, return_to; };
/* shapes_oidc.c */
extern const struct shape oidc_start_shape, oidc_confirm_shape, oidc_callback_shape, oidc_token_shape, oidc_key_shape, oidc_outside_shape, oidc_provider_shape, oidc_identity_shape;

/* page_oidc.c: the section "identities" of /account/security. */
MUST_CHECK bool page_security_identities(struct req *r, struct tpl_account_security_identities *ret, struct err *e);
/* The buttons of /sign-in and /register: a service, not a condition; when the providers cannot be read, there are none. */
void page_provider_buttons(struct req *r, struct str return_to, struct tpl_account_provider_buttons *ret);
/* The buttons of /sign-in/confirm. */
MUST_CHECK bool page_confirm_identities(struct req *r, struct str return_to, struct tpl_account_confirm *v, struct err *e);

#endif
