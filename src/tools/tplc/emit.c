/* Tree -> C. Neighbouring static text becomes one buf_put; a hole is one call and no allocation. */
#include "tools/tplc/tplc.h"

struct emitter {
    struct tpl *t;
    struct buf *b;
    int indent;
    struct buf pending;         /* C string literals and macro names, not yet written */
    bool has_pending;
};

static void line(struct emitter *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Writes the literal between quotes; the last byte decides nothing, so literals can stand side by side. */
void emit_c_string(struct buf *b, struct str s)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            BUF_LIT(b, "\\n");
        else if (c == '\t')
            BUF_LIT(b, "\\t");
        else if (c < 0x20 || c == 0x7f)
            buf_printf(b, "\\%03o", c);
        else if (c == '?' && i + 1 < s.n && s.p[i + 1] == '?')
            BUF_LIT(b, "\\?");          /* no trigraphs */
        else
            buf_char(b, (char)c);
    }
    buf_char(b, '"');
}

static const char *macro_name(struct arena *a, const char *prefix, struct str s, bool upper)
{
    char *name = arena_printf(a, "%s" STR_FMT, prefix, STR_ARG(s));
    for (char *p = name + strlen(prefix); *p; p++) {
        bool lower = *p >= 'a' && *p <= 'z';
        if (upper && lower)
            *p = (char)(*p - 'a' + 'A');
        else if (!lower && !(*p >= 'A' && *p <= 'Z') && !(*p >= '0' && *p <= '9'))
            *p = '_';
    }
    return name;
}

const char *emit_text_ident(struct arena *a, struct str key)
{
    /* "a.b_c" and "a_b.c" must differ: a dot becomes two underscores */
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '.')
            BUF_LIT(&b, "__");
        else
            buf_char(&b, key.p[i]);
    }
    return arena_printf(a, "TEXT_" STR_FMT, STR_ARG(buf_view(&b)));
}

/* --- output ------------------------------------------------------------------------------------------------------ */

static void flush(struct emitter *e)
{
    if (!e->has_pending)
        return;
    buf_printf(e->b, "%*sBUF_LIT(h->out, " STR_FMT ");\n", e->indent * 4, "", STR_ARG(buf_view(&e->pending)));
    buf_clear(&e->pending);
    e->has_pending = false;
}

static void line(struct emitter *e, const char *fmt, ...)
{
    flush(e);
    va_list ap;
    va_start(ap, fmt);
    buf_printf(e->b, "%*s%s\n", e->indent * 4, "", arena_vprintf(e->t->compiler->a, fmt, ap));
    va_end(ap);
}

static void static_text(struct emitter *e, struct str s)
{
    while (!str_is_empty(s)) {          /* a line of HTML is a line of C */
        size_t end;
        struct str part = str_find(s, '\n', &end) ? str_sub(s, 0, end + 1) : s;
        s = str_sub(s, part.n, s.n);
        if (e->has_pending)
            buf_printf(&e->pending, "\n%*s", e->indent * 4 + 8, "");
        emit_c_string(&e->pending, part);
        e->has_pending = true;
    }
}

/* --- holes ------------------------------------------------------------------------------------------------------- */

static void text_arg(struct emitter *e, struct buf *b, const struct arg *arg)
{
    buf_printf(b, "{\"" STR_FMT "\", ", STR_ARG(arg->name));
    if (arg->kind == V_LITERAL) {
        BUF_LIT(b, "STR(");
        emit_c_string(b, arg->literal);
        BUF_LIT(b, ")}");
        return;
    }
    if (arg->kind == V_INT) {
        buf_printf(b, "text_int(h->texts, h->arena, " STR_FMT ")}", STR_ARG(arg->literal));
        return;
    }
    const char *c = arg->path.c;
    switch (arg->path.type->kind) {
    case T_INT:
        buf_printf(b, "text_int(h->texts, h->arena, %s)}", c);
        break;
    case T_MONEY:
        buf_printf(b, "text_money(h->texts, h->arena, %s)}", c);
        break;
    case T_TIME:
        buf_printf(b, "text_time(h->texts, h->arena, %s)}", c);
        break;
    case T_DATE:
        buf_printf(b, "text_date(h->texts, h->arena, %s)}", c);
        break;
    case T_TEXT:
        buf_printf(b, "text_of(h->texts, %s)}", c);
        break;
    default:
        buf_printf(b, "%s}", c);
        break;
    }
    (void)e;
}

static void emit_text(struct emitter *e, const struct node *node)
{
    struct arena *a = e->t->compiler->a;
    const char *fn = node->esc == ESC_PLAIN ? "text_words" : "html_words";
    const char *key = emit_text_ident(a, node->expr.literal), *count = "0";
    if (!node->expr.args) {
        line(e, "%s(h, %s);", fn, key);
        return;
    }
    struct buf args;
    buf_init_arena(&args, a, 0);
    size_t n = 0;
    for (const struct arg *arg = node->expr.args; arg; arg = arg->next) {
        if (str_eq_c(arg->name, "n") && node->expr.text->plural)
            count = arg->kind == V_INT ? str_cstr(a, arg->literal) : arg->path.c;
        if (str_eq_c(arg->name, "n") && node->expr.text->plural)
            continue;                       /* the run-time fills {n} */
        if (n++)
            BUF_LIT(&args, ", ");
        text_arg(e, &args, arg);
    }
    if (n)
        line(e, "%s_n(h, %s, %s, (const struct text_arg[]){" STR_FMT "}, %zu);", fn, key, count, STR_ARG(buf_view(&args)), n);
    else
        line(e, "%s_n(h, %s, %s, NULL, 0);", fn, key, count);
}

/* One row per type: how it is written for people, for programs and in text templates. "%s" is the C expression. */
static const struct {
    const char *human, *machine, *plain;
} writers[] = {
    [T_STR] = {"html_text(h, %s);", "html_attr(h, %s);", "buf_str(h->out, %s);"},
    [T_INT] = {"html_int(h, %s);", "buf_int64(h->out, %s);", "html_int(h, %s);"},
    [T_BOOL] = {NULL, "buf_cstr(h->out, %s ? \"true\" : \"false\");", NULL},
    [T_MONEY] = {"html_money(h, %s);", "html_money_decimal(h, %s);", "html_money(h, %s);"},
    [T_TIME] = {"html_time(h, %s);", "html_time_machine(h, %s);", "html_time(h, %s);"},
    [T_DATE] = {"html_date(h, %s);", "html_date_machine(h, %s);", "html_date(h, %s);"},
    [T_URL] = {"html_text(h, %s);", "html_attr(h, %s);", "buf_str(h->out, %s);"},
    [T_JSON] = {NULL, "html_attr(h, %s);", NULL},
    [T_TEXT] = {"html_words(h, %s);", "html_words(h, %s);", "text_words(h, %s);"},
    [T_TRUSTED] = {NULL, NULL, NULL},
    [T_STRUCT] = {NULL, NULL, NULL},
    [T_LIST] = {NULL, NULL, NULL},
};

static const char *writer_of(const struct node *node)
{
    enum type_kind k = node->expr.path.type->kind;
    switch (node->esc) {
    case ESC_TEXT:
        return writers[k].human;
    case ESC_MACHINE:
        return writers[k].machine;
    case ESC_PLAIN:
        return writers[k].plain;
    case ESC_URL:
        return "html_url(h, %s);";
    case ESC_URL_SEGMENT:
        return k == T_INT ? "buf_int64(h->out, %s);" : "html_url_segment(h, %s);";
    case ESC_URL_PART:
        return k == T_INT ? "buf_int64(h->out, %s);" : "html_url_part(h, %s);";
    case ESC_RAW_HTML:
        return "buf_str(h->out, %s.html);";
    case ESC_SCRIPT_JSON:
        return "html_json(h, %s);";
    case ESC_NONE:
        break;
    }
    return NULL;
}

static void emit_hole(struct emitter *e, const struct node *node)
{
    struct arena *a = e->t->compiler->a;
    if (node->leading_newline)
        static_text(e, STR("\n"));
    if (node->expr.kind == E_ASSET) {
        buf_printf(&e->pending, "%s%s", e->has_pending ? " " : "", macro_name(a, "ASSET_", node->expr.literal, true));
        e->has_pending = true;
        return;
    }
    if (node->expr.kind == E_TEXT) {
        emit_text(e, node);
        return;
    }
    const char *writer = writer_of(node);
    BUG_IF(!writer);                    /* context.c has refused it */
    const char *at = strstr(writer, "%s");
    line(e, "%.*s%s%s", (int)(at - writer), writer, node->expr.path.c, at + 2);
}

/* --- directives -------------------------------------------------------------------------------------------------- */

static void emit_nodes(struct emitter *e, const struct node *node);

static const char *truth(struct arena *a, const struct cond *cond)
{
    static const char *const tests[] = {
        [T_STR] = ".n > 0", [T_URL] = ".n > 0", [T_JSON] = ".n > 0", [T_LIST] = ".n > 0", [T_TRUSTED] = ".html.n > 0", [T_INT] = " != 0",
        [T_TIME] = " != 0", [T_DATE] = " != 0", [T_TEXT] = " != TEXT_NONE", [T_MONEY] = ".currency.code[0] != 0", [T_BOOL] = "", [T_STRUCT] = "",
    };
    const char *c = cond->path.c;
    if (c[0] == '*')
        c = arena_printf(a, "(%s)", c);
    return arena_printf(a, cond->negated ? "!(%s%s)" : "%s%s", c, tests[cond->path.type->kind]);
}

static void emit_if(struct emitter *e, const struct node *node)
{
    struct arena *a = e->t->compiler->a;
    bool first = true;
    for (const struct branch *branch = node->branches; branch; branch = branch->next) {
        struct buf cond;
        buf_init_arena(&cond, a, 0);
        for (const struct cond *c = branch->cond; c; c = c->next)
            buf_printf(&cond, "%s%s", truth(a, c), !c->next ? "" : c->and_next ? " && " : " || ");
        if (branch->cond)
            line(e, "%sif (" STR_FMT ") {", first ? "" : "} else ", STR_ARG(buf_view(&cond)));
        else
            line(e, "} else {");
        first = false;
        e->indent++;
        emit_nodes(e, branch->body);
        flush(e);
        e->indent--;
    }
    line(e, "}");
}

static const char *c_type(struct arena *a, const struct type *type)
{
    static const char *const names[] = {
        [T_STR] = "struct str", [T_INT] = "int64_t", [T_BOOL] = "bool", [T_MONEY] = "struct money", [T_TIME] = "usec_t", [T_DATE] = "usec_t",
        [T_URL] = "struct str", [T_TRUSTED] = "struct trusted", [T_JSON] = "struct str", [T_TEXT] = "enum text_key", [T_STRUCT] = NULL, [T_LIST] = NULL,
    };
    if (type->kind == T_STRUCT)
        return arena_printf(a, "struct %s", type->ctag);
    if (type->kind == T_LIST)
        return arena_printf(a, "struct { size_t n; const %s *v; }", c_type(a, type->item));
    return names[type->kind];
}

static void emit_for(struct emitter *e, const struct node *node)
{
    int n = 0;
    for (size_t i = 0; i < node->var.n; i++)
        n = n * 10 + (node->var.p[i] - '0');
    const char *list = node->path.c;
    line(e, "const size_t n%d = %s.n;", n, list);
    line(e, "for (size_t i%d = 0; i%d < n%d; i%d++) {", n, n, n, n);
    e->indent++;
    line(e, "const %s *v%d = &%s.v[i%d];", c_type(e->t->compiler->a, node->path.type->item), n, list, n);
    emit_nodes(e, node->body);
    flush(e);
    e->indent--;
    line(e, "}");
    if (!node->other)
        return;
    line(e, "if (n%d == 0) {", n);
    e->indent++;
    emit_nodes(e, node->other);
    flush(e);
    e->indent--;
    line(e, "}");
}

static void emit_use(struct emitter *e, const struct node *node)
{
    const char *fn = node->callee->struct_name;
    node->callee->called = true;
    if (node->path.n) {
        const char *c = node->path.c;
        bool pointer = c[0] == 'v' && c[1] != '-' && !strchr(c, '>') && !strchr(c, '.');      /* a loop variable */
        line(e, "%s(h, %s%s);", fn, pointer ? "" : "&", c);
        return;
    }
    if (!node->args) {
        line(e, "%s(h, NULL);", fn);
        return;
    }
    struct arena *a = e->t->compiler->a;
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (const struct arg *arg = node->args; arg; arg = arg->next) {
        buf_printf(&b, ".%s = ", str_cstr(a, arg->name));
        if (arg->key) {
            buf_cstr(&b, emit_text_ident(a, arg->literal));
        } else if (arg->kind == V_LITERAL) {
            BUF_LIT(&b, "STR(");
            emit_c_string(&b, arg->literal);
            buf_char(&b, ')');
        } else {
            buf_cstr(&b, arg->kind == V_PATH ? arg->path.c : str_cstr(a, arg->literal));
        }
        if (arg->next)
            BUF_LIT(&b, ", ");
    }
    line(e, "%s(h, &(struct %s){" STR_FMT "});", fn, fn, STR_ARG(buf_view(&b)));
}

static void begin_function(struct emitter *e, const char *suffix)
{
    line(e, "void %s%s(struct html *h, const struct %s *v)", e->t->struct_name, suffix, e->t->struct_name);
    line(e, "{");
    e->indent++;
    line(e, "(void)h;");
    line(e, "(void)v;");
}

static void end_function(struct emitter *e)
{
    flush(e);
    e->indent--;
    line(e, "}\n");
}

static void emit_nodes(struct emitter *e, const struct node *node)
{
    for (; node; node = node->next) {
        switch (node->kind) {
        case N_TEXT:
            static_text(e, node->text);
            break;
        case N_HOLE:
            emit_hole(e, node);
            break;
        case N_IF:
            emit_if(e, node);
            break;
        case N_FOR:
            emit_for(e, node);
            break;
        case N_USE:
            emit_use(e, node);
            break;
        case N_CONTENT:
            end_function(e);
            begin_function(e, "_close");
            break;
        }
    }
}

void emit_template_body(struct tpl *t, struct buf *b)
{
    struct emitter e = {.t = t, .b = b};
    buf_init_arena(&e.pending, t->compiler->a, 0);
    if (t->shares_struct) {
        line(&e, "void tpl_%s(struct html *h, const struct %s *v)", t->name, t->struct_name);
        line(&e, "{");
        e.indent++;
        line(&e, "(void)h;");
        line(&e, "(void)v;");
    } else {
        begin_function(&e, t->content_line ? "_open" : "");
    }
    const char *layout = t->has_layout ? t->layout.type->tpl->struct_name : NULL;
    if (layout)
        line(&e, "%s_open(h, &%s);", layout, t->layout.c);
    emit_nodes(&e, t->body);
    if (layout)
        line(&e, "%s_close(h, &%s);", layout, t->layout.c);
    end_function(&e);
}

/* --- header ------------------------------------------------------------------------------------------------------ */

static void emit_struct(struct tpl *t, struct buf *b, const char *tag, const struct fields *f)
{
    struct arena *a = t->compiler->a;
    for (size_t i = 0; i < f->n; i++) {
        const struct type *item = f->v[i].type.kind == T_LIST ? f->v[i].type.item : &f->v[i].type;
        if (item->anon)
            emit_struct(t, b, item->ctag, item->anon);
    }
    buf_printf(b, "struct %s {\n", tag);
    for (size_t i = 0; i < f->n; i++)
        buf_printf(b, "    %s " STR_FMT ";%s\n", c_type(a, &f->v[i].type), STR_ARG(f->v[i].name),
                   f->v[i].type.kind == T_URL ? "        /* url */" : f->v[i].type.kind == T_DATE ? "        /* date */" : "");
    if (f->n == 0)
        BUF_LIT(b, "    char none;\n");
    BUF_LIT(b, "};\n\n");
}

static void emit_includes(const struct tpl *t, struct buf *b, const struct fields *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct type *item = f->v[i].type.kind == T_LIST ? f->v[i].type.item : &f->v[i].type;
        if (item->tpl && item->tpl != t)
            buf_printf(b, "#include \"tpl/%s.h\"\n", item->tpl->name);
        if (item->anon)
            emit_includes(t, b, item->anon);
    }
}

void emit_template_header(struct tpl *t, struct buf *b)
{
    buf_printf(b, "/* Made by tplc from %s. */\n#ifndef TPL_%s_H\n#define TPL_%s_H\n\n#include \"html/html.h\"\n#include \"text.h\"\n", t->file, t->name, t->name);
    if (t->shares_struct) {
        buf_printf(b, "#include \"tpl/%s.h\"\n\nvoid tpl_%s(struct html *h, const struct %s *v);\n", t->twin->name, t->name, t->struct_name);
    } else {
        emit_includes(t, b, &t->fields);
        BUF_LIT(b, "\n");
        emit_struct(t, b, t->struct_name, &t->fields);
        if (t->content_line)
            buf_printf(b, "void %s_open(struct html *h, const struct %s *v);\nvoid %s_close(struct html *h, const struct %s *v);\n", t->struct_name,
                       t->struct_name, t->struct_name, t->struct_name);
        else
            buf_printf(b, "void %s(struct html *h, const struct %s *v);\n", t->struct_name, t->struct_name);
    }
    BUF_LIT(b, "\n#endif\n");
}
