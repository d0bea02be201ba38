/* What needs no database; the reading itself is asked by every test of a real shop. */
#include "web/state.h"
#include "unit_arena.h"

static void there_is_always_a_market(void **state)
{
    struct state *s = state_fallback();
    (void)state;
    const struct market *m = state_market(s, STR_NULL);
    assert_str(m->code, "de");
    assert_str(currency_str(&m->currency), "EUR");
    assert_str(m->locale, "en");
    assert_ptr_equal(state_market(s, STR("xx")), m);
    state_unref(s);
}

static void markets_are_found_by_code(void **state)
{
    const struct market markets[] = {{.code = STR("at")}, {.code = STR("de")}, {.code = STR("gb")}};
    struct state s = {.refs = 1, .n_markets = 3, .markets = markets, .default_market = 1};
    (void)state;
    assert_ptr_equal(state_market(&s, STR("gb")), &markets[2]);
    assert_ptr_equal(state_market(&s, STR("GB")), &markets[1]);
    assert_ptr_equal(state_market(&s, STR_NULL), &markets[1]);
}

static void the_last_reference_frees(void **state)
{
    struct state *s = state_fallback();
    (void)state;
    s->refs++;
    state_unref(s);
    assert_int_equal(s->refs, 1);
    state_unref(s);
    state_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(there_is_always_a_market), WITH_ARENA(markets_are_found_by_code), WITH_ARENA(the_last_reference_frees)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
