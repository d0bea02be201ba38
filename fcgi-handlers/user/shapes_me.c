#include "service/account.h"
#include "user/shapes.h"

#define AT(member) offsetof(struct account, member)
static const struct shape_field account_fields[] = {
    {"id", SHAPE_ID, AT(id), .id = ID_account, .required = true, .doc = "The account"},
    {"email", SHAPE_STR, AT(email), .nullable = true, .doc = "The e-mail address"},
    {"email_verified", SHAPE_BOOL, AT(email_verified), .required = true, .doc = "Whether its owner proved to read it"},
    {"name", SHAPE_STR, AT(name), .nullable = true, .doc = "Name"},
    {"phone", SHAPE_STR, AT(phone), .nullable = true, .doc = "Phone number"},
    {"locale", SHAPE_STR, AT(locale), .nullable = true, .doc = "Language (BCP 47)"},
    {"staff", SHAPE_BOOL, AT(staff), .required = true, .doc = "Whether the account works for the shop"},
    {"has_password", SHAPE_BOOL, AT(has_password), .required = true, .doc = "False: signs in by other means only"},
    {"second_factor", SHAPE_BOOL, AT(second_factor), .required = true, .doc = "Whether a second factor is set up"},
    {"version", SHAPE_INT, AT(version), .required = true, .doc = "Counts changes of the profile"},
    {"created_at", SHAPE_TIME, AT(created_at), .required = true, .doc = "When the account began"},
    {NULL}};
const struct shape account_shape = {"Account", account_fields, sizeof(struct account)};
