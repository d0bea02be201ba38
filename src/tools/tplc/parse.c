/* Pieces -> tree. */
#include "tools/tplc/tplc.h"

struct parser {
    struct tpl *t;
    size_t pos;
    int depth;
};

enum { DEPTH_MAX = 32 };

/* The next word of a directive: up to blanks, '=' stays inside, a quoted string is one word. */
static struct str next_word(struct str *s)
{
    *s = str_trim(*s);
    size_t i = 0;
    bool quoted = false;
    while (i < s->n && (quoted || !(s->p[i] == ' ' || s->p[i] == '\t' || s->p[i] == '\n' || s->p[i] == '\r'))) {
        if (s->p[i] == '"')
            quoted = !quoted;
        i++;
    }
    struct str word = str_sub(*s, 0, i);
    *s = str_trim(str_sub(*s, i, s->n));
    return word;
}

static bool is_literal(struct str word)
{
    return word.n >= 2 && word.p[0] == '"' && word.p[word.n - 1] == '"';
}

static struct str literal_of(struct str word)
{
    return str_sub(word, 1, word.n - 2);
}

bool parse_path(struct tpl *t, struct str word, int line, struct path *ret_path)
{
    struct path path = {.line = line};
    struct str rest = word, seg;
    while (str_split(&rest, '.', &seg)) {
        if (path.n == PATH_MAX_SEGS)
            return tpl_fail(t, line, "'" STR_FMT "' goes too deep", STR_ARG(word));
        if (!name_is_valid(seg))
            return tpl_fail(t, line, "'" STR_FMT "' is not a name", STR_ARG(word));
        path.seg[path.n++] = seg;
    }
    if (path.n == 0)
        return tpl_fail(t, line, "a name is missing");
    *ret_path = path;
    return true;
}

static bool parse_value(struct tpl *t, struct str word, int line, struct arg *arg)
{
    int64_t number;
    if (is_literal(word)) {
        arg->kind = V_LITERAL;
        arg->literal = literal_of(word);
        return true;
    }
    if (str_to_int64(word, &number)) {
        arg->kind = V_INT;
        arg->literal = word;
        return true;
    }
    if (str_eq_c(word, "true") || str_eq_c(word, "false")) {
        arg->kind = V_BOOL;
        arg->literal = word;
        return true;
    }
    arg->kind = V_PATH;
    return parse_path(t, word, line, &arg->path);
}

static bool parse_args(struct tpl *t, struct str rest, int line, struct arg **ret_args)
{
    struct arg **tail = ret_args;
    *tail = NULL;
    while (!str_is_empty(rest)) {
        struct str word = next_word(&rest);
        size_t eq;
        if (!str_find(word, '=', &eq))
            return tpl_fail(t, line, "expected name=value, found '" STR_FMT "'", STR_ARG(word));
        struct arg *arg = ARENA_NEW(t->compiler->a, struct arg);
        arg->name = str_sub(word, 0, eq);
        if (!name_is_valid(arg->name))
            return tpl_fail(t, line, "'" STR_FMT "' is not a name", STR_ARG(arg->name));
        for (struct arg *other = *ret_args; other; other = other->next)
            if (str_eq(other->name, arg->name))
                return tpl_fail(t, line, "'" STR_FMT "=' is there twice", STR_ARG(arg->name));
        if (!parse_value(t, str_sub(word, eq + 1, word.n), line, arg))
            return false;
        *tail = arg;
        tail = &arg->next;
    }
    return true;
}

static bool parse_hole(struct tpl *t, const struct piece *piece, struct node *node)
{
    struct str rest = piece->s;
    struct str first = next_word(&rest);
    bool text = str_eq_c(first, "t");
    if (text || str_eq_c(first, "asset")) {
        struct str name = next_word(&rest);
        if (!is_literal(name))
            return tpl_fail(t, piece->line, "%s needs a name in quotes", text ? "t" : "asset");
        node->expr.kind = text ? E_TEXT : E_ASSET;
        node->expr.literal = literal_of(name);
        if (!text && !str_is_empty(rest))
            return tpl_fail(t, piece->line, "asset takes one name");
        return parse_args(t, rest, piece->line, &node->expr.args);
    }
    if (!str_is_empty(rest))
        return tpl_fail(t, piece->line, "a hole is one name, asset \"name\" or t \"key\": '" STR_FMT "'", STR_ARG(piece->s));
    node->expr.kind = E_PATH;
    return parse_path(t, first, piece->line, &node->expr.path);
}

static bool parse_cond(struct tpl *t, struct str rest, int line, struct cond **ret_cond)
{
    struct cond **tail = ret_cond;
    struct str joint = STR_NULL;
    do {
        struct cond *cond = ARENA_NEW(t->compiler->a, struct cond);
        struct str word = next_word(&rest);
        if (str_eq_c(word, "not")) {
            cond->negated = true;
            word = next_word(&rest);
        }
        if (!parse_path(t, word, line, &cond->path))
            return false;
        *tail = cond;
        tail = &cond->next;
        if (str_is_empty(rest))
            return true;
        struct str next = next_word(&rest);
        if (!str_eq_c(next, "and") && !str_eq_c(next, "or"))
            return tpl_fail(t, line, "expected 'and' or 'or', found '" STR_FMT "'", STR_ARG(next));
        if (!str_is_null(joint) && !str_eq(joint, next))
            return tpl_fail(t, line, "'and' and 'or' in one condition: let the handler decide");
        joint = next;
        cond->and_next = str_eq_c(next, "and");
    } while (true);
}

static bool parse_nodes(struct parser *p, struct node **ret_nodes, struct str *ret_end, struct str *ret_rest);

static bool parse_if(struct parser *p, struct node *node, struct str rest, int line)
{
    struct branch **tail = &node->branches;
    struct str word = STR("if"), next_rest = rest;
    int at = line;
    for (;;) {
        struct branch *branch = ARENA_NEW(p->t->compiler->a, struct branch);
        bool is_else = str_eq_c(word, "else");
        if (is_else ? !str_is_empty(next_rest) : str_is_empty(next_rest))
            return tpl_fail(p->t, at, is_else ? "else takes nothing" : "a condition is missing");
        if (!is_else && !parse_cond(p->t, next_rest, at, &branch->cond))
            return false;
        *tail = branch;
        tail = &branch->next;
        if (!parse_nodes(p, &branch->body, &word, &next_rest))
            return false;
        at = p->t->pieces[p->pos - 1].line;
        if (str_is_null(word))
            return tpl_fail(p->t, line, "if without end");
        if (str_eq_c(word, "end"))
            return true;
        if (is_else)
            return tpl_fail(p->t, at, "'" STR_FMT "' behind else", STR_ARG(word));
    }
}

static bool parse_for(struct parser *p, struct node *node, struct str rest, int line)
{
    node->var = next_word(&rest);
    struct str in = next_word(&rest);
    if (!name_is_valid(node->var) || !str_eq_c(in, "in"))
        return tpl_fail(p->t, line, "expected: for x in list");
    if (!parse_path(p->t, next_word(&rest), line, &node->path))
        return false;
    if (!str_is_empty(rest))
        return tpl_fail(p->t, line, "'" STR_FMT "' is too much", STR_ARG(rest));
    struct str end;
    if (!parse_nodes(p, &node->body, &end, &rest))
        return false;
    if (str_eq_c(end, "else") && str_is_empty(rest) && !parse_nodes(p, &node->other, &end, &rest))
        return false;
    if (!str_eq_c(end, "end"))
        return tpl_fail(p->t, line, "for without end");
    return true;
}

static bool parse_use(struct tpl *t, struct node *node, struct str rest, int line)
{
    node->callee_name = next_word(&rest);
    if (!name_is_valid(node->callee_name))
        return tpl_fail(t, line, "use needs the name of a template");
    size_t eq;
    if (str_is_empty(rest))
        return true;
    if (str_find(rest, '=', &eq))
        return parse_args(t, rest, line, &node->args);
    struct str word = next_word(&rest);
    if (!str_is_empty(rest))
        return tpl_fail(t, line, "use takes one struct or name=value pairs");
    return parse_path(t, word, line, &node->path);
}

static bool parse_content(struct parser *p, struct str rest, int line)
{
    if (!str_is_empty(rest))
        return tpl_fail(p->t, line, "content takes nothing");
    if (p->t->content_line)
        return tpl_fail(p->t, line, "content is there twice");
    if (p->depth != 1)
        return tpl_fail(p->t, line, "content stands at the top level of a layout, not inside if or for");
    p->t->content_line = line;
    return true;
}

static bool is_end(struct str word)
{
    return str_eq_c(word, "end") || str_eq_c(word, "else") || str_eq_c(word, "elif");
}

static bool parse_directive(struct parser *p, struct node *node, struct str word, struct str rest)
{
    if (str_eq_c(word, "if")) {
        node->kind = N_IF;
        return parse_if(p, node, rest, node->line);
    }
    if (str_eq_c(word, "for")) {
        node->kind = N_FOR;
        return parse_for(p, node, rest, node->line);
    }
    if (str_eq_c(word, "use")) {
        node->kind = N_USE;
        return parse_use(p->t, node, rest, node->line);
    }
    if (str_eq_c(word, "content")) {
        node->kind = N_CONTENT;
        return parse_content(p, rest, node->line);
    }
    if (str_eq_c(word, "in") || str_eq_c(word, "layout"))
        return tpl_fail(p->t, node->line, "'" STR_FMT "' belongs at the beginning of the file", STR_ARG(word));
    return tpl_fail(p->t, node->line, "unknown directive '" STR_FMT "'", STR_ARG(word));
}

/* Reads until a directive that ends or splits the surrounding block; its name goes to *ret_end (absent at the end). */
static bool parse_nodes(struct parser *p, struct node **ret_nodes, struct str *ret_end, struct str *ret_rest)
{
    struct node **tail = ret_nodes;
    struct tpl *t = p->t;
    *tail = NULL;
    *ret_end = *ret_rest = STR_NULL;
    if (++p->depth > DEPTH_MAX)
        return tpl_fail(t, t->pieces[p->pos - 1].line, "nested too deeply");
    while (p->pos < t->n_pieces) {
        const struct piece *piece = &t->pieces[p->pos++];
        struct str rest = piece->s, word = STR_NULL;
        if (piece->kind == P_DIRECTIVE) {
            word = next_word(&rest);
            if (is_end(word)) {
                *ret_end = word;
                *ret_rest = rest;
                p->depth--;
                return !str_eq_c(word, "end") || str_is_empty(rest) || tpl_fail(t, piece->line, "end takes nothing");
            }
        }
        struct node *node = ARENA_NEW(t->compiler->a, struct node);
        node->line = piece->line;
        if (piece->kind == P_TEXT) {
            node->kind = N_TEXT;
            node->text = piece->s;
        } else if (piece->kind == P_HOLE) {
            node->kind = N_HOLE;
            if (!parse_hole(t, piece, node))
                return false;
        } else if (!parse_directive(p, node, word, rest)) {
            return false;
        }
        *tail = node;
        tail = &node->next;
    }
    p->depth--;
    return true;
}

static bool piece_is_blank(const struct piece *piece)
{
    return piece->kind == P_TEXT && str_is_empty(str_trim(piece->s));
}

static void skip_blank(struct parser *p)
{
    while (p->pos < p->t->n_pieces && piece_is_blank(&p->t->pieces[p->pos]))
        p->pos++;
}

/* {% in %} fields {% end %} and {% layout page %}, both optional. */
static bool parse_head(struct parser *p)
{
    struct tpl *t = p->t;
    size_t before = p->pos;
    skip_blank(p);
    const struct piece *piece = p->pos < t->n_pieces ? &t->pieces[p->pos] : NULL;
    if (piece && piece->kind == P_DIRECTIVE && str_eq_c(piece->s, "in")) {
        t->has_in = true;
        const struct piece *body = piece + 1, *end = piece + 1;
        if (p->pos + 2 < t->n_pieces && body->kind == P_TEXT)
            end = body + 1;
        if (p->pos + 1 >= t->n_pieces || end->kind != P_DIRECTIVE || !str_eq_c(end->s, "end"))
            return tpl_fail(t, piece->line, "in without end");
        if (end != body && !fields_parse(t, body->s, body->line))
            return false;
        before = p->pos = (size_t)(end - t->pieces) + 1;
        skip_blank(p);
        piece = p->pos < t->n_pieces ? &t->pieces[p->pos] : NULL;
    }
    struct str rest = piece ? piece->s : STR_NULL;
    if (piece && piece->kind == P_DIRECTIVE && str_eq_c(next_word(&rest), "layout")) {
        t->has_layout = true;
        p->pos++;
        return parse_path(t, rest, piece->line, &t->layout);
    }
    p->pos = before;
    return true;
}

bool parse_template(struct tpl *t)
{
    struct parser p = {.t = t};
    struct str end, rest;
    if (!parse_head(&p) || !parse_nodes(&p, &t->body, &end, &rest))
        return false;
    if (!str_is_null(end))
        return tpl_fail(t, t->pieces[p.pos - 1].line, "'" STR_FMT "' without a beginning", STR_ARG(end));
    return true;
}
