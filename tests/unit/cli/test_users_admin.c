/* souk users create-admin */
#include "command.h"

#include <unistd.h>

static const struct command command = {.name = "users", .usage = "create-admin EMAIL", .run = cmd_users};

static const char *password_file(char path[], const char *text)
{
    FILE *f = fdopen(mkstemp(path), "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return path;
}

static void with_a_file(void **state)
{
    struct shop *s = *state;
    char good[] = "/tmp/souk-pw-XXXXXX", weak[] = "/tmp/souk-pw-XXXXXX", empty[] = "/tmp/souk-pw-XXXXXX";
    struct command_result r = RUN(s, &command, "create-admin", "boss@example.com", "--name", "The Boss", "--password-file", password_file(good, "seven green teapots\nmore\n"));
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, " is an owner of the shop");
    assert_null(strstr(r.out, "teapots"));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account WHERE staff AND password LIKE '$argon2id$%%'"), 1);
    r = RUN(s, &command, "create-admin", "boss@example.com", "--password-file", good);
    assert_int_equal(r.code, 1);
    assert_says(r.err, "--promote");
    r = RUN(s, &command, "create-admin", "boss@example.com", "--promote");
    assert_int_equal(r.code, 0);
    r = RUN(s, &command, "create-admin", "other@example.com", "--password-file", password_file(weak, "password1\n"));
    assert_int_equal(r.code, 1);
    r = RUN(s, &command, "create-admin", "other@example.com", "--password-file", password_file(empty, ""));
    assert_int_equal(r.code, 1);
    assert_says(r.err, "holds no password");
    r = RUN(s, &command, "create-admin", "other@example.com", "--password-file", "/nowhere");
    assert_int_equal(r.code, 1);
    r = RUN(s, &command, "create-admin");
    assert_int_equal(r.code, 2);
    unlink(good), unlink(weak), unlink(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(with_a_file)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
