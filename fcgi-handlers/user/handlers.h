/* Handlers of the user pool, by group. */
#ifndef SOUK_USER_HANDLERS_H
#define SOUK_USER_HANDLERS_H

#include "web/web.h"

/* --- api_me.c: the signed-in account --- */
handler_fn api_me_get;

#endif
