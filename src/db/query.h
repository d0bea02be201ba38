/* What the generated queries stand on: a query is one constant `struct q_def` with the layout of its structs.
 * Parameters and results travel in PostgreSQL's binary format; result memory belongs to the arena.
 * Nobody but sqlgen's output and db/ itself uses this header. */
#ifndef SOUK_DB_QUERY_H
#define SOUK_DB_QUERY_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/opt.h"
#include "base/str.h"
#include "db/db.h"

/* Array parameters and columns. */
struct q_array_int8 { size_t n; const int64_t *v; };
struct q_array_int4 { size_t n; const int32_t *v; };
struct q_array_bool { size_t n; const bool *v; };
struct q_array_text { size_t n; const struct str *v; };
struct q_array_jsonb { size_t n; const struct str *v; };
struct q_array_bytea { size_t n; const struct str *v; };
struct q_array_uuid { size_t n; const struct uuid *v; };
struct q_array_usec { size_t n; const usec_t *v; };
struct q_array_currency { size_t n; const struct currency *v; };
#define ID(name, prefix) struct q_array_##name##_id { size_t n; const struct name##_id *v; };
#include "base/ids.def"
#undef ID

enum q_type { Q_INT8, Q_INT4, Q_BOOL, Q_TEXT, Q_JSONB, Q_BYTEA, Q_UUID, Q_ID, Q_USEC, Q_CURRENCY, Q_TYPE_COUNT };
enum q_flag {
    Q_NULLABLE = 1,        /* type? : the value may be null */
    Q_ARRAY = 2,           /* type[] */
    Q_NULL_ELEMENTS = 4,   /* type?[] : elements may be null (text, jsonb, bytea, uuid, ids, usec) */
};
enum q_kind { Q_ONE, Q_OPT, Q_MANY, Q_EXEC };

struct q_field {
    const char *name;
    unsigned type;         /* enum q_type */
    unsigned flags;        /* enum q_flag */
    size_t offset;         /* in the struct */
};

struct q_def {
    const char *name;      /* also the name of the prepared statement */
    const char *sql;
    enum q_kind kind;
    bool write;            /* never repeated after a broken connection */
    bool gather;           /* calls of several threads may be answered by one execution; gather.c says how */
    int merge, now;        /* of a query that gathers: the parameter whose elements are put together, the time that is not compared; -1: none */
    size_t n_in, n_out;
    const struct q_field *in, *out;
    size_t in_size, row_size;
};

/* Each runs one query; `in` may be NULL when the query has no parameters. */
MUST_CHECK bool q_one(struct db *d, struct arena *a, const struct q_def *q, const void *in, void *ret_row, struct err *e);
MUST_CHECK bool q_opt(struct db *d, struct arena *a, const struct q_def *q, const void *in, void *ret_row, bool *ret_found, struct err *e);
MUST_CHECK bool q_many(struct db *d, struct arena *a, const struct q_def *q, const void *in, size_t *ret_n, void **ret_rows, struct err *e);
MUST_CHECK bool q_exec(struct db *d, struct arena *a, const struct q_def *q, const void *in, int64_t *ret_affected, struct err *e);

#endif
