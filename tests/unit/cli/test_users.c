/* souk users: list, show, disable, enable, reset-mfa, erase. */
#include "../service/signed_in.h"
#include "command.h"

static const struct command command = {.name = "users", .usage = "list|...", .run = cmd_users};

static void looked_at_and_disabled(void **state)
{
    struct shop *s = *state;
    char id[ID_TEXT_MAX];
    struct account_id ada = account_for(s, "ada@example.com");
    (void)account_for(s, "bob@example.com");
    id_format(ID_account, ada.u, id);
    struct command_result r = RUN(s, &command, "list");
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, "ada@example.com\n");
    assert_says(r.out, "bob@example.com\n");
    r = RUN(s, &command, "list", "--staff");
    assert_string_equal(r.out, "");
    r = RUN(s, &command, "list", "--limit", "1");
    assert_true((strstr(r.out, "ada@") != NULL) != (strstr(r.out, "bob@") != NULL));
    r = RUN(s, &command, "show", " ADA@example.com");
    assert_int_equal(r.code, 0);
    assert_says(r.out, id);
    assert_says(r.out, "orders          0, 0 of them open");
    r = RUN(s, &command, "disable", id);
    assert_int_equal(r.code, 0);
    assert_says(r.out, "  disabled  ");
    r = RUN(s, &command, "list", "--status", "disabled");
    assert_says(r.out, "ada@example.com");
    r = RUN(s, &command, "enable", "ada@example.com");
    assert_says(r.out, "  active  ");
    r = RUN(s, &command, "reset-mfa", id);
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, "the owner is told");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE actor = 'souk' AND action IN ('account.disabled', 'account.enabled')"), 2);
}

static void erased_by_the_jobs_and_replayed(void **state)
{
    struct shop *s = *state;
    struct account_id ada = account_for(s, "carl@example.com");
    char text[40];
    struct command_result r = RUN(s, &command, "erase", "carl@example.com");
    assert_int_equal(r.code, 2);
    assert_says(r.err, "say --yes");
    r = RUN(s, &command, "erase", "carl@example.com", "--yes");
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, " queued: souk-jobs core does it");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.data_request WHERE account_id = %s AND kind = 'erase' AND actor = 'souk'", uuid_sql(ada.u, text)), 1);
    r = RUN(s, &command, "erase", "--replay");
    if (r.code != 0) fail_msg("%s", r.err);
    assert_says(r.out, "0 persons on the list of the erased; 0 were still here");
}

static void refused(void **state)
{
    struct shop *s = *state;
    const struct { const char *words[4]; int code; const char *says; } rows[] = {
        {{NULL}, 2, "say what to do"}, {{"dance"}, 2, "'dance' is not understood"}, {{"list", "x"}, 2, ""}, {{"list", "--colour"}, 2, "'--colour'"}, {{"list", "--limit", "no"}, 2, ""},
        {{"list", "--status", "gone"}, 1, "active, disabled or erased"}, {{"show"}, 2, ""}, {{"show", "nobody@example.com"}, 1, "nobody has the address"},
        {{"show", "acc_01j00000000000000000000000"}, 1, "no such account"}, {{"disable", "nobody"}, 1, ""}, {{"erase", "--replay", "x"}, 2, ""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct command_result r = command_run(s, &command, rows[i].words);
        if (r.code != rows[i].code) fail_msg("row %zu: %d %s", i, r.code, r.err);
        assert_says(r.err, rows[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(looked_at_and_disabled), cmocka_unit_test(erased_by_the_jobs_and_replayed), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
