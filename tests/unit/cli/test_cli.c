/* Options taken out of the arguments, wherever they stand; what commands share. */
#include "command.h"

static char *words[8];

static struct cli with(struct arena *a, const char *line)
{
    struct cli cli = {.arena = a, .argv = words};
    struct str rest = str_from(line), word;
    while (!str_is_empty(rest) && str_split(&rest, ' ', &word)) words[cli.argc++] = str_cstr(a, word);
    return cli;
}

static struct str left(const struct cli *cli)
{
    struct buf b;
    buf_init_arena(&b, cli->arena, 0);
    for (int i = 0; i < cli->argc; i++) buf_printf(&b, "%s%s", i ? " " : "", cli->argv[i]);
    return buf_view(&b);
}

static void flags(void **state)
{
    static const struct { const char *line, *left; bool found; } rows[] = {
        {"--dry-run", "", true}, {"a --dry-run b", "a b", true}, {"a b --dry-run", "a b", true}, {"", "", false}, {"a b", "a b", false}, {"--dry-run=1", "--dry-run=1", false},
        {"--dry-runs", "--dry-runs", false}, {"-dry-run", "-dry-run", false}, {"--dry-run --dry-run", "--dry-run", true}};
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cli cli = with(a, rows[i].line);
        assert_int_equal(cli_flag(&cli, "--dry-run"), rows[i].found);
        assert_str(left(&cli), rows[i].left);
    }
    arena_destroy(a);
}

static void options(void **state)
{
    static const struct { const char *line, *left, *value; } rows[] = {
        {"--stock 5", "", "5"}, {"a --stock 5 b", "a b", "5"}, {"a --stock=5 b", "a b", "5"}, {"a --stock= b", "a b", ""}, {"a b --stock", "a b", ""},
        {"a b", "a b", NULL}, {"--stocks 5", "--stocks 5", NULL}, {"--stock 5 --stock 6", "--stock 6", "5"}, {"--stock --all", "", "--all"}, {"--stock=a=b", "", "a=b"}};
    struct arena *a = arena_new();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cli cli = with(a, rows[i].line);
        const char *value = NULL;
        assert_int_equal(cli_option(&cli, "--stock", &value), rows[i].value != NULL);
        if (rows[i].value) assert_string_equal(value, rows[i].value);
        assert_str(left(&cli), rows[i].left);
    }
    arena_destroy(a);
}

static int wrong_use(struct cli *cli)
{
    return cli_usage(cli, "too much");
}

static int failing(struct cli *cli)
{
    struct err e;
    err_clear(&e);
    (void)err_set(&e, PROBLEM_NOT_FOUND, "There is no such thing");
    (void)err_cause(&e, "the cupboard is bare");
    int code = cli_fail(cli, &e);
    err_clear(&e);
    (void)err_set(&e, PROBLEM_UNAVAILABLE, "%s", "");
    return code + cli_fail(cli, &e);
}

static void complaints(void **state)
{
    static const struct command wrong = {.name = "do", .usage = "[--it]", .run = wrong_use}, fails = {.name = "do", .usage = "", .run = failing};
    struct command_result r = RUN(*state, &wrong, "x");
    assert_int_equal(r.code, 2);
    assert_string_equal(r.out, "");
    assert_string_equal(r.err, "souk do: too much\nusage: souk do [--it]\n");
    r = RUN(*state, &fails, "x");
    assert_int_equal(r.code, 2);
    assert_says(r.err, "souk do: There is no such thing\n  because: the cupboard is bare\n");
    assert_says(r.err, problem_info(PROBLEM_UNAVAILABLE)->title);
}

static int64_t opened;

static int opening(struct cli *cli)
{
    struct err e;
    err_clear(&e);
    if (!cli_open(cli, "souk_admin", &e)) return cli_fail(cli, &e);
    opened = cli->call.now - clock_real();
    assert_int_equal(cli->call.actor.kind, ACTOR_SYSTEM);
    assert_true(cli->call.db && cli->call.db_keys && cli->call.env->log);
    return 0;
}

static int opening_as_nobody(struct cli *cli)
{
    struct err e;
    err_clear(&e);
    return cli_open(cli, "souk_nobody", &e) ? 0 : cli_fail(cli, &e);
}

/* The shop's clock may stand elsewhere; who may not log in is told why. */
static void opened_shop(void **state)
{
    struct shop *s = *state;
    static const struct command command = {.name = "open", .run = opening}, nobody = {.name = "open", .run = opening_as_nobody};
    assert_int_equal(RUN(s, &command, "x").code, 0);
    assert_true(opened > -USEC_PER_SEC && opened <= USEC_PER_SEC);
    shop_sql(s, "UPDATE platform.clock_offset SET shift = interval '3 days'");
    assert_int_equal(RUN(s, &command, "x").code, 0);
    assert_true(opened > 3 * USEC_PER_DAY - USEC_PER_SEC && opened <= 3 * USEC_PER_DAY + USEC_PER_SEC);
    shop_sql(s, "UPDATE platform.clock_offset SET shift = interval '0'");
    struct command_result r = RUN(s, &nobody, "x");
    assert_int_equal(r.code, 1);
    assert_says(r.err, "souk_nobody");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(flags), cmocka_unit_test(options), cmocka_unit_test(complaints), cmocka_unit_test(opened_shop)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
