/* Hashing for a use case: without a connection in hand, and for nobody in the same time. */
#include "registering.h"

#include "service/account_internal.h"

static void encodes_and_matches(void **state)
{
    struct shop *s = *state;
    struct str encoded;
    struct err e;
    bool match;
    struct call *c = registering_call(s, &e);
    assert_good(account_encode(c, STR(GOOD_PASSWORD), &encoded, &e), e);
    assert_good(account_match(c, encoded, STR(GOOD_PASSWORD), &match, &e), e);
    assert_true(match);
    assert_good(account_match(c, encoded, STR(OTHER_PASSWORD), &match, &e), e);
    assert_false(match);
    assert_good(account_match(c, STR_NULL, STR(GOOD_PASSWORD), &match, &e), e);
    assert_false(match);
    assert_false(db_in_transaction(c->db));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(encodes_and_matches)};
    return cmocka_run_group_tests(tests, registering_start, registering_stop);
}
