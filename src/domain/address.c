#include "domain/address.h"

static const struct country countries[] = {
#define COUNTRY(code, postal, area, region) {#code, postal, area, region},
#include "domain/country.def"
#undef COUNTRY
};

enum { COUNTRIES = sizeof countries / sizeof countries[0] };

const struct country *country_find(struct str code)
{
    for (size_t i = 0; i < COUNTRIES; i++) {
        if (str_eq_nocase(code, str_of(countries[i].code, 2))) return &countries[i];
    }
    return NULL;
}

size_t country_count(void)
{
    return COUNTRIES;
}

const struct country *country_at(size_t i)
{
    return &countries[i];
}

static bool is_separator(char c)
{
    return c == ' ' || c == '-';
}

static bool fits(char pattern, char c)
{
    bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z';
    switch (pattern) {
    case '9': return digit;
    case 'A': return letter;
    case '*': return digit || letter;
    default: return pattern == c;
    }
}

/* `bare` is upper case without separators; literal letters of a pattern ("LT-") may be missing in it. */
static bool match(struct str pattern, struct str bare, bool with_letters, char *out, size_t *ret_n)
{
    size_t at = 0, n = 0;
    for (size_t i = 0; i < pattern.n; i++) {
        char p = pattern.p[i];
        bool literal = p != '9' && p != 'A' && p != '*';
        if (is_separator(p) || (literal && !with_letters)) {
            out[n++] = p;
            continue;
        }
        if (at == bare.n || !fits(p, bare.p[at])) return false;
        out[n++] = bare.p[at++];
    }
    *ret_n = n;
    return at == bare.n;
}

bool postal_normalise(struct arena *a, const struct country *c, struct str in, struct str *ret_code)
{
    char bare[ADDRESS_POSTAL_MAX * 2], out[ADDRESS_POSTAL_MAX * 2];
    size_t n = 0, out_n;
    struct str s = str_trim(in);
    for (size_t i = 0; i < s.n; i++) {
        char ch = s.p[i];
        if (is_separator(ch)) continue;
        if (n == ADDRESS_POSTAL_MAX) return false;
        bare[n++] = ch >= 'a' && ch <= 'z' ? (char)(ch - 'a' + 'A') : ch;
    }
    struct str rest = str_from(c->postal), pattern;
    while (str_split(&rest, '|', &pattern)) {
        if (match(pattern, str_of(bare, n), true, out, &out_n) || match(pattern, str_of(bare, n), false, out, &out_n)) {
            *ret_code = str_dup(a, str_of(out, out_n));
            return true;
        }
    }
    return false;
}

struct str postal_area(const struct country *c, struct str code)
{
    size_t blank;
    if (c->area > 0) return str_sub(code, 0, (size_t)c->area);
    return str_find(code, ' ', &blank) ? str_sub(code, 0, blank) : code;
}

struct check {
    struct arena *a;
    const char *prefix;
    struct err *e;
};

static bool bad(struct check *k, enum problem p, const char *field, const char *detail)
{
    char param[ERR_PARAM_MAX];
    snprintf(param, sizeof param, "%s%s%s", k->prefix, k->prefix[0] ? "." : "", field);
    return err_field(k->e, p, param, "%s", detail);
}

static void text(struct check *k, const char *field, struct str in, size_t max, bool required, struct str *ret)
{
    struct str s = str_trim(in);
    *ret = STR_NULL;
    if (s.n == 0) {
        if (required) bad(k, PROBLEM_REQUIRED, field, "A value is missing");
    } else if (!str_is_text(s, false)) {
        bad(k, PROBLEM_INVALID, field, "One line of text is wanted");
    } else if (str_utf8_length(s) > max) {
        bad(k, PROBLEM_INVALID, field, "The text is too long");
    } else {
        *ret = s;
    }
}

static void postal(struct check *k, const struct country *c, struct str in, struct str *ret)
{
    *ret = STR_NULL;
    struct str s = str_trim(in);
    if (c == NULL || c->postal[0] == '\0') {
        text(k, "postal_code", in, ADDRESS_POSTAL_MAX, false, ret);
    } else if (s.n == 0) {
        bad(k, PROBLEM_REQUIRED, "postal_code", "A value is missing");
    } else if (!postal_normalise(k->a, c, s, ret)) {
        bad(k, PROBLEM_INVALID, "postal_code", "This is not a postal code of the country");
    }
}

bool address_normalise(struct arena *a, const char *prefix, const struct address *in, struct address *ret_address, struct err *e)
{
    struct check k = {a, prefix, e};
    struct address out = {0};
    size_t before = e->n_fields;
    struct str code = str_trim(in->country);
    const struct country *c = country_find(code);
    text(&k, "name", in->name, ADDRESS_LINE_MAX, true, &out.name);
    text(&k, "company", in->company, ADDRESS_LINE_MAX, false, &out.company);
    text(&k, "line1", in->line1, ADDRESS_LINE_MAX, true, &out.line1);
    text(&k, "line2", in->line2, ADDRESS_LINE_MAX, false, &out.line2);
    postal(&k, c, in->postal_code, &out.postal_code);
    text(&k, "city", in->city, ADDRESS_CITY_MAX, true, &out.city);
    text(&k, "region", in->region, ADDRESS_CITY_MAX, c != NULL && c->region_required, &out.region);
    if (code.n == 0) {
        bad(&k, PROBLEM_REQUIRED, "country", "A value is missing");
    } else if (c == NULL) {
        bad(&k, PROBLEM_INVALID, "country", "This country is not known");
    } else {
        out.country = str_of(c->code, 2);
    }
    if (e->n_fields != before) return false;
    *ret_address = out;
    return true;
}
