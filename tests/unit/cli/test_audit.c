/* souk audit */
#include "command.h"

static const struct command command = {.name = "audit", .usage = "verify|list", .run = cmd_audit};

static void whole_then_damaged(void **state)
{
    struct shop *s = *state;
    char expect[100];
    for (int i = 0; i < 4; i++) shop_sql(s, "SELECT platform.audit_v1('acc_%d', 'test.row', 'account', gen_random_uuid(), '{\"n\":%d}', 'req', 'trace', '2026-06-01')", i, i);
    assert_int_equal(shop_ask(s, "SELECT platform.audit_seal_v1(100)"), 4);
    struct command_result r = RUN(s, &command, "verify");
    if (r.code != 0) fail_msg("%s%s", r.out, r.err);
    assert_says(r.out, "the trail is whole");
    const char *end = strstr(r.out, "ends with ");
    assert_non_null(end);
    snprintf(expect, sizeof expect, "%.*s", (int)strcspn(end + 10, "\n"), end + 10);
    r = RUN(s, &command, "verify", "--expect", expect);
    assert_int_equal(r.code, 0);
    r = RUN(s, &command, "list", "--actor", "acc_2");
    assert_int_equal(r.code, 0);
    assert_says(r.out, "  acc_2  test.row  acc_");
    assert_null(strstr(r.out, "acc_1 "));
    r = RUN(s, &command, "list", "--since", "2026-06-02");
    assert_string_equal(r.out, "");
    shop_sql(s, "SET session_replication_role = replica");
    shop_sql(s, "UPDATE platform.audit SET actor = 'eve' WHERE chain_number = 3");
    shop_sql(s, "SET session_replication_role = origin");
    r = RUN(s, &command, "verify");
    assert_int_equal(r.code, 1);
    assert_says(r.out, "WRONG changed   3 ");
    assert_says(r.out, "test.row by eve is not what was chained");
    assert_null(strstr(r.out, "whole"));
}

static void refused(void **state)
{
    struct shop *s = *state;
    const struct { const char *words[4]; int code; } rows[] = {
        {{NULL}, 2}, {{"look"}, 2}, {{"verify", "x"}, 2}, {{"list", "x"}, 2}, {{"list", "--since", "yesterday"}, 2}, {{"list", "--limit", "0"}, 2},
        {{"verify", "--expect", "12"}, 1}, {{"list", "--object", "nobody"}, 1}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) assert_int_equal(command_run(s, &command, rows[i].words).code, rows[i].code);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole_then_damaged), cmocka_unit_test(refused)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
