/* What the command prints and its exit codes. */
#include "../service/paying.h"

#include <unistd.h>

#include "cli/cli.h"

static const struct command command = {"verify", "[--spool DIR]", "", "", cmd_verify};

/* Runs the command with standard output in `text`. */
static int run(char *text, size_t n, int argc, char **argv)
{
    struct cli cli = {.arena = arena_new(), .config = paying_config(), .argc = argc, .argv = argv, .command = &command};
    FILE *out = tmpfile();
    assert_non_null(out);
    fflush(stdout);
    int saved = dup(1);
    assert_true(saved >= 0 && dup2(fileno(out), 1) == 1);
    int code = cmd_verify(&cli);
    fflush(stdout);
    assert_int_equal(dup2(saved, 1), 1);
    close(saved);
    rewind(out);
    text[fread(text, 1, n - 1, out)] = '\0';
    fclose(out);
    db_destroy(cli.call.db);
    db_destroy(cli.call.db_keys);
    db_pool_destroy(cli.db_pool);
    db_pool_destroy(cli.keys_pool);
    log_destroy(cli.env.log);
    arena_destroy(cli.arena);
    return code;
}

static void in_order(void **state)
{
    struct shop *s = *state;
    char text[8192];
    shop_at(s, clock_real());           /* the command has no other clock */
    order_to_pay(s, shop_variant(s, 1250, 5, 300, "standard"), "tok_ok");
    if (run(text, sizeof text, 0, (char *[]){NULL}) != 0)
        fail_msg("%s", text);
    assert_non_null(strstr(text, "ok    order_attempt"));
    assert_non_null(strstr(text, "under way: 1 attempts"));
    assert_null(strstr(text, "mail_files"));            /* nobody looked at files, so nothing is said of them */
    char folder[] = "/tmp/souk-spool-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(run(text, sizeof text, 2, (char *[]){(char *)"--spool", folder, NULL}), 0);
    assert_non_null(strstr(text, "ok    mail_files"));
    rmdir(folder);
    assert_non_null(strstr(text, "everything is as it must be\n"));
}

static void damaged(void **state)
{
    struct shop *s = *state;
    char text[8192];
    shop_sql(s, "UPDATE payment.attempt SET flag = 'somebody must look'");
    assert_int_equal(run(text, sizeof text, 1, (char *[]){(char *)"--quiet", NULL}), 1);
    assert_non_null(strstr(text, "WRONG unsettled"));
    assert_non_null(strstr(text, "a person must look: somebody must look\n"));
    assert_null(strstr(text, "ok    "));
    shop_sql(s, "UPDATE payment.attempt SET flag = NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(in_order), cmocka_unit_test(damaged)};
    return cmocka_run_group_tests(tests, paying_start, paying_stop);
}
