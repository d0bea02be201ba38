/* Inside of db/: one execution answers the calls of several threads (queries with the mark :gather). Nobody else includes this. */
#ifndef SOUK_DB_GATHER_H
#define SOUK_DB_GATHER_H

#include "db/conn.h"
#include "db/query.h"

enum { PARAMS_MAX = 64 };

/* A query's parameters as they travel. */
struct q_params {
    const char *values[PARAMS_MAX];      /* NULL: null; others point into an arena or into the caller's struct */
    int lengths[PARAMS_MAX], formats[PARAMS_MAX];
    Oid types[PARAMS_MAX];
};

/* A result with several readers: libpq's results may be read by any number of threads, the last one clears it. */
struct q_answer {
    PGresult *result;
    int readers;                         /* atomic */
};
void q_answer_leave(struct q_answer *answer);

/* query.c */
MUST_CHECK bool q_encode(struct arena *a, const struct q_def *q, const void *in, struct q_params *ret, struct err *e);
MUST_CHECK bool q_run(struct db *d, const struct q_def *q, const struct q_params *p, PGresult **ret_result, struct err *e);

/* Answers like q_run, with the rows of others among them when q->merge names an array: gather_is_mine tells. */
MUST_CHECK bool gather_run(struct db *d, struct arena *a, const struct q_def *q, const void *in, const struct q_params *p, struct q_answer **ret_answer,
                           struct err *e);
bool gather_is_mine(const struct q_def *q, const void *in, const PGresult *r, int row);

#endif
