/* How to reach a person: checks and normal forms, so that one mailbox is one key for look-ups. */
#ifndef SOUK_DOMAIN_CONTACT_H
#define SOUK_DOMAIN_CONTACT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { EMAIL_MAX = 254, EMAIL_LOCAL_MAX = 64, PHONE_DIGITS_MIN = 6, PHONE_DIGITS_MAX = 15 };

/* A mailbox as people have one (RFC 5321 section 4.5.3.1 lengths, RFC 6531 letters beyond ASCII in the local part; no quoted local parts, no address literals):
 * trimmed (also of invisible characters that were copied along); the local part in NFC with its case, for delivery, with nothing that cannot be seen inside; the domain as A-labels in lower case ("BÜCHER.example" is "xn--bcher-kva.example"). */
bool email_normalise(struct arena *a, struct str in, struct str *ret_email);
/* The form that is hashed for look-ups, so that one mailbox is one key: the local part case-folded, the domain as above. Of ASCII addresses: lower case. What is no address
 * comes back in lower case. */
struct str email_key(struct arena *a, struct str email);

/* "+49 (0)30 / 123-45" becomes "+493012345"; without '+' the digits stay national. False when it is no number. */
bool phone_normalise(struct arena *a, struct str in, struct str *ret_phone);

#endif
