/* The page of an export says what the data says, escaped; the jobs do their steps. */
#include "../service/erasing.h"
#include "jobs/jobs.h"
#include "jobs/privacy.h"

static void an_export_from_asking_to_the_file(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "ada@example.com");
    struct err e = {0};
    struct data_request q;
    struct str zip, path;
    int done;
    assert_good(privacy_ask_export(call_as(s, ada), ada, &q, &e), e);
    struct data_request_id id = q.id;
    assert_good(mail_export_link(shop_call(s, "souk_jobs_core"), &(struct message){.subject = id.u}, &path, &e), e);
    assert_str(path, "/account/privacy");
    assert_good(job_privacy(shop_call(s, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 1);
    assert_good(privacy_download(call_as(s, ada), id, STR_NULL, &zip, &e), e);
    assert_memory_equal(zip.p, "PK", 2);
    assert_good(mail_export_link(shop_call(s, "souk_jobs_core"), &(struct message){.subject = id.u}, &path, &e), e);
    assert_true(str_starts(path, STR("/account/exports/dreq_")));
    char account[40];
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'export_ready' AND account_id = %s", uuid_sql(ada.u, account)), 1);
    assert_good(job_privacy(shop_call(s, "souk_jobs_core"), &done, &e), e);
    assert_int_equal(done, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_export_from_asking_to_the_file)};
    return cmocka_run_group_tests(tests, home_start, home_stop);
}
