#include "web/state.h"

#include "service/session_news.h"
#include "sql/identity_session.h"
#include "sql/platform.h"
#include "sql/web.h"

static struct state *state_new(void)
{
    struct state *s = calloc(1, sizeof(*s));
    BUG_IF(s == NULL);
    s->refs = 1;
    s->arena = arena_new();
    return s;
}

void state_unref(struct state *s)
{
    if (!s || __atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    arena_destroy(s->arena);
    free(s);
}

struct state *state_fallback(void)
{
    static const struct market market = {.code = {"de", 2}, .country = {"DE", 2}, .currency = {"EUR"}, .locale = {"en", 2},
                                         .prices_include_tax = true, .time_zone = {"Europe/Berlin", 13}};
    struct state *s = state_new();
    s->n_markets = 1;
    s->markets = &market;
    return s;
}

static bool read_markets(struct db *d, struct state *s, struct err *e)
{
    struct q_market_all_rows rows;
    if (!q_market_all(d, s->arena, &rows, e))
        return false;
    if (rows.n == 0)
        return err_set(e, PROBLEM_UNAVAILABLE, "the shop has no market yet");
    struct market *m = ARENA_ARRAY(s->arena, struct market, rows.n);
    for (size_t i = 0; i < rows.n; i++) {
        const struct q_market_all_row *r = &rows.v[i];
        m[i] = (struct market){r->id, r->code, r->country, r->currency, r->locale, r->prices_include_tax, r->price_list, r->time_zone};
        if (r->is_default)
            s->default_market = i;
    }
    s->markets = m;
    s->n_markets = rows.n;
    return true;
}

bool state_read(struct db *d, bool production, struct state **ret_state, struct err *e)
{
    int version;
    struct q_clock_offset_row offset = {0};
    struct state *s = state_new();
    bool ok = db_schema_version(d, &version, e) && read_markets(d, s, e) && (production || q_clock_offset(d, s->arena, &offset, e));
    if (!ok) {
        state_unref(s);
        return false;
    }
    s->clock_offset_us = offset.offset_us;
    *ret_state = s;
    return true;
}

const struct market *state_market(const struct state *s, struct str code)
{
    for (size_t i = 0; i < s->n_markets; i++) {
        if (!str_is_null(code) && str_eq(s->markets[i].code, code))
            return &s->markets[i];
    }
    return &s->markets[s->default_market];
}

bool state_news(struct db *d, struct session_news *news, struct err *e)
{
    struct q_session_news_rows rows;
    usec_t real = clock_real();                  /* before the question: what commits during it is in the next answer */
    struct arena *a = arena_new();
    bool ok = q_session_news(d, a, &(struct q_session_news_in){.since = session_news_since(news, real)}, &rows, e);
    for (size_t i = 0; ok && i < rows.n; i++)
        session_news_add(news, rows.v[i].account, rows.v[i].session, rows.v[i].created_at);
    if (ok)
        session_news_read(news, real);
    arena_destroy(a);
    return ok;
}
