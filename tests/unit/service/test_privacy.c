/* Asking for one's data: once at a time, taken back in time, fetched by its owner or by the link only. */
#include "erasing.h"

static void asking_twice_is_asking_once(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "ask@example.com");
    struct err e = {0};
    struct data_request q, again;
    assert_good(privacy_ask_export(call_as(s, ada), ada, &q, &e), e);
    struct data_request_id id = q.id;
    assert_str(q.state, "queued");
    assert_true(q.can_cancel && str_is_null(q.download_path));
    assert_good(privacy_ask_export(call_as(s, ada), ada, &again, &e), e);
    assert_true(uuid_eq(again.id.u, id.u));
    assert_good(privacy_cancel(call_as(s, ada), ada, id, &q, &e), e);
    assert_str(q.state, "canceled");
    assert_good(privacy_cancel(call_as(s, ada), ada, id, &q, &e), e);
}

static void five_a_day(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "five@example.com");
    struct err e = {0};
    struct data_request q;
    for (int i = 0; i < 5; i++) {
        assert_good(privacy_ask_export(call_as(s, ada), ada, &q, &e), e);
        assert_good(privacy_cancel(call_as(s, ada), ada, q.id, &q, &e), e);
    }
    assert_refused(privacy_ask_export(call_as(s, ada), ada, &q, &e), e, PROBLEM_RATE_LIMITED);
    assert_true(e.retry_after_s > 0);
}

static void others_see_nothing(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "mine@example.com"), eve = account_for(s, "eve@example.com");
    struct err e = {0};
    struct data_request q;
    struct str zip;
    assert_good(privacy_ask_export(call_as(s, ada), ada, &q, &e), e);
    struct data_request_id id = q.id;
    assert_refused(privacy_read(call_as(s, eve), eve, id, &q, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(privacy_cancel(call_as(s, eve), eve, id, &q, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(privacy_download(call_as(s, eve), id, STR_NULL, &zip, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(privacy_ask_export(call_as(s, eve), (struct account_id){{{7}}}, &q, &e), e, PROBLEM_NOT_FOUND);
}

static void an_export_is_fetched_for_a_week(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "fetch@example.com"), eve = account_for(s, "thief@example.com");
    struct err e = {0};
    struct data_request q;
    struct shape_list list;
    struct str zip;
    shop_sql(s, "UPDATE identity.data_request SET state = 'canceled'");
    assert_good(privacy_ask_export(call_as(s, ada), ada, &q, &e), e);
    struct data_request_id id = q.id;
    assert_refused(privacy_download(call_as(s, ada), id, STR_NULL, &zip, &e), e, PROBLEM_NOT_FOUND);
    assert_int_equal(work(s), 1);
    assert_good(privacy_list(call_as(s, ada), ada, &list, &e), e);
    const struct data_request *v = list.v;
    assert_int_equal(list.n, 1);
    assert_str(v[0].state, "ready");
    assert_true(v[0].bytes > 0 && v[0].expires_at == shop_now(s) + EXPORT_LIFE);
    size_t at;
    assert_true(str_find(v[0].download_path, '=', &at));
    char token[400];
    snprintf(token, sizeof token, STR_FMT, STR_ARG(str_sub(v[0].download_path, at + 1, v[0].download_path.n)));
    assert_good(privacy_download(call_as(s, ada), id, STR_NULL, &zip, &e), e);
    assert_true(str_starts(zip, STR("zip of {\"shop\":")));
    assert_good(privacy_download(shop_call(s, "souk_user"), id, str_from(token), &zip, &e), e);
    assert_refused(privacy_download(call_as(s, eve), id, STR_NULL, &zip, &e), e, PROBLEM_NOT_FOUND);
    assert_refused(privacy_download(call_as(s, eve), id, STR("nonsense"), &zip, &e), e, PROBLEM_NOT_FOUND);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'data.export_fetched'"), 2);
    usec_t now = shop_now(s);
    shop_at(s, now + EXPORT_LIFE + 1);
    assert_refused(privacy_download(call_as(s, ada), id, STR_NULL, &zip, &e), e, PROBLEM_EXPIRED);
    assert_refused(privacy_download(shop_call(s, "souk_user"), id, str_from(token), &zip, &e), e, PROBLEM_NOT_FOUND);
    int done;
    assert_good(privacy_sweep(shop_call(s, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 1);
    shop_at(s, now);
    assert_refused(privacy_download(call_as(s, ada), id, STR_NULL, &zip, &e), e, PROBLEM_EXPIRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(asking_twice_is_asking_once), cmocka_unit_test(five_a_day), cmocka_unit_test(others_see_nothing),
                                       cmocka_unit_test(an_export_is_fetched_for_a_week)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
