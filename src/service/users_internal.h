/* The rows of a file of users, whatever its form; only users_import.c and users_file.c include it. */
#ifndef SOUK_SERVICE_USERS_INTERNAL_H
#define SOUK_SERVICE_USERS_INTERNAL_H

#include "service/users.h"

struct users_row {
    int64_t line;
    const char *bad;             /* NULL: it could be read */
    struct str email, name, phone, locale, password, created;      /* empty or absent: not given; valid until the next row */
    bool verified, disabled;     /* disabled: nobody may sign in with it there, so nobody may here */
};

struct users_file;
/* Looks at the first bytes: JSON lines or CSV. PROBLEM_INVALID. Lives as long as the arena. */
MUST_CHECK bool users_file_open(struct arena *a, struct input *in, struct users_file **ret_file, struct err *e);
/* `row_arena` is the caller's, for what has to be put together. *ret_found is false at the end. */
MUST_CHECK bool users_file_next(struct users_file *f, struct arena *row_arena, struct users_row *ret_row, bool *ret_found, struct err *e);
int64_t users_file_lines(const struct users_file *f);

#endif
