#include "service/audit.h"
#include "service/customer.h"
#include "service/privacy.h"
#include "user/privacy.h"

#define F(s, member) offsetof(struct s, member)

static const char *const kinds[] = {"export", "erase", NULL};
static const char *const request_states[] = {"queued", "waiting", "running", "telling", "ready", "done", "canceled", "expired", "failed", NULL};
static const char *const account_states[] = {"active", "disabled", "erased", NULL};

static const struct shape_field request_fields[] = {
    {"id", SHAPE_ID, F(data_request, id), .id = ID_data_request, .required = true},
    {"kind", SHAPE_ENUM, F(data_request, kind), .values = kinds, .required = true},
    {"status", SHAPE_ENUM, F(data_request, state), .values = request_states, .required = true,
     .doc = "An export: queued, ready, expired. An erasure: queued, waiting (for open orders), telling (the owner), done"},
    {"open_orders", SHAPE_INT, F(data_request, open_orders), .doc = "What an erasure waits for"},
    {"bytes", SHAPE_INT, F(data_request, bytes), .doc = "Size of the export"},
    {"can_cancel", SHAPE_BOOL, F(data_request, can_cancel), .required = true},
    {"download_path", SHAPE_STR, F(data_request, download_path), .nullable = true, .doc = "While an export is ready: opens it for whoever holds it"},
    {"created_at", SHAPE_TIME, F(data_request, created_at), .required = true},
    {"finished_at", SHAPE_TIME, F(data_request, finished_at), .nullable = true},
    {"expires_at", SHAPE_TIME, F(data_request, expires_at), .nullable = true, .doc = "Until when the export can be fetched"},
    {NULL}};
const struct shape data_request_shape = {"DataRequest", request_fields, sizeof(struct data_request)};

static const struct shape_field ask_fields[] = {
    {"kind", SHAPE_ENUM, F(data_ask_in, kind), .values = kinds, .required = true, .doc = "export: everything about you in one file; erase: forget me"}, {NULL}};
const struct shape data_ask_in_shape = {"DataRequestInput", ask_fields, sizeof(struct data_ask_in)};

#define REQUEST_PATH {"id", SHAPE_ID, F(data_key_in, id), SHAPE_PATH, .id = ID_data_request, .required = true, .doc = "Which one"}
static const struct shape_field key_fields[] = {REQUEST_PATH, {NULL}};
const struct shape data_key_shape = {"DataRequestKey", key_fields, sizeof(struct data_key_in)};
static const struct shape_field link_fields[] = {
    REQUEST_PATH, {"t", SHAPE_STR, F(data_key_in, token), SHAPE_QUERY, .max = 400, .required = true, .doc = "The link's signature"}, {NULL}};
const struct shape data_link_shape = {"DataRequestLink", link_fields, sizeof(struct data_key_in)};

/* --- customers ------------------------------------------------------------------------------------------------------------------------ */

static const struct shape_field customer_fields[] = {
    {"id", SHAPE_ID, F(customer, id), .id = ID_account, .required = true},
    {"email", SHAPE_STR, F(customer, email), .nullable = true},
    {"email_verified", SHAPE_BOOL, F(customer, email_verified), .required = true},
    {"name", SHAPE_STR, F(customer, name), .nullable = true},
    {"phone", SHAPE_STR, F(customer, phone), .nullable = true},
    {"locale", SHAPE_STR, F(customer, locale), .nullable = true},
    {"status", SHAPE_ENUM, F(customer, status), .values = account_states, .required = true},
    {"staff", SHAPE_BOOL, F(customer, staff), .required = true},
    {"has_password", SHAPE_BOOL, F(customer, has_password), .required = true},
    {"second_factor", SHAPE_BOOL, F(customer, second_factor), .required = true},
    {"version", SHAPE_INT, F(customer, version), .required = true},
    {"orders", SHAPE_INT, F(customer, orders), .required = true},
    {"open_orders", SHAPE_INT, F(customer, open_orders), .required = true, .doc = "Unpaid, or not completed"},
    {"sessions", SHAPE_INT, F(customer, sessions), .required = true, .doc = "Devices that are signed in"},
    {"created_at", SHAPE_TIME, F(customer, created_at), .required = true},
    {"last_sign_in_at", SHAPE_TIME, F(customer, last_sign_in_at), .nullable = true},
    {NULL}};
const struct shape customer_shape = {"Customer", customer_fields, sizeof(struct customer)};

static const struct shape_field customer_list_fields[] = {
    {"email", SHAPE_STR, F(customer_list_in, email), SHAPE_QUERY, .max = 254, .doc = "Exactly this address; there is no search by parts of it"},
    {"status", SHAPE_ENUM, F(customer_list_in, status), SHAPE_QUERY, .values = account_states, .doc = "Only these"},
    {"staff", SHAPE_BOOL, F(customer_list_in, staff), SHAPE_QUERY, .doc = "Only those who work for the shop"},
    {"limit", SHAPE_INT, F(customer_list_in, limit), SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "How many"},
    {"cursor", SHAPE_STR, F(customer_list_in, cursor), SHAPE_QUERY, .max = 400, .doc = "next_cursor of the page before"},
    {NULL}};
const struct shape customer_list_in_shape = {"CustomerQuery", customer_list_fields, sizeof(struct customer_list_in)};
static const struct shape_field customer_key_fields[] = {
    {"id", SHAPE_ID, F(customer_key_in, id), SHAPE_PATH, .id = ID_account, .required = true, .doc = "Whose"}, {NULL}};
const struct shape customer_key_shape = {"CustomerKey", customer_key_fields, sizeof(struct customer_key_in)};

static const struct shape_field erasure_fields[] = {
    {"id", SHAPE_ID, F(data_request, id), .id = ID_data_request, .required = true},
    {"status", SHAPE_ENUM, F(data_request, state), .values = request_states, .required = true},
    {"open_orders", SHAPE_INT, F(data_request, open_orders), .doc = "What it waits for"},
    {"created_at", SHAPE_TIME, F(data_request, created_at), .required = true},
    {NULL}};
const struct shape customer_erasure_shape = {"CustomerErasure", erasure_fields, sizeof(struct data_request)};

/* --- the audit trail ------------------------------------------------------------------------------------------------------------------- */

static const struct shape_field audit_fields[] = {
    {"id", SHAPE_STR, F(audit_row, id), .required = true},
    {"number", SHAPE_INT, F(audit_row, number), .doc = "In the chain; 0 for the second that a row is not chained yet"},
    {"actor", SHAPE_STR, F(audit_row, actor), .required = true, .example = "acc_01j00000000000000000000000"},
    {"action", SHAPE_STR, F(audit_row, action), .required = true, .example = "session.opened"},
    {"object_type", SHAPE_STR, F(audit_row, object_type), .nullable = true},
    {"object_id", SHAPE_STR, F(audit_row, object), .nullable = true},
    {"detail", SHAPE_JSON, F(audit_row, detail), .required = true},
    {"request_id", SHAPE_STR, F(audit_row, request_id), .nullable = true},
    {"trace_id", SHAPE_STR, F(audit_row, trace_id), .nullable = true},
    {"created_at", SHAPE_TIME, F(audit_row, created_at), .required = true},
    {NULL}};
const struct shape audit_row_shape = {"AuditRow", audit_fields, sizeof(struct audit_row)};
static const struct shape_field audit_list_fields[] = {
    {"actor", SHAPE_STR, F(audit_list_in, actor), SHAPE_QUERY, .max = 60, .doc = "Who did it"},
    {"action", SHAPE_STR, F(audit_list_in, action), SHAPE_QUERY, .max = 80, .doc = "What was done; \"session.*\" is everything that begins so"},
    {"object", SHAPE_STR, F(audit_list_in, object), SHAPE_QUERY, .max = 60, .doc = "The id of what it was done to"},
    {"since", SHAPE_TIME, F(audit_list_in, since), SHAPE_QUERY, .doc = "From this time on"},
    {"until", SHAPE_TIME, F(audit_list_in, until), SHAPE_QUERY, .doc = "Before this time"},
    {"limit", SHAPE_INT, F(audit_list_in, limit), SHAPE_QUERY, .min = 1, .max = 100, .def = 20, .doc = "How many"},
    {"cursor", SHAPE_STR, F(audit_list_in, cursor), SHAPE_QUERY, .max = 400, .doc = "next_cursor of the page before"},
    {NULL}};
const struct shape audit_list_in_shape = {"AuditQuery", audit_list_fields, sizeof(struct audit_list_in)};
