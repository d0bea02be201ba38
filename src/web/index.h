/* The route table as the dispatcher wants it: rows split into segments, literals before placeholders. */
#ifndef SOUK_WEB_INDEX_H
#define SOUK_WEB_INDEX_H

#include "web/web.h"

enum { ROUTE_SEGMENTS_MAX = 12, ROUTE_PARAMS_MAX = 6 };

struct route_index;

struct route_match {
    const struct route *route;                   /* NULL: no row for this path, or none for this method */
    size_t number;                               /* of the row in the table */
    bool path_known;                             /* a row has this path with another method */
    unsigned methods;                            /* bit (1 << http_method) of every method that this path has; GET brings HEAD */
    size_t n_params;
    struct shape_pair params[ROUTE_PARAMS_MAX];
};

/* What is wrong with a table, one sentence a row; the dispatcher refuses to start, routegen prints them all. Returns their number. */
size_t route_table_check(const struct pool_spec *spec, void (*complain)(void *arg, const char *row, const char *what), void *arg);

MUST_CHECK bool route_index_new(const struct pool_spec *spec, struct arena *a, struct route_index **ret_index, struct err *e);
size_t route_count(const struct route *routes);
/* *ret lives in `a` only as far as params: views into `path`. */
void route_find(const struct route_index *x, enum http_method m, struct str path, struct route_match *ret);
/* "GET, HEAD, OPTIONS" */
struct str route_allow(struct arena *a, unsigned methods);

#endif
