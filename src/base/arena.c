/* See arena.h. Blocks are chained newest first; deferred functions are a list of their own in the arena's memory. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ONE_MALLOC_EACH 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ONE_MALLOC_EACH 1
#endif
#endif
#ifndef ARENA_ONE_MALLOC_EACH
#define ARENA_ONE_MALLOC_EACH 0
#endif

/* A first block of 32 KB serves nearly every request without another malloc. What a large answer needed beyond
 * 256 KB goes back to the system at reset, so that one big page does not keep a worker big for ever. */
enum { BLOCK_FIRST = 32 * 1024, KEEP_MAX = 256 * 1024 };

struct block {
    struct block *next;
    size_t cap, used;
    alignas(max_align_t) unsigned char data[];
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *);
    void *arg;
};

struct cleanse {
    void *p;
    size_t n;
};

struct arena {
    struct block *blocks;
    struct deferred *deferred;
    size_t used;
};

static struct block *block_new(size_t cap)
{
    struct block *b = malloc(sizeof *b + cap);
    if (!b) souk_bug(__FILE__, __LINE__, "out of memory");
    *b = (struct block){.cap = cap};
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a) souk_bug(__FILE__, __LINE__, "out of memory");
    return a;
}

static void run_deferred(struct arena *a)
{
    /* A deferred function may defer another one; it then runs next. */
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->next;
        d->fn(d->arg);
    }
}

void arena_reset(struct arena *a)
{
    run_deferred(a);
    struct block *keep = NULL;
    while (a->blocks) {
        struct block *b = a->blocks;
        a->blocks = b->next;
        if (!ARENA_ONE_MALLOC_EACH && !keep && b->cap <= KEEP_MAX) keep = b;
        else free(b);
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
        a->blocks = keep;
    }
    a->used = 0;
}

void arena_destroy(struct arena *a)
{
    if (!a) return;
    arena_reset(a);
    free(a->blocks);
    free(a);
}

void *arena_alloc(struct arena *a, size_t size)
{
    BUG_IF(size > SIZE_MAX / 2);
    const size_t align = alignof(max_align_t);
    size_t need = size ? (size + align - 1) / align * align : align;
    struct block *b = a->blocks;
    if (ARENA_ONE_MALLOC_EACH) {
        b = block_new(size ? size : 1);       /* exact size: one byte too far is seen */
        b->next = a->blocks;
        a->blocks = b;
        b->used = b->cap;
        a->used += size;
        return memset(b->data, 0, b->cap);
    }
    if (!b || b->cap - b->used < need) {
        size_t cap = b ? b->cap * 2 : BLOCK_FIRST;
        if (cap > KEEP_MAX) cap = KEEP_MAX;
        if (cap < need) cap = need;
        b = block_new(cap);
        b->next = a->blocks;
        a->blocks = b;
    }
    void *p = b->data + b->used;
    b->used += need;
    a->used += size;
    return memset(p, 0, size);
}

void *arena_array_(struct arena *a, size_t n, size_t size)
{
    size_t total;
    BUG_IF(__builtin_mul_overflow(n, size, &total));
    return arena_alloc(a, total);
}

void arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct deferred *d = ARENA_NEW(a, struct deferred);
    *d = (struct deferred){a->deferred, fn, arg};
    a->deferred = d;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

static void cleanse_now(void *arg)
{
    struct cleanse *c = arg;
    explicit_bzero(c->p, c->n);
}

void arena_cleanse(struct arena *a, void *p, size_t size)
{
    struct cleanse *c = ARENA_NEW(a, struct cleanse);
    *c = (struct cleanse){p, size};
    arena_defer(a, cleanse_now, c);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    if (!s) return NULL;
    char *copy = arena_alloc(a, n + 1);
    if (n) memcpy(copy, s, n);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    BUG_IF(n < 0);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, fmt, ap);
    return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}
