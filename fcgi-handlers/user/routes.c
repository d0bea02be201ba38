/* The user pool's table, by group; each group has a file of handlers. */
#include "service/profile.h"
#include "shared/page.h"
#include "user/auth.h"
#include "user/factor.h"
#include "service/signing_key.h"
#include "user/handlers.h"
#include "user/oidc.h"
#include "user/page.h"
#include "user/pool.h"
#include "user/session.h"
#include "user/privacy.h"
#include "user/shapes.h"

#define API(m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_API, .auth = AUTH_CUSTOMER, .csrf = CSRF_NONE, .cors = CORS_PUBLIC, __VA_ARGS__}

#define OPEN(p, h, ...) {.method = HTTP_POST, .pattern = p, .handler = h, .kind = KIND_API, .auth = AUTH_NONE, .csrf = CSRF_NONE, .cors = CORS_PUBLIC, .body_max = SMALL, __VA_ARGS__}
#define FACTOR_PAGE(m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_PAGE, .auth = AUTH_CUSTOMER, .csrf = CSRF_TOKEN, .fresh = true, __VA_ARGS__}
#define PAGE(m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_PAGE, .auth = AUTH_CUSTOMER, .csrf = CSRF_TOKEN, __VA_ARGS__}
#define OPEN_PAGE(m, p, h, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_PAGE, .auth = AUTH_GUEST, .csrf = CSRF_TOKEN, __VA_ARGS__}

#define ADMIN(m, p, h, needs, ...) {.method = m, .pattern = p, .handler = h, .kind = KIND_API, .auth = AUTH_STAFF, .permission = PERMISSION_##needs, .csrf = CSRF_NONE, \
                                    .cors = CORS_PUBLIC, __VA_ARGS__}
#define WELL_KNOWN(p, h, ...) {.method = HTTP_GET, .pattern = p, .handler = h, .kind = KIND_PAGE, .auth = AUTH_NONE, .csrf = CSRF_NONE, __VA_ARGS__}

enum { SMALL = 16 * 1024 };

static const struct route routes[] = {
    /* --- registration, sign-in, recovery: api_auth.c --- */
    OPEN("/v1/auth/register", api_register, .in = &auth_register_shape, .out = &auth_pending_shape, .status = 202, .name = "auth_register",
         .doc = "Begin an account; the mailbox gets a code, or the news that there is an account. The answer is the same"),
    OPEN("/v1/auth/verify-email", api_verify_email, .in = &auth_verify_shape, .out = &auth_tokens_shape, .name = "auth_verify_email",
         .doc = "Prove to read the mailbox, by code or link: the account begins and is signed in"),
    OPEN("/v1/auth/verify-email/resend", api_verify_resend, .in = &auth_verification_shape, .status = 204, .name = "auth_verify_resend",
         .doc = "The mail once more, with a new code; at most five an hour"),
    OPEN("/v1/auth/login", api_login, .in = &auth_login_shape, .out = &auth_tokens_shape, .name = "auth_login",
         .doc = "Sign in with address and password; staff and careful people owe a second factor then"),
    OPEN("/v1/auth/mfa", api_mfa, .in = &auth_mfa_shape, .out = &auth_tokens_shape, .name = "auth_mfa", .doc = "The second step of a sign-in"),
    OPEN("/v1/auth/unlock", api_unlock, .in = &auth_link_shape, .status = 204, .name = "auth_unlock", .doc = "Lift a lock after too many tries, by the mail's link"),
    OPEN("/v1/auth/password/forgot", api_password_forgot, .in = &auth_email_shape, .status = 204, .name = "auth_password_forgot",
         .doc = "Mails a link for a new password, or that there is no account. The answer is the same"),
    OPEN("/v1/auth/password/reset", api_password_reset, .in = &auth_reset_shape, .status = 204, .name = "auth_password_reset",
         .doc = "A new password by the mail's link: works once, ends all sessions"),
    API(HTTP_POST, "/v1/auth/logout", api_logout, .one_factor = true, .status = 204, .name = "auth_logout", .doc = "End this session"),
    API(HTTP_POST, "/v1/me/password", api_password_change, .one_factor = true, .body_max = SMALL, .in = &auth_password_shape, .status = 204, .name = "me_password",
        .doc = "Change the password; the other sessions end"),
    API(HTTP_POST, "/v1/me/confirm", api_confirm, .one_factor = true, .body_max = SMALL, .in = &auth_confirm_shape, .out = &auth_tokens_shape, .name = "me_confirm",
        .doc = "Prove to be there, for steps that ask for it: a new access token"),
    API(HTTP_POST, "/v1/me/email", api_email_change, .fresh = true, .body_max = SMALL, .in = &auth_email_shape, .out = &auth_pending_shape, .status = 202, .name = "me_email",
        .doc = "Ask for another address; it changes when its mailbox is proved"),
    API(HTTP_POST, "/v1/me/email/confirm", api_email_confirm, .body_max = SMALL, .in = &auth_email_confirm_shape, .status = 204, .name = "me_email_confirm",
        .doc = "Prove to read the new mailbox, by its code"),
    API(HTTP_POST, "/v1/auth/email/confirm", api_email_confirm_link, .body_max = SMALL, .in = &auth_link_shape, .status = 204, .name = "auth_email_confirm",
        .doc = "Prove it by the mail's link, in any app or browser of the account"),

    /* --- tokens and sessions: api_session.c --- */
    OPEN("/v1/auth/refresh", api_refresh, .in = &refresh_in_shape, .out = &auth_tokens_shape, .name = "auth_refresh",
         .doc = "A new access token; the refresh token is replaced, too. One used again much later ends the session"),
    OPEN("/v1/auth/token", api_token, .raw_body = true, .body_type = "application/x-www-form-urlencoded", .body_doc = &oauth_refresh_form_shape, .refusal = &oauth_error_shape,
         .out = &oauth_tokens_shape, .name = "auth_token",
         .doc = "The same for standard clients: the grant refresh_token (RFC 6749 section 6), public clients"),
    OPEN("/v1/auth/revoke", api_revoke, .raw_body = true, .body_type = "application/x-www-form-urlencoded", .body_doc = &oauth_revoke_form_shape,
         .refusal = &oauth_error_shape, .name = "auth_revoke",
         .doc = "End the session of a token (RFC 7009)"),
    API(HTTP_GET, "/v1/me/sessions", api_session_list, .out = &session_info_shape, .out_list = true, .name = "session_list",
        .doc = "Browsers and apps that are signed in, the one used last first"),
    API(HTTP_DELETE, "/v1/me/sessions/{id}", api_session_end, .in = &session_key_shape, .status = 204, .name = "session_end", .doc = "End one; effective within a second"),
    API(HTTP_DELETE, "/v1/me/sessions", api_session_end_all, .in = &session_end_shape, .status = 204, .name = "session_end_all", .doc = "End all others, or all"),
    WELL_KNOWN("/.well-known/jwks.json", wellknown_jwks, .name = "wellknown_jwks", .doc = "The keys that check access tokens (RFC 7517)"),
    WELL_KNOWN("/.well-known/openid-configuration", wellknown_discovery, .name = "wellknown_openid", .doc = "Where things are (OpenID Connect Discovery)"),
    WELL_KNOWN("/.well-known/oauth-authorization-server", wellknown_discovery, .name = "wellknown_oauth", .doc = "The same (RFC 8414)"),

    /* --- keys, roles, staff: api_admin.c, api_staff.c --- */
    ADMIN(HTTP_GET, "/v1/admin/api-keys", api_key_list_get, READ_KEYS, .in = &page_in_shape, .out = &api_key_shape, .out_list = true, .name = "api_key_list",
          .doc = "Keys of programs, the newest first"),
    ADMIN(HTTP_POST, "/v1/admin/api-keys", api_key_add, WRITE_KEYS, .sessions_only = true, .fresh = true, .body_max = SMALL, .in = &api_key_in_shape,
          .out = &api_key_made_shape, .status = 201, .name = "api_key_create", .doc = "Make one; the key itself is shown this once"),
    ADMIN(HTTP_GET, "/v1/admin/api-keys/{id}", api_key_get, READ_KEYS, .in = &api_key_key_shape, .out = &api_key_shape, .name = "api_key_get", .doc = "A key, without its secret"),
    ADMIN(HTTP_DELETE, "/v1/admin/api-keys/{id}", api_key_delete, WRITE_KEYS, .in = &api_key_key_shape, .status = 204, .name = "api_key_revoke",
          .doc = "Take a key back; effective at once"),
    ADMIN(HTTP_GET, "/v1/admin/permissions", api_permission_list, READ_STAFF, .out = &permission_out_shape, .out_list = true, .name = "permission_list",
          .doc = "Everything that may be allowed"),
    ADMIN(HTTP_GET, "/v1/admin/roles", api_role_list, READ_STAFF, .out = &role_shape, .out_list = true, .name = "role_list", .doc = "Roles, those built in first"),
    ADMIN(HTTP_POST, "/v1/admin/roles", api_role_add, WRITE_STAFF, .sessions_only = true, .fresh = true, .body_max = SMALL, .in = &role_add_shape, .out = &role_shape,
          .status = 201, .name = "role_create", .doc = "Make a role"),
    ADMIN(HTTP_GET, "/v1/admin/roles/{id}", api_role_get, READ_STAFF, .in = &role_key_shape, .out = &role_shape, .name = "role_get", .doc = "A role"),
    ADMIN(HTTP_PATCH, "/v1/admin/roles/{id}", api_role_patch, WRITE_STAFF, .sessions_only = true, .fresh = true, .body_max = SMALL, .in = &role_patch_shape,
          .out = &role_shape, .name = "role_change", .doc = "Change what a role allows; effective within a second"),
    ADMIN(HTTP_DELETE, "/v1/admin/roles/{id}", api_role_delete, WRITE_STAFF, .sessions_only = true, .fresh = true, .in = &role_key_shape, .status = 204,
          .name = "role_delete", .doc = "Remove a role that nobody has"),
    ADMIN(HTTP_GET, "/v1/admin/staff", api_staff_list, READ_STAFF, .in = &page_in_shape, .out = &staff_shape, .out_list = true, .name = "staff_list", .doc = "Who works here"),
    ADMIN(HTTP_POST, "/v1/admin/staff/invitations", api_staff_invite, WRITE_STAFF, .sessions_only = true, .fresh = true, .body_max = SMALL, .in = &staff_invite_shape,
          .out = &staff_invitation_shape, .status = 201, .name = "staff_invite", .doc = "Invite somebody by mail"),
    ADMIN(HTTP_GET, "/v1/admin/staff/{id}", api_staff_get, READ_STAFF, .in = &staff_key_shape, .out = &staff_shape, .name = "staff_get", .doc = "A member of staff"),
    ADMIN(HTTP_PATCH, "/v1/admin/staff/{id}", api_staff_patch, WRITE_STAFF, .sessions_only = true, .fresh = true, .body_max = SMALL, .in = &staff_patch_shape,
          .out = &staff_shape, .name = "staff_change", .doc = "Other roles; effective within a second"),
    ADMIN(HTTP_DELETE, "/v1/admin/staff/{id}", api_staff_delete, WRITE_STAFF, .sessions_only = true, .fresh = true, .in = &staff_key_shape, .status = 204,
          .name = "staff_remove", .doc = "Staff no more: the account of a shopper is left"),
    OPEN("/v1/auth/invitation", api_invitation_get, .in = &invitation_link_shape, .out = &invitation_offer_shape, .name = "invitation_get",
         .doc = "What the link of a staff invitation offers"),
    OPEN("/v1/auth/invitation/accept", api_invitation_accept, .in = &invitation_accept_shape, .out = &auth_tokens_shape, .name = "invitation_accept",
         .doc = "Take it: a new account, or the password of the one that there is; then a second factor must be set up"),

    /* --- the signed-in account: api_profile.c --- */
    API(HTTP_GET, "/v1/me", api_me_get, .out = &account_shape, .name = "me_get", .doc = "The signed-in account"),
    API(HTTP_PATCH, "/v1/me", api_me_patch, .body_max = SMALL, .in = &me_patch_in_shape, .out = &account_shape, .name = "me_patch",
        .doc = "Change name, phone or language"),
    API(HTTP_GET, "/v1/me/addresses", api_address_list, .out = &book_address_shape, .out_list = true, .name = "address_list", .doc = "The address book, defaults first"),
    API(HTTP_POST, "/v1/me/addresses", api_address_add, .idem = IDEM_HONOURED, .body_max = SMALL, .in = &address_add_in_shape, .out = &book_address_shape,
        .status = 201, .name = "address_add", .doc = "Add an address; the first one becomes both defaults"),
    API(HTTP_GET, "/v1/me/addresses/{id}", api_address_get, .in = &address_key_shape, .out = &book_address_shape, .name = "address_get", .doc = "An address"),
    API(HTTP_PATCH, "/v1/me/addresses/{id}", api_address_patch, .body_max = SMALL, .in = &address_patch_in_shape, .out = &book_address_shape, .name = "address_patch",
        .doc = "Change an address, make it a default"),
    API(HTTP_DELETE, "/v1/me/addresses/{id}", api_address_delete, .in = &address_key_shape, .status = 204, .name = "address_delete", .doc = "Remove an address"),
    API(HTTP_GET, "/v1/me/consents", api_consent_list, .out = &consent_shape, .out_list = true, .name = "consent_list", .doc = "What the shop may do, with its history"),
    API(HTTP_PUT, "/v1/me/consents/{purpose}", api_consent_put, .body_max = SMALL, .in = &consent_in_shape, .out = &consent_shape, .name = "consent_put",
        .doc = "Give a consent or take it back"),
    API(HTTP_GET, "/v1/me/preferences", api_preferences_get, .out = &preferences_shape, .name = "preferences_get", .doc = "What this account chose for the shop's apps; the pages follow the device"),
    API(HTTP_PUT, "/v1/me/preferences", api_preferences_put, .body_max = SMALL, .in = &preferences_shape, .out = &preferences_shape, .name = "preferences_put",
        .doc = "Replace all preferences"),

    /* --- what people ask about their own data: api_privacy.c --- */
    API(HTTP_POST, "/v1/me/data-requests", api_data_ask, .fresh = true, .body_max = SMALL, .in = &data_ask_in_shape, .out = &data_request_shape, .status = 202,
        .name = "data_request_ask", .doc = "Ask for everything about you in one file, or to be forgotten"),
    API(HTTP_GET, "/v1/me/data-requests", api_data_list, .out = &data_request_shape, .out_list = true, .name = "data_request_list", .doc = "What was asked, newest first"),
    API(HTTP_GET, "/v1/me/data-requests/{id}", api_data_get, .in = &data_key_shape, .out = &data_request_shape, .name = "data_request_get", .doc = "How far a request is"),
    API(HTTP_DELETE, "/v1/me/data-requests/{id}", api_data_cancel, .in = &data_key_shape, .out = &data_request_shape, .name = "data_request_cancel",
        .doc = "Take a request back; an erasure until its owner was told that it is done"),
    API(HTTP_GET, "/v1/me/data-requests/{id}/download", api_data_download, .in = &data_key_shape, .name = "data_request_download", .doc = "The file of an export: a zip"),
    API(HTTP_DELETE, "/v1/me", api_me_delete, .fresh = true, .out = &data_request_shape, .status = 202, .name = "me_delete",
        .doc = "Delete the account: all sessions end; open orders are waited for"),
    {.method = HTTP_GET, .pattern = "/account/exports/{id}", .handler = page_export_download, .kind = KIND_PAGE, .auth = AUTH_GUEST, .csrf = CSRF_NONE, .in = &data_link_shape,
     .rate_per_minute = 30, .name = "page_export_download", .doc = "The file of an export, by its mail's link"},

    /* --- customers and the trail, for staff: api_customer.c --- */
    ADMIN(HTTP_GET, "/v1/admin/customers", api_customer_list, READ_CUSTOMERS, .in = &customer_list_in_shape, .out = &customer_shape, .out_list = true, .name = "customer_list",
          .doc = "Accounts, newest first"),
    ADMIN(HTTP_GET, "/v1/admin/customers/{id}", api_customer_get, READ_CUSTOMERS, .in = &customer_key_shape, .out = &customer_shape, .name = "customer_get", .doc = "An account"),
    ADMIN(HTTP_POST, "/v1/admin/customers/{id}/disable", api_customer_disable, WRITE_CUSTOMERS, .in = &customer_key_shape, .out = &customer_shape, .name = "customer_disable",
          .doc = "Nobody signs in with it any more; its sessions end"),
    ADMIN(HTTP_POST, "/v1/admin/customers/{id}/enable", api_customer_enable, WRITE_CUSTOMERS, .in = &customer_key_shape, .out = &customer_shape, .name = "customer_enable",
          .doc = "Take the disabling back"),
    ADMIN(HTTP_POST, "/v1/admin/customers/{id}/reset-mfa", api_customer_reset_mfa, WRITE_CUSTOMERS, .fresh = true, .sessions_only = true, .in = &customer_key_shape,
          .out = &customer_shape, .name = "customer_reset_mfa", .doc = "Remove its second factors; its owner is told"),
    ADMIN(HTTP_POST, "/v1/admin/customers/{id}/erase", api_customer_erase, WRITE_CUSTOMERS, .fresh = true, .sessions_only = true, .in = &customer_key_shape,
          .out = &customer_erasure_shape, .status = 202, .name = "customer_erase", .doc = "Erase it, as its owner would"),
    ADMIN(HTTP_GET, "/v1/admin/audit", api_audit_list, READ_AUDIT, .in = &audit_list_in_shape, .out = &audit_row_shape, .out_list = true, .name = "audit_list",
          .doc = "Who did what, newest first"),

    /* --- second factors and passkeys: api_factor.c --- */
    API(HTTP_GET, "/v1/me/mfa", api_mfa_get, .out = &mfa_state_shape, .name = "mfa_get", .doc = "Which second factors there are"),
    API(HTTP_POST, "/v1/me/mfa/totp", api_totp_begin, .fresh = true, .body_max = SMALL, .out = &totp_setup_shape, .name = "totp_begin",
        .doc = "Begin to set up an authenticator app: its secret, as text, address and picture"),
    API(HTTP_POST, "/v1/me/mfa/totp/confirm", api_totp_confirm, .fresh = true, .body_max = SMALL, .in = &mfa_code_shape, .out = &mfa_codes_shape, .name = "totp_confirm",
        .doc = "The app's first code: from here on it counts. Ten recovery codes, shown once"),
    API(HTTP_DELETE, "/v1/me/mfa/totp", api_totp_delete, .fresh = true, .status = 204, .name = "totp_delete",
        .doc = "Remove the app, its recovery codes and trusted devices"),
    API(HTTP_POST, "/v1/me/mfa/recovery-codes", api_recovery_codes, .fresh = true, .body_max = SMALL, .out = &mfa_codes_shape, .name = "recovery_codes",
        .doc = "Ten new recovery codes, shown once; the old ones are void"),
    API(HTTP_DELETE, "/v1/me/mfa/trusted-devices/{id}", api_trusted_delete, .in = &mfa_device_key_shape, .status = 204, .name = "trusted_device_delete",
        .doc = "Ask a device for the second factor again"),
    API(HTTP_GET, "/v1/me/passkeys", api_passkey_list, .out = &passkey_shape, .out_list = true, .name = "passkey_list", .doc = "Passkeys, oldest first"),
    API(HTTP_POST, "/v1/me/passkeys/options", api_passkey_options, .fresh = true, .body_max = SMALL, .out = &passkey_creation_shape, .name = "passkey_options",
        .doc = "What the platform needs to make a passkey"),
    API(HTTP_POST, "/v1/me/passkeys", api_passkey_add, .fresh = true, .body_max = 128 * 1024, .in = &passkey_register_shape, .out = &passkey_shape, .status = 201,
        .name = "passkey_add", .doc = "Register what the platform made"),
    API(HTTP_PATCH, "/v1/me/passkeys/{id}", api_passkey_patch, .body_max = SMALL, .in = &passkey_patch_shape, .out = &passkey_shape, .name = "passkey_patch",
        .doc = "Name a passkey"),
    API(HTTP_DELETE, "/v1/me/passkeys/{id}", api_passkey_delete, .fresh = true, .in = &passkey_key_shape, .status = 204, .name = "passkey_delete", .doc = "Remove a passkey"),
    OPEN("/v1/auth/passkey/options", api_passkey_login_options, .out = &passkey_request_shape, .rate_per_minute = 120, .name = "passkey_login_options",
         .doc = "What the platform needs to sign in with a passkey; the same for everybody"),
    OPEN("/v1/auth/passkey/login", api_passkey_login, .in = &passkey_login_shape, .out = &auth_tokens_shape, .rate_per_minute = 120, .name = "passkey_login",
         .doc = "Sign in with a passkey: both factors in one"),

    /* --- pages of second factors and passkeys: page_factor.c --- */
    FACTOR_PAGE(HTTP_GET, "/account/security/app", page_totp, .name = "page_totp", .doc = "Set up an authenticator app: picture, secret, first code"),
    FACTOR_PAGE(HTTP_POST, "/account/security/app", page_totp_begin, .body_max = SMALL, .name = "page_totp_begin", .doc = "Begin to set up an app"),
    FACTOR_PAGE(HTTP_POST, "/account/security/app/confirm", page_totp_confirm, .body_max = SMALL, .in = &mfa_code_shape, .name = "page_totp_confirm", .doc = "The first code; shows the recovery codes"),
    FACTOR_PAGE(HTTP_POST, "/account/security/app/remove", page_totp_remove, .body_max = SMALL, .name = "page_totp_remove", .doc = "Remove the app"),
    FACTOR_PAGE(HTTP_POST, "/account/security/codes", page_recovery_codes, .body_max = SMALL, .name = "page_recovery_codes", .doc = "New recovery codes, shown once"),
    FACTOR_PAGE(HTTP_POST, "/account/security/passkeys", page_passkey_add, .body_max = 128 * 1024, .in = &passkey_register_page_shape, .name = "page_passkey_add", .doc = "Register a passkey"),
    FACTOR_PAGE(HTTP_POST, "/account/security/passkeys/{id}", page_passkey_rename, .body_max = SMALL, .in = &passkey_patch_shape, .name = "page_passkey_rename", .doc = "Name a passkey"),
    FACTOR_PAGE(HTTP_POST, "/account/security/passkeys/{id}/remove", page_passkey_remove, .body_max = SMALL, .in = &passkey_key_shape, .name = "page_passkey_remove", .doc = "Remove a passkey"),
    FACTOR_PAGE(HTTP_POST, "/account/security/trusted/{id}/end", page_trusted_end, .body_max = SMALL, .in = &mfa_device_key_shape, .name = "page_trusted_end", .doc = "Trust a device no longer"),
    {.method = HTTP_POST, .pattern = "/sign-in/passkey", .handler = page_passkey_login, .kind = KIND_PAGE, .auth = AUTH_GUEST, .csrf = CSRF_TOKEN, .body_max = 64 * 1024,
     .rate_per_minute = 120, .in = &passkey_page_shape, .name = "page_passkey_login", .doc = "Sign in with a passkey"},
    {.method = HTTP_POST, .pattern = "/sign-in/confirm/passkey", .handler = page_passkey_confirm, .kind = KIND_PAGE, .auth = AUTH_CUSTOMER, .csrf = CSRF_TOKEN,
     .body_max = 64 * 1024, .in = &passkey_page_shape, .name = "page_passkey_confirm", .doc = "Show to be there with a passkey"},
    /* --- identities from outside: api_oidc.c, page_oidc.c --- */
    {.method = HTTP_GET, .pattern = "/v1/auth/oidc", .handler = api_oidc_list, .kind = KIND_API, .auth = AUTH_NONE, .csrf = CSRF_NONE, .cors = CORS_PUBLIC,
     .out = &oidc_provider_shape, .out_list = true, .name = "oidc_list", .doc = "Who outside can vouch for somebody"},
    {.method = HTTP_GET, .pattern = "/v1/auth/oidc/{provider}", .handler = page_oidc_start, .kind = KIND_API, .auth = AUTH_NONE, .csrf = CSRF_NONE, .navigation = true,
     .status = 303, .rate_per_minute = 60, .in = &oidc_start_shape, .name = "oidc_start", .doc = "Browsers go to the provider from here"},
    {.method = HTTP_GET, .pattern = "/v1/auth/oidc/{provider}/callback", .handler = page_oidc_callback, .kind = KIND_API, .auth = AUTH_GUEST, .csrf = CSRF_NONE, .navigation = true,
     .status = 303, .rate_per_minute = 60, .in = &oidc_callback_shape, .name = "oidc_callback", .doc = "Browsers come back from the provider"},
    OPEN("/v1/auth/oidc/{provider}/token", api_oidc_token, .rate_per_minute = 60, .in = &oidc_token_shape, .out = &auth_tokens_shape, .name = "oidc_token",
         .doc = "An app signs in with the code that the provider gave it (PKCE)"),
    API(HTTP_GET, "/v1/me/identities", api_identity_list, .one_factor = true, .out = &oidc_identity_shape, .out_list = true, .name = "identity_list",
        .doc = "Which identities from outside sign in to the account"),
    API(HTTP_DELETE, "/v1/me/identities/{provider}", api_identity_delete, .fresh = true, .in = &oidc_key_shape, .status = 204, .name = "identity_delete",
        .doc = "Take one away; never the only way into the account"),
    {.method = HTTP_GET, .pattern = "/sign-in/outside", .handler = page_outside, .kind = KIND_PAGE, .auth = AUTH_GUEST, .csrf = CSRF_NONE,
     .in = &oidc_outside_shape, .name = "page_outside", .doc = "Why a sign-in with an outside identity did not work"},
    PAGE(HTTP_POST, "/sign-in/confirm/outside/{provider}", page_confirm_outside, .body_max = SMALL, .rate_per_minute = 60, .in = &oidc_confirm_shape,
         .name = "page_confirm_outside", .doc = "Prove to be there by signing in at a provider once more"),
    FACTOR_PAGE(HTTP_POST, "/account/identities/{provider}", page_identity_link, .body_max = SMALL, .in = &oidc_key_shape, .name = "page_identity_link",
                .doc = "Add an outside identity to the account"),
    FACTOR_PAGE(HTTP_POST, "/account/identities/{provider}/remove", page_identity_remove, .body_max = SMALL, .in = &oidc_key_shape, .name = "page_identity_remove",
                .doc = "Take an outside identity away"),

    /* --- pages of signing in and registering --- */
    OPEN_PAGE(HTTP_GET, "/sign-in", page_sign_in, .in = &page_notice_shape, .name = "page_sign_in", .doc = "Sign in"),
    OPEN_PAGE(HTTP_POST, "/sign-in", page_sign_in_post, .body_max = SMALL, .in = &page_sign_in_shape, .name = "page_sign_in_post", .doc = "Sign in with a password"),
    OPEN_PAGE(HTTP_GET, "/sign-in/mfa", page_mfa, .in = &page_notice_shape, .name = "page_mfa", .doc = "The second step"),
    OPEN_PAGE(HTTP_POST, "/sign-in/mfa", page_mfa_post, .body_max = SMALL, .in = &page_mfa_shape, .name = "page_mfa_post", .doc = "Sign in with a code besides"),
    PAGE(HTTP_GET, "/sign-in/confirm", page_confirm, .in = &page_notice_shape, .name = "page_confirm", .doc = "Prove to be there"),
    PAGE(HTTP_POST, "/sign-in/confirm", page_confirm_post, .body_max = SMALL, .in = &page_confirm_shape, .name = "page_confirm_post", .doc = "Prove to be there by password or code"),
    OPEN_PAGE(HTTP_POST, "/sign-out", page_sign_out, .body_max = SMALL, .name = "page_sign_out", .doc = "Sign out in this browser"),
    OPEN_PAGE(HTTP_GET, "/register", page_register, .in = &page_notice_shape, .name = "page_register", .doc = "Create an account"),
    OPEN_PAGE(HTTP_POST, "/register", page_register_post, .body_max = SMALL, .in = &page_register_shape, .name = "page_register_post", .doc = "Ask for an account"),
    OPEN_PAGE(HTTP_GET, "/verify", page_verify, .in = &page_verify_shape, .name = "page_verify", .doc = "Enter the code of the mail"),
    OPEN_PAGE(HTTP_POST, "/verify", page_verify_post, .body_max = SMALL, .in = &page_verify_post_shape, .name = "page_verify_post", .doc = "Begin the account"),
    OPEN_PAGE(HTTP_POST, "/verify/resend", page_verify_resend, .body_max = SMALL, .in = &page_verify_post_shape, .name = "page_verify_resend", .doc = "Send the mail again"),
    OPEN_PAGE(HTTP_GET, "/invitation", page_invitation, .in = &page_invitation_get_shape, .name = "page_invitation", .doc = "An invitation to work in the shop"),
    OPEN_PAGE(HTTP_POST, "/invitation", page_invitation_post, .body_max = SMALL, .in = &page_invitation_shape, .name = "page_invitation_post", .doc = "Accept it"),
    OPEN_PAGE(HTTP_GET, "/verify/link", page_verify_link, .in = &page_link_get_shape, .name = "page_verify_link", .doc = "The link of the mail"),
    OPEN_PAGE(HTTP_POST, "/verify/link", page_verify_link_post, .body_max = SMALL, .in = &page_link_shape, .name = "page_verify_link_post", .doc = "Begin the account by the link"),
    OPEN_PAGE(HTTP_GET, "/forgot", page_forgot, .in = &page_notice_shape, .name = "page_forgot", .doc = "Forgotten password"),
    OPEN_PAGE(HTTP_POST, "/forgot", page_forgot_post, .body_max = SMALL, .in = &page_email_shape, .name = "page_forgot_post", .doc = "Ask for a link"),
    OPEN_PAGE(HTTP_GET, "/reset", page_reset, .in = &page_link_get_shape, .name = "page_reset", .doc = "Choose a new password"),
    OPEN_PAGE(HTTP_POST, "/reset", page_reset_post, .body_max = SMALL, .in = &page_link_shape, .name = "page_reset_post", .doc = "Set a new password by the link"),
    OPEN_PAGE(HTTP_GET, "/unlock", page_unlock, .in = &page_link_get_shape, .name = "page_unlock", .doc = "The link of the mail about too many tries"),
    OPEN_PAGE(HTTP_POST, "/unlock", page_unlock_post, .body_max = SMALL, .in = &page_link_shape, .name = "page_unlock_post", .doc = "Lift the lock"),

    /* --- pages of the account --- */
    PAGE(HTTP_GET, "/account", page_account, .in = &page_notice_shape, .name = "page_account", .doc = "The account"),
    PAGE(HTTP_GET, "/account/profile", page_profile, .in = &page_notice_shape, .name = "page_profile", .doc = "Name, telephone, language"),
    PAGE(HTTP_POST, "/account/profile", page_profile_post, .body_max = SMALL, .in = &page_profile_shape, .name = "page_profile_post", .doc = "Change the profile"),
    PAGE(HTTP_GET, "/account/email", page_email, .fresh = true, .name = "page_email", .doc = "Change the e-mail address"),
    PAGE(HTTP_POST, "/account/email", page_email_post, .body_max = SMALL, .fresh = true, .in = &page_email_shape, .name = "page_email_post", .doc = "Ask for another e-mail address"),
    PAGE(HTTP_GET, "/account/email/confirm", page_email_confirm, .in = &page_link_get_shape, .name = "page_email_confirm", .doc = "Code or link of the new address"),
    PAGE(HTTP_POST, "/account/email/confirm", page_email_confirm_post, .body_max = SMALL, .in = &page_link_shape, .name = "page_email_confirm_post", .doc = "Take over the new address"),
    PAGE(HTTP_GET, "/account/password", page_password, .name = "page_password", .doc = "Change the password"),
    PAGE(HTTP_POST, "/account/password", page_password_post, .body_max = SMALL, .in = &page_password_shape, .name = "page_password_post", .doc = "Set another password"),
    PAGE(HTTP_GET, "/account/addresses", page_addresses, .in = &page_notice_shape, .name = "page_addresses", .doc = "The address book"),
    PAGE(HTTP_GET, "/account/addresses/new", page_address_new, .name = "page_address_new", .doc = "A new address"),
    PAGE(HTTP_POST, "/account/addresses/new", page_address_add, .body_max = SMALL, .in = &page_address_new_shape, .name = "page_address_add", .doc = "Add an address"),
    PAGE(HTTP_GET, "/account/addresses/{id}", page_address_edit, .in = &page_address_key_shape, .name = "page_address_edit", .doc = "An address"),
    PAGE(HTTP_POST, "/account/addresses/{id}", page_address_change, .body_max = SMALL, .in = &page_address_change_shape, .name = "page_address_change", .doc = "Change an address"),
    PAGE(HTTP_POST, "/account/addresses/{id}/default", page_address_default, .body_max = SMALL, .in = &page_address_key_shape, .name = "page_address_default", .doc = "Deliver there"),
    PAGE(HTTP_GET, "/account/addresses/{id}/remove", page_address_remove, .in = &page_address_key_shape, .name = "page_address_remove", .doc = "Remove it?"),
    PAGE(HTTP_POST, "/account/addresses/{id}/remove", page_address_remove_post, .body_max = SMALL, .in = &page_address_key_shape, .name = "page_address_remove_post",
         .doc = "Remove an address"),
    PAGE(HTTP_GET, "/account/security", page_security, .in = &page_notice_shape, .name = "page_security", .doc = "Password, second factors, devices"),
    PAGE(HTTP_POST, "/account/devices/{id}/end", page_device_end, .body_max = SMALL, .in = &page_device_shape, .name = "page_device_end", .doc = "Sign a device out"),
    PAGE(HTTP_GET, "/account/privacy", page_my_data, .in = &page_notice_shape, .name = "page_my_data", .doc = "Consents, export, the end of the account"),
    PAGE(HTTP_POST, "/account/privacy/consents", page_consents, .body_max = SMALL, .in = &page_consents_shape, .name = "page_consents", .doc = "Say what the shop may do"),
    PAGE(HTTP_POST, "/account/privacy/export", page_export, .fresh = true, .body_max = SMALL, .name = "page_export", .doc = "Ask for a copy of everything"),
    PAGE(HTTP_POST, "/account/privacy/requests/{id}/cancel", page_request_cancel, .body_max = SMALL, .in = &page_request_shape, .name = "page_request_cancel",
         .doc = "Take a request back"),
    PAGE(HTTP_GET, "/account/delete", page_delete, .fresh = true, .name = "page_delete", .doc = "Delete the account?"),
    PAGE(HTTP_POST, "/account/delete", page_delete_post, .fresh = true, .body_max = SMALL, .name = "page_delete_post", .doc = "Delete the account"),
    PAGE(HTTP_POST, "/account/devices/end-others", page_devices_end, .body_max = SMALL, .name = "page_devices_end", .doc = "Sign all other devices out"),

    {.pattern = NULL},
};

const struct pool_spec pool_user = {
    .name = "user",
    .routes = routes,
    .keyring = true,
    .tick = signing_key_tick,
    .threads = 40,         /* 33 may wait for a password's hash (one is at work, password_queue wait), the others go on answering */
    .nice = 10,             /* sign-ins in their hundreds take nothing from those who look at products */
    .db_lend = 6,          /* who waits for a password's hash holds none */
    .start = user_start,
    .stop = user_stop,
    .page_error = page_error_shelves,
};
