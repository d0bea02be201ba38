#include "edges.h"

#include "domain/payment_state.h"

static void edges(void **state)
{
    (void)state;
    static const struct edge all[] = {
        {"created", "requires_action"}, {"created", "authorized"}, {"created", "voided"}, {"created", "failed"},
        {"requires_action", "authorized"}, {"requires_action", "voided"}, {"requires_action", "failed"},
        {"authorized", "captured"}, {"authorized", "voided"}, {"authorized", "failed"}};
    assert_edges(&payment_states, all, ARRAY_LEN(all));
}

static void kinds(void **state)
{
    (void)state;
    static const struct { enum payment_state s; bool open, secured; } rows[] = {
        {PAYMENT_CREATED, true, false}, {PAYMENT_REQUIRES_ACTION, true, false}, {PAYMENT_AUTHORIZED, false, true},
        {PAYMENT_CAPTURED, false, true}, {PAYMENT_VOIDED, false, false}, {PAYMENT_FAILED, false, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_int_equal(payment_state_open(rows[i].s), rows[i].open);
        assert_int_equal(payment_state_secured(rows[i].s), rows[i].secured);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges), cmocka_unit_test(kinds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
