#include "base/unicode.h"

#include <idn2.h>
#include <utf8proc.h>

#include "base/err.h"

enum { UNICODE_MAX = 16384 };       /* bytes; ordering of marks is quadratic, and nobody's name is longer */

static const utf8proc_option_t NFC = UTF8PROC_STABLE | UTF8PROC_COMPOSE;

static bool is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80) return false;
    return true;
}

/* Its working memory may hold a password: it is the arena's, and wiped with it. */
static bool map(struct arena *a, struct str s, utf8proc_option_t options, struct str *ret_text)
{
    const utf8proc_uint8_t *in = (const utf8proc_uint8_t *)s.p;
    if (s.p == NULL || s.n > UNICODE_MAX || !str_is_utf8(s)) return false;
    utf8proc_ssize_t n = utf8proc_decompose(in, (utf8proc_ssize_t)s.n, NULL, 0, options);
    if (n < 0) return false;
    size_t bytes = ((size_t)n + 1) * sizeof(utf8proc_int32_t);
    utf8proc_int32_t *work = arena_alloc(a, bytes);
    arena_cleanse(a, work, bytes);
    if (utf8proc_decompose(in, (utf8proc_ssize_t)s.n, work, n, options) != n) return false;
    n = utf8proc_reencode(work, n, options);
    if (n < 0) return false;
    *ret_text = str_of((const char *)work, (size_t)n);
    return true;
}

bool unicode_nfc(struct arena *a, struct str s, struct str *ret_text)
{
    return map(a, s, NFC, ret_text);
}

bool unicode_fold(struct arena *a, struct str s, struct str *ret_text)
{
    struct str once;
    if (!str_is_null(s) && s.n <= UNICODE_MAX && is_ascii(s)) {
        *ret_text = str_lower(a, s);
        return true;
    }
    return map(a, s, NFC | UTF8PROC_CASEFOLD, &once) && map(a, once, NFC | UTF8PROC_CASEFOLD, ret_text);
}

struct str unicode_sort_key(struct arena *a, struct str s)
{
    struct str key;
    return map(a, s, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD, &key) ? key : s;
}

static bool opaque_ok(utf8proc_int32_t c)
{
    utf8proc_category_t k = utf8proc_category(c);
    bool noncharacter = (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
    return k != UTF8PROC_CATEGORY_CC && k != UTF8PROC_CATEGORY_CS && !noncharacter;
}

bool unicode_opaque(struct arena *a, struct str s, struct str *ret_text)
{
    if (str_is_null(s) || s.n == 0 || s.n > UNICODE_MAX || !str_is_utf8(s)) return false;
    char *out = arena_alloc(a, s.n + 1);       /* a blank is never longer than what it stands for */
    arena_cleanse(a, out, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
        if (len <= 0 || !opaque_ok(c)) return false;
        if (utf8proc_category(c) == UTF8PROC_CATEGORY_ZS) {
            out[n++] = ' ';
        } else {
            memcpy(out + n, s.p + i, (size_t)len);
            n += (size_t)len;
        }
        i += (size_t)len;
    }
    return unicode_nfc(a, str_of(out, n), ret_text);
}

static bool visible(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC: case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_CS: case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZS: case UTF8PROC_CATEGORY_ZL: case UTF8PROC_CATEGORY_ZP: return false;
    default: return !utf8proc_get_property(c)->ignorable;
    }
}

bool unicode_visible(struct str s)
{
    if (str_is_null(s)) return false;
    for (size_t i = 0; i < s.n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
        if (len <= 0 || !visible(c)) return false;
        i += (size_t)len;
    }
    return true;
}

struct str unicode_trim(struct str s)
{
    size_t begin = 0, end = 0;
    bool any = false;
    for (size_t i = 0; i < s.n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
        if (len <= 0) return s;
        i += (size_t)len;
        if (!visible(c)) continue;
        if (!any) begin = i - (size_t)len;
        any = true;
        end = i;
    }
    return str_sub(s, begin, end - begin);
}

static bool has_a_label(struct str lower)
{
    struct str label;
    while (str_split(&lower, '.', &label))
        if (str_starts(label, STR("xn--"))) return true;
    return false;
}

/* Asked of the result: libidn2 lets blanks and signs pass, and with IDN2_USE_STD3_ASCII_RULES takes them out, which makes it another name. */
static bool is_host_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '.')) return false;
    return s.n > 0 && s.n <= 253 && s.p[0] != '.' && memmem(s.p, s.n, "..", 2) == NULL;
}

bool unicode_domain(struct arena *a, struct str domain, struct str *ret_ascii)
{
    if (str_is_null(domain) || domain.n == 0 || domain.n > 1024 || memchr(domain.p, '\0', domain.n) || !str_is_utf8(domain)) return false;
    struct str lower = str_lower(a, domain);
    if (is_ascii(domain) && !has_a_label(lower)) {          /* plain names are not IDNA's business: it refuses "r3---x.example" */
        *ret_ascii = lower;
        return domain.n <= 253;
    }
    uint8_t *out = NULL;
    if (idn2_lookup_u8((const uint8_t *)str_cstr(a, lower), &out, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK) return false;
    struct str ascii = str_dup(a, str_from((const char *)out));
    idn2_free(out);
    *ret_ascii = str_lower(a, ascii);
    return is_host_name(*ret_ascii);
}
