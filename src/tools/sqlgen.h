/* sqlgen: sql/queries/<schema>.sql -> typed C. The file format is described in README.md.
 * sqlgen_files.c reads files, sqlgen_parse.c parses and refuses, sqlgen_emit.c writes, sqlgen.c is the command, sqlgen_check.c asks a server. */
#ifndef SOUK_TOOLS_SQLGEN_H
#define SOUK_TOOLS_SQLGEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

enum { SQLGEN_FIELDS_MAX = 64, SQLGEN_NAME_MAX = 58 /* "q_" + name stays within PostgreSQL's 63 bytes */ };
enum sqlgen_kind { KIND_ONE, KIND_OPT, KIND_MANY, KIND_EXEC };

/* One row per type of the query language. */
struct sqlgen_type {
    const char *name;         /* "int8"; ids are looked up by their "<name>_id" */
    const char *c_type;       /* "int64_t" */
    const char *c_nullable;   /* "struct opt_int64"; NULL: the same type, with its own value for none */
    const char *q_type;       /* "Q_INT8" */
    const char *pg_types;     /* names that the server may report for a column, separated by blanks; the first is sent */
    bool null_elements;       /* type?[] is possible */
};

struct sqlgen_field {
    const char *name;
    struct sqlgen_type type;
    bool nullable, array, null_elements;
    int line;
};

struct sqlgen_fields {
    size_t n;
    struct sqlgen_field v[SQLGEN_FIELDS_MAX];
};

struct sqlgen_query {
    const char *name;
    enum sqlgen_kind kind;
    bool write;
    bool gather;
    const char *merge;                 /* the parameter of :gather(…); NULL: none */
    int line;                          /* of "-- name:" */
    struct buf doc;                    /* comment lines */
    struct buf sql;                    /* the statement without comments and without its semicolon */
    struct sqlgen_fields in, out;
    struct sqlgen_query *next;
};

struct sqlgen_file {
    const char *path;
    const char *stem;                  /* "catalog" of "sql/queries/catalog.sql" */
    struct sqlgen_query *queries;
    size_t n;
};

/* Reads a file whole; says why on standard error when it cannot. */
bool sqlgen_read(struct arena *a, const char *path, struct str *ret_text);
/* Every error is one line "path:line: what" on standard error; false when there was one. */
bool sqlgen_parse(struct arena *a, const char *path, struct str text, struct sqlgen_file *ret_file);
/* Two queries of one name, in whatever files, cannot be linked: said here instead. */
bool sqlgen_names_unique(struct sqlgen_file *files, size_t n);

void sqlgen_emit_header(struct buf *out, const struct sqlgen_file *f);
void sqlgen_emit_source(struct buf *out, const struct sqlgen_file *f);
void sqlgen_emit_all(struct buf *out, const struct sqlgen_file *files, size_t n);

#endif
