#include "command.h"

static const struct command command = {"keys", "list | rotate", "", "", cmd_keys};

static void signing(void **state)
{
    struct shop *s = *state;
    struct command_result r = RUN(s, &command, "list");
    assert_int_equal(r.code, 0);
    assert_says(r.out, "none yet");
    r = RUN(s, &command, "rotate", "--now");
    assert_int_equal(r.code, 0);
    assert_says(r.out, "signs from now on");
    r = RUN(s, &command, "rotate");
    assert_says(r.out, "signs in 120 seconds");
    r = RUN(s, &command, "list");
    assert_says(r.out, " next ");
    assert_says(r.out, " signs ");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM identity.signing_key WHERE retires_at IS NULL"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM platform.audit WHERE action = 'signing_key.rotated' AND actor = 'souk'"), 2);
}

static void programs(void **state)
{
    struct shop *s = *state;
    struct command_result r = RUN(s, &command, "api", "create", "Warehouse", "--permissions", "read_orders, write_stock", "--days", "30");
    assert_int_equal(r.code, 0);
    assert_true(strncmp(r.out, "sk_", 3) == 0 && strlen(r.out) == 47);          /* alone on standard output: for a pipe */
    char id[40];
    assert_int_equal(sscanf(r.err, "%30[^:]", id), 1);
    r = RUN(s, &command, "api", "list");
    assert_says(r.out, "Warehouse: read_orders write_stock");
    assert_says(r.out, "active");
    assert_int_equal(RUN(s, &command, "api", "revoke", id).code, 0);
    r = RUN(s, &command, "api", "list");
    assert_says(r.out, "revoked");
    r = RUN(s, &command, "api", "create", "Window", "--publishable", "--origins", "https://app.example");
    assert_true(r.code == 0 && strncmp(r.out, "pk_", 3) == 0);
    assert_says(RUN(s, &command, "api", "list").out, "https://app.example");
}

static void wrong_use(void **state)
{
    struct shop *s = *state;
    assert_int_equal(RUN(s, &command, "nonsense").code, 2);
    assert_int_equal(RUN(s, &command, "rotate", "--later").code, 2);
    assert_int_equal(RUN(s, &command, "api", "nonsense").code, 2);
    assert_int_equal(RUN(s, &command, "api", "list", "more").code, 2);
    assert_int_equal(RUN(s, &command, "api", "create").code, 2);
    assert_int_equal(RUN(s, &command, "api", "create", "").code, 2);
    assert_int_equal(RUN(s, &command, "api", "create", "X", "--days", "0").code, 2);
    assert_int_equal(RUN(s, &command, "api", "revoke", "prod_1").code, 2);
    assert_int_equal(RUN(s, &command, "api", "create", "X").code, 1);                               /* a key that may do nothing */
    assert_int_equal(RUN(s, &command, "api", "create", "X", "--permissions", "fly_to_moon").code, 1);
    assert_int_equal(RUN(s, &command, "api", "revoke", "key_01jd9v7q3e8m2k5x6r4t0w1y9z").code, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signing), cmocka_unit_test(programs), cmocka_unit_test(wrong_use)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
