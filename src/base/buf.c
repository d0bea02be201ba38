#include "base/buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

void buf_init(struct buf *b, size_t limit)
{
    *b = (struct buf){.limit = limit};
}

void buf_free(struct buf *b)
{
    free(b->p);
    if (b->held) *b->held = NULL;
    *b = (struct buf){.limit = b->limit, .held = b->held};
}

static void free_deferred(void *arg)
{
    char **held = arg;
    free(*held);
}

void buf_init_arena(struct buf *b, struct arena *a, size_t limit)
{
    buf_init(b, limit);
    b->held = ARENA_NEW(a, char *);
    arena_defer(a, free_deferred, b->held);
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

void buf_reserve(struct buf *b, size_t more)
{
    size_t limit = b->limit ? b->limit : BUF_LIMIT_DEFAULT;
    if (b->failed) return;
    if (more > limit || b->n > limit - more) {
        b->failed = true;
        return;
    }
    size_t need = b->n + more;
    if (need <= b->cap) return;
    size_t cap = b->cap ? b->cap : 512;
    while (cap < need) cap *= 2;
    if (cap > limit) cap = limit;                /* so what fits into the capacity is within the limit */
    char *p = realloc(b->p, cap);
    if (!p) {
        b->failed = true;
        return;
    }
    b->p = p;
    b->cap = cap;
    if (b->held) *b->held = p;
}

void buf_grow_put(struct buf *b, const void *p, size_t n)
{
    if (!n) return;
    buf_reserve(b, n);
    if (b->failed) return;
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void buf_int64(struct buf *b, int64_t v)
{
    char text[24], *p = text + sizeof text;
    uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;
    do *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0) *--p = '-';
    buf_put(b, p, (size_t)(text + sizeof text - p));
}

/* Most texts fit into the room that there is; only the others are formatted twice. */
void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    size_t room = b->failed ? 0 : b->cap - b->n;
    int n = vsnprintf(room ? b->p + b->n : NULL, room, fmt, ap);
    va_end(ap);
    if (n > 0 && (size_t)n >= room) {
        buf_reserve(b, (size_t)n + 1);
        if (!b->failed) vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
    }
    if (n > 0 && !b->failed) b->n += (size_t)n;
    va_end(again);
}

struct str buf_to_str(const struct buf *b, struct arena *a)
{
    return str_dup(a, buf_view(b));
}
