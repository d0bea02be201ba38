/* How to reach a person: checks and normal forms, so that one mailbox is one key for look-ups. */
#ifndef SOUK_DOMAIN_CONTACT_H
#define SOUK_DOMAIN_CONTACT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { EMAIL_MAX = 254, EMAIL_LOCAL_MAX = 64, PHONE_DIGITS_MIN = 6, PHONE_DIGITS_MAX = 15 };

/* A mailbox as people have one (RFC 5321 section 4.5.3.1 lengths, RFC 6531 letters beyond ASCII in the local part; no quoted
 * local parts, no address literals): trimmed, domain in lower case. The local part keeps its case for delivery. */
bool email_normalise(struct arena *a, struct str in, struct str *ret_email);
/* The form that is hashed for look-ups: all ASCII letters in lower case. Takes a normalised address. */
struct str email_key(struct arena *a, struct str email);

/* "+49 (0)30 / 123-45" becomes "+493012345"; without '+' the digits stay national. False when it is no number. */
bool phone_normalise(struct arena *a, struct str in, struct str *ret_phone);

#endif
