#include "json/field.h"

size_t field_size(enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_STR: case SHAPE_TEXT: case SHAPE_SECRET: case SHAPE_ENUM: case SHAPE_EMAIL: case SHAPE_JSON: return sizeof(struct str);
    case SHAPE_INT: return sizeof(int64_t);
    case SHAPE_OPT_INT: return sizeof(struct opt_int64);
    case SHAPE_BOOL: return sizeof(bool);
    case SHAPE_OPT_BOOL: return sizeof(struct opt_bool);
    case SHAPE_MONEY: return sizeof(struct money);
    case SHAPE_TIME: return sizeof(usec_t);
    case SHAPE_ID: return sizeof(struct uuid);
    case SHAPE_OBJECT: return sizeof(void *);
    case SHAPE_LIST: return sizeof(struct shape_list);
    }
    UNREACHABLE();
}

void field_clear(const struct shape_field *f, void *base)
{
    void *dst = field_at(base, f);
    memset(dst, 0, field_size(f->kind));
    if (f->kind == SHAPE_INT)
        *(int64_t *)dst = f->def;
    else if (f->kind == SHAPE_BOOL)
        *(bool *)dst = f->def != 0;
}

int64_t field_text_max(const struct shape_field *f)
{
    return f->max > 0 ? f->max : f->kind == SHAPE_EMAIL ? 254 : 200;
}

int64_t field_list_max(const struct shape_field *f)
{
    return f->max > 0 ? f->max : 100;
}

/* One '@', something before it, a dotted name of letters, digits and hyphens behind it, no blanks. Whether the address exists only a mail can tell. */
bool field_is_email(struct str s)
{
    size_t at;
    if (!str_find(s, '@', &at) || at == 0 || at > 64 || s.n > 254)
        return false;
    struct str local = str_sub(s, 0, at), host = str_sub(s, at + 1, s.n);
    for (size_t i = 0; i < local.n; i++) {
        unsigned char c = (unsigned char)local.p[i];
        if (c <= ' ' || c == 0x7f || strchr("\"(),:;<>@[\\]", c))
            return false;
        if (c == '.' && (i == 0 || i + 1 == local.n || local.p[i + 1] == '.'))
            return false;
    }
    size_t dots = 0, label = 0;
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (c == '.') {
            if (label == 0 || host.p[i - 1] == '-')
                return false;
            label = 0;
            dots++;
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c == '-' && label > 0) || (unsigned char)c >= 0x80) {
            if (++label > 63)
                return false;
        } else {
            return false;
        }
    }
    return dots > 0 && label > 1 && host.p[host.n - 1] != '-';
}

static bool take_string(const struct shape_field *f, enum shape_kind kind, struct str s, struct arena *a, struct str *dst, const char *param, struct err *e)
{
    if (kind != SHAPE_SECRET)
        s = str_trim(s);
    if (!str_is_text(s, kind == SHAPE_TEXT))
        return err_field(e, PROBLEM_INVALID, param, "must be text without control characters");
    int64_t n = (int64_t)str_utf8_length(s), max = field_text_max(f);
    if (n > max)
        return err_field(e, PROBLEM_OUT_OF_RANGE, param, "must have at most %lld characters", (long long)max);
    if (f->required && n == 0)
        return err_field(e, PROBLEM_REQUIRED, param, "must not be empty");
    if (n < f->min)
        return err_field(e, PROBLEM_OUT_OF_RANGE, param, "must have at least %lld characters", (long long)f->min);
    if (kind == SHAPE_EMAIL && !field_is_email(s))
        return err_field(e, PROBLEM_INVALID, param, "must be an e-mail address");
    *dst = str_dup(a, s);
    if (kind == SHAPE_SECRET && s.n > 0)
        arena_cleanse(a, (char *)dst->p, dst->n);
    return true;
}

static bool take_enum(const struct shape_field *f, struct str s, struct str *dst, const char *param, struct err *e)
{
    char list[ERR_DETAIL_MAX];
    size_t n = 0;
    list[0] = '\0';
    for (const char *const *v = f->values; *v; v++) {
        if (str_eq_c(s, *v)) {
            *dst = str_from(*v);
            return true;
        }
        int w = snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", *v);
        n = w < 0 || (size_t)w >= sizeof(list) - n ? sizeof(list) - 1 : n + (size_t)w;
    }
    return err_field(e, PROBLEM_INVALID, param, "must be one of %.200s", list);
}

bool field_money_ok(struct money m, const struct shape_field *f, const char *param, struct err *e)
{
    int64_t max = f->max > 0 ? f->max : MONEY_MAX;
    if (m.amount < f->min || m.amount > max)
        return err_field(e, PROBLEM_OUT_OF_RANGE, param, "must be from %lld to %lld", (long long)f->min, (long long)max);
    return true;
}

/* In pairs money is "2499 EUR": minor units, blank, currency. */
static bool take_money(const struct shape_field *f, struct str s, struct money *dst, const char *param, struct err *e)
{
    struct str amount;
    struct money m = {0};
    if (!str_split(&s, ' ', &amount) || !str_to_int64(amount, &m.amount) || !currency_parse(s, &m.currency))
        return err_field(e, PROBLEM_INVALID, param, "must be an amount in minor units and a currency, like 2499 EUR");
    if (!field_money_ok(m, f, param, e))
        return false;
    *dst = m;
    return true;
}

bool field_take_int(const struct shape_field *f, enum shape_kind kind, int64_t v, void *dst, const char *param, struct err *e)
{
    bool bounded = f->min != 0 || f->max != 0;
    if (bounded && f->max != 0 && (v < f->min || v > f->max))
        return err_field(e, PROBLEM_OUT_OF_RANGE, param, "must be from %lld to %lld", (long long)f->min, (long long)f->max);
    if (bounded && v < f->min)
        return err_field(e, PROBLEM_OUT_OF_RANGE, param, "must be at least %lld", (long long)f->min);
    if (kind == SHAPE_OPT_INT)
        *(struct opt_int64 *)dst = (struct opt_int64)OPT(v);
    else
        *(int64_t *)dst = v;
    return true;
}

static bool take_bool(enum shape_kind kind, struct str s, void *dst, const char *param, struct err *e)
{
    bool yes = str_eq_c(s, "true") || str_eq_c(s, "1") || str_eq_c(s, "on");
    if (!yes && !str_eq_c(s, "false") && !str_eq_c(s, "0"))
        return err_field(e, PROBLEM_INVALID, param, "must be true or false");
    if (kind == SHAPE_OPT_BOOL)
        *(struct opt_bool *)dst = (struct opt_bool)OPT(yes);
    else
        *(bool *)dst = yes;
    return true;
}

bool field_take_text(const struct shape_field *f, enum shape_kind kind, struct str s, struct arena *a, void *dst, const char *param, struct err *e)
{
    int64_t v;
    switch (kind) {
    case SHAPE_STR: case SHAPE_TEXT: case SHAPE_SECRET: case SHAPE_EMAIL:
        return take_string(f, kind, s, a, dst, param, e);
    case SHAPE_INT: case SHAPE_OPT_INT:
        if (!str_to_int64(str_trim(s), &v))
            return err_field(e, PROBLEM_INVALID, param, "must be a whole number");
        return field_take_int(f, kind, v, dst, param, e);
    case SHAPE_BOOL: case SHAPE_OPT_BOOL:
        return take_bool(kind, s, dst, param, e);
    case SHAPE_MONEY:
        return take_money(f, s, dst, param, e);
    case SHAPE_TIME:
        if (!time_parse(s, dst))
            return err_field(e, PROBLEM_INVALID, param, "must be a time like 2026-11-22T21:50:00Z");
        return true;
    case SHAPE_ID:
        if (!id_parse(f->id, s, dst))
            return err_field(e, PROBLEM_INVALID, param, "must be an id that begins with %s_", id_prefix(f->id));
        return true;
    case SHAPE_ENUM:
        return take_enum(f, s, dst, param, e);
    default:
        return err_field(e, PROBLEM_INVALID, param, "cannot be given here");
    }
}
