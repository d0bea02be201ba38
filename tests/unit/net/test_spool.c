#include "net/spool.h"
#include "unit.h"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/souk-test-spool-%d", (int)getpid());
    return 0;
}

static size_t empty(const char *path)
{
    size_t n = 0;
    char full[512];
    DIR *d = opendir(path);
    for (struct dirent *x; d != NULL && (x = readdir(d)) != NULL;) {
        if (x->d_name[0] == '.')
            continue;
        snprintf(full, sizeof full, "%s/%s", path, x->d_name);
        if (unlink(full) != 0)
            rmdir(full);
        n++;
    }
    if (d != NULL)
        closedir(d);
    return n;
}

static int teardown(void **state)
{
    char tmp[80];
    (void)state;
    snprintf(tmp, sizeof tmp, "%s/tmp", folder);
    empty(tmp);
    empty(folder);
    rmdir(folder);
    return 0;
}

static void content(const char *name, char *ret, size_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s.eml", folder, name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    ret[fread(ret, 1, n - 1, f)] = '\0';
    fclose(f);
}

static void one_file_however_often(void **state)
{
    (void)state;
    struct err e = {0};
    bool fresh = false;
    char text[64];
    assert_true(spool_put(folder, "mail_1", STR("first\r\n"), &fresh, &e));
    assert_true(fresh);
    assert_true(spool_put(folder, "mail_1", STR("second\r\n"), &fresh, &e));
    assert_false(fresh);
    content("mail_1", text, sizeof text);
    assert_string_equal(text, "first\r\n");
}

static void many_writers_one_file(void **state)
{
    (void)state;
    int made = 0;
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            struct err e = {0};
            bool fresh = false;
            _exit(spool_put(folder, "mail_2", STR("x"), &fresh, &e) ? fresh : 99);
        }
    }
    for (int i = 0; i < 8; i++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
        made += WEXITSTATUS(status);
    }
    assert_int_equal(made, 1);
    char tmp[80];
    snprintf(tmp, sizeof tmp, "%s/tmp", folder);
    assert_int_equal(empty(tmp), 0);
}

static void what_a_killed_writer_left_is_written_over(void **state)
{
    (void)state;
    struct err e = {0};
    bool fresh = false;
    char path[128], text[64];
    snprintf(path, sizeof path, "%s/tmp/mail_3", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("half a mail that is longer than the whole one", f);
    fclose(f);
    assert_true(spool_put(folder, "mail_3", STR("whole"), &fresh, &e));
    assert_true(fresh);
    content("mail_3", text, sizeof text);
    assert_string_equal(text, "whole");
    assert_int_not_equal(access(path, F_OK), 0);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    struct err e = {0};
    bool fresh;
    assert_false(spool_put("/proc/nowhere", "m", STR("x"), &fresh, &e));
    assert_non_null(strstr(e.cause, "/proc/nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_file_however_often), cmocka_unit_test(many_writers_one_file), cmocka_unit_test(what_a_killed_writer_left_is_written_over),
                                       cmocka_unit_test(says_what_is_wrong)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
