/* Numbers, money, dates and times, for people (by locale) and for programs. Everything is made on the stack. */
#include <stdio.h>

#include "html/locale.h"

static const struct {
    const char *code, *symbol, *home;       /* where the short symbol is meant; elsewhere it would be ambiguous */
    const char *abroad;
} symbols[] = {
    {"EUR", "€", NULL, NULL},   {"GBP", "£", NULL, NULL},     {"JPY", "¥", NULL, NULL},      {"USD", "$", "en-US", "US$"}, {"INR", "₹", NULL, NULL},
    {"PLN", "zł", NULL, NULL},  {"CZK", "Kč", NULL, NULL},    {"KRW", "₩", NULL, NULL},      {"VND", "₫", NULL, NULL},      {"ILS", "₪", NULL, NULL},
};

struct text_out {
    char *p;
    size_t n;
};

static void put(struct text_out *o, const char *s)
{
    while (*s && o->n < FORMAT_MAX - 1)
        o->p[o->n++] = *s++;
    o->p[o->n] = 0;
}

static void put_digits(struct text_out *o, uint64_t v, int width)
{
    char digits[24];
    int n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v || n < width);
    while (n > 0)
        put(o, (char[]){digits[--n], 0});
}

static void put_grouped(struct text_out *o, const struct text_catalog *c, uint64_t v)
{
    char digits[24];
    int n = 0;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    while (n > 0) {
        put(o, (char[]){digits[--n], 0});
        if (n > 0 && n % 3 == 0)
            put(o, c->group);
    }
}

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

size_t format_int(const struct text_catalog *c, int64_t v, char ret_text[FORMAT_MAX])
{
    struct text_out o = {ret_text, 0};
    if (v < 0)
        put(&o, "-");
    put_grouped(&o, c, magnitude(v));
    return o.n;
}

size_t format_rate(const struct text_catalog *c, int64_t rate, char ret_text[FORMAT_MAX])
{
    struct text_out o = {ret_text, 0};
    uint64_t rest = magnitude(rate) % 10000;
    int digits = 4;
    if (rate < 0)
        put(&o, "-");
    put_grouped(&o, c, magnitude(rate) / 10000);
    if (rest == 0)
        return o.n;
    for (; rest % 10 == 0; rest /= 10)
        digits--;
    put(&o, c->decimal);
    put_digits(&o, rest, digits);
    return o.n;
}

static void put_amount(struct text_out *o, const struct text_catalog *c, struct money m)
{
    uint64_t unit = 1, amount = magnitude(m.amount);
    int exponent = currency_exponent(m.currency);
    for (int i = 0; i < exponent; i++)
        unit *= 10;
    put_grouped(o, c, amount / unit);
    if (exponent > 0) {
        put(o, c->decimal);
        put_digits(o, amount % unit, exponent);
    }
}

static const char *symbol_of(const struct text_catalog *c, const struct currency *currency)
{
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        if (strcmp(symbols[i].code, currency->code) != 0)
            continue;
        return !symbols[i].home || strcmp(symbols[i].home, c->tag) == 0 ? symbols[i].symbol : symbols[i].abroad;
    }
    return currency->code;
}

size_t format_money(const struct text_catalog *c, struct money m, char ret_text[FORMAT_MAX])
{
    struct text_out o = {ret_text, 0};
    if (!m.currency.code[0])
        return 0;
    const char *symbol = symbol_of(c, &m.currency), *space = c->symbol_space;
    if (symbol == m.currency.code || (!c->symbol_after && symbol[strlen(symbol) - 1] >= 'A' && symbol[strlen(symbol) - 1] <= 'z'))
        space = "\u00a0";
    if (m.amount < 0)
        put(&o, "-");
    if (!c->symbol_after && symbol[0]) {
        put(&o, symbol);
        put(&o, space);
    }
    put_amount(&o, c, m);
    if (c->symbol_after && symbol[0]) {
        put(&o, space);
        put(&o, symbol);
    }
    return o.n;
}

size_t format_when(const struct text_catalog *c, const char *pattern, usec_t t, char ret_text[FORMAT_MAX])
{
    struct text_out o = {ret_text, 0};
    struct civil d = time_civil(t);
    put(&o, "");
    for (; *pattern; pattern++) {
        switch (*pattern) {
        case 'd':
            put_digits(&o, (uint64_t)d.day, 1);
            break;
        case 'D':
            put_digits(&o, (uint64_t)d.day, 2);
            break;
        case 'm':
            put(&o, c->months[d.month - 1]);
            break;
        case 'n':
            put_digits(&o, (uint64_t)d.month, 2);
            break;
        case 'y':
            put_digits(&o, (uint64_t)(d.year < 0 ? 0 : d.year), 4);
            break;
        case 'H':
            put_digits(&o, (uint64_t)d.hour, 2);
            break;
        case 'h':
            put_digits(&o, (uint64_t)(d.hour % 12 == 0 ? 12 : d.hour % 12), 1);
            break;
        case 'M':
            put_digits(&o, (uint64_t)d.minute, 2);
            break;
        case 'p':
            put(&o, d.hour < 12 ? "AM" : "PM");
            break;
        default:
            put(&o, (char[]){*pattern, 0});
            break;
        }
    }
    return o.n;
}

/* --- into a page: nothing in these needs escaping ------------------------------------------------------------------ */

void html_int(struct html *h, int64_t v)
{
    char text[FORMAT_MAX];
    buf_put(h->out, text, format_int(h->texts, v, text));
}

void html_money(struct html *h, struct money m)
{
    char text[FORMAT_MAX];
    buf_put(h->out, text, format_money(h->texts, m, text));
}

void html_date(struct html *h, usec_t t)
{
    char text[FORMAT_MAX];
    buf_put(h->out, text, format_when(h->texts, h->texts->date, t, text));
}

void html_time(struct html *h, usec_t t)
{
    char text[FORMAT_MAX];
    buf_put(h->out, text, format_when(h->texts, h->texts->time, t, text));
}

void html_money_decimal(struct html *h, struct money m)
{
    static const struct text_catalog machine = {.decimal = ".", .group = ""};
    char text[FORMAT_MAX];
    struct text_out o = {text, 0};
    if (!m.currency.code[0])
        return;
    if (m.amount < 0)
        put(&o, "-");
    put_amount(&o, &machine, m);
    buf_put(h->out, text, o.n);
}

void html_date_machine(struct html *h, usec_t t)
{
    char text[FORMAT_MAX];
    buf_put(h->out, text, format_when(h->texts, "y-n-D", t, text));
}

void html_time_machine(struct html *h, usec_t t)
{
    buf_str(h->out, time_format(h->arena, t));
}

/* --- as strings ---------------------------------------------------------------------------------------------------- */

struct str text_int(const struct text_catalog *c, struct arena *a, int64_t v)
{
    char text[FORMAT_MAX];
    size_t n = format_int(c, v, text);
    return str_dup(a, str_of(text, n));
}

struct str text_rate(const struct text_catalog *c, struct arena *a, int64_t rate)
{
    char text[FORMAT_MAX];
    size_t n = format_rate(c, rate, text);
    return str_dup(a, str_of(text, n));
}

struct str text_money(const struct text_catalog *c, struct arena *a, struct money m)
{
    char text[FORMAT_MAX];
    size_t n = format_money(c, m, text);
    return str_dup(a, str_of(text, n));
}

struct str text_date(const struct text_catalog *c, struct arena *a, usec_t t)
{
    char text[FORMAT_MAX];
    size_t n = format_when(c, c->date, t, text);
    return str_dup(a, str_of(text, n));
}

struct str text_time(const struct text_catalog *c, struct arena *a, usec_t t)
{
    char text[FORMAT_MAX];
    size_t n = format_when(c, c->time, t, text);
    return str_dup(a, str_of(text, n));
}
