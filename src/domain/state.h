/* State machines as tables: every state with the states that may follow it. The database refuses the same edges with a
 * trigger; tests/sql compares both. */
#ifndef SOUK_DOMAIN_STATE_H
#define SOUK_DOMAIN_STATE_H

#include "base/err.h"
#include "base/str.h"

enum { STATE_MAX = 16 };

struct state_table {
    const char *machine;                   /* "order": named in errors */
    size_t n;
    struct {
        const char *name;                  /* as stored and as shown by the API */
        uint32_t next;                     /* bit set of the states that may follow */
    } states[STATE_MAX];
};

#define STATE_BIT(s) (UINT32_C(1) << (s))

bool state_may(const struct state_table *t, int from, int to);          /* false for unknown states and for from == to */
bool state_final(const struct state_table *t, int s);
const char *state_name(const struct state_table *t, int s);             /* NULL when unknown */
bool state_parse(const struct state_table *t, struct str name, int *ret_state);
/* PROBLEM_INVALID_STATE naming both states unless the edge exists. */
MUST_CHECK bool state_check(const struct state_table *t, int from, int to, struct err *e);

#endif
