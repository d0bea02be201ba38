/* Run-time of the compiled templates: output, escapers, texts. See src/tools/README.md for the template language. */
#ifndef SOUK_HTML_HTML_H
#define SOUK_HTML_HTML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/str.h"

struct text_catalog;      /* the texts of one locale (templates/text/<locale>.po, compiled in) */

struct html {
    struct buf *out;
    struct arena *arena;
    const struct text_catalog *texts;
};

/* HTML that may be written as it is. Only html_trusted_*() makes one. */
struct trusted { struct str html; };
struct trusted html_trusted_plain(struct arena *a, struct str text);     /* paragraphs from plain text, escaped */
/* `<script type="application/ld+json">` around a JSON document, with < > & written as \u003c … so that nothing ends it early. */
struct trusted html_trusted_json(struct arena *a, struct str json);
/* A drawing that this program made (a QR code): <svg>, <g>, <path>, <rect>, <title> only, no links, no style, no handlers; anything else gives nothing. */
struct trusted html_trusted_svg(struct str svg);
struct trusted html_trusted_sanitized(struct arena *a, struct str html); /* allow-list of harmless tags; everything else is escaped or dropped */
/* The words of such HTML without any markup, for previews and search engines: one line of at most `most` bytes, cut between words ("…"). */
struct str html_plain_words(struct arena *a, struct str html, size_t most);

const struct text_catalog *text_catalog(struct str locale);             /* falls back to "en"; never NULL */
struct text_arg { const char *name; struct str value; };
/* The text of `key`, with {name} filled in; `n` picks the plural form and fills {n}. For keys made at run time ("problem.<code>"):
 * an unknown key is its own text, text_has() tells. Templates use the enum of "text.h" and cannot name an unknown key. */
struct str text_get(const struct text_catalog *c, struct arena *a, const char *key, int64_t n, const struct text_arg *args, size_t n_args);
bool text_has(const char *key);
const char *text_locale(const struct text_catalog *c);                  /* "de-AT": for <html lang> */
struct str text_money(const struct text_catalog *c, struct arena *a, struct money m);        /* "24,99 €" */
struct str text_date(const struct text_catalog *c, struct arena *a, usec_t t);
struct str text_time(const struct text_catalog *c, struct arena *a, usec_t t);
struct str text_int(const struct text_catalog *c, struct arena *a, int64_t v);
struct str text_rate(const struct text_catalog *c, struct arena *a, int64_t rate);           /* "5,5" for 55000: in 1/10,000 percent; the sign is the text's */

/* What compiled templates call. Nothing here allocates, except for the arguments of a text.
 * `key` is an enum text_key of the generated "text.h". */
void html_text(struct html *h, struct str s);          /* & < > " ' ; control characters become U+FFFD */
void html_attr(struct html *h, struct str s);
void html_url(struct html *h, struct str s);           /* unsafe schemes become "#" */
void html_url_part(struct html *h, struct str s);      /* one path segment or query value: percent-encoded, then attribute-safe */
void html_url_segment(struct html *h, struct str s);   /* the same inside a path: empty, "." and ".." become "-", so the path stays where it is */
void html_json(struct html *h, struct str json);       /* inside <script type="application/ld+json">: < > & as \u003c ... */
void html_int(struct html *h, int64_t v);              /* in the reader's locale, like money, date and time */
void html_money(struct html *h, struct money m);              /* absent (no currency): nothing, in every form */
void html_date(struct html *h, usec_t t);
void html_time(struct html *h, usec_t t);
void html_money_decimal(struct html *h, struct money m);    /* "24.99", for programs */
void html_date_machine(struct html *h, usec_t t);           /* "2026-11-22" */
void html_time_machine(struct html *h, usec_t t);           /* RFC 3339 */
void html_words(struct html *h, int key);                   /* a text without placeholders, escaped */
void html_words_n(struct html *h, int key, int64_t n, const struct text_arg *args, size_t n_args);
void text_words(struct html *h, int key);                   /* the same for text templates: nothing is escaped */
void text_words_n(struct html *h, int key, int64_t n, const struct text_arg *args, size_t n_args);
struct str text_of(const struct text_catalog *c, int key);
/* The words of the error page of an HTTP status (keys "error.<family>_title" and "error.<family>"). */
void text_error_words(int status, int *ret_title, int *ret_text);

#endif
