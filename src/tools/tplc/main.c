/* tplc --out DIR [--base DIR] [--strict] FILE...   (see src/tools/README.md)
 *
 * FILEs are all templates (DIR/NAME.html, DIR/NAME.txt) and all texts (text/LANGUAGE.po, text/LANGUAGE.WHAT.po).
 * Writes OUT/text.h, OUT/text.c, OUT/tpl/<dir>_<name>.h and OUT/tpl_<dir>.c; a file that would not change is left alone, so that
 * make compiles only what changed. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "tools/tplc/tplc.h"

enum { SOURCE_MAX = 1 << 20, LANGUAGES_MAX = 16 };

bool tpl_fail(struct tpl *t, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: %s\n", t->file, line, arena_vprintf(t->compiler->a, fmt, ap));
    va_end(ap);
    t->failed = true;
    t->compiler->failed = true;
    return false;
}

static bool fail(struct compiler *c, const char *file, const char *what)
{
    fprintf(stderr, "%s:0: %s\n", file, what);
    c->failed = true;
    return false;
}

static bool read_file(struct compiler *c, const char *file, struct str *ret_content)
{
    FILE *f = fopen(file, "rb");
    if (!f)
        return fail(c, file, strerror(errno));
    struct buf b;
    buf_init_arena(&b, c->a, SOURCE_MAX);
    char chunk[8192];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_put(&b, chunk, n);
    bool ok = !ferror(f) && !b.failed;
    fclose(f);
    if (!ok)
        return fail(c, file, "cannot be read, or is larger than 1 MiB");
    *ret_content = buf_to_str(&b, c->a);
    return true;
}

static bool write_if_changed(struct compiler *c, const char *file, const struct buf *b)
{
    struct stat st;
    struct str old;
    if (stat(file, &st) == 0 && (size_t)st.st_size == b->n && b->n < SOURCE_MAX && read_file(c, file, &old) && str_eq(old, buf_view(b)))
        return true;
    const char *temporary = arena_printf(c->a, "%s.new", file);
    FILE *f = fopen(temporary, "wb");
    if (!f)
        return fail(c, temporary, strerror(errno));
    bool ok = fwrite(b->p, 1, b->n, f) == b->n;
    ok = fclose(f) == 0 && ok;
    return (ok && rename(temporary, file) == 0) || fail(c, file, "cannot be written");
}

/* "templates/shop/product.html" -> dir "shop", name "shop_product" */
static bool name_template(struct tpl *t)
{
    struct arena *a = t->compiler->a;
    struct str path = str_from(t->file), rest = path, part, dir = STR_NULL, base = STR_NULL;
    while (str_split(&rest, '/', &part)) {
        dir = base;
        base = part;
    }
    t->plain = str_ends(base, STR(".txt"));
    struct str name = str_sub(base, 0, base.n - (t->plain ? 4 : 5));
    if (!name_is_valid(dir) || !name_is_valid(name))
        return tpl_fail(t, 0, "templates are called <folder>/<name>.html or .txt, both of a-z, 0-9 and _");
    t->dir = dir;
    t->mail = str_eq_c(dir, "mail");
    t->name = arena_printf(a, STR_FMT "_" STR_FMT, STR_ARG(dir), STR_ARG(name));
    return true;
}

/* mail/order.txt beside mail/order.html is tpl_mail_order_txt() over the same struct, unless it has fields of its own. */
static void find_twin(struct tpl *t)
{
    struct compiler *c = t->compiler;
    for (size_t i = 0; t->plain && i < c->n; i++)
        if (!c->v[i].plain && c->v[i].name && strcmp(c->v[i].name, t->name) == 0)
            t->twin = &c->v[i];
    if (t->twin)
        t->name = arena_printf(c->a, "%s_txt", t->name);
    t->struct_name = arena_printf(c->a, "tpl_%s", t->name);
}

static void load_templates(struct compiler *c)
{
    for (size_t i = 0; i < c->n; i++)
        name_template(&c->v[i]);
    for (size_t i = 0; i < c->n; i++)
        if (!c->v[i].failed)
            find_twin(&c->v[i]);
    for (size_t i = 0; i < c->n; i++) {
        struct tpl *t = &c->v[i];
        for (size_t k = 0; k < i && !t->failed; k++)
            if (!c->v[k].failed && strcmp(c->v[k].name, t->name) == 0)
                tpl_fail(t, 0, "%s has the same name", c->v[k].file);
        if (!t->failed && (!read_file(c, t->file, &t->source) || !lex_template(t) || !parse_template(t)))
            t->failed = true;
    }
    for (size_t i = 0; i < c->n; i++) {
        struct tpl *t = &c->v[i];
        if (t->failed || !t->twin || t->has_in)
            continue;
        t->shares_struct = true;
        t->struct_name = t->twin->struct_name;
        t->fields = t->twin->fields;
    }
}

static void check_templates(struct compiler *c)
{
    bool all = true;
    for (size_t i = 0; i < c->n; i++)
        all = !c->v[i].failed && fields_resolve(&c->v[i]) && all;
    if (!all)
        return;         /* what refers to a broken template cannot be judged */
    for (size_t i = 0; i < c->n; i++)
        all = bind_template(&c->v[i]) && all;
    for (size_t i = 0; i < c->n; i++)
        if (!c->v[i].failed)
            all = context_template(&c->v[i]) && all;
    for (size_t i = 0; all && i < c->n; i++)
        bind_check_unused(&c->v[i]);
}

/* One C file per folder of templates: few files compile faster than many. */
static bool write_dir(struct compiler *c, struct str dir)
{
    struct buf b;
    buf_init_arena(&b, c->a, 0);
    BUF_LIT(&b, "/* Made by tplc. */\n");
    struct buf body;
    buf_init_arena(&body, c->a, 0);
    for (size_t i = 0; i < c->n; i++)
        c->v[i].called = str_eq(c->v[i].dir, dir);
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->v[i].dir, dir))
            emit_template_body(&c->v[i], &body);
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].called)
            buf_printf(&b, "#include \"tpl/%s.h\"\n", c->v[i].name);
    bool assets = body.n && memmem(body.p, body.n, "ASSET_", 6);
    if (assets)
        BUF_LIT(&b, "#include \"assets.h\"\n");
    BUF_LIT(&b, "\n");
    buf_put(&b, body.p, body.n);
    return write_if_changed(c, arena_printf(c->a, "%s/tpl_" STR_FMT ".c", c->out, STR_ARG(dir)), &b);
}

static bool write_all(struct compiler *c)
{
    struct buf b;
    buf_init_arena(&b, c->a, 0);
    mkdir(c->out, 0777);
    mkdir(arena_printf(c->a, "%s/tpl", c->out), 0777);
    emit_texts_header(c, &b);
    bool ok = write_if_changed(c, arena_printf(c->a, "%s/text.h", c->out), &b);
    buf_clear(&b);
    emit_texts_body(c, &b);
    ok = ok && write_if_changed(c, arena_printf(c->a, "%s/text.c", c->out), &b);
    for (size_t i = 0; ok && i < c->n; i++) {
        buf_clear(&b);
        emit_template_header(&c->v[i], &b);
        ok = write_if_changed(c, arena_printf(c->a, "%s/tpl/%s.h", c->out, c->v[i].name), &b);
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || str_eq(c->v[k].dir, c->v[i].dir);
        ok = ok && (seen || write_dir(c, c->v[i].dir));
    }
    return ok;
}

/* English first: it has every key. */
static void load_texts(struct compiler *c, char **files, int n, bool strict)
{
    c->texts = ARENA_ARRAY(c->a, struct texts, LANGUAGES_MAX);
    c->texts[c->n_texts++].lang = STR("en");
    for (int i = 0; i < n; i++) {
        struct str file = str_from(files[i]);
        if (!str_ends(file, STR(".po")))
            continue;
        const char *slash = strrchr(files[i], '/');
        struct str rest = str_from(slash ? slash + 1 : files[i]), lang, content;
        (void)str_split(&rest, '.', &lang);
        if (!name_is_valid(lang)) {
            fail(c, files[i], "a file of texts is called <language>.po or <language>.<what>.po");
            continue;
        }
        if (!po_language(c, lang) && c->n_texts < LANGUAGES_MAX)
            c->texts[c->n_texts++].lang = lang;
        if (read_file(c, files[i], &content))
            (void)po_read(c, files[i], content);
    }
    if (!c->failed)
        (void)po_finish(c, strict);
}

int main(int argc, char **argv)
{
    struct compiler c = {.a = arena_new()};
    bool strict = false;
    int first = 1;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
        if (strcmp(argv[first], "--out") == 0 && first + 1 < argc)
            c.out = argv[++first];
        else if (strcmp(argv[first], "--strict") == 0)
            strict = true;
        else
            break;
    }
    if (!c.out || first >= argc || argv[first][0] == '-') {
        fprintf(stderr, "usage: tplc --out DIR [--strict] FILE...\n");
        return 2;
    }
    c.v = ARENA_ARRAY(c.a, struct tpl, argc);
    for (int i = first; i < argc; i++)
        if (str_ends(str_from(argv[i]), STR(".html")) || str_ends(str_from(argv[i]), STR(".txt")))
            c.v[c.n++] = (struct tpl){.compiler = &c, .file = argv[i]};
        else if (!str_ends(str_from(argv[i]), STR(".po")))
            fail(&c, argv[i], "neither .html nor .txt nor .po");
    load_texts(&c, argv + first, argc - first, strict);
    load_templates(&c);
    if (!c.failed)
        check_templates(&c);
    if (!c.failed)
        write_all(&c);
    int status = c.failed ? 1 : 0;
    arena_destroy(c.a);
    return status;
}
