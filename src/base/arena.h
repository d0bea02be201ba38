/* Arena: memory that lives as long as one request (or one job, or one command) and is freed by one call.
 *
 * Owner: one thread. Nothing allocated here is ever freed singly, so error paths need no cleanup code.
 * Other resources (a descriptor, a BIO, a json-c tree) are tied to the arena with arena_defer(); the
 * deferred functions run last in, first out, at reset and at destruction.
 *
 * Allocation never returns NULL: a process that cannot get memory says so and aborts, and its master
 * starts another one. Input sizes are bounded before anything is allocated for them.
 *
 * Under AddressSanitizer every allocation is a malloc of its own, so that overruns are still seen.
 */
#ifndef SOUK_BASE_ARENA_H
#define SOUK_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_new(void);
void arena_destroy(struct arena *a);            /* NULL is allowed */
void arena_reset(struct arena *a);              /* runs deferred functions, keeps the first block */

void *arena_alloc(struct arena *a, size_t size);               /* zeroed, aligned for any type */
void *arena_array_(struct arena *a, size_t n, size_t size);    /* checks n * size for overflow */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);
size_t arena_used(const struct arena *a);                      /* bytes handed out since the last reset */

/* Wipes `size` bytes at `p` when the arena is reset: for passwords, keys and tokens. */
void arena_cleanse(struct arena *a, void *p, size_t size);

char *arena_strdup(struct arena *a, const char *s);            /* NULL stays NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array_((a), (n), sizeof(type)))

#endif
