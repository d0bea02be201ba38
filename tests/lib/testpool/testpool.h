#ifndef SOUK_TESTS_LIB_TESTPOOL_H
#define SOUK_TESTS_LIB_TESTPOOL_H

#include "web/web.h"

extern const struct pool_spec pool_test;

#endif
