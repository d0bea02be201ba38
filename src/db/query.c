#include "db/query.h"

#include <endian.h>

#include "db/gather.h"

enum { OID_NAME = 19, OID_BPCHAR = 1042, OID_VARCHAR = 1043, OID_FIRST_OWN = 16384 };

/* Microseconds between 1970-01-01 and 2000-01-01, PostgreSQL's epoch. */
#define PG_EPOCH_US INT64_C(946684800000000)

/* One row per enum q_type: what the wire calls it and how big one value is in C. */
static const struct {
    Oid oid, array_oid;
    size_t size, opt_size;
} info[Q_TYPE_COUNT] = {
    [Q_INT8] = {20, 1016, sizeof(int64_t), sizeof(struct opt_int64)},
    [Q_INT4] = {23, 1007, sizeof(int32_t), sizeof(struct opt_int32)},
    [Q_BOOL] = {16, 1000, sizeof(bool), sizeof(struct opt_bool)},
    [Q_TEXT] = {25, 1009, sizeof(struct str), 0},
    [Q_JSONB] = {3802, 3807, sizeof(struct str), 0},
    [Q_BYTEA] = {17, 1001, sizeof(struct str), 0},
    [Q_UUID] = {2950, 2951, sizeof(struct uuid), 0},
    [Q_ID] = {2950, 2951, sizeof(struct uuid), 0},
    [Q_USEC] = {1184, 1185, sizeof(usec_t), 0},
    [Q_CURRENCY] = {25, 1009, sizeof(struct currency), 0},
};

/* All arrays have the same layout: a count and a pointer. */
struct any_array { size_t n; const void *v; };

/* --- parameters ---------------------------------------------------------------------------------------------------------- */

struct wire { const char *p; int n; };       /* p == NULL: null */

static void put32(char *at, uint32_t v)
{
    v = htobe32(v);
    memcpy(at, &v, sizeof v);
}

static void put64(char *at, uint64_t v)
{
    v = htobe64(v);
    memcpy(at, &v, sizeof v);
}

static struct wire bytes_of(struct str s)
{
    return (struct wire){s.p, (int)s.n};
}

static struct wire fixed(struct arena *a, uint64_t v, int n)
{
    char *p = arena_alloc(a, sizeof v);
    if (n == 8) {
        put64(p, v);
    } else if (n == 4) {
        put32(p, (uint32_t)v);
    } else {
        p[0] = (char)v;
    }
    return (struct wire){p, n};
}

static struct wire jsonb_of(struct arena *a, struct str s)
{
    char *p;
    if (str_is_null(s)) {
        return (struct wire){NULL, 0};
    }
    p = arena_alloc(a, s.n + 1);
    p[0] = 1;                                /* the version of jsonb's wire format */
    memcpy(p + 1, s.p, s.n);
    return (struct wire){p, (int)s.n + 1};
}

/* One value that is not of an `opt_` type; "none" becomes null. */
static struct wire encode_value(struct arena *a, unsigned type, const void *at)
{
    const struct currency *c = at;
    switch ((enum q_type)type) {
    case Q_INT8: return fixed(a, (uint64_t) * (const int64_t *)at, 8);
    case Q_INT4: return fixed(a, (uint32_t) * (const int32_t *)at, 4);
    case Q_BOOL: return fixed(a, *(const bool *)at, 1);
    case Q_TEXT:
    case Q_BYTEA: return bytes_of(*(const struct str *)at);
    case Q_JSONB: return jsonb_of(a, *(const struct str *)at);
    case Q_UUID:
    case Q_ID: return uuid_is_zero(*(const struct uuid *)at) ? (struct wire){NULL, 0} : (struct wire){at, 16};
    case Q_USEC:
        return *(const usec_t *)at == 0 ? (struct wire){NULL, 0} : fixed(a, (uint64_t)(*(const usec_t *)at - PG_EPOCH_US), 8);
    case Q_CURRENCY: return c->code[0] ? (struct wire){c->code, (int)strlen(c->code)} : (struct wire){NULL, 0};
    case Q_TYPE_COUNT: break;
    }
    UNREACHABLE();
}

static struct wire encode_opt(struct arena *a, unsigned type, const void *at)
{
    const struct opt_int64 *i8 = at;
    const struct opt_int32 *i4 = at;
    const struct opt_bool *b = at;
    switch ((enum q_type)type) {
    case Q_INT8: return i8->set ? encode_value(a, type, &i8->v) : (struct wire){NULL, 0};
    case Q_INT4: return i4->set ? encode_value(a, type, &i4->v) : (struct wire){NULL, 0};
    case Q_BOOL: return b->set ? encode_value(a, type, &b->v) : (struct wire){NULL, 0};
    default: return encode_value(a, type, at);
    }
}

/* Array: dimensions, has nulls, element type, then (length, lower bound), then (length, bytes) per element. */
static bool encode_array(struct arena *a, const struct q_field *f, const struct any_array *v, struct wire *ret)
{
    size_t size = info[f->type].size, total = 20;
    struct wire *elements = ARENA_ARRAY(a, struct wire, v->n + 1);
    bool nulls = false;
    char *p;

    if (v->n == 0 && !v->v && (f->flags & Q_NULLABLE)) {
        *ret = (struct wire){NULL, 0};
        return true;
    }
    for (size_t i = 0; i < v->n; i++) {
        elements[i] = encode_value(a, f->type, (const char *)v->v + i * size);
        if (!elements[i].p && f->type == Q_UUID && !(f->flags & Q_NULL_ELEMENTS)) {
            elements[i] = (struct wire){(const char *)v->v + i * size, 16};
        }
        if (!elements[i].p && !(f->flags & Q_NULL_ELEMENTS)) {
            return false;
        }
        nulls |= !elements[i].p;
        total += 4 + (size_t)elements[i].n;
    }
    if (total > (size_t)1 << 29) {
        return false;
    }
    p = arena_alloc(a, total);
    put32(p, v->n ? 1 : 0);
    put32(p + 4, nulls);
    put32(p + 8, info[f->type].oid);
    ret->p = p;
    if (v->n == 0) {
        ret->n = 12;
        return true;
    }
    put32(p + 12, (uint32_t)v->n);
    put32(p + 16, 1);
    p += 20;
    for (size_t i = 0; i < v->n; i++) {
        put32(p, elements[i].p ? (uint32_t)elements[i].n : UINT32_MAX);
        if (elements[i].n > 0) {
            memcpy(p + 4, elements[i].p, (size_t)elements[i].n);
        }
        p += 4 + elements[i].n;
    }
    ret->n = (int)total;
    return true;
}

static bool encode_field(struct arena *a, const struct q_def *q, const struct q_field *f, const void *in, struct wire *ret, struct err *e)
{
    const char *at = (const char *)in + f->offset;
    bool good = true;

    if (f->flags & Q_ARRAY) {
        good = encode_array(a, f, (const struct any_array *)(const void *)at, ret);
    } else if (f->flags & Q_NULLABLE) {
        *ret = encode_opt(a, f->type, at);
    } else {
        *ret = encode_value(a, f->type, at);
        if (!ret->p && f->type == Q_UUID) {
            *ret = (struct wire){at, 16};    /* a plain uuid has no "none": all zeroes is where a list begins */
        }
        good = ret->p != NULL;
    }
    return good || err_cause(e, "%s: parameter %s is absent", q->name, f->name);
}

/* --- results ---------------------------------------------------------------------------------------------------------------- */

static bool type_fits(const struct q_field *f, Oid oid)
{
    if (f->flags & Q_ARRAY) {
        return oid == info[f->type].array_oid;
    }
    if (f->type == Q_TEXT || f->type == Q_CURRENCY) {        /* an enum's binary form is its label */
        return oid == info[Q_TEXT].oid || oid == OID_VARCHAR || oid == OID_BPCHAR || oid == OID_NAME || oid >= OID_FIRST_OWN;
    }
    return oid == info[f->type].oid;
}

static uint32_t get32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return be32toh(v);
}

static int64_t get64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return (int64_t)be64toh(v);
}

static struct str copy_bytes(struct arena *a, const char *p, size_t n)
{
    return (struct str){arena_strndup(a, p, n), n};
}

static struct str copy_raw(struct arena *a, const char *p, size_t n)
{
    char *to = arena_alloc(a, n + 1);
    memcpy(to, p, n);
    return (struct str){to, n};
}

static bool decode_value(struct arena *a, unsigned type, const char *p, size_t n, void *at)
{
    struct currency c = {{0}};
    switch ((enum q_type)type) {
    case Q_INT8: *(int64_t *)at = n == 8 ? get64(p) : 0; return n == 8;
    case Q_INT4: *(int32_t *)at = n == 4 ? (int32_t)get32(p) : 0; return n == 4;
    case Q_BOOL: *(bool *)at = n == 1 && p[0]; return n == 1;
    case Q_TEXT: *(struct str *)at = copy_bytes(a, p, n); return true;
    case Q_BYTEA: *(struct str *)at = copy_raw(a, p, n); return true;
    case Q_JSONB:
        if (n < 1 || p[0] != 1) {
            return false;
        }
        *(struct str *)at = copy_bytes(a, p + 1, n - 1);
        return true;
    case Q_UUID:
    case Q_ID:
        if (n == 16) {
            memcpy(at, p, 16);
        }
        return n == 16;
    case Q_USEC:        /* "infinity" has no place in usec_t */
        if (n != 8 || get64(p) == INT64_MAX || get64(p) == INT64_MIN || get64(p) > INT64_MAX - PG_EPOCH_US) {
            return false;
        }
        *(usec_t *)at = get64(p) + PG_EPOCH_US;
        return true;
    case Q_CURRENCY:
        if (n != 3) {
            return false;
        }
        memcpy(c.code, p, 3);
        *(struct currency *)at = c;
        return true;
    case Q_TYPE_COUNT: break;
    }
    UNREACHABLE();
}

static bool decode_opt(struct arena *a, unsigned type, const char *p, size_t n, void *at)
{
    struct opt_int64 *i8 = at;
    struct opt_int32 *i4 = at;
    struct opt_bool *b = at;
    switch ((enum q_type)type) {
    case Q_INT8: i8->set = true; return decode_value(a, type, p, n, &i8->v);
    case Q_INT4: i4->set = true; return decode_value(a, type, p, n, &i4->v);
    case Q_BOOL: b->set = true; return decode_value(a, type, p, n, &b->v);
    default: return decode_value(a, type, p, n, at);
    }
}

static bool decode_array(struct arena *a, const struct q_field *f, const char *p, size_t n, struct any_array *ret)
{
    size_t size = info[f->type].size, count, at = 20;
    char *v;

    if (n < 12 || get32(p + 8) != info[f->type].oid || get32(p) > 1) {
        return false;
    }
    if (get32(p) == 0) {
        *ret = (struct any_array){0, arena_alloc(a, 1)};
        return true;
    }
    count = n >= 20 ? get32(p + 12) : 0;
    if (count > n / 4) {
        return false;
    }
    v = arena_array_(a, count, size);
    for (size_t i = 0; i < count; i++) {
        size_t len = n - at >= 4 ? get32(p + at) : UINT32_MAX;
        if (n - at < 4 || len > n - at - 4 || !decode_value(a, f->type, p + at + 4, len, v + i * size)) {
            return false;                       /* also for a null element, whose length is -1 */
        }
        at += 4 + len;
    }
    *ret = (struct any_array){count, v};
    return true;
}

static bool decode_row(struct arena *a, const struct q_def *q, const PGresult *r, int row, char *ret, struct err *e)
{
    for (size_t i = 0; i < q->n_out; i++) {
        const struct q_field *f = &q->out[i];
        const char *p = PQgetvalue(r, row, (int)i);
        size_t n = (size_t)PQgetlength(r, row, (int)i);
        char *at = ret + f->offset;
        bool good;

        if (PQgetisnull(r, row, (int)i)) {
            if (!(f->flags & Q_NULLABLE)) {
                return err_cause(e, "%s: column %s is null and has no '?'", q->name, f->name);
            }
            continue;                            /* the row began as zeroes, which is "none" for every type */
        }
        if (f->flags & Q_ARRAY) {
            good = decode_array(a, f, p, n, (struct any_array *)(void *)at);
        } else if (f->flags & Q_NULLABLE) {
            good = decode_opt(a, f->type, p, n, at);
        } else {
            good = decode_value(a, f->type, p, n, at);
        }
        if (!good) {
            return err_cause(e, "%s: column %s cannot be read", q->name, f->name);
        }
    }
    return true;
}

static bool check_columns(const struct q_def *q, const PGresult *r, struct err *e)
{
    if ((size_t)PQnfields(r) != q->n_out) {
        return err_cause(e, "%s: %d columns instead of %zu", q->name, PQnfields(r), q->n_out);
    }
    for (size_t i = 0; i < q->n_out; i++) {
        if (!type_fits(&q->out[i], PQftype(r, (int)i))) {
            return err_cause(e, "%s: column %s has type %u", q->name, q->out[i].name, PQftype(r, (int)i));
        }
    }
    return true;
}

/* --- running ------------------------------------------------------------------------------------------------------------------ */

bool q_encode(struct arena *a, const struct q_def *q, const void *in, struct q_params *ret, struct err *e)
{
    BUG_IF(q->n_in > PARAMS_MAX);
    for (size_t i = 0; i < q->n_in; i++) {
        struct wire w = {NULL, 0};
        if (!encode_field(a, q, &q->in[i], in, &w, e)) {
            return false;
        }
        ret->values[i] = w.p;
        ret->lengths[i] = w.n;
        ret->formats[i] = 1;
        ret->types[i] = q->in[i].flags & Q_ARRAY ? info[q->in[i].type].array_oid : info[q->in[i].type].oid;
    }
    return true;
}

static bool attempt(struct db *d, const struct q_def *q, const struct q_params *p, PGresult **ret_result, struct err *e)
{
    PGresult *r;
    int n = (int)q->n_in;

    if (!db_enter(d, e)) {
        return false;
    }
    if (!conn_has(d->conn, q)) {
        if (!db_results(d, PQsendPrepare(d->conn->pg, q->name, q->sql, n, p->types), q->name, db_limit(d), &r, e)) {
            return false;
        }
        PQclear(r);
        conn_remember(d->conn, q);
    }
    return db_results(d, PQsendQueryPrepared(d->conn->pg, q->name, n, p->values, p->lengths, p->formats, 1), q->name, db_limit(d), ret_result, e);
}

/* A reading query outside a transaction is repeated once when the connection broke under it or its plan went stale. */
bool q_run(struct db *d, const struct q_def *q, const struct q_params *p, PGresult **ret_result, struct err *e)
{
    bool again;

    if (!attempt(d, q, p, ret_result, e)) {
        again = !q->write && d->depth == 0 && d->repeatable && (d->broken || (d->conn && d->conn->spoiled));
        if (!again) {
            return false;
        }
        err_clear(e);
        if (!attempt(d, q, p, ret_result, e)) {
            return false;
        }
    }
    if (!check_columns(q, *ret_result, e)) {
        PQclear(*ret_result);
        return false;
    }
    return true;
}

/* Inside a transaction a query sees what that one wrote, so nobody else's result will do. */
static bool run(struct db *d, struct arena *a, const struct q_def *q, const void *in, struct q_answer *own, struct q_answer **ret_answer, struct err *e)
{
    struct q_params p;
    if (!q_encode(a, q, in, &p, e)) {
        return false;
    }
    if (q->gather && d->depth == 0) {
        return gather_run(d, a, q, in, &p, ret_answer, e);
    }
    if (!q_run(d, q, &p, &own->result, e)) {
        return false;
    }
    *ret_answer = own;
    return true;
}

static void leave(struct q_answer *answer, const struct q_answer *own)
{
    if (answer == own) {
        PQclear(answer->result);
    } else {
        q_answer_leave(answer);
    }
}

static bool fetch_one(struct db *d, struct arena *a, const struct q_def *q, const void *in, void *ret_row, bool *ret_found, struct err *e)
{
    struct q_answer own, *answer;
    char *row = arena_alloc(a, q->row_size);
    bool good = true;
    int n;

    if (!run(d, a, q, in, &own, &answer, e)) {
        return false;
    }
    n = PQntuples(answer->result);
    if (n > 1) {
        good = err_cause(e, "%s: more than one row", q->name);
    } else if (n == 1) {
        good = decode_row(a, q, answer->result, 0, row, e);
    }
    leave(answer, &own);
    if (good && n == 1) {
        memcpy(ret_row, row, q->row_size);
    }
    *ret_found = n == 1;
    return good;
}

bool q_one(struct db *d, struct arena *a, const struct q_def *q, const void *in, void *ret_row, struct err *e)
{
    bool found;
    if (!fetch_one(d, a, q, in, ret_row, &found, e)) {
        return false;
    }
    return found || err_set(e, PROBLEM_NOT_FOUND, "%s", problem_info(PROBLEM_NOT_FOUND)->title);
}

bool q_opt(struct db *d, struct arena *a, const struct q_def *q, const void *in, void *ret_row, bool *ret_found, struct err *e)
{
    bool found;
    if (!fetch_one(d, a, q, in, ret_row, &found, e)) {
        return false;
    }
    *ret_found = found;
    return true;
}

bool q_many(struct db *d, struct arena *a, const struct q_def *q, const void *in, size_t *ret_n, void **ret_rows, struct err *e)
{
    struct q_answer own, *answer;
    char *rows;
    size_t n = 0;
    bool good = true;

    if (!run(d, a, q, in, &own, &answer, e)) {
        return false;
    }
    rows = arena_array_(a, (size_t)PQntuples(answer->result), q->row_size);
    for (int i = 0; good && i < PQntuples(answer->result); i++) {
        if (!q->gather || gather_is_mine(q, in, answer->result, i)) {
            good = decode_row(a, q, answer->result, i, rows + n++ * q->row_size, e);
        }
    }
    leave(answer, &own);
    if (!good) {
        return false;
    }
    *ret_n = n;
    *ret_rows = rows;
    return true;
}

bool q_exec(struct db *d, struct arena *a, const struct q_def *q, const void *in, int64_t *ret_affected, struct err *e)
{
    struct q_params p;
    PGresult *r;
    int64_t n = 0;

    if (!q_encode(a, q, in, &p, e) || !attempt(d, q, &p, &r, e)) {
        return false;
    }
    if (ret_affected) {
        if (!str_to_int64(str_from(PQcmdTuples(r)), &n)) {
            n = 0;
        }
        *ret_affected = n;
    }
    PQclear(r);
    return true;
}
