/* HTML that is safe because of how it was made. */
#include "html/html.h"
#include "html/locale.h"

static struct trusted finish(struct buf *b, struct arena *a)
{
    struct trusted t = {buf_to_str(b, a)};
    buf_free(b);
    return t;
}

struct trusted html_trusted_plain(struct arena *a, struct str text)
{
    struct buf b;
    struct str line;
    bool open = false;
    buf_init(&b, 0);
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (str_is_empty(line)) {
            if (open)
                BUF_LIT(&b, "</p>\n");
            open = false;
            continue;
        }
        buf_cstr(&b, open ? "<br>" : "<p>");
        open = true;
        escape_into(&b, line);
    }
    if (open)
        BUF_LIT(&b, "</p>\n");
    return finish(&b, a);
}

struct trusted html_trusted_json(struct arena *a, struct str json)
{
    struct buf b;
    buf_init(&b, 0);
    BUF_LIT(&b, "<script type=\"application/ld+json\">");
    html_json(&(struct html){.out = &b, .arena = a}, json);
    BUF_LIT(&b, "</script>");
    return finish(&b, a);
}

static bool svg_element(struct str tag)
{
    static const char *const allowed[] = {"svg", "g", "path", "rect", "title"};
    struct str name = str_starts(tag, STR("/")) ? str_sub(tag, 1, tag.n) : tag, head = name;
    size_t end;
    if (str_find(name, ' ', &end)) head = str_sub(name, 0, end);
    if (str_find(head, '/', &end)) head = str_sub(head, 0, end);
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
        if (str_eq_c(head, allowed[i])) return true;
    return false;
}

static bool holds(struct str s, const char *word)
{
    return memmem(s.p, s.n, word, strlen(word)) != NULL;
}

struct trusted html_trusted_svg(struct str svg)
{
    struct str rest = svg, before;
    if (!str_starts(svg, STR("<svg ")) || !str_ends(svg, STR("</svg>"))) return (struct trusted){STR("")};
    while (str_split(&rest, '<', &before) && !str_is_null(rest)) {
        size_t end;
        if (!str_find(rest, '>', &end)) return (struct trusted){STR("")};
        struct str tag = str_sub(rest, 0, end);
        if (!svg_element(tag) || holds(tag, "href") || holds(tag, "style") || holds(tag, " on")) return (struct trusted){STR("")};
        rest = str_sub(rest, end + 1, rest.n);
    }
    return (struct trusted){svg};
}
