#include "net/payment_provider.h"
#include "unit.h"

/* The names are stored and checked by the database: they may not change. */
static void names_are_those_of_the_database(void **state)
{
    (void)state;
    static const char *const states[] = {"processing", "requires_action", "authorized", "captured", "voided", "failed"};
    static const char *const outcomes[] = {"answered", "refused", "unknown", "absent", "unsupported"};
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        assert_string_equal(provider_state_name((enum provider_state)i), states[i]);
    for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
        assert_string_equal(provider_outcome_name((enum provider_outcome)i), outcomes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_are_those_of_the_database)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
