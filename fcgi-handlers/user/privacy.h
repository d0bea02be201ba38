/* What people may ask about their own data; customers and the audit trail for those who run the shop. */
#ifndef SOUK_USER_PRIVACY_H
#define SOUK_USER_PRIVACY_H

#include "json/shape.h"
#include "web/web.h"

struct data_ask_in { struct str kind; };
struct data_key_in { struct data_request_id id; struct str token; };
struct customer_list_in { struct str email, status, cursor; bool staff; int64_t limit; };
struct customer_key_in { struct account_id id; };
struct audit_list_in { struct str actor, action, object, cursor; usec_t since, until; int64_t limit; };

extern const struct shape data_request_shape, data_ask_in_shape, data_key_shape, data_link_shape;
extern const struct shape customer_shape, customer_list_in_shape, customer_key_shape, customer_erasure_shape;
extern const struct shape audit_row_shape, audit_list_in_shape;

/* --- api_privacy.c --- */
handler_fn api_data_ask, api_data_list, api_data_get, api_data_cancel, api_data_download, api_me_delete, page_export_download;
/* --- api_customer.c --- */
handler_fn api_customer_list, api_customer_get, api_customer_disable, api_customer_enable, api_customer_reset_mfa, api_customer_erase, api_audit_list;

#endif
