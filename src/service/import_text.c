/* Names and slugs out of other people's data. */
#include "service/import_internal.h"

static bool is_upper(char ch) { return ch >= 'A' && ch <= 'Z'; }
static bool is_lower(char ch) { return ch >= 'a' && ch <= 'z'; }
static bool is_digit(char ch) { return ch >= '0' && ch <= '9'; }

struct str import_title(struct arena *a, struct str s)
{
    size_t lower = 0, n = 0;
    char *out = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) lower += is_lower(s.p[i]);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n') {
            if (n > 0 && out[n - 1] != ' ') out[n++] = ' ';
            continue;
        }
        /* A name with many small letters is written as somebody wanted it; shouting is put into title case. */
        char before = i > 0 ? s.p[i - 1] : ' ';
        bool inside = is_upper(before) || is_lower(before) || is_digit(before) || before == '\'' || (unsigned char)before >= 0x80;
        if (is_upper(ch) && inside && lower * 3 < s.n) ch = (char)(ch - 'A' + 'a');
        out[n++] = ch;
    }
    while (n > 0 && (out[n - 1] == ' ' || out[n - 1] == ',' || out[n - 1] == '.')) n--;
    return str_of(out, n);
}

struct str import_slug(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < 120; i++) {
        char ch = s.p[i];
        if (is_upper(ch)) ch = (char)(ch - 'A' + 'a');
        if (is_lower(ch) || is_digit(ch)) out[n++] = ch;
        else if (n > 0 && out[n - 1] != '-' && ch != '\'') out[n++] = '-';
    }
    while (n > 0 && out[n - 1] == '-') n--;
    return n > 0 ? str_of(out, n) : STR("item");
}

bool import_is_name(struct str s)
{
    size_t upper = 0, letters = 0;
    for (size_t i = 0; i < s.n; i++) {
        upper += is_upper(s.p[i]);
        letters += is_upper(s.p[i]) || is_lower(s.p[i]);
        if (s.p[i] == '?') return false;
    }
    return upper >= 2 && letters >= 3 && s.n <= 200;
}
