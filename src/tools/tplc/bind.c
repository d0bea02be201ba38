/* Names -> fields, loop variables and text keys. Everything unknown, unused or of the wrong type is refused. */
#include "tools/tplc/tplc.h"

struct scope {
    struct str var;
    const struct type *type;
    int index;                      /* of the C loop variable */
    bool used;
    struct scope *up;
};

struct binder {
    struct tpl *t;
    struct scope *scope;
    int loops;
};

static const struct type type_int = {.kind = T_INT}, type_bool = {.kind = T_BOOL};

static struct fields *fields_of(const struct type *type)
{
    if (type->kind != T_STRUCT)
        return NULL;
    return type->anon ? type->anon : &type->tpl->fields;
}

/* loop.index (from 1), loop.first, loop.last: of the innermost loop. */
static bool bind_loop(struct binder *b, struct path *p)
{
    struct arena *a = b->t->compiler->a;
    if (!b->scope || p->n != 2)
        return tpl_fail(b->t, p->line, "loop.index, loop.first and loop.last live inside a for");
    int i = b->scope->index;
    if (str_eq_c(p->seg[1], "index")) {
        p->type = &type_int;
        p->c = arena_printf(a, "(int64_t)i%d + 1", i);
    } else if (str_eq_c(p->seg[1], "first")) {
        p->type = &type_bool;
        p->c = arena_printf(a, "i%d == 0", i);
    } else if (str_eq_c(p->seg[1], "last")) {
        p->type = &type_bool;
        p->c = arena_printf(a, "i%d + 1 == n%d", i, i);
    } else {
        return tpl_fail(b->t, p->line, "unknown: loop." STR_FMT, STR_ARG(p->seg[1]));
    }
    return true;
}

static bool bind_path(struct binder *b, struct path *p)
{
    struct tpl *t = b->t;
    struct arena *a = t->compiler->a;
    if (str_eq_c(p->seg[0], "loop"))
        return bind_loop(b, p);
    struct scope *s = b->scope;
    while (s && !str_eq(s->var, p->seg[0]))
        s = s->up;
    const char *c;
    const struct type *type;
    if (s) {
        s->used = true;
        type = s->type;
        c = type->kind == T_STRUCT ? arena_printf(a, "v%d", s->index) : arena_printf(a, "*v%d", s->index);
    } else {
        struct field *field = fields_find(&t->fields, p->seg[0]);
        if (!field)
            return tpl_fail(t, p->line, "unknown field '" STR_FMT "'", STR_ARG(p->seg[0]));
        field->used = true;
        type = &field->type;
        c = arena_printf(a, "v->" STR_FMT, STR_ARG(field->name));
    }
    bool pointer = s && type->kind == T_STRUCT;
    for (size_t i = 1; i < p->n; i++) {
        struct fields *fields = fields_of(type);
        struct field *field = fields ? fields_find(fields, p->seg[i]) : NULL;
        if (!field)
            return tpl_fail(t, p->line, "'" STR_FMT "' has no field '" STR_FMT "'", STR_ARG(p->seg[i - 1]), STR_ARG(p->seg[i]));
        if (type->anon)
            field->used = true;
        type = &field->type;
        c = arena_printf(a, "%s%s" STR_FMT, c, pointer ? "->" : ".", STR_ARG(field->name));
        pointer = false;
    }
    p->type = type;
    p->c = c;
    return true;
}

static bool bind_cond(struct binder *b, struct cond *cond)
{
    for (; cond; cond = cond->next) {
        if (!bind_path(b, &cond->path))
            return false;
        if (cond->path.type->kind == T_STRUCT)
            return tpl_fail(b->t, cond->path.line, "a struct is neither true nor false");
    }
    return true;
}

static struct arg *find_arg(struct arg *args, struct str name)
{
    while (args && !str_eq(args->name, name))
        args = args->next;
    return args;
}

static bool bind_text_arg(struct binder *b, const struct text *text, struct arg *arg, int line)
{
    struct tpl *t = b->t;
    if (arg->kind == V_PATH && !bind_path(b, &arg->path))
        return false;
    bool count = str_eq_c(arg->name, "n");
    if (!text_has_hole(text, arg->name) && !(count && text->plural))
        return tpl_fail(t, line, "the text '" STR_FMT "' has no {" STR_FMT "}", STR_ARG(text->key), STR_ARG(arg->name));
    if (count && text->plural && !(arg->kind == V_INT || (arg->kind == V_PATH && arg->path.type->kind == T_INT)))
        return tpl_fail(t, line, "n= picks the plural: an int");
    if (arg->kind == V_BOOL)
        return tpl_fail(t, line, "a text cannot hold a bool");
    if (arg->kind == V_PATH) {
        enum type_kind k = arg->path.type->kind;
        if (k == T_BOOL || k == T_TRUSTED || k == T_JSON || k == T_STRUCT || k == T_LIST)
            return tpl_fail(t, line, "a text cannot hold a %s", type_name(arg->path.type));
    }
    return true;
}

static bool bind_text(struct binder *b, struct expr *e, int line)
{
    struct tpl *t = b->t;
    e->text = po_find(&t->compiler->texts[0], e->literal);
    if (!e->text)
        return tpl_fail(t, line, "unknown text key '" STR_FMT "'", STR_ARG(e->literal));
    for (struct arg *arg = e->args; arg; arg = arg->next)
        if (!bind_text_arg(b, e->text, arg, line))
            return false;
    if (e->text->plural && !find_arg(e->args, STR("n")))
        return tpl_fail(t, line, "the text '" STR_FMT "' has plural forms: n= is missing", STR_ARG(e->literal));
    for (size_t i = 0; i < e->text->n_holes; i++)
        if (!find_arg(e->args, e->text->holes[i]))
            return tpl_fail(t, line, "the text '" STR_FMT "' needs " STR_FMT "=", STR_ARG(e->literal), STR_ARG(e->text->holes[i]));
    return true;
}

static bool same_type(const struct type *x, const struct type *y)
{
    if (x->kind != y->kind)
        return false;
    if (x->kind == T_LIST)
        return same_type(x->item, y->item);
    return x->kind != T_STRUCT || strcmp(x->ctag, y->ctag) == 0;
}

static bool bind_use_arg(struct binder *b, struct node *node, struct arg *arg)
{
    struct tpl *t = b->t;
    struct field *field = fields_find(&node->callee->fields, arg->name);
    if (!field)
        return tpl_fail(t, node->line, "'%s' has no field '" STR_FMT "'", node->callee->name, STR_ARG(arg->name));
    arg->want = &field->type;
    bool ok = false;
    switch (arg->kind) {
    case V_PATH:
        if (!bind_path(b, &arg->path))
            return false;
        ok = same_type(arg->path.type, arg->want) && arg->want->kind != T_LIST;
        break;
    case V_INT:
        ok = arg->want->kind == T_INT;
        break;
    case V_BOOL:
        ok = arg->want->kind == T_BOOL;
        break;
    case V_LITERAL:
        ok = arg->want->kind == T_STR || arg->want->kind == T_URL || arg->want->kind == T_TEXT;
        if (arg->want->kind == T_TEXT && !(arg->key = po_find(&t->compiler->texts[0], arg->literal)))
            return tpl_fail(t, node->line, "unknown text key '" STR_FMT "'", STR_ARG(arg->literal));
        if (arg->key && (arg->key->plural || arg->key->n_holes))
            return tpl_fail(t, node->line, "the text '" STR_FMT "' has placeholders: it cannot be passed on", STR_ARG(arg->literal));
        struct str word;
        if (arg->want->kind == T_STR && str_find(arg->literal, ' ', &(size_t){0}) && !words_absent(arg->literal, false, &word))
            return tpl_fail(t, node->line, "bare words '" STR_FMT "': words are keys, the field's type is text", STR_ARG(arg->literal));
        break;
    }
    return ok || tpl_fail(t, node->line, "'" STR_FMT "' of '%s' is a %s", STR_ARG(arg->name), node->callee->name, type_name(arg->want));
}

static bool bind_use(struct binder *b, struct node *node)
{
    struct tpl *t = b->t;
    struct compiler *c = t->compiler;
    for (size_t i = 0; i < c->n && !node->callee; i++)
        if (str_eq_c(node->callee_name, c->v[i].name))
            node->callee = &c->v[i];
    struct tpl *callee = node->callee;
    if (!callee)
        return tpl_fail(t, node->line, "no template '" STR_FMT "'", STR_ARG(node->callee_name));
    if (callee->has_layout || callee->content_line)
        return tpl_fail(t, node->line, "'%s' is a page or a layout, not a partial", callee->name);
    if (callee->plain != t->plain)
        return tpl_fail(t, node->line, "'%s' is of another kind (html and txt do not mix)", callee->name);
    if (callee->fields.n == 0)
        return (node->path.n == 0 && !node->args) || tpl_fail(t, node->line, "'%s' takes nothing", callee->name);
    if (node->path.n) {
        if (!bind_path(b, &node->path))
            return false;
        const struct type *type = node->path.type;
        return (type->kind == T_STRUCT && strcmp(type->ctag, callee->struct_name) == 0) ||
               tpl_fail(t, node->line, "'%s' takes a struct %s", callee->name, callee->struct_name);
    }
    for (struct arg *arg = node->args; arg; arg = arg->next)
        if (!bind_use_arg(b, node, arg))
            return false;
    for (size_t i = 0; i < callee->fields.n; i++)
        if (!find_arg(node->args, callee->fields.v[i].name))
            return tpl_fail(t, node->line, "'%s' needs " STR_FMT "=", callee->name, STR_ARG(callee->fields.v[i].name));
    return true;
}

static bool bind_nodes(struct binder *b, struct node *node);

static bool bind_for(struct binder *b, struct node *node)
{
    struct tpl *t = b->t;
    if (!bind_path(b, &node->path))
        return false;
    if (node->path.type->kind != T_LIST)
        return tpl_fail(t, node->line, "for goes over a list, this is a %s", type_name(node->path.type));
    if (fields_find(&t->fields, node->var) || str_eq_c(node->var, "loop"))
        return tpl_fail(t, node->line, "'" STR_FMT "' is already a name", STR_ARG(node->var));
    for (struct scope *s = b->scope; s; s = s->up)
        if (str_eq(s->var, node->var))
            return tpl_fail(t, node->line, "'" STR_FMT "' is already a name", STR_ARG(node->var));
    struct scope scope = {.var = node->var, .type = node->path.type->item, .index = ++b->loops, .up = b->scope};
    node->var = str_printf(t->compiler->a, "%d", scope.index);      /* from here on the number of the C variable */
    b->scope = &scope;
    bool ok = bind_nodes(b, node->body);
    b->scope = scope.up;
    if (ok && !scope.used)
        return tpl_fail(t, node->line, "the loop never uses its variable '" STR_FMT "'", STR_ARG(scope.var));
    return ok && bind_nodes(b, node->other);
}

static bool bind_if(struct binder *b, struct node *node)
{
    for (struct branch *branch = node->branches; branch; branch = branch->next)
        if (!bind_cond(b, branch->cond) || !bind_nodes(b, branch->body))
            return false;
    return true;
}

static bool bind_hole(struct binder *b, struct node *node)
{
    if (node->expr.kind == E_TEXT)
        return bind_text(b, &node->expr, node->line);
    if (node->expr.kind == E_ASSET)
        return !str_is_empty(node->expr.literal) || tpl_fail(b->t, node->line, "asset needs a name");
    if (!bind_path(b, &node->expr.path))
        return false;
    enum type_kind k = node->expr.path.type->kind;
    return (k != T_STRUCT && k != T_LIST) || tpl_fail(b->t, node->line, "a %s cannot be written as it is", type_name(node->expr.path.type));
}

static bool bind_nodes(struct binder *b, struct node *node)
{
    for (; node; node = node->next) {
        bool ok = true;
        if (node->kind == N_HOLE)
            ok = bind_hole(b, node);
        else if (node->kind == N_IF)
            ok = bind_if(b, node);
        else if (node->kind == N_FOR)
            ok = bind_for(b, node);
        else if (node->kind == N_USE)
            ok = bind_use(b, node);
        if (!ok)
            return false;
    }
    return true;
}

bool bind_template(struct tpl *t)
{
    struct binder b = {.t = t};
    if (t->has_layout) {
        if (!bind_path(&b, &t->layout))
            return false;
        const struct type *type = t->layout.type;
        if (type->kind != T_STRUCT || !type->tpl || !type->tpl->content_line)
            return tpl_fail(t, t->layout.line, "layout takes a field whose type is a template with content");
    }
    return bind_nodes(&b, t->body);
}

static bool check_fields(struct tpl *t, const struct fields *f)
{
    bool ok = true;
    for (size_t i = 0; i < f->n; i++) {
        const struct field *field = &f->v[i];
        const struct type *item = field->type.kind == T_LIST ? field->type.item : &field->type;
        if (!field->used)
            ok = tpl_fail(t, field->line, "field '" STR_FMT "' is never used", STR_ARG(field->name));
        else if (item->anon)
            ok = check_fields(t, item->anon) && ok;
    }
    return ok;
}

bool bind_check_unused(struct tpl *t)
{
    return t->shares_struct || check_fields(t, &t->fields);     /* a twin marks the same fields */
}
