/* Registration, sign-in and recovery in the user pool: what comes in and goes out. */
#ifndef SOUK_USER_AUTH_H
#define SOUK_USER_AUTH_H

#include "service/account.h"
#include "web/web.h"

struct auth_register_in { struct str email, password, name, locale; };
struct auth_verification_in { struct str verification; };
struct auth_verify_in { struct str verification, code, link, password; };
struct auth_login_in { struct str email, password, trusted_device; };
struct auth_mfa_in { struct str mfa_token, code; bool trust_device; };
struct auth_email_in { struct str email; };
struct auth_link_in { struct str link; };
struct auth_reset_in { struct str link, password; };
struct auth_password_in { struct str current_password, password; };
struct auth_confirm_in { struct str password, code; };
struct auth_email_confirm_in { struct str verification, code; };

/* What an app gets for signing in. */
struct auth_tokens {
    struct str access_token, token_type, refresh_token;
    struct opt_int64 expires_in;
    struct account_id account;
    bool mfa_required, mfa_setup_needed;
    struct str mfa_token, trusted_device;
};
struct auth_pending { struct str verification; int64_t code_expires_in; };

/* --- shapes_auth.c --- */
extern const struct shape auth_register_shape, auth_verification_shape, auth_verify_shape, auth_login_shape, auth_mfa_shape, auth_email_shape, auth_link_shape, auth_reset_shape,
    auth_password_shape, auth_confirm_shape, auth_email_confirm_shape, auth_tokens_shape, auth_pending_shape;

/* The tokens of a sign-in of an app, or what its second step needs. */
const struct auth_tokens *auth_tokens_of(struct req *r, const struct login_result *result);

/* --- start.c: what the pool's workers need besides connections --- */
bool user_start(struct service_env *env, struct arena *a, struct err *e);
void user_stop(struct service_env *env);

#endif
