/* What the account's pages take: everything as it was typed, so that a form can show it again. */
#ifndef SOUK_USER_PAGE_H
#define SOUK_USER_PAGE_H

#include "json/shape.h"

struct page_notice_in { struct str done, return_to; };
struct page_sign_in_in { struct str email, password, return_to; };
struct page_mfa_in { struct str code, return_to, trust; };
struct page_confirm_in { struct str email, password, code, return_to; };
struct page_register_in { struct str name, email, password, return_to; };
struct page_verify_in { struct str code, return_to, link, done; };
struct page_link_in { struct str link, password, code, email; };
struct page_invitation_in { struct str link, name, password, email; };
struct page_email_in { struct str email; };
struct page_password_in { struct str email, present, fresh; };
struct page_profile_in { struct str name, phone, locale, version; };
struct page_address_key { struct address_id id; };
struct page_address_in {
    struct address_id id;
    struct str label, name, company, line1, line2, postal_code, city, region, country, phone, default_shipping, default_billing, version;
};
struct page_device_in { struct session_id id; };
struct page_consents_in { struct shape_list granted, texts; };      /* of struct str: purposes; "purpose:version" of what was shown */
struct page_request_in { struct data_request_id id; };

extern const struct shape page_notice_shape, page_sign_in_shape, page_mfa_shape, page_confirm_shape, page_register_shape, page_verify_shape, page_verify_post_shape,
    page_invitation_get_shape, page_invitation_shape, page_link_get_shape, page_link_shape, page_email_shape, page_password_shape, page_profile_shape, page_address_key_shape, page_address_new_shape,
    page_address_change_shape, page_device_shape, page_consents_shape, page_request_shape;

#endif
