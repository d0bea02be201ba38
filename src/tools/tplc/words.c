/* What is a word? Every visible word is a key of the texts, so letters in a template are refused; digits, punctuation,
 * symbols and the character references below are not. */
#include "tools/tplc/tplc.h"

static const char *const entities[] = {
    "amp", "lt", "gt", "quot", "apos", "nbsp", "ndash", "mdash", "hellip", "middot", "bull", "times", "laquo", "raquo", "lsaquo", "rsaquo",
    "ldquo", "rdquo", "lsquo", "rsquo", "rarr", "larr", "uarr", "darr", "copy", "reg", "trade", "minus", "plusmn", "shy", "zwnj",
    "thinsp", "ensp", "emsp", "check", "star", "starf", "deg", "frac12", "frac14", "frac34", "euro", "pound", "yen",
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool entity_at(struct str s, size_t *ret_n)
{
    size_t end;
    if (s.n < 3 || s.p[0] != '&' || !str_find(s, ';', &end))
        return false;
    struct str name = str_sub(s, 1, end - 1);
    *ret_n = end + 1;
    if (name.n >= 2 && name.n <= 8 && name.p[0] == '#') {
        bool hex = name.p[1] == 'x';
        for (size_t i = hex ? 2 : 1; i < name.n; i++)
            if (!is_digit(name.p[i]) && !(hex && strchr("abcdefABCDEF", name.p[i])))
                return false;
        return !hex || name.n > 2;
    }
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_eq_c(name, entities[i]))
            return true;
    return false;
}

static uint32_t decode(struct str s, size_t *i)
{
    unsigned char c = (unsigned char)s.p[(*i)++];
    if (c < 0x80)
        return c;
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    uint32_t cp = c & (0x3fu >> more);
    while (more-- > 0 && *i < s.n)
        cp = cp << 6 | ((unsigned char)s.p[(*i)++] & 0x3fu);
    return cp;
}

/* Unicode is large: ASCII and Latin-1 exactly, above that the blocks of punctuation, symbols, arrows and emoji are not letters. */
static bool is_letter(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
    if (cp < 0x100)
        return cp >= 0xc0 ? cp != 0xd7 && cp != 0xf7 : cp == 0xaa || cp == 0xb5 || cp == 0xba;
    return !((cp >= 0x2000 && cp <= 0x2bff) || (cp >= 0x3000 && cp <= 0x303f) || (cp >= 0xfe00 && cp <= 0xfe0f) || cp >= 0x1f000);
}

bool words_absent(struct str s, bool with_entities, struct str *ret_word)
{
    size_t i = 0;
    while (i < s.n) {
        size_t n, from = i;
        if (with_entities && s.p[i] == '&' && entity_at(str_sub(s, i, s.n), &n)) {
            i += n;
            continue;
        }
        if (!is_letter(decode(s, &i)))
            continue;
        while (i < s.n && i - from < 30 && s.p[i] != '<' && s.p[i] != '\n')
            i++;
        while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)       /* do not cut a character */
            i++;
        *ret_word = str_sub(s, from, i - from);
        return false;
    }
    return true;
}
