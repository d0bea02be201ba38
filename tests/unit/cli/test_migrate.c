/* souk migrate: arguments, and the shop's own SQL over a database that has it already. What it does to an empty one is asked by tests/sql/migrate.sh. */
#include "command.h"

static const struct command command = {.name = "migrate", .usage = "[--sql DIR] [--roles CONNINFO]", .run = cmd_migrate};

static void wrong_use(void **state)
{
    static const struct { const char *words[4]; int code; const char *says; } rows[] = {
        {{"--sql"}, 2, "--sql names no folder that can be read"}, {{"--sql", "/nonexistent"}, 2, "--sql names no folder"}, {{"--sql=/etc/hostname"}, 1, "/etc/hostname/migrations: Not a directory"},
        {{"--roles"}, 2, "--roles needs a connection string"}, {{"--roles="}, 2, "--roles needs a connection string"}, {{"now"}, 2, "'now' is not understood"},
        {{"--quick"}, 2, "'--quick' is not understood"}, {{"--sql", "/tmp", "x"}, 2, "'x' is not understood"}, {{NULL}, 1, "/nowhere/sql"},
        {{"--roles", "host=/nonexistent"}, 1, "/nowhere/sql/roles.sql"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct command_result r = command_run(*state, &command, rows[i].words);
        if (r.code != rows[i].code) fail_msg("row %zu: %d %s", i, r.code, r.err);
        assert_says(r.err, rows[i].says);
    }
}

static void again(void **state)
{
    const char *src = getenv("srcdir");
    char path[400];
    snprintf(path, sizeof path, "%s/sql", src ? src : "..");
    struct command_result r = RUN(*state, &command, "--sql", path);
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, "migrations: nothing to do, the database is at ");
    assert_says(r.out, "functions and views: nothing to do\n");
    assert_says(r.out, "person keys:\nmigrations: nothing to do");
    r = RUN(*state, &command, "--sql", path, "--roles", "host=/nonexistent");
    assert_int_equal(r.code, 1);
    assert_says(r.err, "/nonexistent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_use), cmocka_unit_test(again)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
