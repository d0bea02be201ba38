/* The arena that most tests want: one for each test. */
#ifndef SOUK_TESTS_UNIT_ARENA_H
#define SOUK_TESTS_UNIT_ARENA_H

#include "unit.h"

static struct arena *a;

static inline int setup(void **state) { (void)state; a = arena_new(); return 0; }
static inline int teardown(void **state) { (void)state; arena_destroy(a); a = NULL; return 0; }

#define WITH_ARENA(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
