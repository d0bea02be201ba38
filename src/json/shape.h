/* Shapes: one table says how a C struct looks as JSON, as a form, as a query string, and in OpenAPI.
 *
 * The same table parses input (typed, bounded, unknown fields refused) and writes output, and routegen prints it as a
 * JSON Schema; so the document cannot differ from the code.
 *
 *   struct item_in { struct variant_id variant; int64_t quantity; };
 *   static const struct shape_field item_in_fields[] = {
 *       {"variant_id", SHAPE_ID, offsetof(struct item_in, variant), .id = ID_variant, .required = true, .doc = "What to add"},
 *       {"quantity", SHAPE_INT, offsetof(struct item_in, quantity), .min = 1, .max = 999, .def = 1, .doc = "How many"},
 *       {NULL}};
 *   static const struct shape item_in = {"CartItemInput", item_in_fields, sizeof(struct item_in)};
 *
 * C types: STR, TEXT, SECRET struct str · INT int64_t · OPT_INT struct opt_int64 · BOOL bool · OPT_BOOL struct opt_bool · MONEY struct money (currency "" = null) ·
 * TIME usec_t (0 = null) · ID the id struct (zero = null) · ENUM struct str, one of `values` · OBJECT a pointer to the struct of `sub`
 * (NULL = null) · LIST struct shape_list of `sub`'s structs, or of `item` scalars (STR, ID, INT) when `sub` is NULL · JSON struct str holding JSON text (output only). */
#ifndef SOUK_JSON_SHAPE_H
#define SOUK_JSON_SHAPE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/ids.h"
#include "base/money.h"
#include "base/opt.h"
#include "base/str.h"

enum shape_kind { SHAPE_STR, SHAPE_TEXT /* may hold line breaks */, SHAPE_SECRET /* a password: as typed, not trimmed; wiped with the arena */, SHAPE_INT, SHAPE_OPT_INT, SHAPE_BOOL, SHAPE_OPT_BOOL, SHAPE_MONEY, SHAPE_TIME,
                  SHAPE_ID, SHAPE_ENUM, SHAPE_EMAIL, SHAPE_OBJECT, SHAPE_LIST, SHAPE_JSON };

enum shape_place { SHAPE_BODY = 0, SHAPE_PATH, SHAPE_QUERY, SHAPE_HEADER };   /* where an input field comes from */

struct shape;

struct shape_field {
    const char *name;                  /* NULL ends the table */
    enum shape_kind kind;
    size_t offset;
    enum shape_place in;
    bool required;
    bool nullable;                     /* output: absent is written as null; otherwise it is left out */
    int64_t min, max;                  /* INT: value; STR: code points (max 0 = 200); LIST: items (max 0 = 100) */
    int64_t def;                       /* INT, BOOL: value when absent */
    enum id_kind id;
    const char *const *values;         /* ENUM: NULL-terminated */
    const struct shape *sub;
    enum shape_kind item;              /* LIST of scalars */
    const char *doc;
    const char *example;
    bool leave_out;                    /* output, LIST: left out while its v is NULL (what `expand` did not ask for) */
};

struct shape {
    const char *name;                  /* of the schema in OpenAPI */
    const struct shape_field *fields;
    size_t size;                       /* of the C struct */
};

struct shape_list { size_t n; void *v; };     /* v points to n structs (or scalars) in a row */

/* --- output --- */
void shape_write(struct buf *out, struct arena *a, const struct shape *s, const void *value);
/* {"data":[...],"has_more":...,"next_cursor":...}; an absent cursor is null */
void shape_write_list(struct buf *out, struct arena *a, const struct shape *s, struct shape_list list, struct str next_cursor);
/* The same with "total": how many there are on all pages; not set: the same as without. */
void shape_write_counted(struct buf *out, struct arena *a, const struct shape *s, struct shape_list list, struct str next_cursor, struct opt_int64 total);

/* --- input: fills the fields of `ret` that come from that place (zeroed, then defaults) and leaves the others alone; collects
 * every bad field in `e` and says false when there was one. Strings (but secrets) are trimmed; null and, in pairs, empty text count as absent. --- */
struct shape_pairs { size_t n; const struct shape_pair { struct str name, value; } *v; };   /* decoded query, form or path pairs */
MUST_CHECK bool shape_read_pairs(const struct shape *s, enum shape_place place, struct shape_pairs pairs, struct arena *a, void *ret, struct err *e);
MUST_CHECK bool shape_read_json(const struct shape *s, struct str body, struct arena *a, void *ret, struct err *e);
void shape_defaults(const struct shape *s, void *ret);       /* zero, then the defaults of all fields */
/* A form's fields: nested ones as "address.city", lists as repeated names. Unknown names are refused except those beginning with '_'. */

/* JSON Schema (OpenAPI 3.1 dialect) of the body fields of `s`, for routegen. `answered`: it is (also) what an answer looks like. */
void shape_schema(struct buf *out, const struct shape *s, bool answered);
void shape_field_schema(struct buf *out, const struct shape_field *f);      /* of one field: parameters, members */
void shape_put_example(struct buf *out, const struct shape_field *f);       /* field.example as JSON; there must be one */

#endif
