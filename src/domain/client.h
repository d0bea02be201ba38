/* What we keep of where a request came from: enough for its owner to know it again ("Firefox on Linux", "203.0.113.0"), too little to find anybody. Pure. */
#ifndef SOUK_DOMAIN_CLIENT_H
#define SOUK_DOMAIN_CLIENT_H

#include "base/arena.h"
#include "base/str.h"

/* "Firefox on Linux"; "" when nothing is known. At most 80 characters. */
struct str client_device(struct arena *a, struct str user_agent);
/* The last byte of an IPv4 address is 0, of IPv6 the first three groups stay: "203.0.113.0", "2001:db8:7::". "" for anything else. */
struct str client_place(struct arena *a, struct str address);

#endif
