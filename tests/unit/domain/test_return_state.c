#include "edges.h"

#include "domain/return_state.h"

static void edges(void **state)
{
    (void)state;
    static const struct edge all[] = {
        {"requested", "approved"}, {"requested", "rejected"}, {"approved", "received"}, {"approved", "rejected"},
        {"received", "refunded"}, {"received", "rejected"}};
    assert_edges(&return_states, all, ARRAY_LEN(all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
