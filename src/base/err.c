#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct problem_info problems[PROBLEM_COUNT] = {
    [PROBLEM_NONE] = {"none", 200, ""},
#define PROBLEM(name, code, status, title) [PROBLEM_##name] = {code, status, title},
#include "base/problem.def"
#undef PROBLEM
};

const struct problem_info *problem_info(enum problem p)
{
    BUG_IF((unsigned)p >= PROBLEM_COUNT);
    return &problems[p];
}

bool problem_from_code(const char *code, enum problem *ret_problem)
{
    for (int p = 1; p < PROBLEM_COUNT; p++)
        if (strcmp(problems[p].code, code) == 0) {
            *ret_problem = (enum problem)p;
            return true;
        }
    return false;
}

void err_clear(struct err *e)
{
    memset(e, 0, sizeof *e);
}

static void put_text(char *to, size_t size, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

/* Cuts at the start of a code point, so that a long detail stays valid UTF-8. */
static void put_text(char *to, size_t size, const char *fmt, va_list ap)
{
    int n = vsnprintf(to, size, fmt, ap);
    if (n < 0) {
        to[0] = '\0';
        return;
    }
    if ((size_t)n < size) return;
    size_t end = size - 1;
    while (end > 0 && ((unsigned char)to[end - 1] & 0xC0) == 0x80) end--;
    if (end > 0 && (unsigned char)to[end - 1] >= 0xC0) end--;
    to[end] = '\0';
}

bool err_set(struct err *e, enum problem p, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    e->problem = p;
    put_text(e->detail, sizeof e->detail, fmt, ap);
    va_end(ap);
    return false;
}

bool err_param(struct err *e, enum problem p, const char *param, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    e->problem = p;
    put_text(e->detail, sizeof e->detail, fmt, ap);
    va_end(ap);
    snprintf(e->param, sizeof e->param, "%s", param);
    return false;
}

bool err_field(struct err *e, enum problem p, const char *param, const char *fmt, ...)
{
    va_list ap;
    if (e->n_fields == ERR_FIELDS_MAX) return false;
    struct err_field *f = &e->fields[e->n_fields++];
    f->problem = p;
    va_start(ap, fmt);
    put_text(f->detail, sizeof f->detail, fmt, ap);
    va_end(ap);
    snprintf(f->param, sizeof f->param, "%s", param);
    if (e->n_fields == 1) {
        e->problem = p;
        memcpy(e->param, f->param, sizeof f->param);
        memcpy(e->detail, f->detail, sizeof f->detail);
    }
    return false;
}

bool err_cause(struct err *e, const char *fmt, ...)
{
    va_list ap;
    if (e->problem == PROBLEM_NONE) e->problem = PROBLEM_INTERNAL;
    va_start(ap, fmt);
    put_text(e->cause, sizeof e->cause, fmt, ap);
    va_end(ap);
    return false;
}

void souk_bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "{\"level\":\"error\",\"event\":\"bug\",\"file\":\"%s\",\"line\":%d}\n%s\n", file, line, what);
    abort();
}
