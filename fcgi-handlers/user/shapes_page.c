#include "user/page.h"

#define F(s, member) offsetof(struct s, member)
#define TEXT_IN(s, name_, doc_) {#name_, SHAPE_STR, F(s, name_), .max = 1000, .doc = doc_}
#define QUERY_IN(s, name_, doc_) {#name_, SHAPE_STR, F(s, name_), SHAPE_QUERY, .max = 1000, .doc = doc_}
#define SECRET_IN(s, name_, doc_) {#name_, SHAPE_SECRET, F(s, name_), .max = 1024, .doc = doc_}
#define SHAPE(var, title, fields, s) const struct shape var = {title, fields, sizeof(struct s)}

static const struct shape_field notice_fields[] = {
    QUERY_IN(page_notice_in, done, "What was just done"), QUERY_IN(page_notice_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_notice_shape, "PageNotice", notice_fields, page_notice_in);

static const struct shape_field sign_in_fields[] = {
    TEXT_IN(page_sign_in_in, email, "E-mail address"), SECRET_IN(page_sign_in_in, password, "Password"), TEXT_IN(page_sign_in_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_sign_in_shape, "PageSignIn", sign_in_fields, page_sign_in_in);

static const struct shape_field mfa_fields[] = {
    TEXT_IN(page_mfa_in, code, "Six digits or a recovery code"), TEXT_IN(page_mfa_in, trust, "Not again on this device"), TEXT_IN(page_mfa_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_mfa_shape, "PageSecondFactor", mfa_fields, page_mfa_in);

static const struct shape_field confirm_fields[] = {
    TEXT_IN(page_confirm_in, email, "For password managers"), SECRET_IN(page_confirm_in, password, "Password"), TEXT_IN(page_confirm_in, code, "Or a code"),
    TEXT_IN(page_confirm_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_confirm_shape, "PageConfirm", confirm_fields, page_confirm_in);

static const struct shape_field register_fields[] = {
    TEXT_IN(page_register_in, name, "Name"), TEXT_IN(page_register_in, email, "E-mail address"), SECRET_IN(page_register_in, password, "Password"),
    TEXT_IN(page_register_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_register_shape, "PageRegister", register_fields, page_register_in);

static const struct shape_field verify_fields[] = {
    QUERY_IN(page_verify_in, link, "Of the mail"), QUERY_IN(page_verify_in, done, "What was just done"), QUERY_IN(page_verify_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_verify_shape, "PageVerifyQuery", verify_fields, page_verify_in);
static const struct shape_field verify_post_fields[] = {TEXT_IN(page_verify_in, code, "Six digits"), TEXT_IN(page_verify_in, return_to, "Where to go then"), {NULL}};
SHAPE(page_verify_post_shape, "PageVerify", verify_post_fields, page_verify_in);

static const struct shape_field link_get_fields[] = {QUERY_IN(page_link_in, link, "Of the mail"), {NULL}};
SHAPE(page_link_get_shape, "PageLinkQuery", link_get_fields, page_link_in);
static const struct shape_field link_fields[] = {
    TEXT_IN(page_link_in, link, "Of the mail"), TEXT_IN(page_link_in, code, "Six digits"), SECRET_IN(page_link_in, password, "Password"),
    TEXT_IN(page_link_in, email, "For password managers; not used"), {NULL}};
SHAPE(page_link_shape, "PageLink", link_fields, page_link_in);

static const struct shape_field invitation_get_fields[] = {QUERY_IN(page_invitation_in, link, "Of the mail"), {NULL}};
SHAPE(page_invitation_get_shape, "PageInvitationQuery", invitation_get_fields, page_invitation_in);
static const struct shape_field invitation_fields[] = {TEXT_IN(page_invitation_in, link, "Of the mail"), TEXT_IN(page_invitation_in, name, "Name"),
    SECRET_IN(page_invitation_in, password, "Password"), TEXT_IN(page_invitation_in, email, "For password managers; not used"), {NULL}};
SHAPE(page_invitation_shape, "PageInvitation", invitation_fields, page_invitation_in);

static const struct shape_field email_fields[] = {TEXT_IN(page_email_in, email, "E-mail address"), {NULL}};
SHAPE(page_email_shape, "PageEmail", email_fields, page_email_in);

static const struct shape_field password_fields[] = {
    TEXT_IN(page_password_in, email, "For password managers"), SECRET_IN(page_password_in, present, "Present password"), SECRET_IN(page_password_in, fresh, "New password"), {NULL}};
SHAPE(page_password_shape, "PagePassword", password_fields, page_password_in);

static const struct shape_field profile_fields[] = {
    TEXT_IN(page_profile_in, name, "Name"), TEXT_IN(page_profile_in, phone, "Telephone"), TEXT_IN(page_profile_in, locale, "Language"),
    TEXT_IN(page_profile_in, version, "What the form was filled from"), {NULL}};
SHAPE(page_profile_shape, "PageProfile", profile_fields, page_profile_in);

static const struct shape_field address_key_fields[] = {
    {"id", SHAPE_ID, F(page_address_key, id), SHAPE_PATH, .id = ID_address, .required = true, .doc = "Which one"}, {NULL}};
SHAPE(page_address_key_shape, "PageAddressKey", address_key_fields, page_address_key);

#define ADDRESS_FIELDS \
    TEXT_IN(page_address_in, label, "What its owner calls it"), TEXT_IN(page_address_in, name, "Of the receiver"), TEXT_IN(page_address_in, company, "Company"), \
    TEXT_IN(page_address_in, line1, "Street and number"), TEXT_IN(page_address_in, line2, "Apartment, floor"), TEXT_IN(page_address_in, postal_code, "Postal code"), \
    TEXT_IN(page_address_in, city, "Town or city"), TEXT_IN(page_address_in, region, "State or province"), TEXT_IN(page_address_in, country, "Country"), \
    TEXT_IN(page_address_in, phone, "Telephone"), TEXT_IN(page_address_in, default_shipping, "For deliveries"), \
    TEXT_IN(page_address_in, default_billing, "For invoices"), TEXT_IN(page_address_in, version, "What the form was filled from")
static const struct shape_field address_new_fields[] = {ADDRESS_FIELDS, {NULL}};
SHAPE(page_address_new_shape, "PageAddressNew", address_new_fields, page_address_in);
static const struct shape_field address_change_fields[] = {
    {"id", SHAPE_ID, F(page_address_in, id), SHAPE_PATH, .id = ID_address, .required = true, .doc = "Which one"}, ADDRESS_FIELDS, {NULL}};
SHAPE(page_address_change_shape, "PageAddressChange", address_change_fields, page_address_in);

static const struct shape_field device_fields[] = {
    {"id", SHAPE_ID, F(page_device_in, id), SHAPE_PATH, .id = ID_session, .required = true, .doc = "Which one"}, {NULL}};
SHAPE(page_device_shape, "PageDevice", device_fields, page_device_in);

static const struct shape_field consents_fields[] = {
    {"granted", SHAPE_LIST, F(page_consents_in, granted), .item = SHAPE_STR, .max = 20, .doc = "Purposes that are allowed"},
    {"text", SHAPE_LIST, F(page_consents_in, texts), .item = SHAPE_STR, .max = 20, .doc = "purpose:version of each text that was shown"}, {NULL}};
SHAPE(page_consents_shape, "PageConsents", consents_fields, page_consents_in);

static const struct shape_field request_fields[] = {
    {"id", SHAPE_ID, F(page_request_in, id), SHAPE_PATH, .id = ID_data_request, .required = true, .doc = "Which one"}, {NULL}};
SHAPE(page_request_shape, "PageDataRequest", request_fields, page_request_in);
