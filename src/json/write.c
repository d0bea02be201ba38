#include "json/json.h"

/* Length of the valid UTF-8 sequence at p, 0 when there is none (RFC 3629: no overlong forms, no surrogates). */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
    if (p[0] >= 0xc2 && p[0] <= 0xdf)
        return n >= 2 && (p[1] & 0xc0) == 0x80 ? 2 : 0;
    if (p[0] >= 0xe0 && p[0] <= 0xef) {
        if (n < 3 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80)
            return 0;
        if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f))
            return 0;
        return 3;
    }
    if (p[0] >= 0xf0 && p[0] <= 0xf4) {
        if (n < 4 || (p[1] & 0xc0) != 0x80 || (p[2] & 0xc0) != 0x80 || (p[3] & 0xc0) != 0x80)
            return 0;
        if ((p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
            return 0;
        return 4;
    }
    return 0;
}

static void put_escape(struct buf *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    switch (c) {
    case '"': BUF_LIT(out, "\\\""); break;
    case '\\': BUF_LIT(out, "\\\\"); break;
    case '\n': BUF_LIT(out, "\\n"); break;
    case '\r': BUF_LIT(out, "\\r"); break;
    case '\t': BUF_LIT(out, "\\t"); break;
    default: buf_put(out, (const char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6); break;       /* printf took longer than the rest of a text */
    }
}

void json_put_string(struct buf *out, struct str s)
{
    static const bool special[256] = {[0 ... 0x1f] = true, ['"'] = true, ['\\'] = true, ['<'] = true, [0x7f ... 0xff] = true};
    if (str_is_null(s)) {
        BUF_LIT(out, "null");
        return;
    }
    const unsigned char *p = (const unsigned char *)s.p;
    size_t from = 0;
    buf_char(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t step = 1;
        if (!special[p[i]]) {
            i++;
            continue;
        }
        if (p[i] >= 0x80 && (step = utf8_sequence(p + i, s.n - i)) != 0) {
            i += step;
            continue;
        }
        buf_put(out, s.p + from, i - from);
        if (p[i] >= 0x80)
            BUF_LIT(out, "\xef\xbf\xbd");
        else
            put_escape(out, p[i]);       /* '<' too, so that JSON inside a page can never end its element */
        from = ++i;
    }
    buf_put(out, s.p + from, s.n - from);
    buf_char(out, '"');
}

void json_put_int(struct buf *out, int64_t v)
{
    buf_int64(out, v);
}

void json_put_bool(struct buf *out, bool v)
{
    buf_cstr(out, v ? "true" : "false");
}
