/* C source -> tokens. Knows comments, strings, continued lines and preprocessor lines; knows no types. */
#include "tools/housecheck/housecheck.h"

struct scanner {
    struct arena *a;
    struct str s;
    size_t i;
    int line;
    bool line_start;            /* only blanks so far on this line */
    bool macro;                 /* in a preprocessor line, with its continued lines */
    struct tokens *out;
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool token_is(const struct token *t, const char *s)
{
    return (t->kind == TOKEN_WORD || t->kind == TOKEN_PUNCT) && str_eq_c(t->s, s);
}

static void add(struct scanner *x, enum token_kind kind, struct str s, int line)
{
    struct tokens *t = x->out;
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 1024;
        struct token *v = ARENA_ARRAY(x->a, struct token, cap);
        if (t->n)
            memcpy(v, t->v, t->n * sizeof *v);
        t->v = v;
        t->cap = cap;
    }
    t->v[t->n++] = (struct token){kind, s, line, x->macro};
}

static void skip_comment(struct scanner *x)
{
    bool line_comment = x->s.p[x->i + 1] == '/';
    for (x->i += 2; x->i < x->s.n; x->i++) {
        if (line_comment ? x->s.p[x->i] == '\n' : x->s.p[x->i] == '/' && x->s.p[x->i - 1] == '*')
            break;
        x->line += x->s.p[x->i] == '\n';
    }
    if (!line_comment)
        x->i++;
}

static void read_quoted(struct scanner *x)
{
    char quote = x->s.p[x->i];
    size_t from = ++x->i;
    while (x->i < x->s.n && x->s.p[x->i] != quote && x->s.p[x->i] != '\n')
        x->i += x->s.p[x->i] == '\\' ? 2 : 1;
    if (x->i > x->s.n)
        x->i = x->s.n;
    add(x, quote == '"' ? TOKEN_STRING : TOKEN_CHAR, str_sub(x->s, from, x->i - from), x->line);
    x->i++;
}

/* "#include <x>" is one token; of other lines only the name counts, their content is read as C. */
static void read_preprocessor(struct scanner *x)
{
    size_t from = ++x->i;
    x->macro = true;
    while (x->i < x->s.n && (x->s.p[x->i] == ' ' || x->s.p[x->i] == '\t'))
        from = ++x->i;
    while (x->i < x->s.n && is_word(x->s.p[x->i]))
        x->i++;
    struct str name = str_sub(x->s, from, x->i - from);
    if (!str_eq_c(name, "include")) {
        add(x, TOKEN_PREPROCESSOR, name, x->line);
        return;
    }
    size_t start = x->i, end;
    struct str rest = str_sub(x->s, start, x->s.n);
    struct str line = str_find(rest, '\n', &end) ? str_sub(rest, 0, end) : rest;
    line = str_trim(line);
    size_t close = line.n;
    for (size_t k = 1; k < line.n && close == line.n; k++)
        if (line.p[k] == (line.p[0] == '<' ? '>' : '"'))
            close = k + 1;
    add(x, TOKEN_INCLUDE, str_sub(line, 0, close), x->line);
    x->i = start;
    while (x->i < x->s.n && x->s.p[x->i] != '\n')
        x->i++;
}

void scan_c(struct arena *a, struct str content, struct tokens *ret_tokens)
{
    struct scanner x = {.a = a, .s = content, .line = 1, .line_start = true, .out = ret_tokens};
    *ret_tokens = (struct tokens){0};
    while (x.i < x.s.n) {
        char c = x.s.p[x.i];
        if (c == '\n') {
            x.line++;
            x.line_start = true;
            x.macro = x.macro && x.i > 0 && x.s.p[x.i - 1] == '\\';
            x.i++;
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\\') {
            x.i++;
        } else if (c == '/' && x.i + 1 < x.s.n && (x.s.p[x.i + 1] == '/' || x.s.p[x.i + 1] == '*')) {
            skip_comment(&x);
        } else if (c == '#' && x.line_start) {
            read_preprocessor(&x);
            x.line_start = false;
        } else if (c == '"' || c == '\'') {
            read_quoted(&x);
            x.line_start = false;
        } else if (is_word(c)) {
            size_t from = x.i;
            while (x.i < x.s.n && is_word(x.s.p[x.i]))
                x.i++;
            add(&x, c >= '0' && c <= '9' ? TOKEN_NUMBER : TOKEN_WORD, str_sub(x.s, from, x.i - from), x.line);
            x.line_start = false;
        } else {
            add(&x, TOKEN_PUNCT, str_sub(x.s, x.i, 1), x.line);
            x.i++;
            x.line_start = false;
        }
    }
    ret_tokens->lines = x.line - (x.s.n && x.s.p[x.s.n - 1] == '\n');
}
