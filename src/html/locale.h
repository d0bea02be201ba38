/* One locale: which texts, and how numbers are written. Inside src/html only. */
#ifndef SOUK_HTML_LOCALE_H
#define SOUK_HTML_LOCALE_H

#include "html/html.h"
#include "text.h"

struct text_catalog {
    const char *tag;
    enum text_language language;
    const char *decimal, *group;
    bool symbol_after;
    const char *symbol_space;           /* between amount and symbol; a symbol of letters always gets a no-break space */
    const char *date, *time;
    const char *const *months;
};

enum { FORMAT_MAX = 96 };               /* longest formatted value, with its NUL */

/* Each writes at most FORMAT_MAX bytes and returns the length. */
size_t format_int(const struct text_catalog *c, int64_t v, char ret_text[FORMAT_MAX]);
size_t format_rate(const struct text_catalog *c, int64_t rate, char ret_text[FORMAT_MAX]);
size_t format_money(const struct text_catalog *c, struct money m, char ret_text[FORMAT_MAX]);
size_t format_when(const struct text_catalog *c, const char *pattern, usec_t t, char ret_text[FORMAT_MAX]);

/* Writes `s` with & < > " ' escaped. */
void escape_into(struct buf *b, struct str s);

#endif
