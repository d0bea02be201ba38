/* Static text of a template: follows the HTML, drops comments and superfluous white space, checks words, tags and attributes. */
#include "tools/tplc/context.h"

struct scan {
    struct context *c;
    struct str s;
    size_t i;
    int line;
    struct buf *out;
    size_t run;             /* where the present run of visible text began */
    size_t name;            /* where the present name began */
};

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\n' || ch == '\r' || ch == '\f';
}

static bool is_name_char(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' || ch == ':' || ch == '.';
}

static bool is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

#define FAIL(x, fmt, s) tpl_fail((x)->c->t, (x)->line, fmt, STR_ARG(s))

static bool end_run(struct scan *x)
{
    struct context *c = x->c;
    struct str word, run = str_sub(x->s, x->run, x->i - x->run);
    x->run = x->i;
    if (c->untranslated_from || c->state == S_RAW || words_absent(run, true, &word))
        return true;
    return FAIL(x, "bare words '" STR_FMT "': words are keys, write {{ t \"...\" }}", word);
}

/* --- tags -------------------------------------------------------------------------------------------------------- */

static void clear_tag(struct context *c)
{
    c->attr = c->value = c->meta_name = c->rel = c->type = STR_NULL;
    c->http_equiv = c->has_src = c->has_value = c->has_alt = c->untranslated = false;
    c->n_attrs = 0;
}

static bool end_tag_name(struct scan *x)
{
    struct context *c = x->c;
    c->element = str_lower(c->t->compiler->a, str_sub(x->s, x->name, x->i - x->name));
    if (element_is_refused(c->element))
        return FAIL(x, "<" STR_FMT "> is not allowed in templates", c->element);
    if (str_eq_c(c->element, "style") && !c->t->mail)
        return FAIL(x, "<" STR_FMT "> is not allowed: styles are files of templates/assets (mails may)", c->element);
    buf_put(x->out, x->s.p + x->name, x->i - x->name);
    clear_tag(c);
    return true;
}

static bool open_element(struct scan *x)
{
    struct context *c = x->c;
    if (c->depth == STACK_MAX)
        return FAIL(x, "nested too deeply at <" STR_FMT ">", c->element);
    c->stack[c->depth++] = c->element;
    if (!c->untranslated_from && (c->untranslated || element_is_untranslated(c->element)))
        c->untranslated_from = c->depth;
    if (!c->keep_from && element_keeps_space(c->element))
        c->keep_from = c->depth;
    if (!c->svg_from && str_eq_c(c->element, "svg"))
        c->svg_from = c->depth;
    return true;
}

static bool check_tag(struct scan *x)
{
    struct context *c = x->c;
    if (str_eq_c(c->element, "img") && !c->has_alt)
        return FAIL(x, "<" STR_FMT "> needs alt (empty when it only decorates)", c->element);
    if (str_eq_c(c->element, "script") && !c->has_src && !str_eq_c(c->type, "application/ld+json"))
        return FAIL(x, "<" STR_FMT "> without src: the content security policy forbids scripts in pages", c->element);
    return true;
}

/* '>' of a start tag. */
static bool end_start_tag(struct scan *x, bool self_closed)
{
    struct context *c = x->c;
    if (!check_tag(x))
        return false;
    bool is_void = element_is_void(c->element);
    if (self_closed && !is_void && !c->svg_from && !str_eq_c(c->element, "svg"))
        return FAIL(x, "<" STR_FMT "/> does not close itself in HTML", c->element);
    if (self_closed && !is_void)
        BUF_LIT(x->out, "/>");
    else
        buf_char(x->out, '>');
    c->state = S_DATA;
    c->space = false;
    if (is_void || self_closed)
        return true;
    if (!open_element(x))
        return false;
    if (str_eq_c(c->element, "script") || str_eq_c(c->element, "style")) {
        c->state = S_RAW;
        c->json_written = false;
    } else if (!c->svg_from && (str_eq_c(c->element, "title") || str_eq_c(c->element, "textarea"))) {
        c->state = S_RCDATA;
        c->fresh_textarea = str_eq_c(c->element, "textarea");
    }
    return true;
}

static bool close_element(struct scan *x, struct str name)
{
    struct context *c = x->c;
    struct str lower = str_lower(c->t->compiler->a, name);
    if (element_is_void(lower))
        return FAIL(x, "</" STR_FMT "> never closes anything", lower);
    if (c->depth == 0)
        return FAIL(x, "</" STR_FMT "> closes nothing (a block must close what it opens)", lower);
    if (!str_eq(c->stack[c->depth - 1], lower))
        return tpl_fail(c->t, x->line, "</" STR_FMT "> where </" STR_FMT "> is due", STR_ARG(lower), STR_ARG(c->stack[c->depth - 1]));
    if (c->untranslated_from == c->depth)
        c->untranslated_from = 0;
    if (c->keep_from == c->depth)
        c->keep_from = 0;
    if (c->svg_from == c->depth)
        c->svg_from = 0;
    c->depth--;
    c->state = S_DATA;
    c->space = false;
    BUF_LIT(x->out, "</");
    buf_str(x->out, name);
    buf_char(x->out, '>');
    return true;
}

/* --- attributes -------------------------------------------------------------------------------------------------- */

static bool end_attr_name(struct scan *x)
{
    struct context *c = x->c;
    struct str name = str_sub(x->s, x->name, x->i - x->name);
    c->attr = str_lower(c->t->compiler->a, name);
    c->cls = attr_classify(c->element, c->attr);
    if (c->cls == ATTR_REFUSED)
        return FAIL(x, "attribute '" STR_FMT "' is not allowed", c->attr);
    if (c->cls == ATTR_STYLE && !c->t->mail)
        return FAIL(x, "attribute '" STR_FMT "' is not allowed: styles are files of templates/assets (mails may)", c->attr);
    for (size_t i = 0; i < c->n_attrs; i++)
        if (str_eq(c->attrs[i], c->attr))
            return FAIL(x, "attribute '" STR_FMT "' is there twice", c->attr);
    if (c->n_attrs == ATTRS_MAX)
        return FAIL(x, "too many attributes at '" STR_FMT "'", c->attr);
    c->attrs[c->n_attrs++] = c->attr;
    buf_char(x->out, ' ');
    buf_str(x->out, name);
    c->http_equiv = c->http_equiv || str_eq_c(c->attr, "http-equiv");
    c->has_src = c->has_src || str_eq_c(c->attr, "src");
    c->has_alt = c->has_alt || str_eq_c(c->attr, "alt");
    c->value = STR("");
    c->dynamic = false;
    c->url = U_START;
    return true;
}

/* "value" of a button is read by people; which kind of input it is must be known before. */
static bool begin_value(struct scan *x)
{
    struct context *c = x->c;
    bool input = str_eq_c(c->element, "input");
    if (input && str_eq_c(c->attr, "value")) {
        c->has_value = true;
        if (str_eq_c(c->type, "submit") || str_eq_c(c->type, "button") || str_eq_c(c->type, "reset"))
            c->cls = ATTR_HUMAN;
    }
    if (c->cls == ATTR_CONTENT && str_is_null(c->meta_name) && !c->http_equiv)
        return FAIL(x, "name or property belongs before '" STR_FMT "'", c->attr);
    return true;
}

/* Called for each piece of a value: branches are judged one by one. */
static bool check_value(struct scan *x)
{
    struct context *c = x->c;
    struct str word;
    bool is_url = attr_is_url(c->attr) || c->cls == ATTR_URL || c->cls == ATTR_URL_STATIC;
    if (is_url && (!c->dynamic || c->url == U_PREFIX) && !url_scheme_is_safe(c->value))
        return FAIL(x, "the address '" STR_FMT "' has a scheme that is not http, https, mailto or tel", c->value);
    bool words = c->cls == ATTR_HUMAN ? !c->untranslated_from
                                      : c->cls == ATTR_CONTENT && !c->http_equiv && !meta_content_may_be_words(c->meta_name);
    if (words && !words_absent(c->value, true, &word))
        return FAIL(x, "bare words '" STR_FMT "': words are keys, write {{ t \"...\" }}", word);
    return true;
}

static bool end_value(struct scan *x)
{
    struct context *c = x->c;
    if (!check_value(x))
        return false;
    struct str value = c->dynamic ? STR("") : c->value;
    if (str_eq_c(c->attr, "type")) {
        c->type = value;
        if (c->has_value && str_eq_c(c->element, "input") && (str_eq_c(value, "submit") || str_eq_c(value, "button") || str_eq_c(value, "reset")))
            return FAIL(x, "type belongs before value in '" STR_FMT "'", c->element);
    } else if (str_eq_c(c->attr, "rel")) {
        c->rel = value;
    } else if (str_eq_c(c->element, "meta") && (str_eq_c(c->attr, "name") || str_eq_c(c->attr, "property"))) {
        c->meta_name = value;
    } else if (str_eq_c(c->attr, "translate")) {
        c->untranslated = str_eq_c(value, "no");
    }
    buf_char(x->out, c->quote);
    c->state = S_AFTER_ATTR;
    return true;
}

static void move_url(struct context *c, char ch)
{
    if (c->cls == ATTR_SRCSET && is_space(ch)) {
        if (c->url != U_START)
            c->url = U_DESCRIPTOR;
    } else if (c->cls == ATTR_SRCSET && ch == ',' && c->url == U_DESCRIPTOR) {
        c->url = U_START;
    } else if (c->url == U_DESCRIPTOR) {
        return;
    } else if (ch == '?' || ch == '#') {
        c->url = U_QUERY;
    } else if (ch == '/' && c->url != U_QUERY) {
        c->url = U_PATH;
    } else if (c->url == U_START) {
        c->url = U_PREFIX;
    }
}

static bool in_value(struct scan *x, char ch)
{
    struct context *c = x->c;
    size_t n;
    if (ch == c->quote)
        return end_value(x);
    if (ch == '<')
        return FAIL(x, "'<' inside the value of '" STR_FMT "': a quote is missing, or write &lt;", c->attr);
    if (ch == '&' && !entity_at(str_sub(x->s, x->i, x->s.n), &n))
        return FAIL(x, "'&' inside the value of '" STR_FMT "': write &amp;", c->attr);
    c->value = str_printf(c->t->compiler->a, STR_FMT "%c", STR_ARG(c->value), ch);
    bool prefix = c->url == U_PREFIX;
    move_url(c, ch);
    if (prefix && c->url != U_PREFIX && !check_value(x))
        return false;
    buf_char(x->out, ch);
    return true;
}

/* --- the machine -------------------------------------------------------------------------------------------------- */

static bool in_data(struct scan *x, char ch)
{
    struct context *c = x->c;
    size_t n;
    bool space = is_space(ch);
    if (ch == '<') {
        if (!end_run(x))
            return false;
        c->state = S_LT;
        return true;
    }
    if (ch == '&' && !entity_at(str_sub(x->s, x->i, x->s.n), &n))
        return FAIL(x, "'&" STR_FMT "': write &amp;, or a known character reference", str_sub(x->s, x->i + 1, 10));
    if (c->keep_from) {
        buf_char(x->out, ch);
    } else if (!space) {
        buf_char(x->out, ch);
    } else if (!c->space) {
        size_t end = x->i;
        while (end < x->s.n && is_space(x->s.p[end]) && x->s.p[end] != '\n')
            end++;
        buf_char(x->out, end < x->s.n && x->s.p[end] == '\n' ? '\n' : ' ');
    }
    c->space = space;
    c->fresh_textarea = false;
    return true;
}

/* Inside <title> and <textarea> only their own end tag is markup. */
static bool in_rcdata(struct scan *x, char ch)
{
    struct context *c = x->c;
    if (ch == '<' && !(x->i + 1 < x->s.n && x->s.p[x->i + 1] == '/'))
        return FAIL(x, "tags are text inside <" STR_FMT ">: write &lt;", c->element);
    return in_data(x, ch);
}

static bool in_raw(struct scan *x, char ch)
{
    struct context *c = x->c;
    if (ch == '<' && x->i + 1 < x->s.n && x->s.p[x->i + 1] == '/') {
        c->state = S_LT;
        return true;
    }
    bool style = str_eq_c(c->element, "style");
    if (!style && !is_space(ch))
        return FAIL(x, "<" STR_FMT "> holds no text: JSON-LD is one hole of type json, scripts are files", c->element);
    if (style && (!is_space(ch) || !c->space))
        buf_char(x->out, ch);
    c->space = is_space(ch);
    return true;
}

/* "<!--...-->" vanishes, "<!doctype html>" stays. The '<' has been read. */
static bool in_markup(struct scan *x)
{
    struct str rest = str_sub(x->s, x->i, x->s.n);
    size_t end;
    if (str_starts(rest, STR("!--"))) {
        for (end = 3; end + 2 < rest.n && !str_starts(str_sub(rest, end, 3), STR("-->")); end++)
            x->line += rest.p[end] == '\n';
        if (end + 2 >= rest.n)
            return tpl_fail(x->c->t, x->line, "an HTML comment holds neither holes nor directives: write {# ... #}");
        x->i += end + 2;
    } else {
        if (!str_eq_nocase(str_sub(rest, 0, 8), STR("!doctype")) || !str_find(rest, '>', &end))
            return FAIL(x, "'<" STR_FMT "' is not allowed", str_sub(rest, 0, 10));
        buf_char(x->out, '<');
        buf_put(x->out, rest.p, end + 1);
        x->i += end;
    }
    x->c->state = S_DATA;
    return true;
}

static bool behind_lt(struct scan *x, char ch)
{
    struct context *c = x->c;
    if (ch == '!')
        return in_markup(x);
    if (ch == '/') {
        c->state = S_END_NAME;
        x->name = x->i + 1;
    } else if (is_letter(ch)) {
        buf_char(x->out, '<');
        c->state = S_TAG_NAME;
        x->name = x->i;
    } else {
        return FAIL(x, "'<" STR_FMT "' begins no tag: write &lt;", str_sub(x->s, x->i, 1));
    }
    return true;
}

static bool in_end_name(struct scan *x, char ch)
{
    struct context *c = x->c;
    if (c->state == S_END_NAME && is_name_char(ch))
        return true;
    if (ch == '>')
        return close_element(x, str_trim(str_sub(x->s, x->name, x->i - x->name)));
    c->state = S_AFTER_END_NAME;
    return is_space(ch) || FAIL(x, "'" STR_FMT "' in an end tag", str_sub(x->s, x->i, 1));
}

static bool between_attrs(struct scan *x, char ch)
{
    struct context *c = x->c;
    if (is_space(ch)) {
        c->state = S_BEFORE_ATTR;
    } else if (ch == '>') {
        return end_start_tag(x, false);
    } else if (ch == '/') {
        c->state = S_SLASH;
    } else if (c->state == S_AFTER_ATTR) {
        return FAIL(x, "white space is missing between the attributes of <" STR_FMT ">", c->element);
    } else if (is_letter(ch)) {
        c->state = S_ATTR_NAME;
        x->name = x->i;
    } else {
        return FAIL(x, "'" STR_FMT "' begins no attribute", str_sub(x->s, x->i, 1));
    }
    return true;
}

static bool in_tag(struct scan *x, char ch)
{
    struct context *c = x->c;
    switch (c->state) {
    case S_TAG_NAME:
        if (is_name_char(ch))
            return true;
        c->state = S_AFTER_ATTR;
        return end_tag_name(x) && between_attrs(x, ch);
    case S_ATTR_NAME:
        if (is_name_char(ch))
            return true;
        if (!end_attr_name(x))
            return false;
        if (ch != '=') {
            c->state = S_AFTER_ATTR;
            return between_attrs(x, ch);
        }
        c->state = S_BEFORE_VALUE;
        return begin_value(x);
    case S_BEFORE_VALUE:
        if (ch != '"' && ch != '\'')
            return FAIL(x, "the value of '" STR_FMT "' is not quoted", c->attr);
        buf_char(x->out, '=');
        buf_char(x->out, ch);
        c->quote = ch;
        c->state = S_VALUE;
        return true;
    case S_VALUE:
        return in_value(x, ch);
    case S_SLASH:
        return ch == '>' ? end_start_tag(x, true) : FAIL(x, "'/' inside <" STR_FMT ">", c->element);
    default:
        return between_attrs(x, ch);
    }
}

static bool step(struct scan *x, char ch)
{
    switch (x->c->state) {
    case S_DATA:
        return in_data(x, ch);
    case S_RCDATA:
        return in_rcdata(x, ch);
    case S_RAW:
        return in_raw(x, ch);
    case S_LT:
        return behind_lt(x, ch);
    case S_END_NAME:
    case S_AFTER_END_NAME:
        return in_end_name(x, ch);
    default:
        return in_tag(x, ch);
    }
}

bool html_static(struct context *c, struct str text, int line, struct buf *out)
{
    struct scan x = {.c = c, .s = text, .line = line, .out = out};
    for (; x.i < text.n; x.i++) {
        bool visible = c->state == S_DATA || c->state == S_RCDATA;
        if (!step(&x, text.p[x.i]))
            return false;
        if (!visible)
            x.run = x.i + 1;
        if (x.i < text.n && text.p[x.i] == '\n')
            x.line++;
    }
    x.i = text.n;
    if (c->state == S_DATA || c->state == S_RCDATA)
        return end_run(&x);
    if (c->state == S_VALUE)
        return check_value(&x);
    if (c->state == S_TAG_NAME) {       /* a name ends with its piece of text; what may follow is for html_boundary */
        c->state = S_AFTER_ATTR;
        return end_tag_name(&x);
    }
    if (c->state == S_ATTR_NAME) {
        c->state = S_AFTER_ATTR;
        return end_attr_name(&x);
    }
    return true;
}

bool html_boundary(struct context *c, int line)
{
    switch (c->state) {
    case S_DATA:
    case S_RCDATA:
        return true;
    case S_VALUE:
        if (c->cls == ATTR_STATIC)
            return tpl_fail(c->t, line, "'" STR_FMT "' of <" STR_FMT "> is written in full: no directives", STR_ARG(c->attr), STR_ARG(c->element));
        c->dynamic = true;
        return true;
    case S_BEFORE_ATTR:
    case S_AFTER_ATTR:
        if (element_is_fixed(c->element))
            return tpl_fail(c->t, line, "<" STR_FMT "> is written in full: put the directive around it", STR_ARG(c->element));
        return true;
    default:
        return tpl_fail(c->t, line, "a directive cannot stand here");
    }
}
