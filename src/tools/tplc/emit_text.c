/* Texts -> C: an enum of keys and one table per language. */
#include "tools/tplc/tplc.h"

void emit_texts_header(struct compiler *c, struct buf *b)
{
    const struct texts *base = &c->texts[0];
    BUF_LIT(b, "/* Made by tplc from templates/text: the keys of all visible words. Keys are sorted, so a name can be looked up. */\n"
               "#ifndef SOUK_TEXT_H\n#define SOUK_TEXT_H\n\n#include \"base/str.h\"\n\nenum text_key {\n    TEXT_NONE,\n");
    for (size_t i = 0; i < base->n; i++)
        buf_printf(b, "    %s,\n", emit_text_ident(c->a, base->v[i].key));
    BUF_LIT(b, "    TEXT_COUNT\n};\n\nenum text_language {\n");
    for (size_t i = 0; i < c->n_texts; i++)
        buf_printf(b, "    TEXT_LANGUAGE_" STR_FMT ",\n", STR_ARG(c->texts[i].lang));
    size_t forms = 2;
    for (size_t i = 0; i < c->n_texts; i++)
        if (c->texts[i].n_plurals > forms)
            forms = c->texts[i].n_plurals;
    buf_printf(b, "    TEXT_LANGUAGE_COUNT\n};\n\nenum { TEXT_FORMS = %zu };\n\n"
                  "struct text_entry {\n"
                  "    struct str forms[TEXT_FORMS];      /* without plural only the first */\n"
                  "    enum text_language language;       /* whose words these are: a missing translation is English */\n};\n\n"
                  "extern const char *const text_keys[TEXT_COUNT];\n"
                  "extern const struct text_entry text_tables[TEXT_LANGUAGE_COUNT][TEXT_COUNT];\n"
                  "unsigned text_plural(enum text_language language, uint64_t n);\n\n#endif\n", forms);
}

static void emit_table(struct compiler *c, const struct texts *t, struct buf *b)
{
    const struct texts *base = &c->texts[0];
    buf_printf(b, "    [TEXT_LANGUAGE_" STR_FMT "] = {\n", STR_ARG(t->lang));
    for (size_t i = 0; i < base->n; i++) {
        const struct text *text = po_find(t, base->v[i].key);
        struct str lang = text ? t->lang : base->lang;
        if (!text)
            text = &base->v[i];         /* not translated yet */
        buf_printf(b, "        [%s] = {{", emit_text_ident(c->a, base->v[i].key));
        for (size_t f = 0; f < text->n_forms; f++) {
            if (f)
                BUF_LIT(b, ", ");
            buf_char(b, '{');
            emit_c_string(b, text->forms[f]);
            buf_printf(b, ", %zu}", text->forms[f].n);
        }
        buf_printf(b, "}, TEXT_LANGUAGE_" STR_FMT "},\n", STR_ARG(lang));
    }
    BUF_LIT(b, "    },\n");
}

void emit_texts_body(struct compiler *c, struct buf *b)
{
    const struct texts *base = &c->texts[0];
    BUF_LIT(b, "/* Made by tplc from templates/text. */\n#include \"text.h\"\n\nconst char *const text_keys[TEXT_COUNT] = {\n    [TEXT_NONE] = \"\",\n");
    for (size_t i = 0; i < base->n; i++)
        buf_printf(b, "    [%s] = \"" STR_FMT "\",\n", emit_text_ident(c->a, base->v[i].key), STR_ARG(base->v[i].key));
    BUF_LIT(b, "};\n\nconst struct text_entry text_tables[TEXT_LANGUAGE_COUNT][TEXT_COUNT] = {\n");
    for (size_t i = 0; i < c->n_texts; i++)
        emit_table(c, &c->texts[i], b);
    BUF_LIT(b, "};\n\nunsigned text_plural(enum text_language language, uint64_t n)\n{\n    unsigned form = 0;\n    switch (language) {\n");
    for (size_t i = 0; i < c->n_texts; i++)
        buf_printf(b, "    case TEXT_LANGUAGE_" STR_FMT ":\n        form = (unsigned)(" STR_FMT ");\n        return form < %zu ? form : 0;\n", STR_ARG(c->texts[i].lang),
                   STR_ARG(c->texts[i].plural_rule), c->texts[i].n_plurals);
    BUF_LIT(b, "    case TEXT_LANGUAGE_COUNT:\n        break;\n    }\n    (void)n;\n    return form;\n}\n");
}
