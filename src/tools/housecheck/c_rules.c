/* Rules about single tokens and about the size and state of C files. */
#include "tools/housecheck/housecheck.h"

static bool layer_in(const struct file *f, const char *layers)
{
    return !str_is_null(f->layer) && in_words(f->layer, layers);
}

/* --- SQL ----------------------------------------------------------------------------------------------------------- */

static bool has_word(struct str upper, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= upper.n; i++)
        if (memcmp(upper.p + i, word, n) == 0)
            return true;
    return false;
}

/* One line with single blanks, as the server would read it: "SELECT\n  x" and "SELECT x" are the same statement. */
static struct str one_line(struct arena *a, struct str s)
{
    char *out = ARENA_ARRAY(a, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool escaped = s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == 'n' || s.p[i + 1] == 't' || s.p[i + 1] == 'r');
        bool blank = escaped || s.p[i] == ' ' || s.p[i] == '\t';
        if (!blank)
            out[n++] = s.p[i];
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
        i += escaped;
    }
    return str_of(out, n);
}

/* English sentences begin with "select" and "update", too: a statement is in capitals or has its second word as well. */
static bool is_sql(struct arena *a, struct str literal)
{
    static const char *const beginnings[] = {
        "SELECT ", "INSERT INTO ", "DELETE FROM ", "MERGE INTO ", "VALUES (", "CALL ", "CREATE TABLE ", "CREATE ROLE ", "CREATE SCHEMA ", "CREATE DATABASE ", "CREATE INDEX ",
        "CREATE OR REPLACE ", "ALTER TABLE ", "ALTER ROLE ", "DROP TABLE ", "DROP SCHEMA ", "TRUNCATE ", "SET ROLE ", "SET LOCAL ", "SET SESSION ", "LOCK TABLE ", "GRANT ",
        "REVOKE ", "LISTEN ", "NOTIFY ", "START TRANSACTION", "SAVEPOINT ", "ROLLBACK TO ", "COPY ", "EXPLAIN ", "VACUUM ", "ANALYZE ", "DO $",
    };
    struct str s = one_line(a, literal);
    char *upper = str_cstr(a, s);
    for (char *p = upper; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    struct str u = str_from(upper);
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (str_starts(u, str_from(beginnings[i])) && memcmp(s.p, upper, strcspn(upper, " ")) == 0)
            return true;
    if (str_eq_c(s, "BEGIN") || str_eq_c(s, "COMMIT") || str_eq_c(s, "ROLLBACK"))
        return true;
    return (str_starts(u, STR("SELECT ")) && (has_word(u, " FROM ") || has_word(u, "("))) || (str_starts(u, STR("UPDATE ")) && has_word(u, " SET ")) ||
           (str_starts(u, STR("INSERT INTO ")) && (has_word(u, " VALUES") || has_word(u, " SELECT "))) || (str_starts(u, STR("DELETE FROM ")) && has_word(u, " WHERE ")) ||
           (str_starts(u, STR("WITH ")) && has_word(u, " AS ("));
}

/* --- single tokens ------------------------------------------------------------------------------------------------- */

static const char clock_functions[] = "time gettimeofday clock_gettime clock_getres clock ftime timespec_get localtime_r gmtime_r mktime timegm nanotime";

/* "1.19" is three tokens, ".5" is two. */
static bool is_fraction(const struct tokens *t, size_t i)
{
    const struct token *k = &t->v[i];
    bool hex = k->s.n > 1 && (k->s.p[1] == 'x' || k->s.p[1] == 'X');
    bool exponent = !hex && (memchr(k->s.p, 'e', k->s.n) || memchr(k->s.p, 'E', k->s.n));
    bool before = i > 0 && token_is(&t->v[i - 1], ".") && t->v[i - 1].s.p + 1 == k->s.p;
    bool after = i + 1 < t->n && token_is(&t->v[i + 1], ".") && k->s.p + k->s.n == t->v[i + 1].s.p;
    return exponent || before || after;
}

static void check_number(struct house *h, const struct file *f, const struct tokens *t, size_t i)
{
    bool second = i > 1 && token_is(&t->v[i - 1], ".") && t->v[i - 2].kind == TOKEN_NUMBER;       /* told already */
    if (!layer_in(f, "tools") && is_fraction(t, i) && !second)
        house_error(h, f->path, t->v[i].line, "floating-point", "a number with a fraction or an exponent: amounts, rates and times are integers");
}

static void check_word(struct house *h, const struct file *f, const struct tokens *t, size_t i)
{
    const struct token *w = &t->v[i];
    bool call = i + 1 < t->n && token_is(&t->v[i + 1], "(");
    bool member = i > 0 && (token_is(&t->v[i - 1], ".") || token_is(&t->v[i - 1], ">"));
    if ((token_is(w, "float") || token_is(w, "double")) && !layer_in(f, "tools"))
        house_error(h, f->path, w->line, "floating-point", "'" STR_FMT "': amounts, rates and times are integers", STR_ARG(w->s));
    if (call && !member && in_words(w->s, clock_functions) && strcmp(f->path, "src/base/clock.c") != 0)
        house_error(h, f->path, w->line, "clock", STR_FMT "(): only src/base/clock.c reads a clock", STR_ARG(w->s));
}

/* Neighbours are one string to the compiler: "SELECT" " x FROM y". */
static struct str joined(struct house *h, const struct tokens *t, size_t i)
{
    struct buf b;
    struct str s = t->v[i].s;
    if (i + 1 >= t->n || t->v[i + 1].kind != TOKEN_STRING)
        return s;
    buf_init(&b, 0);
    for (; i < t->n && t->v[i].kind == TOKEN_STRING; i++)
        buf_str(&b, t->v[i].s);
    s = buf_to_str(&b, h->a);
    buf_free(&b);
    return s;
}

static void check_string(struct house *h, const struct file *f, const struct tokens *t, size_t at)
{
    static const char *const machine[] = {"/home" "/", "/root" "/", "/Users" "/", "/work" "/"};
    const struct token *first = &t->v[at];
    for (size_t i = 0; i < sizeof machine / sizeof *machine; i++)
        if (has_word(first->s, machine[i]))
            house_error(h, f->path, first->line, "machine-path", "\"" STR_FMT "\" is a place on somebody's machine", STR_ARG(first->s));
    if (layer_in(f, "db tools") || (at > 0 && t->v[at - 1].kind == TOKEN_STRING))
        return;
    struct str s = joined(h, t, at);
    if (is_sql(h->a, s))
        house_error(h, f->path, first->line, "sql-literal", "SQL belongs into sql/queries: \"" STR_FMT "\"", STR_ARG(str_sub(s, 0, 50)));
}

/* text_get(..., "key", ...) and its like: the key exists. */
static void check_key(struct house *h, const struct file *f, const struct tokens *t, size_t i)
{
    if (str_is_null(h->keys) || !in_words(t->v[i].s, "text_get text_has") || i + 1 >= t->n || !token_is(&t->v[i + 1], "("))
        return;
    int depth = 0;
    for (size_t k = i + 1; k < t->n; k++) {
        depth += token_is(&t->v[k], "(") - token_is(&t->v[k], ")");
        if (depth == 0)
            return;
        bool alone = k + 1 < t->n && (token_is(&t->v[k - 1], ",") || token_is(&t->v[k - 1], "(")) && (token_is(&t->v[k + 1], ",") || token_is(&t->v[k + 1], ")"));
        if (depth != 1 || t->v[k].kind != TOKEN_STRING || !alone)
            continue;
        struct str key = t->v[k].s;
        if (!has_word(h->keys, arena_printf(h->a, "\n" STR_FMT "\n", STR_ARG(key))))
            house_error(h, f->path, t->v[k].line, "text-key", "'" STR_FMT "' is not a key of templates/text/en.po", STR_ARG(key));
        return;
    }
}

void check_c(struct house *h, const struct file *f, const struct tokens *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->v[i].kind == TOKEN_WORD) {
            check_word(h, f, t, i);
            check_key(h, f, t, i);
        } else if (t->v[i].kind == TOKEN_NUMBER) {
            check_number(h, f, t, i);
        } else if (t->v[i].kind == TOKEN_STRING) {
            check_string(h, f, t, i);
        }
    }
    if (t->lines > FILE_LINES_MAX)
        house_error(h, f->path, t->lines, "file-size", "%d lines, %d are the limit", t->lines, FILE_LINES_MAX);
}

/* --- functions ----------------------------------------------------------------------------------------------------- */

void check_functions(struct house *h, const struct file *f, const struct tokens *t)
{
    int depth = 0, begin = 0;
    bool function = false;
    struct str name = STR("");
    for (size_t i = 0; i < t->n; i++) {
        if (t->v[i].macro)
            continue;
        if (depth == 0 && t->v[i].kind == TOKEN_WORD && i + 1 < t->n && token_is(&t->v[i + 1], "(") && !token_is(&t->v[i], "__attribute__"))
            name = t->v[i].s;
        if (token_is(&t->v[i], "{") && depth++ == 0) {
            function = i > 0 && token_is(&t->v[i - 1], ")");
            begin = t->v[i].line;
        }
        if (!token_is(&t->v[i], "}") || --depth != 0 || !function)
            continue;
        int lines = t->v[i].line - begin - 1;
        if (lines > FUNCTION_LINES_MAX)
            house_error(h, f->path, begin, "function-size", STR_FMT "() has %d lines, %d are the limit", STR_ARG(name), lines, FUNCTION_LINES_MAX);
        else if (lines > FUNCTION_LINES_WANTED)
            house_warn(h, f->path, begin, "function-size", STR_FMT "() has %d lines, %d are wanted", STR_ARG(name), lines, FUNCTION_LINES_WANTED);
    }
}

/* Behind the '}' that belongs to the '{' at i. */
static size_t skip_braces(const struct tokens *t, size_t i)
{
    int depth = 0;
    for (; i < t->n; i++) {
        depth += token_is(&t->v[i], "{") - token_is(&t->v[i], "}");
        if (depth == 0)
            return i;
    }
    return t->n - 1;
}

/* A declaration is t[from..to). Mutable: no const, or a '*' behind the last const. */
static bool is_mutable(const struct tokens *t, size_t from, size_t to)
{
    bool constant = false;
    for (size_t i = from; i < to; i++) {
        if (token_is(&t->v[i], "{"))
            i = skip_braces(t, i);
        else if (token_is(&t->v[i], "const"))
            constant = true;
        else if (token_is(&t->v[i], "*"))
            constant = false;
        else if (token_is(&t->v[i], "=") || token_is(&t->v[i], "["))
            break;
    }
    return !constant;
}

/* "struct x { ... };", "enum { ... };", prototypes, typedefs and macros with arguments declare no object. */
static bool declares_object(const struct tokens *t, size_t from, size_t to)
{
    size_t words = 0;
    bool body = false, tag = from < to && in_words(t->v[from].s, "struct union enum");
    for (size_t i = from; i < to; i++) {
        const struct token *k = &t->v[i];
        if (token_is(k, "typedef") || token_is(k, "extern") || token_is(k, "_Static_assert") || token_is(k, "("))
            return false;
        if (token_is(k, "="))
            return true;
        if (token_is(k, "{")) {
            body = true;
            words = 0;
            i = skip_braces(t, i);
            continue;
        }
        words += k->kind == TOKEN_WORD;
    }
    return body ? words > 0 : words > (tag ? 2 : 1);
}

static void check_local(struct house *h, const struct file *f, const struct tokens *t, size_t i)
{
    size_t to = i;
    while (to < t->n && !token_is(&t->v[to], ";") && !token_is(&t->v[to], "="))
        to = token_is(&t->v[to], "{") ? skip_braces(t, to) + 1 : to + 1;
    if (is_mutable(t, i, to))
        house_error(h, f->path, t->v[i].line, "state", "a static variable that is not const: state is passed down");
}

/* "No mutable file-scope state": at file scope, and `static` inside functions. */
void check_state(struct house *h, const struct file *f, const struct tokens *all)
{
    struct tokens own = *all, *t = &own;        /* macros are no declarations */
    t->v = ARENA_ARRAY(h->a, struct token, all->n + 1);
    t->n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (!all->v[i].macro)
            t->v[t->n++] = all->v[i];
    size_t from = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (token_is(&t->v[i], "{")) {
            size_t end = skip_braces(t, i);
            bool function = i > 0 && token_is(&t->v[i - 1], ")");
            for (size_t k = i; function && k < end; k++)
                if (token_is(&t->v[k], "static"))
                    check_local(h, f, t, k);
            i = end;
            if (function)
                from = i + 1;
        } else if (token_is(&t->v[i], ";")) {
            if (from < i && declares_object(t, from, i) && is_mutable(t, from, i))
                house_error(h, f->path, t->v[from].line, "state", "a file-scope variable that is not const: state is passed down");
            from = i + 1;
        }
    }
}
