/* Rules about sql/: business time is an argument, amounts are integers. Comments and quoted names are skipped. */
#include "tools/housecheck/housecheck.h"

struct sql {
    struct house *h;
    const struct file *f;
    struct str s;
    size_t i;
    int line;
    struct str before;          /* the word before */
    bool in_clock;              /* inside the body of platform.clock() */
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_to(struct sql *q, struct str end)
{
    while (q->i < q->s.n && !str_starts(str_sub(q->s, q->i, q->s.n), end)) {
        q->line += q->s.p[q->i] == '\n';
        q->i++;
    }
    q->i = q->i + end.n < q->s.n ? q->i + end.n : q->s.n;
}

static void check_word(struct sql *q, struct str word, bool call)
{
    struct str w = str_lower(q->h->a, word);
    bool plain = in_words(w, "current_date current_time current_timestamp localtime localtimestamp");
    bool function = call && in_words(w, "now clock_timestamp statement_timestamp transaction_timestamp timeofday");
    if ((plain || function) && !q->in_clock)
        house_error(q->h, q->f->path, q->line, "clock", STR_FMT ": time is an argument; only platform.clock() reads it", STR_ARG(word));
    bool migration = str_starts(str_from(q->f->path), STR("sql/migrations/")) || str_starts(str_from(q->f->path), STR("sql/keys/"));
    if (migration && (in_words(w, "real float float4 float8 money") || (str_eq_c(w, "precision") && str_eq_nocase(q->before, STR("double")))))
        house_error(q->h, q->f->path, q->line, "floating-point", "a column of type " STR_FMT ": amounts and rates are integers", STR_ARG(word));
    q->before = word;
}

static void read_word(struct sql *q)
{
    size_t from = q->i;
    while (q->i < q->s.n && is_word(q->s.p[q->i]))
        q->i++;
    struct str word = str_sub(q->s, from, q->i - from);
    size_t k = q->i;
    while (k < q->s.n && q->s.p[k] == ' ')
        k++;
    bool qualified = from > 0 && q->s.p[from - 1] == '.';
    bool own = qualified && str_eq_nocase(q->before, STR("platform"));
    if (own && str_eq_nocase(word, STR("clock")) && k < q->s.n && q->s.p[k] == '(')
        q->in_clock = true;             /* CREATE FUNCTION platform.clock(); a call of it holds none of the words */
    bool foreign = qualified && !str_eq_nocase(q->before, STR("pg_catalog"));       /* t.now is a column */
    if (foreign)
        q->before = word;
    else
        check_word(q, word, k < q->s.n && q->s.p[k] == '(');
}

void check_sql(struct house *h, const struct file *f)
{
    struct sql q = {.h = h, .f = f, .s = f->content, .line = 1, .before = STR("")};
    int bodies = 0;
    while (q.i < q.s.n) {
        struct str rest = str_sub(q.s, q.i, 2);
        char c = q.s.p[q.i];
        if (str_eq_c(rest, "--")) {
            skip_to(&q, STR("\n"));
            q.line++;
        } else if (str_eq_c(rest, "/*")) {
            skip_to(&q, STR("*/"));
        } else if (c == '\'') {
            q.i++;
            skip_to(&q, STR("'"));
        } else if (c == '"') {
            q.i++;
            skip_to(&q, STR("\""));
        } else if (str_eq_c(rest, "$$")) {
            q.i += 2;
            if (++bodies % 2 == 0)
                q.in_clock = false;     /* the end of a body ends the exception */
        } else if (is_word(c)) {
            read_word(&q);
        } else {
            if (c == ';' && bodies % 2 == 0)
                q.in_clock = false;
            q.line += c == '\n';
            q.i++;
        }
    }
}
