/* Letters about accounts as bytes in the spool. */
#include "../service/paying.h"

#include <dirent.h>
#include <unistd.h>

#include "jobs/jobs.h"
#include "jobs/mail.h"
#include "service/challenge.h"

static char spool[64];

static void clear(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", spool);
    assert_int_equal(system(command), 0);
}

/* The one mail in the spool, soft line breaks undone. */
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
    for (char *soft; (soft = strstr(ret_text, "=\r\n")) != NULL;)
        memmove(soft, soft + 3, strlen(soft + 3) + 1);
    for (char *equals; (equals = strstr(ret_text, "=3D")) != NULL;)
        memmove(equals + 1, equals + 3, strlen(equals + 3) + 1);
    return count;
}

static int run(struct shop *s)
{
    struct err e;
    int done = 0;
    err_clear(&e);
    clear();
    paying_config()->mail_spool = spool;
    assert_good(job_mail(paying_call(s, "souk_jobs_core"), &done, &e), e);
    return done;
}

static struct account_id make(struct shop *s, const char *email, const char *name)
{
    struct account_id id;
    struct err e;
    err_clear(&e);
    assert_good(account_create(paying_call(s, "souk_user"), &(struct account_new){.email = str_from(email), .name = str_from(name), .verified = true}, &id, &e), e);
    return id;
}

static void a_code_and_a_link(void **state)
{
    struct shop *s = *state;
    char text[20000], expected[200];
    struct challenge_id id;
    struct err e;
    err_clear(&e);
    assert_good(challenge_begin(paying_call(s, "souk_user"), &(struct challenge_new){.purpose = CHALLENGE_REGISTER, .email = STR("new@example.com"), .mail = "verify_email",
                                                                                     .life = CHALLENGE_LINK_LIFE}, &id, NULL, &e), e);
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(text, sizeof text), 1);
    struct call *c = paying_call(s, "souk_user");
    struct str code = challenge_code(c, id, 1), link = challenge_link(c, id);
    snprintf(expected, sizeof expected, "Subject: Your code: " STR_FMT "\r\n", STR_ARG(code));
    assert_non_null(strstr(text, expected));
    snprintf(expected, sizeof expected, "https://shop.example/verify/link?link=" STR_FMT, STR_ARG(link));
    assert_non_null(strstr(text, expected));
    assert_non_null(strstr(text, "\r\nTo: <new@example.com>\r\n"));
}

static void words_in_the_owners_language(void **state)
{
    struct shop *s = *state;
    char text[20000];
    struct err e;
    struct account_id id = make(s, "carl@example.com", "Carl");
    err_clear(&e);
    shop_sql(s, "UPDATE identity.account SET locale = 'de'");
    assert_good(account_mail(paying_call(s, "souk_user"), "password_changed", id, (struct uuid){{0}}, &e), e);
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(text, sizeof text), 1);
    assert_non_null(strstr(text, "Guten Tag Carl,"));
    assert_non_null(strstr(text, "https://shop.example/account/security"));
    assert_non_null(strstr(text, "Content-Language: de"));
}

/* What a name may try: a header of its own, markup. */
static void names_stay_names(void **state)
{
    struct shop *s = *state;
    char text[20000];
    struct err e;
    struct account_id id = make(s, "mallory@example.com", "M\r\nBcc: all@example.com"), markup = make(s, "markup@example.com", "<img src=x onerror=alert(1)>");
    err_clear(&e);
    assert_good(account_mail(paying_call(s, "souk_user"), "password_changed", id, (struct uuid){{0}}, &e), e);
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(text, sizeof text), 1);
    assert_null(strstr(text, "Bcc"));
    assert_non_null(strstr(text, "\r\nTo: <mallory@example.com>\r\n"));
    assert_good(account_mail(paying_call(s, "souk_user"), "password_changed", markup, (struct uuid){{0}}, &e), e);
    assert_int_equal(run(s), 1);
    assert_int_equal(mails(text, sizeof text), 1);
    assert_null(strstr(strstr(text, "text/html"), "<img"));
}

/* A link that is over is no reason to write, an unknown kind a reason to wait for the program that knows it. */
static void what_is_not_sent(void **state)
{
    struct shop *s = *state;
    char text[20000];
    struct challenge_id id;
    struct err e;
    bool first;
    err_clear(&e);
    assert_good(challenge_begin(paying_call(s, "souk_user"), &(struct challenge_new){.purpose = CHALLENGE_REGISTER, .email = STR("late@example.com"), .mail = "verify_email",
                                                                                     .life = CHALLENGE_LINK_LIFE}, &id, NULL, &e), e);
    assert_good(challenge_use(paying_call(s, "souk_user"), id, &first, &e), e);
    assert_good(account_mail(paying_call(s, "souk_user"), "from_the_future", make(s, "future@example.com", NULL), (struct uuid){{0}}, &e), e);
    assert_int_equal(run(s), 2);
    assert_int_equal(mails(text, sizeof text), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'verify_email' AND state = 'dropped'"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM notification.message WHERE kind = 'from_the_future' AND state = 'queued'"), 1);
}

/* Every kind is written, whatever it is about. */
static void every_kind(void **state)
{
    struct shop *s = *state;
    struct account_id account = make(s, "every@example.com", "Every");
    struct err e;
    for (const struct mail_kind *k = mail_kinds; k->name != NULL; k++) {
        struct letter l;
        struct challenge_id id;
        struct call *c = paying_call(s, "souk_user");
        if (k->write != mail_write_account || k->button == BUTTON_OWN)
            continue;
        err_clear(&e);
        assert_good(challenge_begin(c, &(struct challenge_new){.purpose = CHALLENGE_REGISTER, .account = account, .mail = k->name, .life = CHALLENGE_LINK_LIFE}, &id, NULL, &e), e);
        const struct message m = {.kind = str_from(k->name), .account = account, .subject_type = STR("challenge"), .subject = id.u, .created_at = shop_now(s)};
        c = paying_call(s, "souk_jobs_core");
        assert_good(mail_write_account(c, &m, k, &l, &e), e);
        assert_str(l.to_email, "every@example.com");
        assert_true(l.subject.n > 0 && l.text.n > 100 && l.html.n > 500);
        const char *key = arena_printf(c->arena, "mail.%s.", k->name);
        assert_true(str_is_utf8(l.text) && memmem(l.text.p, l.text.n, key, strlen(key)) == NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_code_and_a_link), cmocka_unit_test(words_in_the_owners_language), cmocka_unit_test(names_stay_names),
                                       cmocka_unit_test(what_is_not_sent), cmocka_unit_test(every_kind)};
    snprintf(spool, sizeof spool, "/tmp/souk-test-mail-account-%d", (int)getpid());
    int failed = cmocka_run_group_tests(tests, paying_start, paying_stop);
    clear();
    return failed;
}
