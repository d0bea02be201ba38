/* Tokens, sessions, keys, roles and staff in the user pool: what comes in and goes out. */
#ifndef SOUK_USER_SESSION_H
#define SOUK_USER_SESSION_H

#include "service/api_key.h"
#include "service/role.h"
#include "service/staff.h"
#include "web/web.h"

struct refresh_in { struct str refresh_token; };
struct oauth_refresh_form { struct str grant_type, refresh_token; };
struct oauth_revoke_form { struct str token, token_type_hint; };
struct oauth_error { struct str error, error_description; };
struct oauth_tokens { struct str access_token, token_type, refresh_token; int64_t expires_in; };
struct session_key_in { struct session_id id; };
struct session_end_in { bool everywhere; };

struct page_in { struct str cursor; int64_t limit; };
struct api_key_key_in { struct api_key_id id; };
struct role_key_in { struct role_id id; struct str if_match; };
struct role_body_in { struct role_id id; struct str if_match, name, title; struct shape_list permissions; };
struct staff_key_in { struct account_id id; };
struct staff_patch_in { struct account_id id; struct str if_match; struct shape_list roles; };
struct invitation_link_in { struct str link; };
struct invitation_accept_in { struct str link, name, password; };
struct permission_out { struct str name, description; };

extern const struct shape refresh_in_shape, oauth_refresh_form_shape, oauth_revoke_form_shape, oauth_error_shape, oauth_tokens_shape, session_info_shape, session_key_shape, session_end_shape;
extern const struct shape page_in_shape, api_key_shape, api_key_made_shape, api_key_in_shape, api_key_key_shape, role_shape, role_add_shape, role_patch_shape, role_key_shape,
    staff_shape, staff_key_shape, staff_patch_shape, staff_invite_shape, staff_invitation_shape, invitation_link_shape, invitation_accept_shape, invitation_offer_shape,
    permission_out_shape;

/* --- api_session.c --- */
handler_fn api_refresh, api_token, api_revoke, api_session_list, api_session_end, api_session_end_all;
/* --- wellknown.c --- */
handler_fn wellknown_jwks, wellknown_discovery;
/* --- api_admin.c --- */
handler_fn api_key_list_get, api_key_add, api_key_get, api_key_delete, api_permission_list, api_role_list, api_role_add, api_role_get, api_role_patch, api_role_delete;
/* --- api_staff.c --- */
handler_fn api_staff_list, api_staff_get, api_staff_patch, api_staff_delete, api_staff_invite, api_invitation_get, api_invitation_accept;

/* "\"7\"": the version that If-Match names; 0 when it is absent or "*". PROBLEM_PRECONDITION_FAILED for anything else. */
MUST_CHECK bool admin_version(struct str if_match, int64_t *ret_version, struct err *e);
/* The id in a cursor; zero for an absent one. PROBLEM_INVALID_CURSOR. */
MUST_CHECK bool admin_cursor(enum id_kind kind, struct str cursor, struct uuid *ret_id, struct err *e);

#endif
