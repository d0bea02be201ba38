/* The user pool: accounts, sessions, profile. */
#ifndef SOUK_USER_POOL_H
#define SOUK_USER_POOL_H

#include "web/web.h"

extern const struct pool_spec pool_user;

#endif
