/* What the user pool's routes take and answer. */
#ifndef SOUK_USER_SHAPES_H
#define SOUK_USER_SHAPES_H

#include "domain/address.h"
#include "json/shape.h"

extern const struct shape account_shape;

/* --- shapes_profile.c --- */
struct me_patch_in { struct str if_match, name, phone, locale; };
struct address_in { struct address_id id; struct str if_match, label, phone; const struct address *address; bool default_shipping, default_billing; };
struct consent_in { struct str purpose; bool granted; int64_t text_version; };
extern const struct shape me_patch_in_shape;
extern const struct shape book_address_shape, address_add_in_shape, address_patch_in_shape, address_key_shape;
extern const struct shape consent_shape, consent_in_shape;

#endif
