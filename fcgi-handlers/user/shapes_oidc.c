/* What sign-in with an outside identity takes and answers. */
#include "domain/return_to.h"
#include "user/oidc.h"

#define F(s, member) offsetof(struct s, member)

enum { NAME_CHARS = 40, STATE_CHARS = 600, CODE_CHARS = 2048, URL_CHARS = 400 };

#define PROVIDER(s) {"provider", SHAPE_STR, F(s, provider), SHAPE_PATH, .required = true, .min = 1, .max = NAME_CHARS, .doc = "The provider's name"}

static const struct shape_field start_fields[] = {
    PROVIDER(oidc_start_in),
    {"return_to", SHAPE_STR, F(oidc_start_in, return_to), SHAPE_QUERY, .max = RETURN_TO_MAX, .doc = "Where to go then: a path of this shop"},
    {NULL}};
const struct shape oidc_start_shape = {"OidcStart", start_fields, sizeof(struct oidc_start_in)};

static const struct shape_field confirm_fields[] = {
    PROVIDER(oidc_start_in), {"return_to", SHAPE_STR, F(oidc_start_in, return_to), .max = RETURN_TO_MAX, .doc = "Where to go then: a path of this shop"}, {NULL}};
const struct shape oidc_confirm_shape = {"OidcConfirm", confirm_fields, sizeof(struct oidc_start_in)};

static const struct shape_field callback_fields[] = {
    PROVIDER(oidc_callback_in),
    {"state", SHAPE_STR, F(oidc_callback_in, state), SHAPE_QUERY, .max = STATE_CHARS, .doc = "Signed; works once, in one browser"},
    {"code", SHAPE_STR, F(oidc_callback_in, code), SHAPE_QUERY, .max = CODE_CHARS, .doc = "The provider's code"},
    {"error", SHAPE_STR, F(oidc_callback_in, error), SHAPE_QUERY, .max = 100, .doc = "Why there is none (RFC 6749 section 4.1.2.1)"},
    {"iss", SHAPE_STR, F(oidc_callback_in, issuer), SHAPE_QUERY, .max = URL_CHARS, .doc = "Who answers (RFC 9207)"},
    {NULL}};
const struct shape oidc_callback_shape = {"OidcCallback", callback_fields, sizeof(struct oidc_callback_in)};

static const struct shape_field token_fields[] = {
    PROVIDER(oidc_token_in),
    {"code", SHAPE_STR, F(oidc_token_in, code), .required = true, .min = 1, .max = CODE_CHARS, .doc = "What the provider sent to the app's redirect address"},
    {"code_verifier", SHAPE_STR, F(oidc_token_in, code_verifier), .required = true, .min = 43, .max = 128, .doc = "Of the app's own PKCE pair (RFC 7636, S256)",
     .example = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
    {"redirect_uri", SHAPE_STR, F(oidc_token_in, redirect_uri), .required = true, .max = URL_CHARS, .doc = "Exactly as in the app's request; one of those that the shop allows",
     .example = "com.example.app:/signed-in"},
    {"nonce", SHAPE_STR, F(oidc_token_in, nonce), .max = 200, .doc = "Of the app's request; leave it out when that had none"},
    {"trusted_device", SHAPE_STR, F(oidc_token_in, trusted_device), .max = 200, .doc = "What an earlier second step answered: this device needs none"},
    {NULL}};
const struct shape oidc_token_shape = {"OidcCode", token_fields, sizeof(struct oidc_token_in)};

static const struct shape_field key_fields[] = {PROVIDER(oidc_provider_in), {NULL}};
const struct shape oidc_key_shape = {"OidcProviderKey", key_fields, sizeof(struct oidc_provider_in)};

static const struct shape_field outside_fields[] = {
    {"problem", SHAPE_STR, F(oidc_outside_in, problem), SHAPE_QUERY, .max = 40, .doc = "What went wrong"},
    {"provider", SHAPE_STR, F(oidc_outside_in, provider), SHAPE_QUERY, .max = NAME_CHARS, .doc = "At which provider"},
    {"return_to", SHAPE_STR, F(oidc_outside_in, return_to), SHAPE_QUERY, .max = RETURN_TO_MAX, .doc = "Where to go when it works"},
    {NULL}};
const struct shape oidc_outside_shape = {"OutsideProblem", outside_fields, sizeof(struct oidc_outside_in)};

static const struct shape_field provider_fields[] = {
    {"name", SHAPE_STR, F(identity_provider_info, name), .required = true, .doc = "In addresses", .example = "google"},
    {"label", SHAPE_STR, F(identity_provider_info, label), .required = true, .doc = "For the button", .example = "Google"},
    {"sign_in_path", SHAPE_STR, F(identity_provider_info, href), .required = true, .doc = "Browsers begin here", .example = "/v1/auth/oidc/google"},
    {"issuer", SHAPE_STR, F(identity_provider_info, issuer), .required = true, .doc = "Apps begin with its discovery document", .example = "https://accounts.google.com"},
    {"client_id", SHAPE_STR, F(identity_provider_info, client_id), .required = true, .doc = "What the provider calls this shop"},
    {"scopes", SHAPE_STR, F(identity_provider_info, scopes), .required = true, .doc = "To be asked for", .example = "openid email profile"},
    {NULL}};
const struct shape oidc_provider_shape = {"OidcProvider", provider_fields, sizeof(struct identity_provider_info)};

static const struct shape_field identity_fields[] = {
    {"provider", SHAPE_STR, F(identity_link, provider), .required = true, .doc = "The provider's name", .example = "google"},
    {"label", SHAPE_STR, F(identity_link, label), .required = true, .doc = "For people", .example = "Google"},
    {"kind", SHAPE_STR, F(identity_link, kind), .required = true, .doc = "oidc or cognito", .example = "oidc"},
    {"linked_at", SHAPE_TIME, F(identity_link, linked_at), .required = true},
    {"last_used_at", SHAPE_TIME, F(identity_link, last_used_at), .required = true},
    {"removable", SHAPE_BOOL, F(identity_link, removable), .required = true, .doc = "False: the only way into the account"},
    {NULL}};
const struct shape oidc_identity_shape = {"OutsideIdentity", identity_fields, sizeof(struct identity_link)};
