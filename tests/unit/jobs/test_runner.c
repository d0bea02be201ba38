/* A whole group in a process of its own: it works, says so, and ends when it is told to. */
#include "../service/paying.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/keyring.h"
#include "jobs/jobs.h"

static char home[64];

static void child(const struct config *config)
{
    uint8_t master[AEAD_KEY_LEN] = {7};
    struct db_settings d = {.conninfo = config->db, .user = "souk_jobs_core", .connect_ms = 2000, .idle_s = 60, .application = "unit"};
    struct jobs_setup setup = {.group = "core", .env = {.config = config, .log = log_new(2, LOG_ERROR, "unit"), .keyring = keyring_from_bytes(master)},
                               .db = db_pool_new(&d, NULL)};
    char path[100];
    snprintf(path, sizeof path, "%s/jobs.prom", home);
    setup.status_path = str_from(path);
    _exit(jobs_run(&setup));
}

static bool status_has(const char *line)
{
    char path[100], text[8192];
    snprintf(path, sizeof path, "%s/jobs.prom", home);
    FILE *f = fopen(path, "r");
    if (f == NULL)
        return false;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    return strstr(text, line) != NULL;
}

static void works_until_told_to_end(void **state)
{
    struct shop *s = *state;
    struct config config = *paying_config();
    char path[100];
    int status, waited = 0;
    shop_sql(s, "SELECT platform.audit_v1('unit', 'unit.test', NULL, NULL, '{}', NULL, NULL, '2026-06-01')");
    assert_int_equal(mkdir(home, 0700), 0);
    config.mail_spool = home;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(&config);
    while (!status_has("souk_jobs_ready{group=\"core\"} 1") && waited++ < 200)
        usleep(50000);
    assert_true(status_has("souk_jobs_ready{group=\"core\"} 1"));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE chain_hash IS NULL"), 0);
    int64_t before = clock_monotonic();
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(clock_monotonic() - before < 5 * USEC_PER_SEC);
    snprintf(path, sizeof path, "%s/jobs.prom", home);
    assert_int_not_equal(access(path, F_OK), 0);
    rmdir(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(works_until_told_to_end)};
    snprintf(home, sizeof home, "/tmp/souk-test-runner-%d", (int)getpid());
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
