#include "edges.h"

#include "domain/reservation_state.h"

static void edges(void **state)
{
    (void)state;
    static const struct edge all[] = {
        {"active", "consumed"}, {"active", "released"}, {"active", "expired"}};
    assert_edges(&reservation_states, all, ARRAY_LEN(all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(edges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
