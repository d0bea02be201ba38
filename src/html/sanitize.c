/* Product texts come from files and other shops, as HTML that nobody checked. What is sent is not their HTML but a new one:
 * the input is read as a browser would (tags, attributes, character references), and only names of the tables below are
 * written again, in balanced form, with every byte of text escaped. What the reader misunderstands can thus become ugly,
 * but not markup. */
#include "html/html.h"
#include "html/locale.h"

enum { DEPTH_MAX = 32, HREF_MAX = 2048, SPAN_MAX = 100 };

enum kind {
    K_INLINE,
    K_BLOCK,            /* closes an open paragraph */
    K_TEXT_BLOCK,       /* a paragraph or heading: holds inline things only */
    K_VOID,
    K_PART,             /* stands only inside `parents` */
    K_DROP              /* with everything inside */
};

static const struct element {
    const char *name;
    enum kind kind;
    const char *as;             /* written under another name */
    const char *parents;        /* K_PART: one of these is open */
} elements[] = {
    {"p", K_TEXT_BLOCK, NULL, NULL},       {"h1", K_TEXT_BLOCK, "h2", NULL},      {"h2", K_TEXT_BLOCK, "h2", NULL},
    {"h3", K_TEXT_BLOCK, "h3", NULL},      {"h4", K_TEXT_BLOCK, "h4", NULL},      {"h5", K_TEXT_BLOCK, "h5", NULL},
    {"h6", K_TEXT_BLOCK, "h6", NULL},      {"pre", K_TEXT_BLOCK, NULL, NULL},     {"blockquote", K_BLOCK, NULL, NULL},
    {"ul", K_BLOCK, NULL, NULL},           {"ol", K_BLOCK, NULL, NULL},           {"dl", K_BLOCK, NULL, NULL},
    {"li", K_PART, NULL, "ul ol"},         {"dt", K_PART, NULL, "dl"},            {"dd", K_PART, NULL, "dl"},
    {"table", K_BLOCK, NULL, NULL},        {"tbody", K_PART, NULL, "table"},      {"thead", K_PART, NULL, "table"},
    {"tr", K_PART, NULL, "tbody thead table"}, {"td", K_PART, NULL, "tr"},        {"th", K_PART, NULL, "tr"},
    {"br", K_VOID, NULL, NULL},            {"hr", K_VOID, NULL, NULL},            {"wbr", K_VOID, NULL, NULL},
    {"strong", K_INLINE, NULL, NULL},      {"b", K_INLINE, "strong", NULL},       {"em", K_INLINE, NULL, NULL},
    {"i", K_INLINE, "em", NULL},           {"u", K_INLINE, NULL, NULL},           {"s", K_INLINE, NULL, NULL},
    {"strike", K_INLINE, "s", NULL},       {"del", K_INLINE, "s", NULL},          {"sub", K_INLINE, NULL, NULL},
    {"sup", K_INLINE, NULL, NULL},         {"small", K_INLINE, NULL, NULL},       {"code", K_INLINE, NULL, NULL},
    {"q", K_INLINE, NULL, NULL},           {"a", K_INLINE, NULL, NULL},
    {"script", K_DROP, NULL, NULL},        {"style", K_DROP, NULL, NULL},         {"iframe", K_DROP, NULL, NULL},
    {"object", K_DROP, NULL, NULL},        {"noscript", K_DROP, NULL, NULL},      {"template", K_DROP, NULL, NULL},
    {"textarea", K_DROP, NULL, NULL},      {"title", K_DROP, NULL, NULL},         {"xmp", K_DROP, NULL, NULL},
    {"noembed", K_DROP, NULL, NULL},       {"noframes", K_DROP, NULL, NULL},      {"svg", K_DROP, NULL, NULL},
    {"math", K_DROP, NULL, NULL},          {"select", K_DROP, NULL, NULL},        {"button", K_DROP, NULL, NULL},
    {"video", K_DROP, NULL, NULL},         {"audio", K_DROP, NULL, NULL},         {"canvas", K_DROP, NULL, NULL},
    {"head", K_DROP, NULL, NULL},          {"applet", K_DROP, NULL, NULL},        {"plaintext", K_DROP, NULL, NULL},
};

struct sanitizer {
    struct arena *a;
    struct buf out;
    struct str in;
    size_t i;
    size_t depth;
    const struct element *stack[DEPTH_MAX];
};

struct attrs {
    struct str href, colspan, rowspan;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
    return is_alpha(c) || (c >= '0' && c <= '9');
}

static const struct element *find_element(struct str name)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (str_eq_nocase(name, str_from(elements[i].name)))
            return &elements[i];
    return NULL;
}

static const char *written(const struct element *e)
{
    return e->as ? e->as : e->name;
}

static bool in_words(const char *words, const char *word)
{
    struct str rest = str_from(words), w;
    while (str_split(&rest, ' ', &w))
        if (str_eq_c(w, word))
            return true;
    return false;
}

/* --- character references ------------------------------------------------------------------------------------------ */

static void put_utf8(struct buf *b, uint32_t cp)
{
    if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
        cp = 0xfffd;
    if (cp < 0x80) {
        buf_char(b, (char)cp);
    } else if (cp < 0x800) {
        buf_char(b, (char)(0xc0 | cp >> 6));
        buf_char(b, (char)(0x80 | (cp & 0x3f)));
    } else if (cp < 0x10000) {
        buf_char(b, (char)(0xe0 | cp >> 12));
        buf_char(b, (char)(0x80 | (cp >> 6 & 0x3f)));
        buf_char(b, (char)(0x80 | (cp & 0x3f)));
    } else {
        buf_char(b, (char)(0xf0 | cp >> 18));
        buf_char(b, (char)(0x80 | (cp >> 12 & 0x3f)));
        buf_char(b, (char)(0x80 | (cp >> 6 & 0x3f)));
        buf_char(b, (char)(0x80 | (cp & 0x3f)));
    }
}

static size_t numeric_reference(struct str s, uint32_t *ret_cp)
{
    size_t i = 2;
    bool hex = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X');
    uint32_t cp = 0;
    size_t digits = 0;
    for (i += hex; i < s.n; i++, digits++) {
        int d = str_hex_digit(s.p[i]);
        if (d < 0 || (d > 9 && !hex))
            break;
        if (cp <= 0x10ffff)
            cp = cp * (hex ? 16 : 10) + (uint32_t)d;
    }
    if (digits == 0)
        return 0;
    *ret_cp = cp;
    return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

/* The few names that matter; an unknown one stays text ("&amp;copy;"), which shows but does no harm. */
static size_t named_reference(struct str s, uint32_t *ret_cp)
{
    static const struct {
        const char *name;
        uint32_t cp;
    } names[] = {
        {"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}, {"nbsp;", 0xa0}, {"copy;", 0xa9}, {"reg;", 0xae}, {"deg;", 0xb0},
        {"middot;", 0xb7}, {"times;", 0xd7}, {"frac12;", 0xbd}, {"auml;", 0xe4}, {"ouml;", 0xf6}, {"uuml;", 0xfc}, {"Auml;", 0xc4}, {"Ouml;", 0xd6},
        {"Uuml;", 0xdc}, {"szlig;", 0xdf}, {"eacute;", 0xe9}, {"egrave;", 0xe8}, {"agrave;", 0xe0}, {"ccedil;", 0xe7}, {"ndash;", 0x2013},
        {"mdash;", 0x2014}, {"lsquo;", 0x2018}, {"rsquo;", 0x2019}, {"ldquo;", 0x201c}, {"rdquo;", 0x201d}, {"bdquo;", 0x201e}, {"bull;", 0x2022},
        {"hellip;", 0x2026}, {"euro;", 0x20ac}, {"trade;", 0x2122}, {"pound;", 0xa3}, {"laquo;", 0xab}, {"raquo;", 0xbb},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!str_starts(str_sub(s, 1, s.n), str_from(names[i].name)))
            continue;
        *ret_cp = names[i].cp;
        return strlen(names[i].name) + 1;
    }
    return 0;
}

static struct str decode(struct arena *a, struct str s)
{
    struct buf b;
    buf_init(&b, 0);
    for (size_t i = 0; i < s.n;) {
        struct str rest = str_sub(s, i, s.n);
        uint32_t cp = 0;
        size_t n = 0;
        if (rest.p[0] == '&' && rest.n > 2)
            n = rest.p[1] == '#' ? numeric_reference(rest, &cp) : named_reference(rest, &cp);
        if (n)
            put_utf8(&b, cp);
        else
            buf_char(&b, rest.p[0]);
        i += n ? n : 1;
    }
    struct str text = buf_to_str(&b, a);
    buf_free(&b);
    return text;
}

/* --- the new tree -------------------------------------------------------------------------------------------------- */

static void pop(struct sanitizer *s)
{
    const struct element *e = s->stack[--s->depth];
    BUF_LIT(&s->out, "</");
    buf_cstr(&s->out, written(e));
    buf_char(&s->out, '>');
}

static void pop_to(struct sanitizer *s, size_t depth)
{
    while (s->depth > depth)
        pop(s);
}

/* Index + 1 of the innermost open element with one of `names` (written names); 0: none. A table hides what is outside it. */
static size_t find_open(const struct sanitizer *s, const char *names)
{
    for (size_t i = s->depth; i > 0; i--) {
        if (in_words(names, written(s->stack[i - 1])))
            return i;
        if (strcmp(s->stack[i - 1]->name, "table") == 0)
            return 0;
    }
    return 0;
}

/* Only cells hold text inside a table, only items inside a list: elsewhere words would be thrown around by the browser. */
static bool holds_text(const struct sanitizer *s)
{
    return s->depth == 0 || !in_words("table tbody thead tr ul ol dl", s->stack[s->depth - 1]->name);
}

static bool may_open(struct sanitizer *s, const struct element *e)
{
    if (e->kind == K_PART) {
        size_t parent = find_open(s, e->parents);
        if (!parent)
            return false;
        pop_to(s, parent);
        return true;
    }
    if (!holds_text(s))
        return false;
    if (e->kind == K_BLOCK || e->kind == K_TEXT_BLOCK || strcmp(e->name, "hr") == 0) {
        size_t block = find_open(s, "p h2 h3 h4 h5 h6 pre dt");
        if (block && strcmp(s->stack[block - 1]->name, "dt") != 0) {
            pop_to(s, block - 1);
        } else {
            size_t inline_from = s->depth;      /* a block inside <strong>: the inline element ends first */
            while (inline_from > 0 && s->stack[inline_from - 1]->kind == K_INLINE)
                inline_from--;
            pop_to(s, inline_from);
            if (block)
                return false;                   /* nothing but inline things in a <dt> */
        }
    }
    if (strcmp(e->name, "a") == 0) {
        size_t link = find_open(s, "a");
        if (link)
            pop_to(s, link - 1);
    }
    return true;
}

static void put_span(struct sanitizer *s, const char *name, struct str value)
{
    int64_t n;
    if (str_to_int64(value, &n) && n > 1 && n <= SPAN_MAX)
        buf_printf(&s->out, " %s=\"%d\"", name, (int)n);
}

static void open_element(struct sanitizer *s, const struct element *e, const struct attrs *attrs)
{
    if (s->depth == DEPTH_MAX || !may_open(s, e))
        return;
    buf_char(&s->out, '<');
    buf_cstr(&s->out, written(e));
    if (strcmp(e->name, "a") == 0 && !str_is_null(attrs->href) && attrs->href.n <= HREF_MAX) {
        BUF_LIT(&s->out, " href=\"");
        html_url(&(struct html){.out = &s->out}, str_trim(decode(s->a, attrs->href)));
        BUF_LIT(&s->out, "\" rel=\"nofollow noopener\"");
    }
    if (strcmp(e->name, "td") == 0 || strcmp(e->name, "th") == 0) {
        put_span(s, "colspan", attrs->colspan);
        put_span(s, "rowspan", attrs->rowspan);
    }
    buf_char(&s->out, '>');
    if (e->kind != K_VOID)
        s->stack[s->depth++] = e;
}

static void close_named(struct sanitizer *s, const struct element *e)
{
    size_t at = find_open(s, written(e));
    if (at && (e->kind != K_INLINE || s->stack[at - 1]->kind == K_INLINE))
        pop_to(s, at - 1);
}

static void put_text(struct sanitizer *s, struct str text)
{
    bool blank = str_is_empty(str_trim(text));
    if (!holds_text(s)) {
        if (blank)
            return;
        /* words right inside a list or a table: end that and keep them */
        while (s->depth && !holds_text(s))
            pop(s);
    }
    escape_into(&s->out, decode(s->a, text));
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static char peek(const struct sanitizer *s, size_t ahead)
{
    return s->i + ahead < s->in.n ? s->in.p[s->i + ahead] : 0;
}

static struct str read_name(struct sanitizer *s)
{
    size_t from = s->i;
    while (s->i < s->in.n && !is_space(s->in.p[s->i]) && s->in.p[s->i] != '/' && s->in.p[s->i] != '>')
        s->i++;
    return str_sub(s->in, from, s->i - from);
}

static struct str read_value(struct sanitizer *s)
{
    char quote = peek(s, 0);
    size_t from = s->i, end;
    if (quote == '"' || quote == '\'') {
        struct str rest = str_sub(s->in, ++s->i, s->in.n);
        end = str_find(rest, quote, &end) ? s->i + end : s->in.n;
        struct str value = str_sub(s->in, s->i, end - s->i);
        s->i = end < s->in.n ? end + 1 : end;
        return value;
    }
    while (s->i < s->in.n && !is_space(s->in.p[s->i]) && s->in.p[s->i] != '>')
        s->i++;
    return str_sub(s->in, from, s->i - from);
}

static void skip_space(struct sanitizer *s)
{
    while (s->i < s->in.n && is_space(s->in.p[s->i]))
        s->i++;
}

/* Reads up to and including '>'. False when the input ends before. */
static bool read_attrs(struct sanitizer *s, struct attrs *attrs)
{
    for (;;) {
        while (s->i < s->in.n && (is_space(s->in.p[s->i]) || s->in.p[s->i] == '/'))
            s->i++;
        if (s->i >= s->in.n)
            return false;
        if (s->in.p[s->i] == '>') {
            s->i++;
            return true;
        }
        size_t from = s->i++;
        while (s->i < s->in.n && !is_space(s->in.p[s->i]) && !strchr("/>=", s->in.p[s->i]))
            s->i++;
        struct str name = str_sub(s->in, from, s->i - from), value = STR("");
        skip_space(s);
        if (peek(s, 0) == '=') {
            s->i++;
            skip_space(s);
            value = read_value(s);
        }
        struct str *slot = str_eq_nocase(name, STR("href")) ? &attrs->href
                           : str_eq_nocase(name, STR("colspan")) ? &attrs->colspan
                           : str_eq_nocase(name, STR("rowspan")) ? &attrs->rowspan : NULL;
        if (slot && str_is_null(*slot))
            *slot = value;
    }
}

/* Skips to behind the end tag of an element that is dropped with its content; to the end when there is none. */
static void skip_content(struct sanitizer *s, const struct element *e)
{
    size_t n = strlen(e->name);
    for (; s->i + n + 2 <= s->in.n; s->i++) {
        if (s->in.p[s->i] != '<' || s->in.p[s->i + 1] != '/' || !str_eq_nocase(str_sub(s->in, s->i + 2, n), str_from(e->name)))
            continue;
        char behind = peek(s, n + 2);
        if (is_alnum(behind) || behind == '-')
            continue;
        struct attrs ignored = {0};
        s->i += n + 2;
        if (!read_attrs(s, &ignored))
            s->i = s->in.n;
        return;
    }
    s->i = s->in.n;
}

static void read_markup(struct sanitizer *s)
{
    struct str rest = str_sub(s->in, s->i, s->in.n);
    const char *close = str_starts(rest, STR("<!--")) ? "-->" : ">";
    size_t from = close[0] == '-' ? s->i + 4 : s->i + 1;
    struct str end = str_from(close);
    for (s->i = from; s->i < s->in.n; s->i++) {
        if (str_starts(str_sub(s->in, s->i, end.n), end)) {
            s->i += end.n;
            return;
        }
    }
}

static void read_tag(struct sanitizer *s)
{
    bool closing = peek(s, 1) == '/';
    struct attrs attrs = {.href = STR_NULL};
    s->i += closing ? 2 : 1;
    const struct element *e = find_element(read_name(s));
    if (!read_attrs(s, &attrs)) {
        s->i = s->in.n;         /* a browser drops an unfinished tag, too */
        return;
    }
    if (!e) {
        if (holds_text(s))
            buf_char(&s->out, ' ');     /* <div>a</div><div>b</div> are two words */
    } else if (e->kind == K_DROP) {
        if (!closing)
            skip_content(s, e);
    } else if (!closing) {
        open_element(s, e, &attrs);
    } else if (e->kind != K_VOID) {
        close_named(s, e);
    }
}

struct trusted html_trusted_sanitized(struct arena *a, struct str html)
{
    struct sanitizer s = {.a = a, .in = html};
    buf_init(&s.out, 0);
    while (s.i < s.in.n) {
        size_t from = s.i;
        bool tag = s.in.p[s.i] == '<' && (is_alpha(peek(&s, 1)) || (peek(&s, 1) == '/' && is_alpha(peek(&s, 2))));
        bool markup = s.in.p[s.i] == '<' && (peek(&s, 1) == '!' || peek(&s, 1) == '?' || (peek(&s, 1) == '/' && !tag));
        if (tag) {
            read_tag(&s);
        } else if (markup) {
            read_markup(&s);
        } else {
            do {
                s.i++;
            } while (s.i < s.in.n && s.in.p[s.i] != '<');
            put_text(&s, str_sub(s.in, from, s.i - from));
        }
    }
    pop_to(&s, 0);
    struct trusted t = {buf_to_str(&s.out, a)};
    buf_free(&s.out);
    return t;
}

/* Words, and one blank wherever something stands between two of them. */
static void put_words(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        bool blank = is_space(text.p[i]);
        if (!blank) buf_char(b, text.p[i]);
        else if (b->n > 0 && b->p[b->n - 1] != ' ') buf_char(b, ' ');
    }
}

struct str html_plain_words(struct arena *a, struct str html, size_t most)
{
    struct str rest = html_trusted_sanitized(a, html).html, text;
    struct buf b;
    buf_init_arena(&b, a, 0);
    while (rest.n > 0 && str_split(&rest, '<', &text)) {
        put_words(&b, decode(a, text));
        if (str_is_null(rest) || !str_split(&rest, '>', &text)) break;
        struct str name = str_starts(text, STR("/")) ? str_sub(text, 1, text.n) : text, tag = STR("");
        (void)str_split(&name, ' ', &tag);
        const struct element *e = find_element(tag);
        if (!e || e->kind != K_INLINE) put_words(&b, STR(" "));
    }
    struct str words = str_trim(buf_view(&b));
    if (words.n <= most) return words;
    size_t cut = most;
    while (cut > 0 && words.p[cut] != ' ') cut--;
    if (cut == 0) {                                             /* one long word: between two characters */
        for (cut = most; cut > 0 && ((unsigned char)words.p[cut] & 0xc0) == 0x80;) cut--;
    }
    return str_printf(a, STR_FMT "…", STR_ARG(str_trim(str_sub(words, 0, cut))));
}
