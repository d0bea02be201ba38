/* The confirmation, from the row that owes it to the one file in the spool. */
#include "../service/paying.h"

#include <dirent.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "service/notification.h"

static char spool[64];

static int mails(char *ret_text, size_t n)
{
    int count = 0;
    char path[400];
    DIR *d = opendir(spool);
    for (struct dirent *x; d != NULL && (x = readdir(d)) != NULL;) {
        if (strstr(x->d_name, ".eml") == NULL)
            continue;
        count++;
        snprintf(path, sizeof path, "%s/%s", spool, x->d_name);
        FILE *f = fopen(path, "r");
        assert_non_null(f);
        ret_text[fread(ret_text, 1, n - 1, f)] = '\0';
        fclose(f);
    }
    if (d != NULL)
        closedir(d);
    return count;
}

static void clear(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", spool);
    assert_int_equal(system(command), 0);
}

static struct checkout_result owed(struct shop *s)
{
    struct checkout_result r = order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    struct err e;
    bool fresh;
    err_clear(&e);
    assert_good(message_queue(paying_call(s, "souk_jobs_core"), MESSAGE_ORDER_CONFIRMATION, r.order, STR_NULL, STR_NULL, &fresh, &e), e);
    return r;
}

static int run(struct shop *s)
{
    struct err e;
    int done = 0;
    err_clear(&e);
    paying_config()->mail_spool = spool;
    assert_good(job_mail(paying_call(s, "souk_jobs_core"), &done, &e), e);
    return done;
}

static void one_mail_in_two_forms(void **state)
{
    struct shop *s = *state;
    char text[20000], subject[80];
    struct checkout_result r = owed(s);
    clear();
    assert_int_equal(run(s), 1);
    assert_int_equal(run(s), 0);
    assert_int_equal(mails(text, sizeof text), 1);
    snprintf(subject, sizeof subject, "Subject: Your order %.*s\r\n", STR_ARG(r.number));
    assert_non_null(strstr(text, subject));
    assert_non_null(strstr(text, "\r\nTo: \"Ada Example\" <ada@example.com>\r\n"));
    assert_non_null(strstr(text, "@shop.example>\r\n"));
    assert_non_null(strstr(text, "Content-Type: text/plain; charset=utf-8\r\n"));
    assert_non_null(strstr(text, "Content-Type: text/html; charset=utf-8\r\n"));
    assert_non_null(strstr(text, "10115 Berlin\r\nGermany\r\n"));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE state = 'sent'"), 1);
}

/* Killed between the file and the mark: the next one finds the file and leaves it. */
static void killed_in_between(void **state)
{
    struct shop *s = *state;
    char text[20000], again[20000], id[40];
    struct checkout_result r = owed(s);
    clear();
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(text, sizeof text), 1);
    shop_sql(s, "UPDATE notification.message SET state = 'queued', sent_at = NULL, next_try_at = '-infinity' WHERE order_id = %s", uuid_sql(r.order.u, id));
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(again, sizeof again), 1);
    assert_string_equal(text, again);
}

static void erased_people_get_no_mail(void **state)
{
    struct shop *s = *state;
    char text[20000];
    owed(s);
    clear();
    shop_sql_keys(s, "DELETE FROM keys.person_key");
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(text, sizeof text), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE state = 'dropped' AND last_error LIKE '%%erased%%'"), 1);
}

static void a_full_spool_is_tried_again(void **state)
{
    struct shop *s = *state;
    owed(s);
    snprintf(spool, sizeof spool, "/proc/nowhere");
    assert_int_equal(run(s), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE state = 'queued' AND next_try_at > clock_timestamp() AND last_error IS NOT NULL"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_mail_in_two_forms), cmocka_unit_test(killed_in_between), cmocka_unit_test(erased_people_get_no_mail),
                                       cmocka_unit_test(a_full_spool_is_tried_again)};
    snprintf(spool, sizeof spool, "/tmp/souk-test-mail-%d", (int)getpid());
    int failed = cmocka_run_group_tests(tests, paying_start, paying_stop);
    snprintf(spool, sizeof spool, "/tmp/souk-test-mail-%d", (int)getpid());
    clear();
    return failed;
}
