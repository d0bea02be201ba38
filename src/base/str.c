#include "base/str.h"

#include <stdarg.h>

#include "base/arena.h"

struct str str_from(const char *cstr)
{
    return cstr ? str_of(cstr, strlen(cstr)) : STR_NULL;
}

bool str_eq(struct str a, struct str b)
{
    if (!a.p || !b.p) return a.p == b.p;
    return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_from(b));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (!a.p || !b.p) return a.p == b.p;
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_find(struct str s, char c, size_t *ret_index)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    if (!at) return false;
    *ret_index = (size_t)(at - s.p);
    return true;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
    if (!s.p) return s;
    if (from > s.n) from = s.n;
    if (n > s.n - from) n = s.n - from;
    return str_of(s.p + from, n);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n && is_blank(s.p[0])) s.p++, s.n--;
    while (s.n && is_blank(s.p[s.n - 1])) s.n--;
    return s;
}

bool str_split(struct str *s, char sep, struct str *ret_head)
{
    if (!s->p) return false;
    size_t at;
    if (str_find(*s, sep, &at)) {
        *ret_head = str_of(s->p, at);
        *s = str_of(s->p + at + 1, s->n - at - 1);
    } else {
        *ret_head = *s;
        *s = STR_NULL;
    }
    return true;
}

struct str str_dup(struct arena *a, struct str s)
{
    return s.p ? str_of(arena_strndup(a, s.p, s.n), s.n) : STR_NULL;
}

char *str_cstr(struct arena *a, struct str s)
{
    return s.p ? arena_strndup(a, s.p, s.n) : NULL;
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return str_from(text);
}

struct str str_lower(struct arena *a, struct str s)
{
    if (!s.p) return s;
    char *copy = arena_strndup(a, s.p, s.n);
    for (size_t i = 0; i < s.n; i++) copy[i] = lower(copy[i]);
    return str_of(copy, s.n);
}

bool str_to_int64(struct str s, int64_t *ret_value)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = negative;
    if (i == s.n) return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') return false;
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v)) return false;
        if (negative ? __builtin_sub_overflow(v, digit, &v) : __builtin_add_overflow(v, digit, &v)) return false;
    }
    *ret_value = v;
    return true;
}

int str_hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Length of the code point at p (1..4) or 0 when it is not valid UTF-8 (RFC 3629, table 3-7 of Unicode). */
static size_t utf8_step(const unsigned char *p, size_t left)
{
    if (p[0] < 0x80) return 1;
    if (p[0] < 0xC2) return 0;
    size_t n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    if (!n || left < n) return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80) return 0;
    if (p[0] == 0xE0 && p[1] < 0xA0) return 0;       /* overlong */
    if (p[0] == 0xED && p[1] > 0x9F) return 0;       /* surrogates */
    if (p[0] == 0xF0 && p[1] < 0x90) return 0;       /* overlong */
    if (p[0] == 0xF4 && p[1] > 0x8F) return 0;       /* beyond U+10FFFF */
    return n;
}

bool str_is_utf8(struct str s)
{
    for (size_t i = 0, step; i < s.n; i += step) {
        step = utf8_step((const unsigned char *)s.p + i, s.n - i);
        if (!step) return false;
    }
    return true;
}

bool str_is_text(struct str s, bool multiline)
{
    if (!str_is_utf8(s)) return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool line = c == '\t' || c == '\n' || c == '\r';
        if ((c < 0x20 && !(multiline && line)) || c == 0x7F) return false;
        /* C1 controls are U+0080..U+009F: C2 80 .. C2 9F */
        if (c == 0xC2 && (unsigned char)s.p[i + 1] < 0xA0) return false;
    }
    return true;
}

size_t str_utf8_length(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return n;
}
