/* souk demo: the file that ships, one of one's own, none at all. */
#include "command.h"

static const struct command command = {.name = "demo", .usage = "[FILE]", .run = cmd_demo};

static void loads(void **state)
{
    struct shop *s = *state;
    const char *src = getenv("srcdir");
    char path[400];
    snprintf(path, sizeof path, "%s/sql/seed/demo.json", src ? src : "..");
    struct command_result r = RUN(s, &command, path);
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, "8 categories; products: ");
    assert_says(r.out, "0 updated, 0 unchanged; ");
    assert_true(shop_ask(s, "SELECT count(*) FROM catalog.listing") >= 50);
    r = RUN(s, &command, path);
    assert_int_equal(r.code, 0);
    assert_says(r.out, "0 created, 0 updated, ");
    assert_says(r.out, "; 0 variants got their first stock\n");
}

static void refused(void **state)
{
    struct shop *s = *state;
    char path[] = "/tmp/souk-demo-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    fputs("{\"categories\": [", f);
    fclose(f);
    const struct { const char *words[3]; int code; const char *says; } rows[] = {
        {{"a", "b"}, 2, "one file at most"}, {{"/nonexistent/demo.json"}, 1, "/nonexistent/demo.json: No such file"}, {{"/"}, 1, "cannot be read"}, {{"/dev/zero"}, 1, "larger than 8 MB"},
        {{path}, 1, "souk demo: "}, {{NULL}, 1, "/nowhere/demo.json"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct command_result r = command_run(s, &command, rows[i].words);
        assert_int_equal(r.code, rows[i].code);
        assert_string_equal(r.out, "");
        assert_says(r.err, rows[i].says);
    }
    (void)remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(loads), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
