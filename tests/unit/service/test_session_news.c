#include "service/session_news.h"
#include "unit.h"

#define T0 (1700000000 * USEC_PER_SEC)
#define MINUTE USEC_PER_MINUTE

static struct account_id account_of(int i) { struct account_id a = {{.b = {1}}}; memcpy(a.u.b + 8, &i, sizeof i); return a; }
static struct session_id session_of(int i) { struct session_id a = {{.b = {2}}}; memcpy(a.u.b + 8, &i, sizeof i); return a; }

static void what_counts(void **state)
{
    struct session_news *n = session_news_new(15 * MINUTE);
    (void)state;
    assert_false(session_news_good(NULL, account_of(1), session_of(1), T0, T0));
    assert_false(session_news_good(n, account_of(1), session_of(1), T0, T0));                       /* nothing was read yet */
    assert_true(session_news_since(n, T0) < T0 - 15 * MINUTE);
    session_news_read(n, T0);
    assert_true(session_news_since(n, T0 + USEC_PER_SEC) == T0 - NEWS_OVERLAP);
    assert_true(session_news_good(n, account_of(1), session_of(1), T0, T0));
    session_news_add(n, account_of(1), session_of(1), T0);
    assert_false(session_news_good(n, account_of(1), session_of(1), T0 - MINUTE, T0));
    assert_false(session_news_good(n, account_of(1), session_of(1), T0 + NEWS_SLACK, T0));          /* a late commit */
    assert_true(session_news_good(n, account_of(1), session_of(2), T0 - MINUTE, T0));               /* another session of it */
    session_news_add(n, account_of(1), (struct session_id){0}, T0 + 1);
    assert_false(session_news_good(n, account_of(1), session_of(2), T0 - MINUTE, T0));              /* all of the account */
    assert_true(session_news_good(n, account_of(2), session_of(3), T0 - MINUTE, T0));
    session_news_read(n, T0 + MINUTE);
    assert_true(session_news_good(n, account_of(1), session_of(1), T0 + NEWS_SLACK + 2, T0 + MINUTE));
    assert_false(session_news_good(n, account_of(2), session_of(3), T0 + MINUTE, T0 + MINUTE + NEWS_STALE + 1));      /* no news for too long */
    assert_false(session_news_good(n, account_of(2), session_of(3), T0 - 60 * MINUTE, T0 + MINUTE));                  /* older than what is kept */
    session_news_destroy(n);
}

static void many_and_forgotten(void **state)
{
    struct session_news *n = session_news_new(MINUTE);
    (void)state;
    session_news_read(n, T0);
    for (int i = 0; i < 5000; i++) session_news_add(n, account_of(i), session_of(i), T0 + i);
    for (int i = 0; i < 5000; i++) session_news_add(n, account_of(i), session_of(i), T0);           /* read again: the newest stays */
    assert_int_equal(session_news_count(n), 5000);
    for (int i = 0; i < 5000; i++) assert_false(session_news_good(n, account_of(i), session_of(i), T0, T0));
    session_news_read(n, T0 + 10 * MINUTE);
    assert_int_equal(session_news_count(n), 0);
    session_news_add(n, account_of(1), session_of(1), T0 + 10 * MINUTE);
    assert_int_equal(session_news_count(n), 1);
    session_news_destroy(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_counts), cmocka_unit_test(many_and_forgotten)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
