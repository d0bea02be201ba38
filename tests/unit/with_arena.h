/* WITH_ARENA(test): a cmocka test whose state is a fresh arena. */
#ifndef SOUK_TESTS_WITH_ARENA_H
#define SOUK_TESTS_WITH_ARENA_H

#include "unit.h"

static inline int with_arena_setup(void **state)
{
    *state = arena_new();
    return 0;
}

static inline int with_arena_teardown(void **state)
{
    arena_destroy(*state);
    return 0;
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, with_arena_setup, with_arena_teardown)

#endif
