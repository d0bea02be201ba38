/* Cuts a template into text, holes and directives. */
#include "tools/tplc/tplc.h"

struct cutter {
    struct tpl *t;
    struct str s;
    size_t pos;
    int line;
    size_t cap;
};

static bool at(const struct cutter *c, size_t i, const char *two)
{
    return i + 1 < c->s.n && c->s.p[i] == two[0] && c->s.p[i + 1] == two[1];
}

static void add_piece(struct cutter *c, enum piece_kind kind, struct str s, int line)
{
    struct tpl *t = c->t;
    if (t->n_pieces == c->cap) {
        size_t cap = c->cap ? c->cap * 2 : 64;
        struct piece *v = ARENA_ARRAY(t->compiler->a, struct piece, cap);
        if (t->n_pieces)
            memcpy(v, t->pieces, t->n_pieces * sizeof *v);
        t->pieces = v;
        c->cap = cap;
    }
    t->pieces[t->n_pieces++] = (struct piece){kind, s, line};
}

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r';
}

/* Finds the end of a tag; quoted strings may hold the closing mark. Returns s.n when there is none. */
static size_t find_close(const struct cutter *c, size_t from, const char *close, bool quotes)
{
    bool quoted = false;
    for (size_t i = from; i + 1 < c->s.n; i++) {
        if (quotes && c->s.p[i] == '"')
            quoted = !quoted;
        else if (!quoted && at(c, i, close))
            return i;
    }
    return c->s.n;
}

static int count_lines(const char *p, size_t n)
{
    int lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

/* A directive or comment alone on its line takes the whole line with it. */
static bool stands_alone(const struct cutter *c, size_t start, size_t end, size_t *ret_from, size_t *ret_to)
{
    size_t from = start, to = end;
    while (from > 0 && is_blank(c->s.p[from - 1]))
        from--;
    if (from > 0 && c->s.p[from - 1] != '\n')
        return false;
    while (to < c->s.n && is_blank(c->s.p[to]))
        to++;
    if (to < c->s.n && c->s.p[to] != '\n')
        return false;
    *ret_from = from;
    *ret_to = to < c->s.n ? to + 1 : to;
    return true;
}

/* Handles the tag at c->pos; the text before it begins at `text`. Moves *text behind the tag. */
static bool take_tag(struct cutter *c, size_t *text, int *text_line)
{
    size_t start = c->pos;
    bool hole = at(c, start, "{{"), comment = at(c, start, "{#");
    const char *close = hole ? "}}" : comment ? "#}" : "%}";
    size_t stop = find_close(c, start + 2, close, !comment);
    if (stop == c->s.n)
        return tpl_fail(c->t, c->line, "%.2s is never closed by %s", c->s.p + start, close);
    size_t end = stop + 2, from = start, to = end;
    if (!hole && stands_alone(c, start, end, &from, &to) && from < *text)
        from = *text;
    if (from > *text)
        add_piece(c, P_TEXT, str_of(c->s.p + *text, from - *text), *text_line);
    if (!comment)
        add_piece(c, hole ? P_HOLE : P_DIRECTIVE, str_trim(str_of(c->s.p + start + 2, stop - start - 2)), c->line);
    c->line += count_lines(c->s.p + start, to - start);
    c->pos = to;
    *text = to;
    *text_line = c->line;
    return true;
}

bool lex_template(struct tpl *t)
{
    struct cutter c = {.t = t, .s = t->source, .line = 1};
    if (!str_is_text(t->source, true))
        return tpl_fail(t, 1, "not UTF-8 text");
    size_t text = 0;
    int text_line = 1;
    while (c.pos < c.s.n) {
        if (at(&c, c.pos, "{{") || at(&c, c.pos, "{%") || at(&c, c.pos, "{#")) {
            if (!take_tag(&c, &text, &text_line))
                return false;
            continue;
        }
        if (at(&c, c.pos, "}}") || at(&c, c.pos, "%}"))
            return tpl_fail(t, c.line, "%.2s without its beginning", c.s.p + c.pos);
        if (c.s.p[c.pos] == '\n')
            c.line++;
        c.pos++;
    }
    if (c.pos > text)
        add_piece(&c, P_TEXT, str_of(c.s.p + text, c.pos - text), text_line);
    return true;
}
