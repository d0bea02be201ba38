/* Texts: from a key to what people read. */
#include "html/locale.h"

static const char *const months_en[] = {"January", "February", "March", "April", "May", "June",
                                        "July", "August", "September", "October", "November", "December"};
static const char *const months_de[] = {"Januar", "Februar", "März", "April", "Mai", "Juni",
                                        "Juli", "August", "September", "Oktober", "November", "Dezember"};

static const struct text_catalog catalogs[] = {
#define LOCALE(tag, language, decimal, group, symbol_after, symbol_space, date, time, months) \
    {tag, TEXT_LANGUAGE_##language, decimal, group, symbol_after, symbol_space, date, time, months},
#include "html/locale.def"
#undef LOCALE
};

enum { N_CATALOGS = sizeof catalogs / sizeof *catalogs };

static struct str language_of(struct str tag)
{
    size_t end;
    return str_find(tag, '-', &end) || str_find(tag, '_', &end) ? str_sub(tag, 0, end) : tag;
}

const struct text_catalog *text_catalog(struct str locale)
{
    for (size_t i = 0; i < N_CATALOGS; i++)
        if (str_eq_nocase(str_from(catalogs[i].tag), locale))
            return &catalogs[i];
    for (size_t i = 0; i < N_CATALOGS; i++)
        if (str_eq_nocase(str_from(catalogs[i].tag), language_of(locale)))
            return &catalogs[i];
    return &catalogs[0];
}

const char *text_locale(const struct text_catalog *c)
{
    return c->tag;
}

static struct str form_of(const struct text_catalog *c, int key, int64_t n)
{
    if (key <= TEXT_NONE || key >= TEXT_COUNT)
        return STR("");
    const struct text_entry *entry = &text_tables[c->language][key];
    struct str form = entry->forms[0];
    if (TEXT_FORMS > 1 && !str_is_null(entry->forms[1]))
        form = entry->forms[text_plural(entry->language, n < 0 ? -(uint64_t)n : (uint64_t)n)];
    return form;
}

struct str text_of(const struct text_catalog *c, int key)
{
    return form_of(c, key, 0);
}

static void put(struct buf *b, struct str s, bool escape)
{
    if (escape)
        escape_into(b, s);
    else
        buf_str(b, s);
}

static const struct text_arg *find_arg(struct str name, const struct text_arg *args, size_t n_args)
{
    for (size_t i = 0; i < n_args; i++)
        if (str_eq_c(name, args[i].name))
            return &args[i];
    return NULL;
}

/* Fills {name}; what has no argument stays as it is, so that a mistake can be seen. */
static void fill(const struct text_catalog *c, struct buf *b, struct str form, int64_t n, const struct text_arg *args, size_t n_args, bool escape)
{
    size_t open, end;
    while (str_find(form, '{', &open) && str_find(str_sub(form, open, form.n), '}', &end)) {
        struct str name = str_sub(form, open + 1, end - 1);
        const struct text_arg *arg = find_arg(name, args, n_args);
        char number[FORMAT_MAX];
        put(b, str_sub(form, 0, open), escape);
        if (arg)
            put(b, arg->value, escape);
        else if (str_eq_c(name, "n"))
            buf_put(b, number, format_int(c, n, number));
        else
            put(b, str_sub(form, open, end + 1), escape);
        form = str_sub(form, open + end + 1, form.n);
    }
    put(b, form, escape);
}

void html_words(struct html *h, int key)
{
    escape_into(h->out, text_of(h->texts, key));
}

void text_words(struct html *h, int key)
{
    buf_str(h->out, text_of(h->texts, key));
}

void html_words_n(struct html *h, int key, int64_t n, const struct text_arg *args, size_t n_args)
{
    fill(h->texts, h->out, form_of(h->texts, key, n), n, args, n_args, true);
}

void text_words_n(struct html *h, int key, int64_t n, const struct text_arg *args, size_t n_args)
{
    fill(h->texts, h->out, form_of(h->texts, key, n), n, args, n_args, false);
}

/* --- by name ------------------------------------------------------------------------------------------------------- */

static int find_key(const char *key)
{
    int lo = TEXT_NONE + 1, hi = TEXT_COUNT;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2, cmp = strcmp(text_keys[mid], key);
        if (cmp == 0)
            return mid;
        if (cmp < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return TEXT_NONE;
}

bool text_has(const char *key)
{
    return find_key(key) != TEXT_NONE;
}

struct str text_get(const struct text_catalog *c, struct arena *a, const char *key, int64_t n, const struct text_arg *args, size_t n_args)
{
    int k = find_key(key);
    if (k == TEXT_NONE)
        return str_dup(a, str_from(key));
    struct buf b;
    buf_init(&b, 0);
    fill(c, &b, form_of(c, k, n), n, args, n_args, false);
    struct str text = buf_to_str(&b, a);
    buf_free(&b);
    return text;
}
