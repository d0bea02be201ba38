/* Escapers and sanitizer: whatever goes in, what comes out obeys the grammar that makes it safe. The checks here are written anew,
 * not shared with the code under test. */
#include <stdlib.h>

#include "base/arena.h"
#include "fuzz.h"
#include "html/html.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static bool has_any(struct str s, const char *bad)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] && strchr(bad, s.p[i]))
            return true;
    return false;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (((unsigned char)s.p[i] < 0x20 && !strchr("\t\n\r", s.p[i])) || s.p[i] == 0)
            return true;
    return false;
}

/* Every '&' begins a reference that the escapers write. */
static bool ampersands_escaped(struct str s)
{
    static const char *const ok[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < s.n; i++) {
        bool known = s.p[i] != '&';
        for (size_t k = 0; !known && k < sizeof ok / sizeof *ok; k++)
            known = str_starts(str_sub(s, i, s.n), str_from(ok[k]));
        if (!known)
            return false;
    }
    return true;
}

static void check_url(struct str out)
{
    MUST(!has_any(out, "<>\"' \t\r\n\\`") && !has_control(out) && ampersands_escaped(out));
    for (size_t i = 0; i < out.n && !strchr("/?#", out.p[i]); i++)
        if (out.p[i] == ':') {
            struct str scheme = str_sub(out, 0, i);
            MUST(str_eq_nocase(scheme, STR("http")) || str_eq_nocase(scheme, STR("https")) || str_eq_nocase(scheme, STR("mailto")) || str_eq_nocase(scheme, STR("tel")) ||
                 str_eq_nocase(scheme, STR("otpauth")));
            return;
        }
}

static const char *const kept[] = {"p",  "h2",    "h3",    "h4", "h5", "h6", "pre",    "blockquote", "ul",  "ol",  "dl",    "li",  "dt", "dd", "table", "tbody",
                                   "thead", "tr", "td",    "th", "br", "hr", "wbr",    "strong",     "em",  "u",   "s",     "sub", "sup", "small", "code", "q", "a"};

static bool is_kept(struct str name)
{
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (str_eq_c(name, kept[i]))
            return true;
    return false;
}

/* What may stand in a start tag behind its name. */
static void check_attrs(struct str name, struct str rest)
{
    if (str_is_empty(rest))
        return;
    size_t end;
    if (str_eq_c(name, "a")) {
        MUST(str_starts(rest, STR(" href=\"")));
        rest = str_sub(rest, 7, rest.n);
        MUST(str_find(rest, '"', &end));
        check_url(str_sub(rest, 0, end));
        MUST(str_eq_c(str_sub(rest, end, rest.n), "\" rel=\"nofollow noopener\""));
        return;
    }
    MUST(str_eq_c(name, "td") || str_eq_c(name, "th"));
    for (size_t i = 0; i < rest.n; i++)
        MUST(strchr(" colspanrw=\"0123456789", rest.p[i]));
}

static void check_sanitized(struct str out)
{
    struct str stack[64];
    size_t depth = 0;
    while (!str_is_empty(out)) {
        size_t end = 0;
        if (out.p[0] != '<') {
            if (!str_find(out, '<', &end))
                end = out.n;
            struct str text = str_sub(out, 0, end);
            MUST(!has_any(text, "<>\"'") && !has_control(text) && ampersands_escaped(text));
            out = str_sub(out, end, out.n);
            continue;
        }
        MUST(str_find(out, '>', &end));
        bool closing = out.n > 1 && out.p[1] == '/';
        struct str tag = str_sub(out, closing ? 2 : 1, end - (closing ? 2 : 1)), name = tag, rest = STR("");
        out = str_sub(out, end + 1, out.n);
        if (str_find(tag, ' ', &end)) {
            name = str_sub(tag, 0, end);
            rest = str_sub(tag, end, tag.n);
        }
        MUST(is_kept(name));
        if (closing) {
            MUST(depth > 0 && str_eq(stack[depth - 1], name) && str_is_empty(rest));
            depth--;
            continue;
        }
        check_attrs(name, rest);
        if (!str_eq_c(name, "br") && !str_eq_c(name, "hr") && !str_eq_c(name, "wbr")) {
            MUST(depth < 64);
            stack[depth++] = name;
        }
    }
    MUST(depth == 0);
}

static struct str run(struct html *h, void (*fn)(struct html *, struct str), struct str in)
{
    buf_clear(h->out);
    fn(h, in);
    return buf_view(h->out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct buf b;
    buf_init(&b, 0);
    struct html h = {.out = &b, .arena = a, .texts = text_catalog(STR("en"))};
    struct str in = {(const char *)data, size}, out;

    out = run(&h, html_text, in);
    MUST(!has_any(out, "<>\"'") && !has_control(out) && ampersands_escaped(out));
    out = run(&h, html_attr, in);
    MUST(!has_any(out, "<>\"'") && !has_control(out) && ampersands_escaped(out));
    check_url(run(&h, html_url, in));
    out = run(&h, html_url_part, in);
    for (size_t i = 0; i < out.n; i++)
        MUST(out.p[i] && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~@%", out.p[i]));
    out = run(&h, html_url_segment, in);
    MUST(out.n > 0 && !str_eq_c(out, ".") && !str_eq_c(out, "..") && !has_any(out, "/?#"));
    MUST(!has_any(run(&h, html_json, in), "<>&"));
    MUST(!has_any(html_trusted_plain(a, in).html, "\"'"));

    struct str once = html_trusted_sanitized(a, in).html;
    check_sanitized(once);
    MUST(str_eq(once, html_trusted_sanitized(a, once).html));      /* a fixed point: it reads its own output as it meant it */
    struct str words = html_plain_words(a, in, 100);
    MUST(words.n <= 100 + sizeof "…" - 1 && !has_any(words, "\n\r\t\f"));
    buf_free(&b);
    arena_destroy(a);
    return 0;
}
