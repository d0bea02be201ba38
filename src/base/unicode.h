/* Unicode as security needs it: one form for each password, one key for each mailbox. The only place with utf8proc and libidn2. */
#ifndef SOUK_BASE_UNICODE_H
#define SOUK_BASE_UNICODE_H

#include "base/arena.h"
#include "base/str.h"

/* NFC (Unicode Standard Annex 15). False for invalid UTF-8. */
bool unicode_nfc(struct arena *a, struct str s, struct str *ret_text);
/* For comparison only: NFC, full case folding ("Straße" and "STRASSE" are one), NFC again. False for invalid UTF-8. */
bool unicode_fold(struct arena *a, struct str s, struct str *ret_text);
/* For sorting only: letters without marks and case ("Österreich" is "osterreich"). Invalid UTF-8 comes back as it is. */
struct str unicode_sort_key(struct arena *a, struct str s);
/* A password as the OpaqueString profile wants it (RFC 8265 section 4.2): other blanks become U+0020, then NFC; case and width stay. False for the empty string,
 * control characters, noncharacters, surrogates and invalid UTF-8. */
bool unicode_opaque(struct arena *a, struct str s, struct str *ret_text);
/* Nothing but what can be seen where it stands: no blanks, controls, marks of direction, joiners, fillers, variation selectors, private use. For names that must
 * not look like another one. False for invalid UTF-8. */
bool unicode_visible(struct str s);
/* Without what cannot be seen at both ends: what comes along when something is copied from a page or a chat. Invalid UTF-8 comes back as it is. */
struct str unicode_trim(struct str s);
/* A domain name as A-labels in lower case ("BÜCHER.example" -> "xn--bcher-kva.example"; IDNA 2008, UTS 46 non-transitional). False when it has none. */
bool unicode_domain(struct arena *a, struct str domain, struct str *ret_ascii);

#endif
