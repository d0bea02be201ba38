/* A string with a length: text from outside is never assumed to end in NUL.
 * A `struct str` does not own its bytes; they live in an arena, a buffer or the program itself.
 * `p == NULL` means "absent" (SQL null, missing JSON field); the empty string has p != NULL, n == 0. */
#ifndef SOUK_BASE_STR_H
#define SOUK_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct str {
    const char *p;
    size_t n;
};

#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})      /* string literals only */
#define STR_NULL ((struct str){NULL, 0})
#define STR_FMT "%.*s"
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_from(const char *cstr);                       /* NULL becomes the absent string */
static inline struct str str_of(const char *p, size_t n) { return (struct str){p, n}; }
static inline bool str_is_null(struct str s) { return s.p == NULL; }
static inline bool str_is_empty(struct str s) { return s.n == 0; }
bool str_eq(struct str a, struct str b);                     /* absent equals only absent */
bool str_eq_c(struct str a, const char *b);
bool str_eq_nocase(struct str a, struct str b);              /* ASCII case only */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
int str_cmp(struct str a, struct str b);                     /* by bytes */
bool str_find(struct str s, char c, size_t *ret_index);
struct str str_sub(struct str s, size_t from, size_t n);     /* clamped to s */
struct str str_trim(struct str s);                           /* ASCII white space */
/* Cuts `s` at the first `sep`: *ret_head gets what is before it, *s what is behind. False when s is absent. */
bool str_split(struct str *s, char sep, struct str *ret_head);

struct str str_dup(struct arena *a, struct str s);
char *str_cstr(struct arena *a, struct str s);               /* NUL-terminated copy; NULL for absent */
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str str_lower(struct arena *a, struct str s);         /* ASCII only */

/* Whole decimal number, optional leading '-', no blanks, no overflow. */
bool str_to_int64(struct str s, int64_t *ret_value);
int str_hex_digit(char c);                                   /* 0 to 15; -1: it is none */
/* Valid UTF-8 without surrogates and overlong forms (RFC 3629). NUL counts as valid; see str_is_text. */
bool str_is_utf8(struct str s);
/* Valid UTF-8 without control characters except, when `multiline`, tab, LF and CR. */
bool str_is_text(struct str s, bool multiline);
/* Number of code points of valid UTF-8. */
size_t str_utf8_length(struct str s);

#endif
