/* Words of a search: their beginnings, their corrections, and suggestions while they are typed. */
#include "service/catalog_internal.h"
#include "sql/catalog.h"

enum { WORDS_MAX = 8, WORD_BYTES_MAX = 64 };

static bool is_word_byte(unsigned char ch)
{
    return ch >= 0x80 || (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

struct shape_list search_words(struct arena *a, struct str q)
{
    struct str *words = ARENA_ARRAY(a, struct str, WORDS_MAX);
    size_t n = 0;
    for (size_t i = 0; i < q.n && n < WORDS_MAX;) {
        size_t from = i;
        while (i < q.n && is_word_byte((unsigned char)q.p[i])) i++;
        if (i == from) {
            i++;
        } else if (i - from <= WORD_BYTES_MAX) {
            words[n++] = str_lower(a, str_of(q.p + from, i - from));
        }
    }
    return (struct shape_list){n, words};
}

struct str search_prefix(struct arena *a, struct str q)
{
    struct shape_list words = search_words(a, q);
    const struct str *w = words.v;
    struct buf b;
    buf_init_arena(&b, a, 0);
    for (size_t i = 0; i < words.n; i++) {
        if (i) BUF_LIT(&b, " & ");
        buf_char(&b, '\'');            /* word bytes hold no quote and no backslash */
        buf_str(&b, w[i]);
        BUF_LIT(&b, "':*");
    }
    return buf_view(&b);
}

struct str search_language(struct str locale)
{
    static const struct { const char *locale, *language; } languages[] = {
        {"en", "english"}, {"de", "german"}, {"fr", "french"}, {"es", "spanish"}, {NULL, NULL}};
    size_t dash;
    struct str language = str_find(locale, '-', &dash) ? str_sub(locale, 0, dash) : locale;
    for (size_t i = 0; languages[i].locale; i++) {
        if (str_eq_c(language, languages[i].locale)) return str_from(languages[i].language);
    }
    return STR("simple");
}

bool search_correct(struct call *c, struct str q, struct str *ret_corrected, struct err *e)
{
    struct shape_list words = search_words(c->arena, q);
    struct q_correct_words_row row;
    *ret_corrected = STR_NULL;
    if (words.n == 0) return true;
    if (!q_correct_words(c->db, c->arena, &(struct q_correct_words_in){.words = {words.n, words.v}, .locale = c->market->locale}, &row, e)) return false;

    struct buf b;
    bool changed = false;
    buf_init_arena(&b, c->arena, 0);
    for (size_t i = 0; i < row.words.n && i < words.n; i++) {
        changed = changed || !str_eq(row.words.v[i], ((const struct str *)words.v)[i]);
        if (i) buf_char(&b, ' ');
        buf_str(&b, row.words.v[i]);
    }
    if (changed) *ret_corrected = buf_view(&b);
    return true;
}

static bool suggest_for(struct call *c, struct str q, int64_t limit, struct shape_list *ret, struct err *e)
{
    struct str prefix = search_prefix(c->arena, q);
    struct q_suggest_categories_rows cats = {0};
    struct q_suggest_products_rows prods = {0};
    if (!q_suggest_categories(c->db, c->arena, &(struct q_suggest_categories_in){.locale = c->market->locale, .prefix = prefix, .lim = 2}, &cats, e) ||
        !q_suggest_products(c->db, c->arena, &(struct q_suggest_products_in){.price_list = c->market->price_list, .locale = c->market->locale,
                            .prefix = prefix, .lim = limit}, &prods, e)) return false;

    struct catalog_suggestion *s = ARENA_ARRAY(c->arena, struct catalog_suggestion, cats.n + prods.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < cats.n && n < (size_t)limit; i++) {
        s[n++] = (struct catalog_suggestion){STR("category"), id_str(c->arena, ID_category, cats.v[i].id.u), cats.v[i].slug,
            catalog_url(c->arena, "/c/", cats.v[i].slug), cats.v[i].name, cats.v[i].image_url, {0, {""}}, {0, {""}}};
    }
    for (size_t i = 0; i < prods.n && n < (size_t)limit; i++) {
        s[n++] = (struct catalog_suggestion){STR("product"), id_str(c->arena, ID_product, prods.v[i].id.u), prods.v[i].slug,
            catalog_url(c->arena, "/p/", prods.v[i].slug), prods.v[i].name, prods.v[i].image_url,
            money_or_none(prods.v[i].amount_min, prods.v[i].currency), money_or_none(prods.v[i].amount_max, prods.v[i].currency)};
    }
    *ret = (struct shape_list){n, s};
    return true;
}

bool catalog_suggest(struct call *c, struct str q, int64_t limit, struct shape_list *ret_suggestions, struct err *e)
{
    struct str corrected;
    *ret_suggestions = (struct shape_list){0, NULL};
    if (search_words(c->arena, q).n == 0) return true;
    if (!suggest_for(c, q, limit, ret_suggestions, e)) return false;
    if (ret_suggestions->n > 0) return true;
    if (!search_correct(c, q, &corrected, e)) return false;
    return str_is_null(corrected) || suggest_for(c, corrected, limit, ret_suggestions, e);
}
