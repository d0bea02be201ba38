/* Second factors and passkeys in the user pool: what comes in and goes out, and the parts that other pages include. */
#ifndef SOUK_USER_FACTOR_H
#define SOUK_USER_FACTOR_H

#include "service/passkey.h"
#include "service/second_factor.h"
#include "service/trusted_device.h"
#include "tpl/account_passkey_button.h"
#include "tpl/account_security_factors.h"
#include "web/web.h"

/* --- shapes_factor.c --- */
struct mfa_code_in { struct str code; };
struct mfa_state_out { bool totp, passkeys, required; usec_t totp_since; int64_t recovery_codes_left; struct shape_list trusted_devices; };
struct mfa_codes_out { struct shape_list recovery_codes; struct str access_token; int64_t expires_in; };
struct passkey_out { struct passkey_id id; struct str name; bool backed_up; usec_t created_at, last_used_at; struct str access_token; int64_t expires_in; };
struct passkey_patch_in { struct passkey_id id; struct str name; };
struct passkey_key_in { struct passkey_id id; };
struct device_key_in { struct trusted_device_id id; };
struct passkey_page_in { struct passkey_login_in login; struct str return_to; };
extern const struct shape mfa_code_shape, mfa_state_shape, mfa_codes_shape, mfa_device_key_shape, totp_setup_shape;
extern const struct shape passkey_creation_shape, passkey_request_shape, passkey_register_shape, passkey_login_shape, passkey_shape, passkey_patch_shape, passkey_key_shape;
extern const struct shape passkey_page_shape, passkey_register_page_shape;

/* What passkey.js and apps hand to the platform: WebAuthn's own JSON (its names are the standard's) with the challenge's id beside. */
struct str factor_creation_json(struct req *r, const struct passkey_registration *p);
struct str factor_request_json(struct req *r, const struct passkey_request *p);
/* The structs of the two shapes with the same content. */
const void *factor_creation(struct req *r, const struct passkey_registration *p);
const void *factor_request(struct req *r, const struct passkey_request *p);

/* --- page_factor.c: parts of other pages --- */
/* The sections of /account/security. */
MUST_CHECK bool page_security_factors(struct req *r, struct tpl_account_security_factors *ret, struct err *e);
/* "Sign in with a passkey" (action /sign-in/passkey) or, `again`, "Confirm with a passkey" (action /sign-in/confirm/passkey). */
MUST_CHECK bool page_passkey_button(struct req *r, struct str return_to, bool again, struct tpl_account_passkey_button *ret, struct err *e);

#endif
