#include "unit.h"

#include "domain/shipping.h"

static const struct currency EUR = {"EUR"}, GBP = {"GBP"};

static void destinations(void **state)
{
    (void)state;
    struct shipping_option o = {.countries = STR("DE AT"), .currency = EUR, .max_weight_g = OPT(31500)};
    assert_true(shipping_reaches(&o, "DE") && shipping_reaches(&o, "AT"));
    assert_false(shipping_reaches(&o, "CH") || shipping_reaches(&o, "EA") || shipping_reaches(&o, "D "));
    assert_true(shipping_fits(&o, "DE", EUR, 0) && shipping_fits(&o, "DE", EUR, 31500));
    assert_false(shipping_fits(&o, "DE", EUR, 31501) || shipping_fits(&o, "DE", GBP, 1) || shipping_fits(&o, "FR", EUR, 1));
    o.max_weight_g.set = false;
    assert_true(shipping_fits(&o, "DE", EUR, 1000000));
}

static void prices(void **state)
{
    (void)state;
    struct shipping_option o = {.price = 490, .free_from = OPT(6000)};
    assert_int_equal(shipping_price(&o, 0), 490);
    assert_int_equal(shipping_price(&o, 5999), 490);
    assert_int_equal(shipping_price(&o, 6000), 0);
    o.free_from.set = false;
    assert_int_equal(shipping_price(&o, 1000000), 490);
}

static void choice(void **state)
{
    (void)state;
    struct shipping_option o[] = {
        {.code = STR("express"), .countries = STR("DE"), .currency = EUR, .price = 990, .position = 1},
        {.code = STR("far"), .countries = STR("US"), .currency = EUR, .price = 10},
        {.code = STR("b"), .countries = STR("DE"), .currency = EUR, .price = 490, .position = 2},
        {.code = STR("a"), .countries = STR("DE"), .currency = EUR, .price = 490, .position = 2},
        {.code = STR("first"), .countries = STR("DE"), .currency = EUR, .price = 490, .position = 1},
        {.code = STR("light"), .countries = STR("DE"), .currency = EUR, .price = 100, .max_weight_g = OPT(100)},
        {.code = STR("free"), .countries = STR("DE AT"), .currency = EUR, .price = 2000, .free_from = OPT(5000), .position = 9}};
    static const char *const order[] = {"free", "first", "a", "b", "express"};
    assert_int_equal(shipping_choose(o, ARRAY_LEN(o), "DE", EUR, 500, 5000), 5);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) assert_str(o[i].code, order[i]);
    assert_int_equal(shipping_choose(o, 5, "US", EUR, 500, 5000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(destinations), cmocka_unit_test(prices), cmocka_unit_test(choice)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
