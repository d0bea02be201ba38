#include "edges.h"

#include "domain/order_state.h"

static void edges(void **state)
{
    (void)state;
    static const struct edge all[] = {
        {"pending_payment", "paid"}, {"pending_payment", "canceled"}, {"paid", "fulfilling"}, {"paid", "canceled"},
        {"fulfilling", "completed"}, {"fulfilling", "canceled"}};
    assert_edges(&order_states, all, ARRAY_LEN(all));
}

static void shopper(void **state)
{
    (void)state;
    assert_true(order_shopper_may_cancel(ORDER_PENDING_PAYMENT));
    assert_false(order_shopper_may_cancel(ORDER_PAID) || order_shopper_may_cancel(ORDER_FULFILLING) || order_shopper_may_cancel(ORDER_COMPLETED) ||
                 order_shopper_may_cancel(ORDER_CANCELED));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges), cmocka_unit_test(shopper)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
