#include "tools/sqlgen.h"

#include <ctype.h>

static const char banner[] = "/* Made by sqlgen from %s.sql: change that file, not this one. */\n";

static bool opt_type(const struct sqlgen_field *f)
{
    return f->nullable && !f->array && f->type.c_nullable;
}

static void emit_fields(struct buf *out, const char *query, const char *suffix, const struct sqlgen_fields *fields)
{
    buf_printf(out, "struct q_%s_%s {\n", query, suffix);
    for (size_t i = 0; i < fields->n; i++) {
        const struct sqlgen_field *f = &fields->v[i];
        if (f->array) {
            buf_printf(out, "    struct q_array_%s %s;", f->type.name, f->name);
        } else {
            buf_printf(out, "    %s %s;", opt_type(f) ? f->type.c_nullable : f->type.c_type, f->name);
        }
        if (f->nullable && !opt_type(f)) {
            buf_cstr(out, "    /* may be absent */");
        } else if (f->null_elements) {
            buf_cstr(out, "    /* elements may be absent */");
        }
        buf_char(out, '\n');
    }
    buf_cstr(out, "};\n");
}

static void emit_doc(struct buf *out, const struct sqlgen_query *q)
{
    struct str doc = buf_view(&q->doc), line;
    bool first = true;

    while (str_split(&doc, '\n', &line)) {
        if (str_is_empty(line) && (str_is_null(doc) || first)) {
            continue;
        }
        buf_cstr(out, first ? "/* " : "\n * ");
        first = false;
        for (size_t i = 0; i < line.n; i++) {
            buf_char(out, line.p[i]);
            if (line.p[i] == '*' && i + 1 < line.n && line.p[i + 1] == '/') {
                buf_char(out, ' ');            /* the comment must not end in the middle */
            }
        }
    }
    if (!first) {
        buf_cstr(out, " */\n");
    }
}

static void emit_signature(struct buf *out, const struct sqlgen_query *q)
{
    buf_printf(out, "bool q_%s(struct db *db, struct arena *a, ", q->name);
    if (q->in.n > 0) {
        buf_printf(out, "const struct q_%s_in *in, ", q->name);
    }
    switch (q->kind) {
    case KIND_ONE: buf_printf(out, "struct q_%s_row *ret_row, ", q->name); break;
    case KIND_OPT: buf_printf(out, "struct q_%s_row *ret_row, bool *ret_found, ", q->name); break;
    case KIND_MANY: buf_printf(out, "struct q_%s_rows *ret_rows, ", q->name); break;
    case KIND_EXEC: buf_cstr(out, "int64_t *ret_affected, "); break;
    }
    buf_cstr(out, "struct err *e)");
}

void sqlgen_emit_header(struct buf *out, const struct sqlgen_file *f)
{
    char guard[80];
    size_t i;
    for (i = 0; f->stem[i] && i < sizeof guard - 1; i++) {
        guard[i] = (char)toupper((unsigned char)f->stem[i]);
    }
    guard[i] = '\0';
    buf_printf(out, banner, f->stem);
    buf_printf(out, "#ifndef SOUK_GEN_SQL_%s_H\n#define SOUK_GEN_SQL_%s_H\n\n#include \"db/query.h\"\n", guard, guard);
    for (const struct sqlgen_query *q = f->queries; q; q = q->next) {
        buf_char(out, '\n');
        if (q->in.n > 0) {
            emit_fields(out, q->name, "in", &q->in);
        }
        if (q->out.n > 0) {
            emit_fields(out, q->name, "row", &q->out);
        }
        if (q->kind == KIND_MANY) {
            buf_printf(out, "struct q_%s_rows { size_t n; struct q_%s_row *v; };\n", q->name, q->name);
        }
        emit_doc(out, q);
        buf_cstr(out, "MUST_CHECK ");
        emit_signature(out, q);
        buf_cstr(out, ";\n");
    }
    buf_cstr(out, "\n#endif\n");
}

static void emit_literal(struct buf *out, struct str s)
{
    buf_cstr(out, "    .sql = \"");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '\n') {
            buf_cstr(out, i + 1 < s.n ? "\\n\"\n           \"" : "\\n");
        } else if (c == '"' || c == '\\') {
            buf_char(out, '\\');
            buf_char(out, (char)c);
        } else if (c == '?') {
            buf_cstr(out, "\\?");              /* no trigraphs */
        } else if (c < 0x20 || c >= 0x7f) {
            buf_printf(out, "\\%03o", c);
        } else {
            buf_char(out, (char)c);
        }
    }
    buf_cstr(out, "\",\n");
}

static void emit_table(struct buf *out, const struct sqlgen_query *q, const char *suffix, const struct sqlgen_fields *fields)
{
    buf_printf(out, "static const struct q_field %s_%s[] = {\n", q->name, suffix);
    for (size_t i = 0; i < fields->n; i++) {
        const struct sqlgen_field *f = &fields->v[i];
        buf_printf(out, "    {\"%s\", %s, ", f->name, f->type.q_type);
        if (!f->nullable && !f->array) {
            buf_char(out, '0');
        } else {
            buf_printf(out, "%s%s%s%s", f->nullable ? "Q_NULLABLE" : "", f->nullable && f->array ? " | " : "", f->array ? "Q_ARRAY" : "",
                       f->null_elements ? " | Q_NULL_ELEMENTS" : "");
        }
        buf_printf(out, ", offsetof(struct q_%s_%s, %s)},\n", q->name, suffix, f->name);
    }
    buf_cstr(out, "};\n");
}

static void emit_body(struct buf *out, const struct sqlgen_query *q)
{
    const char *in = q->in.n > 0 ? "in" : "NULL";

    emit_signature(out, q);
    buf_cstr(out, "\n{\n");
    switch (q->kind) {
    case KIND_ONE: buf_printf(out, "    return q_one(db, a, &%s_def, %s, ret_row, e);\n", q->name, in); break;
    case KIND_OPT: buf_printf(out, "    return q_opt(db, a, &%s_def, %s, ret_row, ret_found, e);\n", q->name, in); break;
    case KIND_MANY:
        buf_printf(out, "    void *rows;\n    size_t n;\n    if (!q_many(db, a, &%s_def, %s, &n, &rows, e)) {\n        return false;\n    }\n", q->name, in);
        buf_printf(out, "    *ret_rows = (struct q_%s_rows){.n = n, .v = rows};\n    return true;\n", q->name);
        break;
    case KIND_EXEC: buf_printf(out, "    return q_exec(db, a, &%s_def, %s, ret_affected, e);\n", q->name, in); break;
    }
    buf_cstr(out, "}\n");
}

/* Which parameter it is; -1: none of that name (and type). */
static int place_of(const struct sqlgen_query *q, const char *name, const char *q_type)
{
    for (size_t i = 0; name && i < q->in.n; i++) {
        if (strcmp(q->in.v[i].name, name) == 0 && (!q_type || strcmp(q->in.v[i].type.q_type, q_type) == 0)) {
            return (int)i;
        }
    }
    return -1;
}

void sqlgen_emit_source(struct buf *out, const struct sqlgen_file *f)
{
    static const char *const kinds[] = {"Q_ONE", "Q_OPT", "Q_MANY", "Q_EXEC"};
    static const char *const sides[] = {"in", "out"};

    buf_printf(out, banner, f->stem);
    buf_printf(out, "#include \"sql/%s.h\"\n", f->stem);
    for (const struct sqlgen_query *q = f->queries; q; q = q->next) {
        buf_char(out, '\n');
        if (q->in.n > 0) {
            emit_table(out, q, "in", &q->in);
        }
        if (q->out.n > 0) {
            emit_table(out, q, "row", &q->out);
        }
        buf_printf(out, "static const struct q_def %s_def = {\n    .name = \"q_%s\",\n", q->name, q->name);
        emit_literal(out, buf_view(&q->sql));
        buf_printf(out, "    .kind = %s,\n    .write = %s,\n", kinds[q->kind], q->write ? "true" : "false");
        if (q->gather) {
            buf_printf(out, "    .gather = true,\n    .merge = %d,\n    .now = %d,\n", place_of(q, q->merge, NULL), place_of(q, "now", "Q_USEC"));
        }
        for (int side = 0; side < 2; side++) {
            size_t n = side ? q->out.n : q->in.n;
            if (n > 0) {
                buf_printf(out, "    .n_%s = %zu,\n    .%s = %s_%s,\n", sides[side], n, sides[side], q->name, side ? "row" : "in");
            }
        }
        if (q->in.n > 0) {
            buf_printf(out, "    .in_size = sizeof(struct q_%s_in),\n", q->name);
        }
        if (q->out.n > 0) {
            buf_printf(out, "    .row_size = sizeof(struct q_%s_row),\n", q->name);
        }
        buf_cstr(out, "};\n");
        emit_body(out, q);
    }
}

void sqlgen_emit_all(struct buf *out, const struct sqlgen_file *files, size_t n)
{
    buf_cstr(out, "/* Made by sqlgen: all query files as one unit, so that a new file needs no change of the build. */\n");
    if (n == 0) {
        buf_cstr(out, "typedef int q_none;\n");
    }
    for (size_t i = 0; i < n; i++) {
        buf_printf(out, "#include \"sql/%s.c\"\n", files[i].stem);
    }
}
