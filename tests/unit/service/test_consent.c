/* Consents: a history that only grows, and the last word counts for its own text. */
#include "service/consent.h"
#include "signed_in.h"

static void put(struct shop *s, struct account_id account, const char *purpose, bool granted, int64_t version, struct consent *ret)
{
    struct err e = {0};
    assert_good(consent_put(call_as(s, account), account, str_from(purpose), granted, version, "account", ret, &e), e);
}

static void the_last_word_counts(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "consents@example.com");
    struct consent now;
    struct err e = {0};
    bool holds = true;
    assert_good(consent_holds(call_as(s, ada), ada, "newsletter", &holds, &e), e);
    assert_false(holds);
    put(s, ada, "newsletter", true, 1, &now);
    assert_true(now.granted);
    put(s, ada, "newsletter", true, 1, &now);               /* the same again adds nothing */
    assert_int_equal(now.history.n, 1);
    shop_at(s, shop_now(s) + USEC_PER_DAY);
    put(s, ada, "newsletter", false, 0, &now);
    assert_false(now.granted);
    assert_int_equal(now.history.n, 2);
    const struct consent_event *v = now.history.v;
    assert_true(!v[0].granted && v[1].granted && v[0].at - v[1].at == USEC_PER_DAY);
    assert_str(v[1].source, "account");
    char id[40];
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.outbox WHERE type = 'customer.updated' AND object_id = %s", uuid_sql(ada.u, id)), 2);
}

static void every_purpose_is_listed(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "list@example.com");
    struct consent now;
    struct err e = {0};
    struct shape_list list;
    put(s, ada, "sms", true, 1, &now);
    assert_good(consent_list(call_as(s, ada), ada, &list, &e), e);
    assert_int_equal(list.n, 4);
    const struct consent *v = list.v;
    assert_str(v[0].purpose, "newsletter");
    assert_true(!v[0].granted && v[0].since == 0 && v[1].granted && v[1].since > 0);
}

static void what_is_refused(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "refused@example.com");
    struct consent now;
    struct err e = {0};
    assert_refused(consent_put(call_as(s, ada), ada, STR("everything"), true, 1, "account", &now, &e), e, PROBLEM_NOT_FOUND);
    err_clear(&e);
    assert_refused(consent_put(call_as(s, ada), ada, STR("sms"), true, 0, "account", &now, &e), e, PROBLEM_REQUIRED);
    err_clear(&e);
    assert_refused(consent_put(call_as(s, ada), ada, STR("sms"), true, 9, "account", &now, &e), e, PROBLEM_CONFLICT);
}

static void an_older_text_does_not_count(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "older@example.com");
    struct err e = {0};
    struct consent now;
    char id[40];
    bool holds;
    shop_sql(s, "INSERT INTO identity.consent (id, account_id, n, purpose, granted, text_version, source, actor, created_at) "
             "VALUES (gen_random_uuid(), %s, 1, 'surveys', true, 99, 'account', 'x', '2026-01-01')", uuid_sql(ada.u, id));
    assert_good(consent_holds(call_as(s, ada), ada, "surveys", &holds, &e), e);
    assert_false(holds);
    put(s, ada, "surveys", true, 1, &now);
    assert_true(now.granted && now.history.n == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_last_word_counts), cmocka_unit_test(every_purpose_is_listed), cmocka_unit_test(what_is_refused),
                                       cmocka_unit_test(an_older_text_does_not_count)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
