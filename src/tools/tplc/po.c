/* Texts: gettext po files. The msgid is the key, the msgstr what people read; {name} marks what is filled in.
 * A language may be spread over several files (en.po, en.mail.po); one of them has the header. */
#include <stdio.h>

#include "tools/tplc/tplc.h"

struct po {
    struct compiler *c;
    const char *file;
    struct texts *texts;
    int line;
    /* the entry that is being read */
    int entry_line;
    bool has_id, has_plural, has_form[PLURALS_MAX];
    struct str id, plural, forms[PLURALS_MAX];
    struct str *last;            /* what a continuation line extends */
};

static bool po_fail(struct compiler *c, const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static bool po_fail(struct compiler *c, const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "%s:%d: %s\n", file, line, arena_vprintf(c->a, fmt, ap));
    va_end(ap);
    c->failed = true;
    return false;
}

struct texts *po_language(struct compiler *c, struct str lang)
{
    for (size_t i = 0; i < c->n_texts; i++)
        if (str_eq(c->texts[i].lang, lang))
            return &c->texts[i];
    return NULL;
}

static bool unquote(struct po *po, struct str quoted, struct str *ret)
{
    quoted = str_trim(quoted);
    if (quoted.n < 2 || quoted.p[0] != '"' || quoted.p[quoted.n - 1] != '"')
        return po_fail(po->c, po->file, po->line, "a text in quotes is missing");
    struct buf b;
    buf_init_arena(&b, po->c->a, 0);
    for (size_t i = 1; i + 1 < quoted.n; i++) {
        char ch = quoted.p[i];
        if (ch == '"')
            return po_fail(po->c, po->file, po->line, "write \\\" inside a text");
        if (ch == '\\') {
            ch = quoted.p[++i];
            if (i + 1 >= quoted.n || !strchr("nt\"\\", ch))
                return po_fail(po->c, po->file, po->line, "only \\n \\t \\\" and \\\\ are known");
            ch = ch == 'n' ? '\n' : ch == 't' ? '\t' : ch;
        }
        buf_char(&b, ch);
    }
    *ret = buf_to_str(&b, po->c->a);
    return true;
}

/* "Plural-Forms: nplurals=2; plural=(n != 1);" -- the expression becomes C, so it may hold nothing but arithmetic on n. */
static bool read_header(struct po *po, struct str header)
{
    struct str rest = header, line;
    while (str_split(&rest, '\n', &line)) {
        if (!str_starts(line, STR("Plural-Forms:")))
            continue;
        char *s = str_cstr(po->c->a, line), *count = strstr(s, "nplurals="), *rule = strstr(s, "plural=(");
        if (!rule)
            rule = strstr(s, "; plural=");
        if (!count || !rule)
            return po_fail(po->c, po->file, po->entry_line, "Plural-Forms: expected nplurals=N; plural=(rule);");
        rule = strchr(rule, '=') + 1;
        rule[strcspn(rule, ";")] = 0;
        int64_t n = count[9] - '0';
        if (n < 1 || n > PLURALS_MAX || rule[strspn(rule, "n0123456789 ()?:&|!=<>%+-*")] || strstr(rule, "nn"))
            return po_fail(po->c, po->file, po->entry_line, "Plural-Forms: only arithmetic on n, and 1 to %d forms", PLURALS_MAX);
        po->texts->n_plurals = (size_t)n;
        po->texts->plural_rule = str_from(rule);
    }
    return true;
}

static bool add_hole(struct po *po, struct text *text, struct str name)
{
    for (size_t i = 0; i < text->n_holes; i++)
        if (str_eq(text->holes[i], name))
            return true;
    if (text->n_holes == HOLES_MAX)
        return po_fail(po->c, po->file, text->line, "'" STR_FMT "' has too many placeholders", STR_ARG(text->key));
    text->holes[text->n_holes++] = name;
    return true;
}

static bool find_holes(struct po *po, struct text *text, struct str form)
{
    for (size_t i = 0; i < form.n; i++) {
        if (form.p[i] == '}')
            return po_fail(po->c, po->file, text->line, "'" STR_FMT "' has a } without {", STR_ARG(text->key));
        if (form.p[i] != '{')
            continue;
        size_t len;
        struct str rest = str_sub(form, i + 1, form.n);
        if (!str_find(rest, '}', &len) || !name_is_valid(str_sub(rest, 0, len)))
            return po_fail(po->c, po->file, text->line, "'" STR_FMT "' has a { that is no placeholder", STR_ARG(text->key));
        if (!add_hole(po, text, str_sub(rest, 0, len)))
            return false;
        i += len + 1;
    }
    return true;
}

static struct text *add_text(struct po *po)
{
    struct texts *t = po->texts;
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 512;
        struct text *v = ARENA_ARRAY(po->c->a, struct text, cap);
        if (t->n)
            memcpy(v, t->v, t->n * sizeof *v);
        t->v = v;
        t->cap = cap;
    }
    return &t->v[t->n++];
}

static bool key_is_valid(struct str key)
{
    struct str rest = key, seg;
    size_t n = 0;
    for (; str_split(&rest, '.', &seg); n++)
        for (size_t i = 0; i < seg.n || i == 0; i++)
            if (i == seg.n || !((seg.p[i] >= 'a' && seg.p[i] <= 'z') || (seg.p[i] >= 'A' && seg.p[i] <= 'Z') ||
                                (seg.p[i] >= '0' && seg.p[i] <= '9') || seg.p[i] == '_'))
                return false;
    return n >= 1 && key.n <= 80;
}

static bool end_entry(struct po *po)
{
    if (!po->has_id)
        return true;
    struct text text = {.key = po->id, .plural = po->has_plural, .file = po->file, .line = po->entry_line};
    size_t n = 0;
    for (size_t i = 0; i < PLURALS_MAX; i++) {
        if (!po->has_form[i])
            continue;
        if (i != n)
            return po_fail(po->c, po->file, po->entry_line, "'" STR_FMT "' lacks msgstr[%zu]", STR_ARG(po->id), n);
        text.forms[n++] = po->forms[i];
    }
    text.n_forms = n;
    if (n == 0)
        return po_fail(po->c, po->file, po->entry_line, "'" STR_FMT "' has no msgstr", STR_ARG(po->id));
    bool header = str_is_empty(po->id);
    if (header && !read_header(po, text.forms[0]))
        return false;
    if (!header) {
        if (!key_is_valid(po->id))
            return po_fail(po->c, po->file, po->entry_line, "'" STR_FMT "' is not a key: letters, digits and _, with dots between", STR_ARG(po->id));
        if (text.plural && !str_eq(po->plural, po->id))
            return po_fail(po->c, po->file, po->entry_line, "'" STR_FMT "': msgid_plural repeats the key", STR_ARG(po->id));
        for (size_t i = 0; i < n; i++)
            if (!find_holes(po, &text, text.forms[i]))
                return false;
        *add_text(po) = text;
    }
    po->has_id = po->has_plural = false;
    memset(po->has_form, 0, sizeof po->has_form);
    return true;
}

static bool read_keyword(struct po *po, struct str line)
{
    size_t space;
    if (!str_find(line, ' ', &space))
        return po_fail(po->c, po->file, po->line, "expected msgid or msgstr");
    struct str word = str_sub(line, 0, space), rest = str_sub(line, space, line.n);
    if (str_eq_c(word, "msgid")) {
        if (!end_entry(po))
            return false;
        po->has_id = true;
        po->entry_line = po->line;
        po->last = &po->id;
    } else if (!po->has_id) {
        return po_fail(po->c, po->file, po->line, "'" STR_FMT "' without msgid", STR_ARG(word));
    } else if (str_eq_c(word, "msgid_plural")) {
        po->has_plural = true;
        po->last = &po->plural;
    } else if (str_eq_c(word, "msgstr")) {
        if (po->has_plural || po->has_form[0])
            return po_fail(po->c, po->file, po->line, "expected msgstr[n]");
        po->has_form[0] = true;
        po->last = &po->forms[0];
    } else if (word.n == 9 && str_starts(word, STR("msgstr[")) && word.p[8] == ']' && word.p[7] >= '0' && word.p[7] < '0' + PLURALS_MAX) {
        size_t i = (size_t)(word.p[7] - '0');
        if (!po->has_plural || po->has_form[i])
            return po_fail(po->c, po->file, po->line, "'" STR_FMT "' without msgid_plural, or twice", STR_ARG(word));
        po->has_form[i] = true;
        po->last = &po->forms[i];
    } else {
        return po_fail(po->c, po->file, po->line, "unknown keyword '" STR_FMT "'", STR_ARG(word));
    }
    return unquote(po, rest, po->last);
}

bool po_read(struct compiler *c, const char *file, struct str content)
{
    const char *base = strrchr(file, '/');
    struct str rest = str_from(base ? base + 1 : file), lang;
    (void)str_split(&rest, '.', &lang);
    struct po po = {.c = c, .file = file, .texts = po_language(c, lang)};
    if (!po.texts)
        return po_fail(c, file, 1, "no room for another language");
    if (!str_is_text(content, true))
        return po_fail(c, file, 1, "not UTF-8 text");
    struct str line;
    while (str_split(&content, '\n', &line)) {
        po.line++;
        line = str_trim(line);
        if (str_is_empty(line) || line.p[0] == '#')
            continue;
        if (line.p[0] == '"') {
            struct str more;
            if (!po.last)
                return po_fail(c, file, po.line, "a text without msgid");
            if (!unquote(&po, line, &more))
                return false;
            *po.last = str_printf(c->a, STR_FMT STR_FMT, STR_ARG(*po.last), STR_ARG(more));
        } else if (!read_keyword(&po, line)) {
            return false;
        }
    }
    return end_entry(&po);
}

const struct text *po_find(const struct texts *t, struct str key)
{
    size_t lo = 0, hi = t->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int cmp = str_cmp(t->v[mid].key, key);
        if (cmp == 0)
            return &t->v[mid];
        if (cmp < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static int compare_texts(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    int cmp = str_cmp(x->key, y->key);
    return cmp ? cmp : x->line - y->line;
}

bool text_has_hole(const struct text *text, struct str name)
{
    for (size_t i = 0; i < text->n_holes; i++)
        if (str_eq(text->holes[i], name))
            return true;
    return false;
}

static bool check_language(struct compiler *c, struct texts *t)
{
    bool ok = true;
    if (t->n && !t->n_plurals)
        return po_fail(c, t->v[0].file, 1, "no file of '" STR_FMT "' has a header with Plural-Forms", STR_ARG(t->lang));
    qsort(t->v, t->n, sizeof *t->v, compare_texts);
    for (size_t i = 0; i < t->n; i++) {
        const struct text *text = &t->v[i];
        if (i && str_eq(t->v[i - 1].key, text->key))
            ok = po_fail(c, text->file, text->line, "'" STR_FMT "' is there twice (also %s:%d)", STR_ARG(text->key), t->v[i - 1].file, t->v[i - 1].line);
        if (text->plural && text->n_forms != t->n_plurals)
            ok = po_fail(c, text->file, text->line, "'" STR_FMT "' has %zu plural forms, '" STR_FMT "' needs %zu", STR_ARG(text->key), text->n_forms,
                         STR_ARG(t->lang), t->n_plurals);
        for (size_t f = 0; f < text->n_forms; f++)
            if (str_is_empty(text->forms[f]))
                ok = po_fail(c, text->file, text->line, "'" STR_FMT "' is empty", STR_ARG(text->key));
    }
    return ok;
}

static bool compare_language(struct compiler *c, const struct texts *base, const struct texts *t, bool strict)
{
    bool ok = true;
    for (size_t i = 0; i < t->n; i++) {
        const struct text *text = &t->v[i], *origin = po_find(base, text->key);
        if (!origin) {
            ok = po_fail(c, text->file, text->line, "'" STR_FMT "' is not a key of '" STR_FMT "'", STR_ARG(text->key), STR_ARG(base->lang));
            continue;
        }
        if (origin->plural != text->plural)
            ok = po_fail(c, text->file, text->line, "'" STR_FMT "': plural here or there only", STR_ARG(text->key));
        for (size_t h = 0; h < text->n_holes; h++)
            if (!text_has_hole(origin, text->holes[h]))
                ok = po_fail(c, text->file, text->line, "'" STR_FMT "': unknown placeholder {" STR_FMT "}", STR_ARG(text->key), STR_ARG(text->holes[h]));
        for (size_t h = 0; h < origin->n_holes; h++)
            if (!text_has_hole(text, origin->holes[h]))
                ok = po_fail(c, text->file, text->line, "'" STR_FMT "': placeholder {" STR_FMT "} is missing", STR_ARG(text->key), STR_ARG(origin->holes[h]));
    }
    for (size_t i = 0; strict && i < base->n; i++)
        if (!po_find(t, base->v[i].key))
            ok = po_fail(c, base->v[i].file, base->v[i].line, "'" STR_FMT "' is missing in '" STR_FMT "'", STR_ARG(base->v[i].key), STR_ARG(t->lang));
    return ok;
}

bool po_finish(struct compiler *c, bool strict)
{
    bool ok = true;
    for (size_t i = 0; i < c->n_texts; i++)
        ok = check_language(c, &c->texts[i]) && ok;
    for (size_t i = 1; ok && i < c->n_texts; i++)
        ok = compare_language(c, &c->texts[0], &c->texts[i], strict) && ok;
    return ok;
}
