/* What every unit test includes: cmocka and the headers that it wants first. */
#ifndef SOUK_TESTS_UNIT_H
#define SOUK_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof *(a))
#define assert_str(actual, expected) do { \
        struct str actual_ = (actual), expected_ = str_from(expected); \
        assert_int_equal(actual_.n, expected_.n); \
        if (expected_.n) assert_memory_equal(actual_.p, expected_.p, expected_.n); \
    } while (0)

#endif
