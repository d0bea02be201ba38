#include "tools/sqlgen.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

static const struct sqlgen_type types[] = {
    {"int8", "int64_t", "struct opt_int64", "Q_INT8", "int8", false},
    {"int4", "int32_t", "struct opt_int32", "Q_INT4", "int4", false},
    {"bool", "bool", "struct opt_bool", "Q_BOOL", "bool", false},
    {"text", "struct str", NULL, "Q_TEXT", "text varchar bpchar name", true},
    {"jsonb", "struct str", NULL, "Q_JSONB", "jsonb", true},
    {"bytea", "struct str", NULL, "Q_BYTEA", "bytea", true},
    {"uuid", "struct uuid", NULL, "Q_UUID", "uuid", true},
    {"usec", "usec_t", NULL, "Q_USEC", "timestamptz", true},
    {"currency", "struct currency", NULL, "Q_CURRENCY", "text varchar bpchar", false},
#define ID(name, prefix) {#name "_id", "struct " #name "_id", NULL, "Q_ID", "uuid", true},
#include "base/ids.def"
#undef ID
    {NULL, NULL, NULL, NULL, NULL, false},
};

static const char *const c_keywords[] = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for",
    "goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
    "switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool", "true", "false", "errno", "stdin", "stdout", "stderr", NULL};

/* Business time is an argument ($n); sessions and transactions belong to db/. */
static const char *const refused_words[] = {
    "now", "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp", "clock_timestamp",
    "statement_timestamp", "transaction_timestamp", "timeofday", "begin", "commit", "rollback", "savepoint", "listen", "notify",
    "pg_sleep", "set_config", NULL};
static const char *const first_words[] = {"select", "insert", "update", "delete", "with", "values", "merge", NULL};

struct parser {
    struct arena *a;
    const char *path;
    struct sqlgen_file *file;
    struct sqlgen_query *q, **tail;
    struct buf doc;
    int line;
    bool failed, in_sql;
    /* the tokenizer's state inside a statement */
    enum { IN_CODE, IN_STRING, IN_QUOTED, IN_DOLLAR, IN_COMMENT } state;
    bool escapes;                         /* E'...': a backslash takes the next character along */
    char dollar[32];
    int comment_depth;
    char word[3][64];                     /* the last words: [0] the newest */
    char last;                            /* the last character that is not blank */
    bool used[SQLGEN_FIELDS_MAX + 1], any_word, writes;
};

static void __attribute__((format(printf, 3, 4))) refuse(struct parser *p, int line, const char *fmt, ...)
{
    va_list ap;
    fprintf(stderr, "%s:%d: ", p->path, line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    p->failed = true;
}

static bool in_list(const char *const *list, const char *word)
{
    for (; *list; list++) {
        if (strcmp(*list, word) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_identifier(struct str s)
{
    if (s.n == 0 || s.n > SQLGEN_NAME_MAX || !islower((unsigned char)s.p[0])) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        if (!islower((unsigned char)s.p[i]) && !isdigit((unsigned char)s.p[i]) && s.p[i] != '_') {
            return false;
        }
    }
    return true;
}

/* --- "-- name:", "-- in:", "-- out:" -------------------------------------------------------------------------------- */

static struct str next_word(struct str *s)
{
    struct str head;
    *s = str_trim(*s);
    for (head = (struct str){s->p, 0}; head.n < s->n && !isspace((unsigned char)s->p[head.n]); head.n++) {
    }
    *s = str_trim(str_sub(*s, head.n, s->n));
    return head;
}

static bool set_kind(struct sqlgen_query *q, struct str kind)
{
    static const char *const kinds[] = {":one", ":opt", ":many", ":exec"};
    for (size_t i = 0; i < 4; i++) {
        if (str_eq_c(kind, kinds[i])) {
            q->kind = (enum sqlgen_kind)i;
            return true;
        }
    }
    return false;
}

/* ":gather", ":gather(parameter)" */
static bool set_gather(struct arena *a, struct sqlgen_query *q, struct str mark)
{
    struct str word = STR(":gather");
    if (!str_starts(mark, word)) {
        return false;
    }
    mark = str_sub(mark, word.n, mark.n);
    if (mark.n > 2 && mark.p[0] == '(' && mark.p[mark.n - 1] == ')') {
        q->merge = str_cstr(a, str_sub(mark, 1, mark.n - 2));
    } else if (mark.n > 0) {
        return false;
    }
    q->gather = true;
    return true;
}

static void begin_query(struct parser *p, struct str rest)
{
    struct sqlgen_query *q = ARENA_NEW(p->a, struct sqlgen_query);
    struct str name = next_word(&rest), kind = next_word(&rest), mark = next_word(&rest);

    q->name = str_cstr(p->a, name);
    q->line = p->line;
    q->doc = p->doc;
    buf_init_arena(&p->doc, p->a, 0);
    buf_init_arena(&q->sql, p->a, 0);
    if (!is_identifier(name)) {
        refuse(p, p->line, "a query needs a name of lower case letters, digits and '_' (at most %d)", SQLGEN_NAME_MAX);
    }
    if (!set_kind(q, kind)) {
        refuse(p, p->line, "query %s: the kind is :one, :opt, :many or :exec", q->name);
    }
    q->write = q->kind == KIND_EXEC;
    if (str_eq_c(mark, ":write")) {
        q->write = true;
    } else if (!set_gather(p->a, q, mark) && !str_is_empty(mark)) {
        refuse(p, p->line, "query %s: unknown mark '" STR_FMT "' (:write, :gather or :gather(parameter))", q->name, STR_ARG(mark));
    }
    if (!str_is_empty(rest)) {
        refuse(p, p->line, "query %s: nothing may follow the mark", q->name);
    }
    *p->tail = q;
    p->tail = &q->next;
    p->file->n++;
    p->q = q;
}

static bool find_type(struct str name, struct sqlgen_type *ret_type)
{
    for (const struct sqlgen_type *t = types; t->name; t++) {
        if (str_eq_c(name, t->name)) {
            *ret_type = *t;
            return true;
        }
    }
    return false;
}

static bool cut_end(struct str *s, const char *end)
{
    if (!str_ends(*s, str_from(end))) {
        return false;
    }
    s->n -= strlen(end);
    return true;
}

/* "int8", "int8?", "int8[]", "int8[]?", "text?[]" */
static bool parse_type(struct parser *p, struct str text, struct sqlgen_field *f, bool out)
{
    f->nullable = cut_end(&text, "?");
    f->array = cut_end(&text, "[]");
    f->null_elements = f->array && cut_end(&text, "?");
    if (!find_type(text, &f->type)) {
        refuse(p, p->line, "field %s: unknown type '" STR_FMT "'", f->name, STR_ARG(text));
        return false;
    }
    if (f->null_elements && !f->type.null_elements) {
        refuse(p, p->line, "field %s: elements of %s cannot be null", f->name, f->type.name);
        return false;
    }
    if (out && f->array && f->null_elements) {
        refuse(p, p->line, "field %s: only parameters may have elements that are null", f->name);
        return false;
    }
    return true;
}

static void parse_field(struct parser *p, struct str text, struct sqlgen_fields *fields, bool out)
{
    struct str name = next_word(&text), type = next_word(&text);
    struct sqlgen_field f = {.line = p->line};

    if (str_is_empty(type) || !str_is_empty(text)) {
        refuse(p, p->line, "a field is 'name type'; fields are separated by commas");
        return;
    }
    f.name = str_cstr(p->a, name);
    if (!is_identifier(name) || in_list(c_keywords, f.name)) {
        refuse(p, p->line, "'%s' cannot be the name of a field", f.name);
        return;
    }
    for (size_t i = 0; i < fields->n; i++) {
        if (strcmp(fields->v[i].name, f.name) == 0) {
            refuse(p, p->line, "field %s stands there twice", f.name);
            return;
        }
    }
    if (fields->n == SQLGEN_FIELDS_MAX) {
        refuse(p, p->line, "more than %d fields", SQLGEN_FIELDS_MAX);
        return;
    }
    if (parse_type(p, type, &f, out)) {
        fields->v[fields->n++] = f;
    }
}

static void parse_fields(struct parser *p, struct str rest, bool out)
{
    struct str field;
    if (!p->q) {
        refuse(p, p->line, "fields without a query: begin with '-- name:'");
        return;
    }
    rest = str_trim(rest);
    if (str_ends(rest, STR(","))) {
        rest.n--;                              /* the list goes on in a further line */
    }
    while (str_split(&rest, ',', &field)) {
        parse_field(p, field, out ? &p->q->out : &p->q->in, out);
    }
}

/* --- the statement ---------------------------------------------------------------------------------------------------- */

static void end_word(struct parser *p, const char *word)
{
    struct sqlgen_query *q = p->q;

    if (!p->any_word && !in_list(first_words, word)) {
        refuse(p, p->line, "query %s: a statement begins with select, insert, update, delete, with, values or merge", q->name);
    }
    p->any_word = true;
    if (in_list(refused_words, word)) {
        refuse(p, p->line, "query %s: '%s' is refused (time is a parameter, transactions belong to db/)", q->name, word);
    }
    if (strcmp(word, "insert") == 0 || strcmp(word, "delete") == 0 || strcmp(word, "merge") == 0 ||
        (strcmp(word, "update") == 0 && strcmp(p->word[0], "for") != 0 && strcmp(p->word[0], "key") != 0)) {
        p->writes = true;
    }
    memcpy(p->word[2], p->word[1], sizeof p->word[0]);
    memcpy(p->word[1], p->word[0], sizeof p->word[0]);
    snprintf(p->word[0], sizeof p->word[0], "%s", word);
}

static size_t take_word(struct parser *p, const char *s, size_t n)
{
    char word[64];
    size_t i = 0;
    for (; i < n && (isalnum((unsigned char)s[i]) || s[i] == '_'); i++) {
        if (i < sizeof word - 1) {
            word[i] = (char)tolower((unsigned char)s[i]);
        }
    }
    word[i < sizeof word ? i : sizeof word - 1] = '\0';
    if (p->last == '.') {                       /* a column or a qualified name is never a keyword */
        snprintf(p->word[0], sizeof p->word[0], "%s", word);
    } else {
        end_word(p, word);
    }
    p->last = 'w';
    if (strcmp(word, "select") == 0 || strcmp(word, "distinct") == 0 || strcmp(word, "returning") == 0) {
        p->last = 's';                          /* a '*' behind these means all columns */
    }
    return i;
}

static size_t take_parameter(struct parser *p, const char *s, size_t n)
{
    size_t i = 1;
    int64_t number = 0;
    while (i < n && isdigit((unsigned char)s[i])) {
        number = number < 1000 ? number * 10 + (s[i] - '0') : number;
        i++;
    }
    if (number < 1 || (size_t)number > p->q->in.n) {
        refuse(p, p->line, "query %s: parameter $%d is not among its %zu 'in' fields", p->q->name, (int)number, p->q->in.n);
    } else {
        p->used[number] = true;
    }
    p->last = 'w';
    return i;
}

/* $tag$ ... $tag$: the delimiter's length, 0 when this is none */
static size_t dollar_tag(const char *s, size_t n)
{
    size_t i = 1;
    while (i < n && (isalpha((unsigned char)s[i]) || s[i] == '_')) {
        i++;
    }
    return i < n && s[i] == '$' && i < 30 ? i + 1 : 0;
}

static size_t take_code(struct parser *p, const char *s, size_t n, bool *ret_end)
{
    size_t tag;

    if (isspace((unsigned char)*s)) {
        return 1;
    }
    if (*s == ';') {
        *ret_end = true;
        return 1;
    }
    if (isalpha((unsigned char)*s) || *s == '_') {
        if ((*s == 'E' || *s == 'e') && n > 1 && s[1] == '\'') {
            p->state = IN_STRING;
            p->escapes = true;
            return 2;
        }
        return take_word(p, s, n);
    }
    if (*s == '$' && n > 1 && isdigit((unsigned char)s[1])) {
        return take_parameter(p, s, n);
    }
    if (*s == '$' && (tag = dollar_tag(s, n)) > 0) {
        snprintf(p->dollar, sizeof p->dollar, "%.*s", (int)tag, s);
        p->state = IN_DOLLAR;
        return tag;
    }
    if (n > 1 && s[0] == '/' && s[1] == '*') {
        p->state = IN_COMMENT;
        p->comment_depth = 1;
        return 2;
    }
    if (*s == '\'' || *s == '"') {
        p->state = *s == '"' ? IN_QUOTED : IN_STRING;
        p->escapes = false;
        p->last = 'w';
        return 1;
    }
    if (*s == '*' && (p->last == '.' || p->last == 's' || p->last == ',')) {
        refuse(p, p->line, "query %s: name the columns instead of '*'", p->q->name);
    }
    p->last = *s;
    return 1;
}

/* Inside a string, a quoted name, a dollar string or a comment; returns how many characters were taken. */
static size_t take_quoted(struct parser *p, const char *s, size_t n)
{
    size_t len = strlen(p->dollar);
    switch (p->state) {
    case IN_STRING:
    case IN_QUOTED:
        if (p->state == IN_STRING && p->escapes && *s == '\\' && n > 1) {
            return 2;
        }
        if (*s == (p->state == IN_QUOTED ? '"' : '\'')) {
            p->state = IN_CODE;               /* a doubled quote opens again at once, which comes to the same */
            p->escapes = false;
        }
        return 1;
    case IN_DOLLAR:
        if (n >= len && memcmp(s, p->dollar, len) == 0) {
            p->state = IN_CODE;
            return len;
        }
        return 1;
    default:
        if (n > 1 && s[0] == '*' && s[1] == '/') {
            p->state = --p->comment_depth == 0 ? IN_CODE : IN_COMMENT;
            return 2;
        }
        if (n > 1 && s[0] == '/' && s[1] == '*') {
            p->comment_depth++;
            return 2;
        }
        return 1;
    }
}

/* Whose a row is must be seen in its first column, and what is put together are ids. */
static void check_gather(struct parser *p)
{
    struct sqlgen_query *q = p->q;
    const struct sqlgen_field *merged = NULL, *owner = &q->out.v[0];

    if (q->kind == KIND_EXEC || p->writes) {
        refuse(p, q->line, "query %s: only what reads can be gathered", q->name);
    }
    if (!q->merge) {
        return;
    }
    for (size_t i = 0; i < q->in.n; i++) {
        merged = strcmp(q->in.v[i].name, q->merge) == 0 ? &q->in.v[i] : merged;
    }
    bool good = merged && q->out.n > 0 && q->kind == KIND_MANY && merged->array && !merged->nullable && !merged->null_elements && !owner->array && !owner->nullable &&
                strcmp(merged->type.q_type, "Q_ID") == 0 && strcmp(merged->type.name, owner->type.name) == 0;
    if (!good) {
        refuse(p, q->line, "query %s: :gather(%s) names a parameter that is an array of ids, and the first column of a :many is the id that a row belongs to", q->name, q->merge);
    }
}

static void check_query(struct parser *p)
{
    struct sqlgen_query *q = p->q;

    if (q->kind == KIND_EXEC && q->out.n > 0) {
        refuse(p, q->line, "query %s: :exec has no 'out'", q->name);
    }
    if (q->kind != KIND_EXEC && q->out.n == 0) {
        refuse(p, q->line, "query %s: 'out' is missing (without a result it is an :exec)", q->name);
    }
    for (size_t i = 1; i <= q->in.n; i++) {
        if (!p->used[i]) {
            refuse(p, q->in.v[i - 1].line, "query %s: parameter $%zu (%s) is never used", q->name, i, q->in.v[i - 1].name);
        }
    }
    if (q->gather) {
        check_gather(p);
    } else if (p->writes && !q->write) {
        refuse(p, q->line, "query %s writes: mark it with :write, so that it is never repeated", q->name);
    }
}

static void end_statement(struct parser *p, struct str rest)
{
    rest = str_trim(rest);
    if (!p->any_word) {
        refuse(p, p->line, "query %s: the statement is empty", p->q->name);
    }
    if (!str_is_empty(rest) && !str_starts(rest, STR("--"))) {
        refuse(p, p->line, "query %s: one statement only; nothing may follow the semicolon", p->q->name);
    }
    check_query(p);
    p->in_sql = false;
    p->q = NULL;
}

static void sql_line(struct parser *p, struct str line)
{
    struct buf *sql = &p->q->sql;
    size_t i = 0, from = 0;
    bool end = false;

    while (i < line.n && !end) {
        if (p->state != IN_CODE) {
            bool comment = p->state == IN_COMMENT;
            i += take_quoted(p, line.p + i, line.n - i);
            from = comment ? i : from;
            continue;
        }
        if (line.n - i > 1 && line.p[i] == '-' && line.p[i + 1] == '-') {
            break;
        }
        size_t n = take_code(p, line.p + i, line.n - i, &end);
        if (p->state == IN_COMMENT || end) {
            buf_put(sql, line.p + from, i - from);
            from = i + n;
        }
        i += n;
    }
    if (end) {
        end_statement(p, str_sub(line, i, line.n));
        return;
    }
    if (p->state != IN_COMMENT) {
        buf_put(sql, line.p + from, i - from);
        while (p->state == IN_CODE && sql->n > 0 && isspace((unsigned char)sql->p[sql->n - 1])) {
            sql->n--;
        }
        buf_char(sql, '\n');
    }
}

static void begin_statement(struct parser *p)
{
    p->in_sql = true;
    p->state = IN_CODE;
    p->escapes = p->any_word = p->writes = false;
    memset(p->used, 0, sizeof p->used);
    memset(p->word, 0, sizeof p->word);
    p->last = ' ';
}

static void comment_line(struct parser *p, struct str text)
{
    struct str name = STR("name:"), in = STR("in:"), out = STR("out:");

    text = str_trim(str_sub(text, 2, text.n));
    if (str_starts(text, name)) {
        if (p->q) {
            refuse(p, p->line, "query %s has no statement", p->q->name);
        }
        begin_query(p, str_sub(text, name.n, text.n));
    } else if (str_starts(text, in)) {
        parse_fields(p, str_sub(text, in.n, text.n), false);
    } else if (str_starts(text, out)) {
        parse_fields(p, str_sub(text, out.n, text.n), true);
    } else {
        struct buf *doc = p->q ? &p->q->doc : &p->doc;
        buf_str(doc, text);
        buf_char(doc, '\n');
    }
}

static void any_line(struct parser *p, struct str line)
{
    struct str text = str_trim(line);

    if (p->in_sql) {
        if (p->state == IN_CODE && str_starts(text, STR("-- name:"))) {
            refuse(p, p->line, "query %s does not end with a semicolon", p->q->name);
            p->in_sql = false;
            p->q = NULL;
            comment_line(p, text);
            return;
        }
        sql_line(p, line);
    } else if (str_starts(text, STR("--"))) {
        comment_line(p, text);
    } else if (str_is_empty(text)) {
        buf_clear(&p->doc);                    /* a comment that stands alone documents nothing */
    } else if (!p->q) {
        refuse(p, p->line, "a statement without '-- name:'");
        p->q = NULL;
    } else {
        begin_statement(p);
        sql_line(p, line);
    }
}

bool sqlgen_parse(struct arena *a, const char *path, struct str text, struct sqlgen_file *ret_file)
{
    struct parser p = {.a = a, .path = path, .file = ret_file};
    const char *slash = strrchr(path, '/');
    struct str line, stem = str_from(slash ? slash + 1 : path);

    if (!cut_end(&stem, ".sql") || !is_identifier(stem)) {
        refuse(&p, 1, "the file is named <schema>.sql in lower case");
    }
    *ret_file = (struct sqlgen_file){.path = path, .stem = str_cstr(a, stem)};
    p.tail = &ret_file->queries;
    buf_init_arena(&p.doc, a, 0);
    if (!str_is_utf8(text) || memchr(text.p, '\0', text.n)) {
        refuse(&p, 1, "not UTF-8");
        return false;
    }
    while (str_split(&text, '\n', &line)) {
        p.line++;
        any_line(&p, line);
        if (str_is_null(text)) {
            break;
        }
    }
    if (p.in_sql) {
        refuse(&p, p.line, "query %s does not end with a semicolon%s", p.q->name, p.state != IN_CODE ? " (a quote or comment is open)" : "");
    } else if (p.q) {
        refuse(&p, p.line, "query %s has no statement", p.q->name);
    } else if (ret_file->n == 0 && !p.failed) {
        refuse(&p, p.line ? p.line : 1, "no query in this file");
    }
    return !p.failed;
}
