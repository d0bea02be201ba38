/* A growing byte buffer with a sticky error, so that a writer is checked once, at its end.
 * Memory comes from malloc (it moves while it grows); buf_free gives it back, or tie it to an arena
 * with buf_init_arena. A buffer over its limit turns `failed` on and ignores further writes. */
#ifndef SOUK_BASE_BUF_H
#define SOUK_BASE_BUF_H

#include <string.h>

#include "base/str.h"

struct buf {
    char *p;
    size_t n;
    size_t cap;
    size_t limit;      /* bytes; 0 stands for BUF_LIMIT_DEFAULT */
    bool failed;
    char **held;       /* in the arena: what is freed with it; the struct itself may be gone by then */
};

#define BUF_LIMIT_DEFAULT ((size_t)64 << 20)

void buf_init(struct buf *b, size_t limit);
void buf_init_arena(struct buf *b, struct arena *a, size_t limit);   /* freed with the arena */
void buf_free(struct buf *b);
void buf_clear(struct buf *b);                /* keeps the memory, forgets the error */

void buf_grow_put(struct buf *b, const void *p, size_t n);             /* what buf_put does when there is no room */

/* Answers are written in pieces of a few bytes, thousands for a list: what there is room for is copied without a call. */
static inline void buf_put(struct buf *b, const void *p, size_t n)
{
    if (b->failed || n == 0 || n > b->cap - b->n) {
        buf_grow_put(b, p, n);
        return;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

static inline void buf_str(struct buf *b, struct str s) { buf_put(b, s.p, s.n); }
static inline void buf_cstr(struct buf *b, const char *s) { buf_put(b, s, strlen(s)); }
static inline void buf_char(struct buf *b, char c) { buf_put(b, &c, 1); }
void buf_int64(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *b, size_t more);

#define BUF_LIT(b, lit) buf_put((b), (lit), sizeof(lit) - 1)
static inline struct str buf_view(const struct buf *b) { return (struct str){b->p ? b->p : "", b->n}; }
struct str buf_to_str(const struct buf *b, struct arena *a);         /* copy */

#endif
