#include "domain/contact.h"

#include "base/buf.h"
#include "base/unicode.h"

static bool is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* atext of RFC 5322 section 3.2.3, plus UTF-8 beyond ASCII (RFC 6532), dots neither first, last nor doubled */
static bool local_ok(struct str s)
{
    if (s.n == 0 || s.n > EMAIL_LOCAL_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.') return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80 || is_alnum(c) || memchr("!#$%&'*+-/=?^_`{|}~", c, 19) != NULL) continue;
        if (c != '.' || s.p[i + 1] == '.') return false;
    }
    return true;
}

static bool label_ok(struct str s)
{
    if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-') return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80 && !is_alnum(c) && c != '-') return false;
    }
    return true;
}

/* At least two labels; the last is not all digits (that would be an address). */
static bool domain_ok(struct str s)
{
    struct str rest = s, label = STR_NULL;
    size_t labels = 0;
    while (str_split(&rest, '.', &label)) {
        if (!label_ok(label)) return false;
        labels++;
    }
    if (labels < 2) return false;
    for (size_t i = 0; i < label.n; i++) {
        if (label.p[i] < '0' || label.p[i] > '9') return true;
    }
    return false;
}

/* The two parts in their normal forms; false when it is no address. */
static bool email_parts(struct arena *a, struct str s, struct str *ret_local, struct str *ret_domain)
{
    size_t at;
    if (s.n == 0 || s.n > EMAIL_MAX || !str_is_text(s, false) || !str_find(s, '@', &at)) return false;
    if (!unicode_nfc(a, str_sub(s, 0, at), ret_local) || !unicode_domain(a, str_sub(s, at + 1, s.n - at - 1), ret_domain)) return false;
    return local_ok(*ret_local) && unicode_visible(*ret_local) && domain_ok(*ret_domain) && ret_local->n + 1 + ret_domain->n <= EMAIL_MAX;
}

bool email_normalise(struct arena *a, struct str in, struct str *ret_email)
{
    struct str local, domain;
    if (!email_parts(a, unicode_trim(in), &local, &domain)) return false;
    *ret_email = str_printf(a, STR_FMT "@" STR_FMT, STR_ARG(local), STR_ARG(domain));
    return true;
}

struct str email_key(struct arena *a, struct str email)
{
    struct str s = unicode_trim(email), local, domain, folded;
    if (!email_parts(a, s, &local, &domain) || !unicode_fold(a, local, &folded)) return str_lower(a, s);     /* no address: nobody's key */
    return str_printf(a, STR_FMT "@" STR_FMT, STR_ARG(folded), STR_ARG(domain));
}

bool phone_normalise(struct arena *a, struct str in, struct str *ret_phone)
{
    struct str s = str_trim(in);
    char out[PHONE_DIGITS_MAX + 1];
    size_t n = 0, i = 0;
    bool plus = s.n > 0 && s.p[0] == '+';
    if (plus) i = 1;
    for (; i < s.n; i++) {
        if (plus && s.n - i >= 3 && memcmp(s.p + i, "(0)", 3) == 0) {   /* the national prefix, not dialled from abroad */
            i += 2;
            continue;
        }
        char c = s.p[i];
        if (c == ' ' || c == '-' || c == '/' || c == '.' || c == '(' || c == ')') continue;
        if (c < '0' || c > '9' || n == PHONE_DIGITS_MAX) return false;
        out[n++] = c;
    }
    if (n < PHONE_DIGITS_MIN || (plus && out[0] == '0')) return false;
    *ret_phone = str_printf(a, "%s%.*s", plus ? "+" : "", (int)n, out);
    return true;
}
