/* Compares a machine with every edge that it may have, written out once more; all other pairs must be refused. */
#ifndef SOUK_TESTS_EDGES_H
#define SOUK_TESTS_EDGES_H

#include "unit.h"

#include "domain/state.h"

struct edge { const char *from, *to; };

static inline void assert_edges(const struct state_table *t, const struct edge *edges, size_t n)
{
    size_t found = 0;
    for (size_t a = 0; a < t->n; a++) {
        for (size_t b = 0; b < t->n; b++) {
            bool expected = false;
            for (size_t i = 0; i < n; i++)
                expected |= strcmp(edges[i].from, t->states[a].name) == 0 && strcmp(edges[i].to, t->states[b].name) == 0;
            if (state_may(t, (int)a, (int)b) != expected) fail_msg("%s: %s to %s", t->machine, t->states[a].name, t->states[b].name);
            found += expected;
        }
    }
    assert_int_equal(found, n);
}

#endif
