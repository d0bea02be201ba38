/* Postal addresses: which countries are known, which fields each wants, what its postal codes look like. */
#ifndef SOUK_DOMAIN_ADDRESS_H
#define SOUK_DOMAIN_ADDRESS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { ADDRESS_LINE_MAX = 100, ADDRESS_CITY_MAX = 80, ADDRESS_POSTAL_MAX = 12 };       /* code points */

struct address {
    struct str name;                 /* of the receiver */
    struct str company;              /* optional */
    struct str line1, line2;         /* street and number; line2 optional */
    struct str postal_code;
    struct str city;
    struct str region;               /* state, province, prefecture; where the country wants one */
    struct str country;              /* ISO 3166-1 alpha-2 */
};

struct country {
    char code[3];
    const char *postal;              /* patterns, see country.def; "" = none */
    int area;                        /* length of the postal area */
    bool region_required;
};

const struct country *country_find(struct str code);         /* NULL when unknown; any case */
size_t country_count(void);
const struct country *country_at(size_t i);                  /* sorted by code */

/* Upper case, blanks and hyphens put where the country writes them ("sw1a1aa" becomes "SW1A 1AA"). False when it fits no pattern. */
bool postal_normalise(struct arena *a, const struct country *c, struct str in, struct str *ret_code);
/* The part of a normalised postal code that may stay readable. */
struct str postal_area(const struct country *c, struct str code);

/* Checks and trims an address; every bad field is collected as "<prefix>.<field>". Absent and empty are the same. */
MUST_CHECK bool address_normalise(struct arena *a, const char *prefix, const struct address *in, struct address *ret_address, struct err *e);

#endif
