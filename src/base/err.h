/* Errors: one table of problems (problem.def), one struct that travels up, one place where it becomes an answer.
 *
 * A fallible function returns bool, takes `struct err *` last, writes its ret_* only on success, and is marked
 * MUST_CHECK. It fails with `return err_set(e, PROBLEM_NOT_FOUND, "...")`. The detail is for people who call the
 * API (English, no secrets); pages show the keyed text "problem.<code>". What only the log may know goes to
 * err_cause(). */
#ifndef SOUK_BASE_ERR_H
#define SOUK_BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum problem {
    PROBLEM_NONE = 0,
#define PROBLEM(name, code, status, title) PROBLEM_##name,
#include "base/problem.def"
#undef PROBLEM
    PROBLEM_COUNT
};

struct problem_info {
    const char *code;       /* snake_case, part of the API's contract */
    int status;             /* HTTP status */
    const char *title;
};

enum { ERR_FIELDS_MAX = 16, ERR_DETAIL_MAX = 240, ERR_PARAM_MAX = 96 };

struct err_field {
    enum problem problem;
    char param[ERR_PARAM_MAX];        /* "shipping_address.postal_code", "items[2].quantity" */
    char detail[ERR_DETAIL_MAX];
};

struct err {
    enum problem problem;
    char param[ERR_PARAM_MAX];
    char detail[ERR_DETAIL_MAX];      /* cut at a code point when longer */
    char cause[ERR_DETAIL_MAX];       /* for the log only */
    int retry_after_s;                /* 0: none */
    size_t n_fields;
    struct err_field fields[ERR_FIELDS_MAX];   /* further ones are dropped; the first is named above too */
    const struct err_field *all;      /* of a batch with hundreds of bad items: every one of them, told instead of `fields`; owner: the arena */
    size_t n_all;
    const void *data;                 /* a typed result that explains (checkout changes, say); owner: the arena */
};

const struct problem_info *problem_info(enum problem p);
bool problem_from_code(const char *code, enum problem *ret_problem);

void err_clear(struct err *e);
/* Always returns false, so that `return err_set(...)` reads well. */
bool err_set(struct err *e, enum problem p, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool err_param(struct err *e, enum problem p, const char *param, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Collects one more bad field; the caller goes on and fails at the end with `return e->n_fields == 0`. */
bool err_field(struct err *e, enum problem p, const char *param, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
bool err_cause(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));   /* PROBLEM_INTERNAL unless one is set */

/* A bug of ours: prints where and aborts. Never for input. */
_Noreturn void souk_bug(const char *file, int line, const char *what);
#define BUG_IF(cond) do { if (cond) souk_bug(__FILE__, __LINE__, #cond); } while (0)
#define UNREACHABLE() souk_bug(__FILE__, __LINE__, "unreachable")

#endif
