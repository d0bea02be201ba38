/* What every fuzz driver is: one function that takes any bytes and aborts when something is wrong. */
#ifndef SOUK_TESTS_FUZZ_H
#define SOUK_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
