/* Brute force: tries are counted in PostgreSQL before they are looked at, in one statement, so 500 at once get no more than 500 in turn, with or without Redis.
 *
 * A key is a keyed hash of what is counted (an address, known or not; a network), so the table names nobody. After `free` tries each further one locks the key for
 * 1, 2, 4 … seconds, 15 minutes at most; a key that was left alone for a day begins anew. Business time. */
#ifndef SOUK_SERVICE_THROTTLE_H
#define SOUK_SERVICE_THROTTLE_H

#include "service/call.h"

enum { THROTTLE_FREE = 5,                    /* tries of one account before it locks */
       THROTTLE_NETWORK_FREE = 100,          /* of one network (IPv4 address, IPv6 /64) */
       THROTTLE_NETWORK_REFILL_S = 6,        /* a network forgets one try in this time */
       THROTTLE_MAX_S = 900 };

/* Counts a try for `what` ("login", "confirm", "mail" …) at `whom` (bytes that name an account or address; absent: only the network is counted) and at call->client.
 * PROBLEM_TOO_MANY_TRIES with retry_after_s; then nothing was counted. Not inside a transaction. */
MUST_CHECK bool throttle_try(struct call *c, const char *what, struct str whom, struct err *e);
/* It was right: forgets the tries at `whom` and takes the one back at the network. Inside or outside a transaction. */
MUST_CHECK bool throttle_clear(struct call *c, const char *what, struct str whom, struct err *e);
/* The try was counted but never looked at (nobody was free to do it): it goes back. */
MUST_CHECK bool throttle_undo(struct call *c, const char *what, struct str whom, struct err *e);
/* After a try that failed. True when the tries at `whom` are used up and nobody was told yet: the caller tells the owner, once until the tries are forgotten. */
MUST_CHECK bool throttle_tell(struct call *c, const char *what, struct str whom, bool *ret_tell, struct err *e);
/* 32 bytes; the key of identity.throttle. */
struct str throttle_key(struct call *c, const char *what, struct str whom);
/* "203.0.113.9", "2001:db8:1:2::/64"; text that is no address stays as it is. */
struct str throttle_network(struct arena *a, struct str client);

#endif
