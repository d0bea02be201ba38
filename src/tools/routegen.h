/* Inside routegen only. */
#ifndef SOUK_TOOLS_ROUTEGEN_H
#define SOUK_TOOLS_ROUTEGEN_H

#include "web/index.h"

struct routegen {
    struct arena *arena;
    size_t n_pools;
    const struct pool_spec *const *pools;
    size_t complaints;             /* printed on standard error already */
};

void routegen_complain(struct routegen *g, const char *pool, const char *where, const char *what);
void routegen_nginx(struct routegen *g, struct buf *out);
void routegen_openapi(struct routegen *g, struct buf *out);

/* An example value of a shape, from the examples of its fields. */
void routegen_example(struct buf *out, const struct shape *s, int depth);

#endif
