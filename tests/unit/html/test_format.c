/* Formats by locale: money with 0, 2 and 3 decimals, grouping, signs, extremes, dates. */
#include "unit.h"

#include "html/html.h"

static void test_money(void **state)
{
    static const struct {
        const char *locale;
        int64_t amount;
        const char *currency, *text;
    } rows[] = {
        {"en", 2499, "EUR", "€24.99"},
        {"en", 0, "EUR", "€0.00"},
        {"en", 5, "EUR", "€0.05"},
        {"en", -1250, "EUR", "-€12.50"},
        {"en", 123456789, "EUR", "€1,234,567.89"},
        {"en", 1500, "JPY", "¥1,500"},
        {"en", 1500, "KWD", "KWD\u00a01.500"},
        {"en", 2499, "CHF", "CHF\u00a024.99"},
        {"en", 2499, "USD", "US$24.99"},
        {"en-US", 2499, "USD", "$24.99"},
        {"en-GB", 99, "GBP", "£0.99"},
        {"en", MONEY_MAX, "EUR", "€90,071,992,547,409.91"},
        {"en", -MONEY_MAX, "KWD", "-KWD\u00a09,007,199,254,740.991"},
        {"de", 2499, "EUR", "24,99\u00a0€"},
        {"de", 123456789, "EUR", "1.234.567,89\u00a0€"},
        {"de", -5, "EUR", "-0,05\u00a0€"},
        {"de", 1500, "JPY", "1.500\u00a0¥"},
        {"de", 2499, "CHF", "24,99\u00a0CHF"},
        {"de-AT", 123456, "EUR", "€\u00a01\u00a0234,56"},
        {"de-CH", 123456, "CHF", "CHF\u00a01’234.56"},
    };
    struct arena *a = *state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct money m = {.amount = rows[i].amount};
        assert_true(currency_parse(str_from(rows[i].currency), &m.currency));
        assert_str(text_money(text_catalog(str_from(rows[i].locale)), a, m), rows[i].text);
    }
}

static void test_int(void **state)
{
    struct arena *a = *state;
    const struct text_catalog *en = text_catalog(STR("en")), *de = text_catalog(STR("de"));
    assert_str(text_int(en, a, 0), "0");
    assert_str(text_int(en, a, 999), "999");
    assert_str(text_int(en, a, 1000), "1,000");
    assert_str(text_int(de, a, -1234567), "-1.234.567");
    assert_str(text_int(en, a, INT64_MIN), "-9,223,372,036,854,775,808");
}

static void test_rate(void **state)
{
    static const struct { const char *locale; int64_t rate; const char *text; } rows[] = {
        {"en", 190000, "19"}, {"en", 55000, "5.5"}, {"de", 55000, "5,5"}, {"de", 190000, "19"}, {"de-AT", 55000, "5,5"}, {"de-CH", 81000, "8.1"}, {"en", 0, "0"},
        {"de", 88750, "8,875"}, {"de", 5, "0,0005"}, {"en", 10500, "1.05"}, {"de", -55000, "-5,5"}, {"de", 12345000, "1.234,5"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) assert_str(text_rate(text_catalog(str_from(rows[i].locale)), *state, rows[i].rate), rows[i].text);
}

static void test_dates(void **state)
{
    struct arena *a = *state;
    usec_t t;
    assert_true(time_parse(STR("2026-11-02T09:05:07Z"), &t));
    assert_str(text_date(text_catalog(STR("en")), a, t), "2 November 2026");
    assert_str(text_time(text_catalog(STR("en")), a, t), "2 November 2026, 09:05");
    assert_str(text_date(text_catalog(STR("en-US")), a, t), "November 2, 2026");
    assert_str(text_time(text_catalog(STR("en-US")), a, t), "November 2, 2026, 9:05 AM");
    assert_str(text_date(text_catalog(STR("de")), a, t), "2. November 2026");
    assert_true(time_parse(STR("2026-03-31T00:30:00Z"), &t));
    assert_str(text_date(text_catalog(STR("de")), a, t), "31. März 2026");
    assert_str(text_time(text_catalog(STR("en-US")), a, t), "March 31, 2026, 12:30 AM");
}

static void test_machine(void **state)
{
    struct arena *a = *state;
    struct buf b;
    buf_init(&b, 0);
    struct html h = {.out = &b, .arena = a, .texts = text_catalog(STR("de"))};
    usec_t t;
    assert_true(time_parse(STR("2026-11-02T09:05:07Z"), &t));
    html_money_decimal(&h, (struct money){-123456, {"EUR"}});
    buf_char(&b, ' ');
    html_money_decimal(&h, (struct money){1500, {"JPY"}});
    buf_char(&b, ' ');
    html_date_machine(&h, t);
    buf_char(&b, ' ');
    html_time_machine(&h, t);
    assert_str(buf_view(&b), "-1234.56 1500 2026-11-02 2026-11-02T09:05:07Z");
    buf_clear(&b);
    html_money(&h, (struct money){0, {""}});
    html_money_decimal(&h, (struct money){5, {""}});
    html_money(&h, (struct money){123456, {"EUR"}});
    buf_char(&b, '|');
    html_int(&h, 12345);
    buf_char(&b, '|');
    html_date(&h, t);
    buf_char(&b, '|');
    html_time(&h, t);
    assert_str(buf_view(&b), "1.234,56\u00a0€|12.345|2. November 2026|2. November 2026, 09:05");
    buf_free(&b);
}

static int setup(void **state)
{
    *state = arena_new();
    return 0;
}

static int teardown(void **state)
{
    arena_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money), cmocka_unit_test(test_int), cmocka_unit_test(test_rate), cmocka_unit_test(test_dates), cmocka_unit_test(test_machine),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
