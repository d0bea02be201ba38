/* What profile, addresses, consents and preferences take and answer. */
#include "service/address_book.h"
#include "service/consent.h"
#include "service/profile.h"
#include "user/shapes.h"

#define F(s, member) offsetof(struct s, member)

static const char *const locales[] = {
#define LOCALE(tag, ...) tag,
#include "html/locale.def"
#undef LOCALE
    NULL};

#define IF_MATCH(s) {"if-match", SHAPE_STR, F(s, if_match), SHAPE_HEADER, .max = 60, .doc = "ETag of the version that is meant; absent: whatever it is now"}

static const struct shape_field me_patch_fields[] = {
    IF_MATCH(me_patch_in),
    {"name", SHAPE_STR, F(me_patch_in, name), .max = 400, .doc = "Name; an empty text removes it", .example = "Ada Example"},
    {"phone", SHAPE_STR, F(me_patch_in, phone), .max = 40, .doc = "Phone number; an empty text removes it", .example = "+493012345"},
    {"locale", SHAPE_ENUM, F(me_patch_in, locale), .values = locales, .doc = "Language and region of pages and mails"},
    {NULL}};
const struct shape me_patch_in_shape = {"ProfilePatch", me_patch_fields, sizeof(struct me_patch_in)};

/* Lengths, required fields and postal codes are rules of domain/address; here only what is absurd is refused. */
static const struct shape_field postal_fields[] = {
    {"name", SHAPE_STR, F(address, name), .max = 400, .example = "Ada Example", .doc = "Of the receiver"},
    {"company", SHAPE_STR, F(address, company), .max = 400, .nullable = true, .doc = "Company"},
    {"line1", SHAPE_STR, F(address, line1), .max = 400, .example = "Example Street 1", .doc = "Street and number"},
    {"line2", SHAPE_STR, F(address, line2), .max = 400, .nullable = true, .doc = "Apartment, floor"},
    {"postal_code", SHAPE_STR, F(address, postal_code), .max = 40, .nullable = true, .example = "10115", .doc = "As the country writes it; not every country has them"},
    {"city", SHAPE_STR, F(address, city), .max = 400, .example = "Berlin", .doc = "Town or city"},
    {"region", SHAPE_STR, F(address, region), .max = 400, .nullable = true, .doc = "State, province; required where the country wants one"},
    {"country", SHAPE_STR, F(address, country), .max = 2, .doc = "ISO 3166-1 alpha-2", .example = "DE"},
    {NULL}};
static const struct shape postal_shape = {"Address", postal_fields, sizeof(struct address)};

static const struct shape_field book_fields[] = {
    {"id", SHAPE_ID, F(book_address, id), .id = ID_address, .required = true},
    {"version", SHAPE_INT, F(book_address, version), .required = true},
    {"label", SHAPE_STR, F(book_address, label), .nullable = true, .doc = "What its owner calls it", .example = "Home"},
    {"address", SHAPE_OBJECT, F(book_address, address), .sub = &postal_shape, .required = true},
    {"phone", SHAPE_STR, F(book_address, phone), .nullable = true, .doc = "For questions on the way"},
    {"default_shipping", SHAPE_BOOL, F(book_address, default_shipping), .required = true},
    {"default_billing", SHAPE_BOOL, F(book_address, default_billing), .required = true},
    {"created_at", SHAPE_TIME, F(book_address, created_at)},
    {"updated_at", SHAPE_TIME, F(book_address, updated_at)},
    {NULL}};
const struct shape book_address_shape = {"BookAddress", book_fields, sizeof(struct book_address)};

#define ADDRESS_PATH {"id", SHAPE_ID, F(address_in, id), SHAPE_PATH, .id = ID_address, .required = true, .doc = "Which one"}
#define ADDRESS_BODY(need) \
    {"label", SHAPE_STR, F(address_in, label), .max = 200, .doc = "What its owner calls it", .example = "Home"}, \
    {"phone", SHAPE_STR, F(address_in, phone), .max = 40, .doc = "For questions on the way"}, \
    {"address", SHAPE_OBJECT, F(address_in, address), .sub = &postal_shape, .required = need, .doc = "The whole address"}, \
    {"default_shipping", SHAPE_BOOL, F(address_in, default_shipping), .doc = "Take this one for shipping unless another is chosen; it can be given, not taken"}, \
    {"default_billing", SHAPE_BOOL, F(address_in, default_billing), .doc = "Take this one for billing unless another is chosen; it can be given, not taken"}

static const struct shape_field address_add_fields[] = {ADDRESS_BODY(true), {NULL}};
const struct shape address_add_in_shape = {"BookAddressInput", address_add_fields, sizeof(struct address_in)};
static const struct shape_field address_patch_fields[] = {ADDRESS_PATH, IF_MATCH(address_in), ADDRESS_BODY(false), {NULL}};
const struct shape address_patch_in_shape = {"BookAddressPatch", address_patch_fields, sizeof(struct address_in)};
static const struct shape_field address_key_fields[] = {ADDRESS_PATH, {NULL}};
const struct shape address_key_shape = {"BookAddressKey", address_key_fields, sizeof(struct address_in)};

static const struct shape_field event_fields[] = {
    {"id", SHAPE_ID, F(consent_event, id), .id = ID_consent, .required = true},
    {"granted", SHAPE_BOOL, F(consent_event, granted), .required = true},
    {"text_version", SHAPE_INT, F(consent_event, text_version), .required = true},
    {"source", SHAPE_STR, F(consent_event, source), .required = true, .doc = "Where it was said", .example = "account"},
    {"at", SHAPE_TIME, F(consent_event, at), .required = true},
    {NULL}};
static const struct shape event_shape = {"ConsentEvent", event_fields, sizeof(struct consent_event)};
static const struct shape_field consent_fields[] = {
    {"purpose", SHAPE_STR, F(consent, purpose), .required = true, .example = "newsletter"},
    {"granted", SHAPE_BOOL, F(consent, granted), .required = true, .doc = "What holds now, for the present text"},
    {"text_version", SHAPE_INT, F(consent, text_version), .required = true, .doc = "Of the present text: send it back with a consent"},
    {"since", SHAPE_TIME, F(consent, since), .nullable = true, .doc = "When the last word was said"},
    {"history", SHAPE_LIST, F(consent, history), .sub = &event_shape, .required = true, .doc = "Newest first"},
    {NULL}};
const struct shape consent_shape = {"Consent", consent_fields, sizeof(struct consent)};
static const struct shape_field consent_in_fields[] = {
    {"purpose", SHAPE_STR, F(consent_in, purpose), SHAPE_PATH, .max = 40, .required = true, .doc = "What for"},
    {"granted", SHAPE_BOOL, F(consent_in, granted), .required = true, .doc = "Given, or taken back"},
    {"text_version", SHAPE_INT, F(consent_in, text_version), .max = 10000, .doc = "Of the text that was shown; required when consent is given"},
    {NULL}};
const struct shape consent_in_shape = {"ConsentInput", consent_in_fields, sizeof(struct consent_in)};
