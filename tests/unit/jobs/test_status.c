#include <unistd.h>

#include "jobs/jobs.h"
#include "unit.h"

static char path[64];

static const char *content(char *text, size_t n)
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    text[fread(text, 1, n - 1, f)] = '\0';
    fclose(f);
    return text;
}

static void says_what_was_done(void **state)
{
    (void)state;
    static const struct job a = {.name = "a"}, b = {.name = "b"};
    const struct job *jobs[] = {&a, &b};
    struct job_counters counters[] = {{.portions = 7, .units = 5, .failures = 2, .last_ok_s = 1000}, {.portions = 1}};
    struct jobs_setup setup = {.group = "core", .status_path = str_from(path)};
    char text[4096];
    assert_false(status_write(&setup, jobs, counters, 2, false));
    content(text, sizeof text);
    assert_non_null(strstr(text, "# TYPE souk_job_units_total counter\nsouk_job_units_total{group=\"core\",job=\"a\"} 5\n"));
    assert_non_null(strstr(text, "souk_job_failures_total{group=\"core\",job=\"a\"} 2\n"));
    assert_non_null(strstr(text, "souk_job_last_success_timestamp_seconds{group=\"core\",job=\"a\"} 1000\n"));
    assert_non_null(strstr(text, "souk_jobs_ready{group=\"core\"} 0\n"));
    counters[1].last_ok_s = 1001;
    assert_true(status_write(&setup, jobs, counters, 2, false));
    assert_non_null(strstr(content(text, sizeof text), "souk_jobs_ready{group=\"core\"} 1\n"));
    assert_false(status_write(&setup, jobs, counters, 2, true));
    assert_non_null(strstr(content(text, sizeof text), "souk_jobs_ready{group=\"core\"} 0\n"));
    unlink(path);
}

static void a_folder_that_is_not_there_is_no_harm(void **state)
{
    (void)state;
    struct jobs_setup setup = {.group = "core", .status_path = STR("/nowhere/at/all")};
    assert_true(status_write(&setup, NULL, NULL, 0, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_was_done), cmocka_unit_test(a_folder_that_is_not_there_is_no_harm)};
    snprintf(path, sizeof path, "/tmp/souk-test-status-%d", (int)getpid());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
