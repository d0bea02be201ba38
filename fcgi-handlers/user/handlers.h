/* Handlers of the user pool, by group. */
#ifndef SOUK_USER_HANDLERS_H
#define SOUK_USER_HANDLERS_H

#include "web/web.h"

/* --- api_profile.c: the signed-in account, its addresses, consents, preferences --- */
handler_fn api_me_get, api_me_patch;
handler_fn api_address_list, api_address_add, api_address_get, api_address_patch, api_address_delete;
handler_fn api_consent_list, api_consent_put, api_preferences_get, api_preferences_put;

/* --- api_factor.c: second factors and passkeys --- */
handler_fn api_mfa_get, api_totp_begin, api_totp_confirm, api_totp_delete, api_recovery_codes, api_trusted_delete;
handler_fn api_passkey_options, api_passkey_add, api_passkey_list, api_passkey_patch, api_passkey_delete, api_passkey_login_options, api_passkey_login;
/* --- page_factor.c --- */
handler_fn page_totp_begin, page_totp, page_totp_confirm, page_totp_remove, page_recovery_codes, page_trusted_end;
handler_fn page_passkey_add, page_passkey_rename, page_passkey_remove, page_passkey_login, page_passkey_confirm;

/* --- page_invitation.c: staff --- */
handler_fn page_invitation, page_invitation_post;

/* --- api_auth.c: registration, sign-in, recovery --- */
handler_fn api_register, api_verify_resend, api_verify_email, api_login, api_mfa, api_logout, api_unlock, api_password_forgot, api_password_reset;
handler_fn api_password_change, api_confirm, api_email_change, api_email_confirm, api_email_confirm_link;
/* --- page_sign_in.c, page_register.c, page_recover.c --- */
handler_fn page_sign_in, page_sign_in_post, page_mfa, page_mfa_post, page_confirm, page_confirm_post, page_sign_out;
handler_fn page_register, page_register_post, page_verify, page_verify_post, page_verify_resend, page_verify_link, page_verify_link_post;
handler_fn page_forgot, page_forgot_post, page_reset, page_reset_post, page_unlock, page_unlock_post;
/* --- page_account.c, page_profile.c, page_address.c, page_security.c --- */
handler_fn page_account, page_password, page_password_post, page_email, page_email_post, page_email_confirm, page_email_confirm_post;
handler_fn page_profile, page_profile_post;
handler_fn page_addresses, page_address_new, page_address_add, page_address_edit, page_address_change, page_address_default, page_address_remove, page_address_remove_post;
handler_fn page_security, page_device_end, page_devices_end;
/* --- page_privacy.c --- */
handler_fn page_my_data, page_consents, page_export, page_request_cancel, page_delete, page_delete_post;

/* --- api_oidc.c, page_oidc.c: identities from outside --- */
handler_fn api_oidc_list, api_oidc_token, api_identity_list, api_identity_delete;
handler_fn page_oidc_start, page_oidc_callback, page_outside, page_identity_link, page_identity_remove, page_confirm_outside;

#endif
