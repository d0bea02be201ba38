/* Handlers of the user pool, by group. */
#ifndef SOUK_USER_HANDLERS_H
#define SOUK_USER_HANDLERS_H

#include "web/web.h"

/* --- api_profile.c: the signed-in account, its addresses, consents, preferences --- */
handler_fn api_me_get, api_me_patch;
handler_fn api_address_list, api_address_add, api_address_get, api_address_patch, api_address_delete;
handler_fn api_consent_list, api_consent_put, api_preferences_get, api_preferences_put;

#endif
