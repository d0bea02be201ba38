/* Escapers: one pass over the bytes, runs of harmless ones are copied at once. */
#include "html/html.h"
#include "html/locale.h"

static const char hex_digits[] = "0123456789ABCDEF";

static const char *replacement(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
    case '\n':
    case '\r':
        return NULL;
    default:
        return c < 0x20 || c == 0x7f ? "\xEF\xBF\xBD" : NULL;      /* HTML allows no other control characters */
    }
}

void escape_into(struct buf *b, struct str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c > '>' && c != 0x7f)
            continue;
        const char *r = replacement(c);
        if (!r)
            continue;
        buf_put(b, s.p + from, i - from);
        buf_cstr(b, r);
        from = i + 1;
    }
    if (s.n > from)
        buf_put(b, s.p + from, s.n - from);
}

void html_text(struct html *h, struct str s)
{
    escape_into(h->out, s);
}

void html_attr(struct html *h, struct str s)
{
    escape_into(h->out, s);
}

static void percent(struct buf *b, unsigned char c)
{
    char p[3] = {'%', hex_digits[c >> 4], hex_digits[c & 15]};
    buf_put(b, p, 3);
}

static bool is_unreserved(unsigned char c)      /* RFC 3986 section 2.3 */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void html_url_part(struct html *h, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(c) || c == '@')
            buf_char(h->out, (char)c);
        else
            percent(h->out, c);
    }
}

void html_url_segment(struct html *h, struct str s)
{
    bool moves = str_is_empty(s) || str_eq_c(s, ".") || str_eq_c(s, "..");      /* "/" + "" + "/evil.example" would be another host */
    html_url_part(h, moves ? STR("-") : s);
}

/* Relative, or http, https, mailto, tel, otpauth (a key for an authenticator app). What comes before the first of "/?#" decides; anything odd there that is not a
 * known scheme is refused, so "java\nscript:" and its friends need no list. */
static bool url_is_safe(struct str s)
{
    static const char *const schemes[] = {"https", "http", "mailto", "tel", "otpauth"};
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '#')
            return true;
        if (s.p[i] != ':')
            continue;
        for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++)
            if (str_eq_nocase(str_sub(s, 0, i), str_from(schemes[k])))
                return true;
        return false;
    }
    return true;
}

void html_url(struct html *h, struct str s)
{
    if (!url_is_safe(s)) {
        buf_char(h->out, '#');
        return;
    }
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '&')
            BUF_LIT(h->out, "&amp;");
        else if (c <= ' ' || c >= 0x7f || strchr("\"<>'\\^`{|}", c))
            percent(h->out, c);
        else
            buf_char(h->out, (char)c);
    }
}

/* JSON keeps its meaning: these characters can only stand inside strings. U+2028 and U+2029 end lines in old scripts. */
void html_json(struct html *h, struct str json)
{
    size_t from = 0;
    for (size_t i = 0; i < json.n; i++) {
        const char *r = NULL;
        size_t n = 1;
        if (json.p[i] == '<')
            r = "\\u003c";
        else if (json.p[i] == '>')
            r = "\\u003e";
        else if (json.p[i] == '&')
            r = "\\u0026";
        else if (i + 2 < json.n && memcmp(json.p + i, "\xE2\x80", 2) == 0 && ((unsigned char)json.p[i + 2] & 0xfe) == 0xa8) {
            r = (unsigned char)json.p[i + 2] == 0xa8 ? "\\u2028" : "\\u2029";
            n = 3;
        }
        if (!r)
            continue;
        buf_put(h->out, json.p + from, i - from);
        buf_cstr(h->out, r);
        i += n - 1;
        from = i + 1;
    }
    if (json.n > from)
        buf_put(h->out, json.p + from, json.n - from);
}
