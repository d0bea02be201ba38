/* What tokens, sessions, keys, roles and staff look like in the API. */
#include "user/session.h"

#define F(s, member) offsetof(struct s, member)
#define IF_MATCH(s) {"if-match", SHAPE_STR, F(s, if_match), SHAPE_HEADER, .max = 60, .doc = "ETag of the version that is meant; absent: whatever it is now"}
#define NAMES(s, member, ...) SHAPE_LIST, F(s, member), .item = SHAPE_STR, __VA_ARGS__

enum { TOKEN_CHARS = 300 };
#define REFRESH_TOKEN_EXAMPLE "ses_01jd9v7q3e8m2k5x6r4t0w1y9z.p1Xq0nN6yQ7Zb3v1sYJt2Ap1Xq0nN6yQ7Zb3v1sYJt2"

/* --- tokens and sessions --- */
static const struct shape_field refresh_fields[] = {
    {"refresh_token", SHAPE_STR, F(refresh_in, refresh_token), .required = true, .max = TOKEN_CHARS, .doc = "The newest one that this client has",
     .example = REFRESH_TOKEN_EXAMPLE},
    {NULL}};
const struct shape refresh_in_shape = {"RefreshInput", refresh_fields, sizeof(struct refresh_in)};

static const char *const grant_types[] = {"refresh_token", NULL};
static const struct shape_field oauth_refresh_fields[] = {
    {"grant_type", SHAPE_ENUM, F(oauth_refresh_form, grant_type), .required = true, .values = grant_types, .doc = "RFC 6749 section 6"},
    {"refresh_token", SHAPE_STR, F(oauth_refresh_form, refresh_token), .required = true, .max = TOKEN_CHARS, .doc = "The newest one that this client has",
     .example = REFRESH_TOKEN_EXAMPLE},
    {NULL}};
const struct shape oauth_refresh_form_shape = {"OAuthRefreshForm", oauth_refresh_fields, sizeof(struct oauth_refresh_form)};

static const struct shape_field oauth_revoke_fields[] = {
    {"token", SHAPE_STR, F(oauth_revoke_form, token), .required = true, .doc = "An access token or a refresh token", .max = 4096, .example = REFRESH_TOKEN_EXAMPLE},
    {"token_type_hint", SHAPE_STR, F(oauth_revoke_form, token_type_hint), .doc = "Not needed: tokens are told apart", .example = "refresh_token"},
    {NULL}};
const struct shape oauth_revoke_form_shape = {"OAuthRevokeForm", oauth_revoke_fields, sizeof(struct oauth_revoke_form)};

static const char *const oauth_errors[] = {"invalid_request", "invalid_grant", "invalid_scope", "unsupported_grant_type", NULL};
static const struct shape_field oauth_error_fields[] = {
    {"error", SHAPE_ENUM, F(oauth_error, error), .required = true, .values = oauth_errors, .doc = "RFC 6749 section 5.2"},
    {"error_description", SHAPE_STR, F(oauth_error, error_description), .doc = "For people", .example = "refresh_token is missing"},
    {NULL}};
const struct shape oauth_error_shape = {"OAuthError", oauth_error_fields, sizeof(struct oauth_error)};

static const struct shape_field oauth_fields[] = {
    {"access_token", SHAPE_STR, F(oauth_tokens, access_token), .required = true, .doc = "JWT (ES256, RFC 9068)"},
    {"token_type", SHAPE_STR, F(oauth_tokens, token_type), .required = true, .doc = "Bearer"},
    {"expires_in", SHAPE_INT, F(oauth_tokens, expires_in), .required = true, .doc = "Seconds"},
    {"refresh_token", SHAPE_STR, F(oauth_tokens, refresh_token), .required = true, .doc = "Replaces the one that was sent"},
    {NULL}};
const struct shape oauth_tokens_shape = {"OAuthTokens", oauth_fields, sizeof(struct oauth_tokens)};

static const struct shape_field session_fields[] = {
    {"id", SHAPE_ID, F(session_info, id), .id = ID_session, .required = true, .doc = "The session"},
    {"kind", SHAPE_STR, F(session_info, kind_name), .required = true, .doc = "browser or app"},
    {"method", SHAPE_STR, F(session_info, method), .required = true, .doc = "password, passkey, oidc, cognito or link"},
    {"device", SHAPE_STR, F(session_info, device), .required = true, .doc = "Program and system, as far as they tell", .example = "Firefox on Linux"},
    {"place", SHAPE_STR, F(session_info, place), .required = true, .doc = "Network of the last use: its address without the end", .example = "203.0.113.0"},
    {"second_factor", SHAPE_BOOL, F(session_info, second_factor), .required = true, .doc = "Whether a second factor was shown"},
    {"current", SHAPE_BOOL, F(session_info, current), .required = true, .doc = "Whether this call belongs to it"},
    {"created_at", SHAPE_TIME, F(session_info, created_at), .required = true, .doc = "When it was opened"},
    {"last_used_at", SHAPE_TIME, F(session_info, last_used_at), .required = true, .doc = "Written at most once a minute; an app's when it refreshes"},
    {NULL}};
const struct shape session_info_shape = {"Session", session_fields, sizeof(struct session_info)};

static const struct shape_field session_key_fields[] = {
    {"id", SHAPE_ID, F(session_key_in, id), SHAPE_PATH, .id = ID_session, .required = true, .doc = "The session"}, {NULL}};
const struct shape session_key_shape = {"SessionKey", session_key_fields, sizeof(struct session_key_in)};

static const struct shape_field session_end_fields[] = {
    {"everywhere", SHAPE_BOOL, F(session_end_in, everywhere), SHAPE_QUERY, .doc = "This session, too"}, {NULL}};
const struct shape session_end_shape = {"SessionEndInput", session_end_fields, sizeof(struct session_end_in)};

/* --- lists --- */
static const struct shape_field page_fields[] = {
    {"cursor", SHAPE_STR, F(page_in, cursor), SHAPE_QUERY, .max = 60, .doc = "next_cursor of the page before"},
    {"limit", SHAPE_INT, F(page_in, limit), SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "How many"},
    {NULL}};
const struct shape page_in_shape = {"AdminPageInput", page_fields, sizeof(struct page_in)};

/* --- keys --- */
static const char *const kinds[] = {"secret", "publishable", NULL};
#define KEY_FIELDS \
    {"id", SHAPE_ID, F(api_key, id), .id = ID_api_key, .required = true, .doc = "The key"}, \
    {"kind", SHAPE_STR, F(api_key, kind), .required = true, .doc = "secret (sk_, a server's) or publishable (pk_, a page's)"}, \
    {"name", SHAPE_STR, F(api_key, name), .required = true, .doc = "What it is for"}, \
    {"state", SHAPE_STR, F(api_key, state), .required = true, .doc = "active, expired or revoked"}, \
    {"hint", SHAPE_STR, F(api_key, hint), .required = true, .doc = "Its last characters"}, \
    {"permissions", NAMES(api_key, permissions, .doc = "What it may do")}, \
    {"origins", NAMES(api_key, origins, .doc = "Where a publishable key may be used; none: anywhere")}, \
    {"created_by", SHAPE_STR, F(api_key, created_by), .required = true, .doc = "Who made it"}, \
    {"expires_at", SHAPE_TIME, F(api_key, expires_at), .nullable = true, .doc = "Its end; null: none"}, \
    {"last_used_at", SHAPE_TIME, F(api_key, last_used_at), .nullable = true, .doc = "Written at most once a minute; also when a key that is over was tried"}, \
    {"revoked_at", SHAPE_TIME, F(api_key, revoked_at), .nullable = true, .doc = "When it was taken back"}, \
    {"created_at", SHAPE_TIME, F(api_key, created_at), .required = true, .doc = "When it was made"}
static const struct shape_field api_key_fields[] = {KEY_FIELDS, {NULL}};
const struct shape api_key_shape = {"ApiKey", api_key_fields, sizeof(struct api_key)};
static const struct shape_field api_key_made_fields[] = {
    KEY_FIELDS, {"secret", SHAPE_STR, F(api_key, secret), .required = true, .doc = "The key itself: shown this once", .example = "sk_p1Xq0nN6yQ7Zb3v1sYJt2Ap1Xq0nN6yQ7Zb3v1sYJt2"},
    {NULL}};
const struct shape api_key_made_shape = {"ApiKeyMade", api_key_made_fields, sizeof(struct api_key)};

static const struct shape_field api_key_in_fields[] = {
    {"kind", SHAPE_ENUM, F(api_key_new, kind), .values = kinds, .required = true, .doc = "secret or publishable"},
    {"name", SHAPE_STR, F(api_key_new, name), .min = 1, .max = 80, .required = true, .doc = "What it is for", .example = "Warehouse system"},
    {"permissions", NAMES(api_key_new, permissions, .max = 64, .doc = "A secret key's: at most what its maker has")},
    {"origins", NAMES(api_key_new, origins, .max = API_KEY_ORIGINS_MAX, .doc = "A publishable key's: https://app.example")},
    {"expires_at", SHAPE_TIME, F(api_key_new, expires_at), .doc = "Its end"},
    {NULL}};
const struct shape api_key_in_shape = {"ApiKeyInput", api_key_in_fields, sizeof(struct api_key_new)};
static const struct shape_field api_key_key_fields[] = {
    {"id", SHAPE_ID, F(api_key_key_in, id), SHAPE_PATH, .id = ID_api_key, .required = true, .doc = "The key"}, {NULL}};
const struct shape api_key_key_shape = {"ApiKeyKey", api_key_key_fields, sizeof(struct api_key_key_in)};

/* --- roles --- */
static const struct shape_field permission_fields[] = {
    {"name", SHAPE_STR, F(permission_out, name), .required = true, .doc = "As roles and keys name it", .example = "read_orders"},
    {"description", SHAPE_STR, F(permission_out, description), .required = true, .doc = "What it allows"},
    {NULL}};
const struct shape permission_out_shape = {"Permission", permission_fields, sizeof(struct permission_out)};

static const struct shape_field role_fields[] = {
    {"id", SHAPE_ID, F(role, id), .id = ID_role, .required = true, .doc = "The role"},
    {"name", SHAPE_STR, F(role, name), .required = true, .doc = "Its name for programs; never changes", .example = "support"},
    {"title", SHAPE_STR, F(role, title), .required = true, .doc = "Its name for people"},
    {"permissions", NAMES(role, permissions, .required = true, .doc = "What it allows")},
    {"builtin", SHAPE_BOOL, F(role, builtin), .required = true, .doc = "Cannot be changed or removed"},
    {"members", SHAPE_INT, F(role, members), .required = true, .doc = "How many have it"},
    {"created_at", SHAPE_TIME, F(role, created_at), .required = true, .doc = "When it was made"},
    {"updated_at", SHAPE_TIME, F(role, updated_at), .required = true, .doc = "When it was changed last"},
    {NULL}};
const struct shape role_shape = {"Role", role_fields, sizeof(struct role)};

#define ROLE_TITLE(req) {"title", SHAPE_STR, F(role_body_in, title), .required = req, .min = 1, .max = 80, .doc = "Its name for people", .example = "Returns desk"}
#define ROLE_PERMISSIONS(req) {"permissions", NAMES(role_body_in, permissions, .required = req, .max = 64, .doc = "What it allows: at most what its maker has")}
static const struct shape_field role_add_fields[] = {
    {"name", SHAPE_STR, F(role_body_in, name), .required = true, .max = 40, .doc = "Small letters, digits, - and _", .example = "returns"}, ROLE_TITLE(true), ROLE_PERMISSIONS(true),
    {NULL}};
const struct shape role_add_shape = {"RoleInput", role_add_fields, sizeof(struct role_body_in)};
static const struct shape_field role_patch_fields[] = {
    {"id", SHAPE_ID, F(role_body_in, id), SHAPE_PATH, .id = ID_role, .required = true, .doc = "The role"}, IF_MATCH(role_body_in), ROLE_TITLE(false), ROLE_PERMISSIONS(false),
    {NULL}};
const struct shape role_patch_shape = {"RolePatch", role_patch_fields, sizeof(struct role_body_in)};
static const struct shape_field role_key_fields[] = {
    {"id", SHAPE_ID, F(role_key_in, id), SHAPE_PATH, .id = ID_role, .required = true, .doc = "The role"}, {NULL}};
const struct shape role_key_shape = {"RoleKey", role_key_fields, sizeof(struct role_key_in)};

/* --- staff --- */
static const struct shape_field staff_fields[] = {
    {"id", SHAPE_ID, F(staff, id), .id = ID_account, .required = true, .doc = "The account"},
    {"email", SHAPE_STR, F(staff, email), .nullable = true, .doc = "E-mail address"},
    {"name", SHAPE_STR, F(staff, name), .nullable = true, .doc = "Name"},
    {"status", SHAPE_STR, F(staff, status), .required = true, .doc = "active, disabled or erased"},
    {"roles", NAMES(staff, roles, .required = true, .doc = "Names of the roles")},
    {"permissions", NAMES(staff, permissions, .required = true, .doc = "What they allow together")},
    {"second_factor", SHAPE_BOOL, F(staff, second_factor), .required = true, .doc = "Whether a second factor is set up; without it nothing of this may be used"},
    {"last_sign_in_at", SHAPE_TIME, F(staff, last_sign_in_at), .nullable = true, .doc = "When the account signed in last"},
    {"created_at", SHAPE_TIME, F(staff, created_at), .required = true, .doc = "When the account began"},
    {NULL}};
const struct shape staff_shape = {"Staff", staff_fields, sizeof(struct staff)};
static const struct shape_field staff_key_fields[] = {
    {"id", SHAPE_ID, F(staff_key_in, id), SHAPE_PATH, .id = ID_account, .required = true, .doc = "The account"}, {NULL}};
const struct shape staff_key_shape = {"StaffKey", staff_key_fields, sizeof(struct staff_key_in)};
static const struct shape_field staff_patch_fields[] = {
    {"id", SHAPE_ID, F(staff_patch_in, id), SHAPE_PATH, .id = ID_account, .required = true, .doc = "The account"}, IF_MATCH(staff_patch_in),
    {"roles", NAMES(staff_patch_in, roles, .required = true, .min = 1, .max = 20, .doc = "Exactly these")},
    {NULL}};
const struct shape staff_patch_shape = {"StaffPatch", staff_patch_fields, sizeof(struct staff_patch_in)};

static const struct shape_field invite_fields[] = {
    {"email", SHAPE_STR, F(staff_invite_in, email), .required = true, .max = 320, .doc = "Who is invited", .example = "grace@example.com"},
    {"roles", NAMES(staff_invite_in, roles, .required = true, .min = 1, .max = 20, .doc = "Names of roles: at most what the inviter has")},
    {NULL}};
const struct shape staff_invite_shape = {"StaffInvitationInput", invite_fields, sizeof(struct staff_invite_in)};
static const struct shape_field invitation_fields[] = {
    {"id", SHAPE_ID, F(staff_invitation, id), .id = ID_challenge, .required = true, .doc = "The invitation"},
    {"email", SHAPE_STR, F(staff_invitation, email), .required = true, .doc = "Who is invited"},
    {"roles", NAMES(staff_invitation, roles, .required = true, .doc = "Names of roles")},
    {"expires_at", SHAPE_TIME, F(staff_invitation, expires_at), .required = true, .doc = "Until when its link works"},
    {NULL}};
const struct shape staff_invitation_shape = {"StaffInvitation", invitation_fields, sizeof(struct staff_invitation)};

#define LINK(s) {"link", SHAPE_STR, F(s, link), .required = true, .max = TOKEN_CHARS, .doc = "What the mail's address holds behind link=", .example = "chl_01jd9v7q3e8m2k5x6r4t0w1y9z.p1Xq0nN6yQ7Zb3v1sYJt2A"}
static const struct shape_field invitation_link_fields[] = {LINK(invitation_link_in), {NULL}};
const struct shape invitation_link_shape = {"InvitationLinkInput", invitation_link_fields, sizeof(struct invitation_link_in)};
static const struct shape_field invitation_accept_fields[] = {
    LINK(invitation_accept_in),
    {"name", SHAPE_STR, F(invitation_accept_in, name), .max = 100, .doc = "Name of a new account"},
    {"password", SHAPE_SECRET, F(invitation_accept_in, password), .required = true, .max = 1024, .doc = "Of a new account: chosen here; of one that exists: its present one"},
    {NULL}};
const struct shape invitation_accept_shape = {"InvitationAcceptInput", invitation_accept_fields, sizeof(struct invitation_accept_in)};
static const struct shape_field offer_fields[] = {
    {"email", SHAPE_STR, F(staff_offer, email), .required = true, .doc = "Who is invited"},
    {"roles", NAMES(staff_offer, roles, .required = true, .doc = "Names of roles")},
    {"known", SHAPE_BOOL, F(staff_offer, known), .required = true, .doc = "There is an account: its present password is asked for"},
    {NULL}};
const struct shape invitation_offer_shape = {"InvitationOffer", offer_fields, sizeof(struct staff_offer)};
