#include "shop.h"

#include "service/account.h"

static void nobody_is_not_found(void **state)
{
    struct account account;
    struct err e = {0};
    assert_refused(account_read(shop_call(*state, "souk_user"), (struct account_id){{{1}}}, &account, &e), e, PROBLEM_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_is_not_found)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
