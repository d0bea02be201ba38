/* A file with this text, for readers of files. */
#ifndef SOUK_TESTS_UNIT_SERVICE_USERS_TEXT_H
#define SOUK_TESTS_UNIT_SERVICE_USERS_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/input.h"
#include "unit.h"

static inline struct input *input_of(struct arena *a, const char *text, size_t n)
{
    char path[] = "/tmp/souk-users-XXXXXX";
    struct err e = {0};
    struct input *in;
    FILE *f = fdopen(mkstemp(path), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    if (!input_open(a, path, &in, &e)) fail_msg("%s", e.detail);
    unlink(path);
    return in;
}

#endif
