/* souk users import, souk users export: there and back. */
#include "command.h"

#include <sys/stat.h>
#include <unistd.h>

static const struct command command = {.name = "users", .usage = "import FILE", .run = cmd_users};

static void there_and_back(void **state)
{
    struct shop *s = *state;
    char in[] = "/tmp/souk-users-XXXXXX", out[64];
    struct stat st;
    FILE *f = fdopen(mkstemp(in), "w");
    assert_non_null(f);
    fputs("email,name,email_verified,password_hash\nada@example.com,Ada,true,$2b$04$abcdefghijklmnopqrstuuVv4X1P5cJ0vXkPzB1jZ1X8a1eGz9m2W\nnobody,,,\nbob@example.com,,,\n", f);
    fclose(f);
    snprintf(out, sizeof out, "%s.out", in);
    struct command_result r = RUN(s, &command, "import", in, "--dry-run");
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, "(dry run: nothing was kept)");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.account"), 0);
    r = RUN(s, &command, "import", in);
    assert_int_equal(r.code, 0);
    assert_says(r.err, "line 3: not an e-mail address");
    assert_says(r.out, "         2 accounts created");
    assert_says(r.out, "         3 = 2 used + 1 skipped, which is every row");
    assert_says(r.out, "         1 of the new accounts bring a password");
    r = RUN(s, &command, "import", in);
    assert_says(r.out, "         2 had an account already");
    r = RUN(s, &command, "export", "--out", out);
    if (r.code != 0) fail_msg("%s", r.err);
    assert_string_equal(r.out, "");
    assert_int_equal(stat(out, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    r = RUN(s, &command, "export");                     /* standard output is a file here */
    assert_int_equal(r.code, 0);
    assert_says(r.out, "\"email\":\"ada@example.com\"");
    assert_says(r.out, "\"password_hash\":\"$2b$04$");
    shop_sql(s, "DELETE FROM identity.account_role");
    r = RUN(s, &command, "import", out);                /* its own export is understood, too */
    assert_says(r.out, "         2 had an account already");
    r = RUN(s, &command, "import", "/nowhere/users.csv");
    assert_int_equal(r.code, 1);
    r = RUN(s, &command, "import");
    assert_int_equal(r.code, 2);
    r = RUN(s, &command, "export", "--out", "/nowhere/users");
    assert_int_equal(r.code, 1);
    unlink(in), unlink(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
