/* What registration, sign-in and recovery take and answer. */
#include "user/auth.h"

#define F(s, member) offsetof(struct s, member)

enum { PASSWORD_CHARS = 1024, TOKEN_CHARS = 200 };       /* the rules for new passwords are the service's */

#define EMAIL(s, member) {"email", SHAPE_STR, F(s, member), .required = true, .max = 320, .doc = "E-mail address", .example = "ada@example.com"}
#define VERIFICATION(s, ...) {"verification", SHAPE_STR, F(s, verification), .max = TOKEN_CHARS, .doc = "What the first step answered", .example = "chl_01jd9v7q3e8m2k5x6r4t0w1y9z.p1Xq0nN6yQ7Zb3v1sYJt2A", __VA_ARGS__}
#define CODE(s, ...) {"code", SHAPE_STR, F(s, code), .max = 40, .doc = "The six digits of the mail", .example = "123456", __VA_ARGS__}
#define LINK(s, ...) {"link", SHAPE_STR, F(s, link), .max = TOKEN_CHARS, .doc = "What the mail's address holds behind link=", .example = "chl_01jd9v7q3e8m2k5x6r4t0w1y9z.p1Xq0nN6yQ7Zb3v1sYJt2A", __VA_ARGS__}

static const struct shape_field register_fields[] = {
    EMAIL(auth_register_in, email),
    {"password", SHAPE_SECRET, F(auth_register_in, password), .required = true, .max = PASSWORD_CHARS, .doc = "8 to 256 characters, not a common one", .example = "seven green teapots"},
    {"name", SHAPE_STR, F(auth_register_in, name), .max = 100, .doc = "Name"},
    {"locale", SHAPE_STR, F(auth_register_in, locale), .max = 35, .doc = "Language of mails (BCP 47)", .example = "de-AT"},
    {NULL}};
const struct shape auth_register_shape = {"RegisterInput", register_fields, sizeof(struct auth_register_in)};

static const struct shape_field verification_fields[] = {VERIFICATION(auth_verification_in, .required = true), {NULL}};
const struct shape auth_verification_shape = {"VerificationInput", verification_fields, sizeof(struct auth_verification_in)};

static const struct shape_field verify_fields[] = {
    VERIFICATION(auth_verify_in), CODE(auth_verify_in), LINK(auth_verify_in),
    {"password", SHAPE_SECRET, F(auth_verify_in, password), .max = PASSWORD_CHARS, .doc = "With a link but without the verification: the password that was chosen"},
    {NULL}};
const struct shape auth_verify_shape = {"VerifyEmailInput", verify_fields, sizeof(struct auth_verify_in)};

static const struct shape_field login_fields[] = {
    EMAIL(auth_login_in, email),
    {"password", SHAPE_SECRET, F(auth_login_in, password), .required = true, .max = PASSWORD_CHARS, .doc = "Password", .example = "seven green teapots"},
    {"trusted_device", SHAPE_STR, F(auth_login_in, trusted_device), .max = TOKEN_CHARS, .doc = "What an earlier second step answered: this device needs none"},
    {NULL}};
const struct shape auth_login_shape = {"LoginInput", login_fields, sizeof(struct auth_login_in)};

static const struct shape_field mfa_fields[] = {
    {"mfa_token", SHAPE_STR, F(auth_mfa_in, mfa_token), .required = true, .max = TOKEN_CHARS, .doc = "What the sign-in answered"},
    {"code", SHAPE_STR, F(auth_mfa_in, code), .required = true, .max = 40, .doc = "Six digits of the app, or a recovery code", .example = "123456"},
    {"trust_device", SHAPE_BOOL, F(auth_mfa_in, trust_device), .doc = "Ask no second factor of this device for 30 days"},
    {NULL}};
const struct shape auth_mfa_shape = {"MfaInput", mfa_fields, sizeof(struct auth_mfa_in)};

static const struct shape_field email_fields[] = {EMAIL(auth_email_in, email), {NULL}};
const struct shape auth_email_shape = {"EmailInput", email_fields, sizeof(struct auth_email_in)};

static const struct shape_field link_fields[] = {LINK(auth_link_in, .required = true), {NULL}};
const struct shape auth_link_shape = {"LinkInput", link_fields, sizeof(struct auth_link_in)};

static const struct shape_field reset_fields[] = {
    LINK(auth_reset_in, .required = true),
    {"password", SHAPE_SECRET, F(auth_reset_in, password), .required = true, .max = PASSWORD_CHARS, .doc = "The new one: 8 to 256 characters, not a common one"},
    {NULL}};
const struct shape auth_reset_shape = {"PasswordResetInput", reset_fields, sizeof(struct auth_reset_in)};

static const struct shape_field password_fields[] = {
    {"current_password", SHAPE_SECRET, F(auth_password_in, current_password), .max = PASSWORD_CHARS, .doc = "The present one; needed when there is one"},
    {"password", SHAPE_SECRET, F(auth_password_in, password), .required = true, .max = PASSWORD_CHARS, .doc = "The new one: 8 to 256 characters, not a common one"},
    {NULL}};
const struct shape auth_password_shape = {"PasswordChangeInput", password_fields, sizeof(struct auth_password_in)};

static const struct shape_field confirm_fields[] = {
    {"password", SHAPE_SECRET, F(auth_confirm_in, password), .max = PASSWORD_CHARS, .doc = "The account's password, or"},
    {"code", SHAPE_STR, F(auth_confirm_in, code), .max = 40, .doc = "six digits of the app, or a recovery code", .example = "123456"},
    {NULL}};
const struct shape auth_confirm_shape = {"ConfirmInput", confirm_fields, sizeof(struct auth_confirm_in)};

static const struct shape_field email_confirm_fields[] = {VERIFICATION(auth_email_confirm_in, .required = true), CODE(auth_email_confirm_in, .required = true), {NULL}};
const struct shape auth_email_confirm_shape = {"EmailConfirmInput", email_confirm_fields, sizeof(struct auth_email_confirm_in)};

static const struct shape_field tokens_fields[] = {
    {"access_token", SHAPE_STR, F(auth_tokens, access_token), .doc = "JWT (ES256) for Authorization: Bearer; absent while a second factor is owed"},
    {"token_type", SHAPE_STR, F(auth_tokens, token_type), .doc = "Bearer"},
    {"expires_in", SHAPE_OPT_INT, F(auth_tokens, expires_in), .doc = "Seconds that the access token lives"},
    {"refresh_token", SHAPE_STR, F(auth_tokens, refresh_token), .doc = "For POST /v1/auth/refresh; each is good once"},
    {"account_id", SHAPE_ID, F(auth_tokens, account), .id = ID_account, .doc = "Who signed in"},
    {"mfa_required", SHAPE_BOOL, F(auth_tokens, mfa_required), .required = true, .doc = "A second factor is owed: POST /v1/auth/mfa"},
    {"mfa_token", SHAPE_STR, F(auth_tokens, mfa_token), .doc = "For that step; lives 10 minutes, allows 5 tries"},
    {"mfa_setup_needed", SHAPE_BOOL, F(auth_tokens, mfa_setup_needed), .required = true, .doc = "Staff without a second factor: may do nothing but set one up"},
    {"trusted_device", SHAPE_STR, F(auth_tokens, trusted_device), .doc = "Goes with the next sign-ins of this device"},
    {NULL}};
const struct shape auth_tokens_shape = {"Tokens", tokens_fields, sizeof(struct auth_tokens)};

static const struct shape_field pending_fields[] = {
    {"verification", SHAPE_STR, F(auth_pending, verification), .required = true, .doc = "A secret of this client: goes with the code of the mail"},
    {"code_expires_in", SHAPE_INT, F(auth_pending, code_expires_in), .required = true, .doc = "Seconds that the code is good for", .example = "900"},
    {NULL}};
const struct shape auth_pending_shape = {"PendingVerification", pending_fields, sizeof(struct auth_pending)};
