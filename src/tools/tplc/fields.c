/* The {% in %} block: names and types of a template's fields. */
#include "tools/tplc/tplc.h"

static const struct {
    const char *name;
    enum type_kind kind;
} type_names[] = {
    {"str", T_STR}, {"int", T_INT}, {"bool", T_BOOL}, {"money", T_MONEY}, {"time", T_TIME}, {"date", T_DATE},
    {"url", T_URL}, {"trusted", T_TRUSTED}, {"json", T_JSON}, {"text", T_TEXT},
};

static const char *const reserved[] = {
    "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for", "goto",
    "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch",
    "typedef", "union", "unsigned", "void", "volatile", "while", "bool", "true", "false", "asm", "typeof",
    "not", "and", "or", "in", "loop", "t", "asset", "h", "v", "list",
};

struct reader {
    struct tpl *t;
    struct str s;
    size_t pos;
    int line;
};

const char *type_name(const struct type *type)
{
    if (type->kind == T_LIST)
        return "list";
    if (type->kind == T_STRUCT)
        return "struct";
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (type_names[i].kind == type->kind)
            return type_names[i].name;
    return "?";
}

bool name_is_valid(struct str s)
{
    if (s.n == 0 || s.n > NAME_MAX_LEN || !(s.p[0] >= 'a' && s.p[0] <= 'z'))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return true;
}

static bool name_is_reserved(struct str s)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (str_eq_c(s, reserved[i]))
            return true;
    return false;
}

struct field *fields_find(const struct fields *f, struct str name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].name, name))
            return &f->v[i];
    return NULL;
}

static void skip_comment(struct reader *r)
{
    struct str rest = str_sub(r->s, r->pos, r->s.n);
    if (str_starts(rest, STR("<!--"))) {
        while (r->pos < r->s.n && !str_starts(str_sub(r->s, r->pos, 3), STR("-->"))) {
            r->line += r->s.p[r->pos] == '\n';
            r->pos++;
        }
        r->pos = r->pos + 3 < r->s.n ? r->pos + 3 : r->s.n;
    } else {
        while (r->pos < r->s.n && r->s.p[r->pos] != '\n')
            r->pos++;
    }
}

/* Next word, '{', '}' or end of a field ("\n" for a newline or ';'); the empty string at the end. */
static struct str next_token(struct reader *r)
{
    while (r->pos < r->s.n) {
        char c = r->s.p[r->pos];
        if (c == '#' || str_starts(str_sub(r->s, r->pos, 4), STR("<!--"))) {
            skip_comment(r);
        } else if (c == '\n' || c == ';') {
            r->line += c == '\n';
            r->pos++;
            return STR("\n");
        } else if (c == ' ' || c == '\t' || c == '\r') {
            r->pos++;
        } else if (c == '{' || c == '}') {
            return str_of(r->s.p + r->pos++, 1);
        } else {
            size_t from = r->pos;
            while (r->pos < r->s.n && !strchr(" \t\r\n;{}#<", r->s.p[r->pos]))
                r->pos++;
            if (r->pos == from)
                r->pos++;
            return str_of(r->s.p + from, r->pos - from);
        }
    }
    return STR("");
}

static struct str peek_token(const struct reader *r)
{
    struct reader copy = *r;
    return next_token(&copy);
}

static struct field *add_field(struct reader *r, struct fields *f)
{
    if (f->n == f->cap) {
        size_t cap = f->cap ? f->cap * 2 : 16;
        struct field *v = ARENA_ARRAY(r->t->compiler->a, struct field, cap);
        if (f->n)
            memcpy(v, f->v, f->n * sizeof *v);
        f->v = v;
        f->cap = cap;
    }
    return &f->v[f->n++];
}

static bool read_fields(struct reader *r, struct fields *f, const char *ctag, bool nested);

static bool read_type(struct reader *r, struct type *type, const char *ctag, struct str field)
{
    struct arena *a = r->t->compiler->a;
    struct str word = next_token(r);
    if (str_eq_c(word, "list")) {
        type->kind = T_LIST;
        type->item = ARENA_NEW(a, struct type);
        if (!str_eq_c(peek_token(r), "{"))
            return read_type(r, type->item, ctag, field) &&
                   (type->item->kind != T_LIST || tpl_fail(r->t, r->line, "a list of lists needs a struct: list { name list ... }"));
        next_token(r);
        type->item->kind = T_STRUCT;
        type->item->ctag = arena_printf(a, "%s_" STR_FMT, ctag, STR_ARG(field));
        type->item->anon = ARENA_NEW(a, struct fields);
        return read_fields(r, type->item->anon, type->item->ctag, true);
    }
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
        if (str_eq_c(word, type_names[i].name)) {
            type->kind = type_names[i].kind;
            return true;
        }
    }
    if (!name_is_valid(word))
        return tpl_fail(r->t, r->line, "field '" STR_FMT "' has no type", STR_ARG(field));
    type->kind = T_STRUCT;
    type->name = word;
    return true;
}

static bool read_fields(struct reader *r, struct fields *f, const char *ctag, bool nested)
{
    for (;;) {
        struct str name = next_token(r);
        if (str_eq_c(name, "\n"))
            continue;
        if (str_is_empty(name))
            return !nested || tpl_fail(r->t, r->line, "list { is never closed by }");
        if (nested && str_eq_c(name, "}"))
            return f->n > 0 || tpl_fail(r->t, r->line, "list { } without fields");
        int line = r->line;
        if (!name_is_valid(name) || name_is_reserved(name))
            return tpl_fail(r->t, line, "'" STR_FMT "' cannot be the name of a field", STR_ARG(name));
        if (fields_find(f, name))
            return tpl_fail(r->t, line, "field '" STR_FMT "' is there twice", STR_ARG(name));
        struct type type = {0};
        if (!read_type(r, &type, ctag, name))
            return false;
        *add_field(r, f) = (struct field){.name = name, .type = type, .line = line};
        struct str end = peek_token(r);
        if (!str_is_empty(end) && !str_eq_c(end, "\n") && !(nested && str_eq_c(end, "}")))
            return tpl_fail(r->t, r->line, "'" STR_FMT "' is too much: one field a line, or ';' between them", STR_ARG(end));
    }
}

bool fields_parse(struct tpl *t, struct str block, int line)
{
    struct reader r = {.t = t, .s = block, .line = line};
    return read_fields(&r, &t->fields, t->struct_name, false);
}

static bool resolve_type(struct tpl *t, struct type *type, int line)
{
    if (type->kind == T_LIST)
        return resolve_type(t, type->item, line);
    if (type->kind != T_STRUCT)
        return true;
    if (type->anon) {
        for (size_t i = 0; i < type->anon->n; i++)
            if (!resolve_type(t, &type->anon->v[i].type, type->anon->v[i].line))
                return false;
        return true;
    }
    for (size_t i = 0; i < t->compiler->n; i++) {
        struct tpl *other = &t->compiler->v[i];
        if (str_eq_c(type->name, other->name) && !other->shares_struct) {
            type->tpl = other;
            type->ctag = other->struct_name;
            return true;
        }
    }
    return tpl_fail(t, line, "'" STR_FMT "' is neither a type nor a template", STR_ARG(type->name));
}

bool fields_resolve(struct tpl *t)
{
    for (size_t i = 0; i < t->fields.n; i++)
        if (!resolve_type(t, &t->fields.v[i].type, t->fields.v[i].line))
            return false;
    return true;
}
