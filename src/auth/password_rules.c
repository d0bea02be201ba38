/* Which new passwords are refused: too short or too long, the ones that guessers try first, and what is made of the person's own name or address
 * (NIST SP 800-63B section 5.1.1.2: no rules of composition, but a list). */
#include "auth/password.h"
#include "base/unicode.h"

enum { PARTS_MAX = 24, TAIL_MAX = 6, REST_MIN = 4 };

static const char *const common[] = {
#define COMMON(text) text,
#include "auth/common_passwords.def"
#undef COMMON
};

/* Runs along which fingers and children go. */
static const char *const runs[] = {"01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "wxcvbn",
                                   "абвгдежзийклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"};

static bool listed(struct str s)
{
    size_t low = 0, high = sizeof common / sizeof *common;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = str_cmp(s, str_from(common[mid]));
        if (c == 0) return true;
        if (c < 0) high = mid;
        else low = mid + 1;
    }
    return false;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

/* Letters in opposite order. */
static struct str reversed(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.n + 1);
    arena_cleanse(a, out, s.n + 1);
    size_t n = 0;
    for (size_t end = s.n; end > 0;) {
        size_t begin = end - 1;
        while (begin > 0 && is_continuation(s.p[begin])) begin--;
        memcpy(out + n, s.p + begin, end - begin);
        n += end - begin;
        end = begin;
    }
    return str_of(out, n);
}

static bool is_run(struct arena *a, struct str s)
{
    struct str back = reversed(a, s);
    if (s.n < 3) return false;
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (memmem(runs[i], strlen(runs[i]), s.p, s.n) || memmem(runs[i], strlen(runs[i]), back.p, back.n)) return true;
    return false;
}

/* The shortest word that gives s when it is repeated: "abcabc" -> "abc". */
static struct str repeated(struct str s)
{
    for (size_t n = 1; n <= s.n / 2; n++) {
        if (s.n % n != 0 || is_continuation(s.p[n])) continue;
        if (memcmp(s.p, s.p + n, s.n - n) == 0) return str_sub(s, 0, n);
    }
    return s;
}

static bool is_ornament(char c)
{
    return (c >= '0' && c <= '9') || memchr(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c, 33) != NULL;
}

static bool is_listed_or_run(struct arena *a, struct str s)
{
    struct str word = repeated(s);
    return listed(s) || is_run(a, s) || (word.n < s.n && (str_utf8_length(word) <= 3 || listed(word) || is_run(a, word)));
}

/* Without what is put before and behind a word to please a form: at most six digits and signs, or a common number. */
static struct str stem(struct arena *a, struct str s)
{
    size_t begin = 0, end = s.n;
    while (end > 0 && is_ornament(s.p[end - 1])) end--;
    struct str tail = str_sub(s, end, s.n - end);
    if (tail.n > TAIL_MAX && !is_listed_or_run(a, tail)) end = s.n;
    while (begin < end && is_ornament(s.p[begin])) begin++;
    struct str head = str_sub(s, 0, begin);
    if (head.n > TAIL_MAX && !is_listed_or_run(a, head)) begin = 0;
    return begin < end ? str_sub(s, begin, end - begin) : s;
}

static struct str letters_for_digits(struct arena *a, struct str s, char one)
{
    char *out = arena_alloc(a, s.n + 1);
    arena_cleanse(a, out, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '4': case '@': out[i] = 'a'; break;
        case '3': out[i] = 'e'; break;
        case '1': case '!': case '|': out[i] = one; break;
        case '0': out[i] = 'o'; break;
        case '5': case '$': out[i] = 's'; break;
        case '7': out[i] = 't'; break;
        case '8': out[i] = 'b'; break;
        case '9': out[i] = 'g'; break;
        default: out[i] = s.p[i];
        }
    }
    return str_of(out, s.n);
}

static bool common_folded(struct arena *a, struct str s)
{
    struct str forms[] = {s, stem(a, s)};
    for (size_t i = 0; i < 2; i++)
        if (is_listed_or_run(a, forms[i]) || is_listed_or_run(a, letters_for_digits(a, forms[i], 'i')) || is_listed_or_run(a, letters_for_digits(a, forms[i], 'l'))) return true;
    return false;
}

bool password_is_common(struct arena *a, struct str password)
{
    struct str s;
    return unicode_fold(a, password, &s) && common_folded(a, s);
}

/* --- the person's own name and address ----------------------------------------------------------------------------- */

struct parts { struct str v[PARTS_MAX]; size_t n; };

static void add_part(struct parts *p, struct str s)
{
    bool foreign = false;
    for (size_t i = 0; i < s.n; i++)
        foreign = foreign || (unsigned char)s.p[i] >= 0x80;
    if (p->n < PARTS_MAX && str_utf8_length(s) >= (foreign ? 2 : 3)) p->v[p->n++] = s;
}

/* The words of s, and s itself. */
static void add_words(struct parts *p, struct str s)
{
    add_part(p, s);
    size_t from = 0;
    for (size_t i = 0; i <= s.n; i++) {
        if (i < s.n && !is_ornament(s.p[i])) continue;
        if (from > 0 || i < s.n) add_part(p, str_sub(s, from, i - from));
        from = i + 1;
    }
}

static void add_address(struct arena *a, struct parts *p, struct str email)
{
    struct str rest, local, label;
    size_t at;
    if (!unicode_fold(a, email, &rest) || !str_find(rest, '@', &at)) return;
    local = str_sub(rest, 0, at);
    add_words(p, local);
    rest = str_sub(rest, at + 1, rest.n);
    while (str_split(&rest, '.', &label))
        if (!str_is_null(rest)) add_part(p, label);            /* not the last: "com" */
}

/* Longest first, so that "ada" does not spoil "adalovelace". */
static void sort_parts(struct parts *p)
{
    for (size_t i = 1; i < p->n; i++)
        for (size_t k = i; k > 0 && p->v[k - 1].n < p->v[k].n; k--) {
            struct str s = p->v[k];
            p->v[k] = p->v[k - 1];
            p->v[k - 1] = s;
        }
}

static struct str without(struct arena *a, struct str s, struct str part)
{
    char *out = arena_alloc(a, s.n + 1);
    arena_cleanse(a, out, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n;) {
        if (s.n - i >= part.n && memcmp(s.p + i, part.p, part.n) == 0) i += part.n;
        else out[n++] = s.p[i++];
    }
    return str_of(out, n);
}

static size_t letters(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += !is_ornament(s.p[i]) && !is_continuation(s.p[i]);
    return n;
}

static bool personal(struct arena *a, struct str folded, struct str email, struct str name)
{
    struct parts parts = {.n = 0};
    struct str s, rest = folded;
    if (!str_is_null(name) && unicode_fold(a, name, &s)) add_words(&parts, s);
    if (!str_is_null(email)) add_address(a, &parts, email);
    sort_parts(&parts);
    for (size_t i = 0; i < parts.n; i++)
        rest = without(a, rest, parts.v[i]);
    if (rest.n == folded.n) return false;
    return letters(rest) < REST_MIN || common_folded(a, rest);
}

enum password_weakness password_weakness(struct arena *a, struct str password, struct str email, struct str name)
{
    struct str s, folded;
    if (str_is_null(password) || password.n == 0) return PASSWORD_TOO_SHORT;
    if (password.n > PASSWORD_BYTES_MAX) return PASSWORD_TOO_LONG;
    if (!unicode_opaque(a, password, &s)) return PASSWORD_UNREADABLE;
    size_t n = str_utf8_length(s);
    if (n < PASSWORD_MIN) return PASSWORD_TOO_SHORT;
    if (n > PASSWORD_MAX) return PASSWORD_TOO_LONG;
    if (!unicode_fold(a, s, &folded)) return PASSWORD_UNREADABLE;
    if (common_folded(a, folded)) return PASSWORD_COMMON;
    return personal(a, folded, email, name) ? PASSWORD_PERSONAL : PASSWORD_FINE;
}

bool password_rules(struct arena *a, struct str password, struct str email, struct str name, const char *param, struct err *e)
{
    switch (password_weakness(a, password, email, name)) {
    case PASSWORD_FINE: return true;
    case PASSWORD_TOO_SHORT: return err_param(e, PROBLEM_WEAK_PASSWORD, param, "at least %d characters", PASSWORD_MIN);
    case PASSWORD_TOO_LONG: return err_param(e, PROBLEM_WEAK_PASSWORD, param, "at most %d characters", PASSWORD_MAX);
    case PASSWORD_UNREADABLE: return err_param(e, PROBLEM_WEAK_PASSWORD, param, "control characters cannot be typed again everywhere");
    case PASSWORD_COMMON: return err_param(e, PROBLEM_WEAK_PASSWORD, param, "one of the first that somebody would guess");
    case PASSWORD_PERSONAL: return err_param(e, PROBLEM_WEAK_PASSWORD, param, "made of your own name or address");
    }
    UNREACHABLE();
}
