/* souk import: arguments, and a report that adds up. */
#include "command.h"

#include <unistd.h>

static const struct command command = {.name = "import", .usage = "PROFILE FILE", .run = cmd_import};

static void wrong_use(void **state)
{
    static const struct { const char *words[6]; int code; const char *says; } rows[] = {
        {{"shopify"}, 2, "a profile and a file are needed"}, {{NULL}, 2, "a profile and a file are needed"}, {{"shopify", "a", "b"}, 2, "a profile and a file are needed"},
        {{"shopify", "a", "--fast"}, 2, "'--fast' is not understood"}, {{"--dry-run", "--dry-run", "shopify", "a"}, 2, "'--dry-run' is not understood"},
        {{"shopify", "a", "--stock", "-1"}, 2, "--stock takes a whole number"}, {{"shopify", "a", "--stock=many"}, 2, "--stock takes a whole number"},
        {{"shopify", "a", "--stock", "1000001"}, 2, "--stock takes a whole number"}, {{"shopify", "a", "--stock"}, 2, "--stock takes a whole number"},
        {{"shopify", "/nonexistent/products.csv"}, 1, "/nonexistent/products.csv"}, {{"shopify", "/tmp"}, 1, "souk import: "},
        {{"amazon", "/dev/null"}, 1, "There is no profile \"amazon\""}, {{"shopify", "/dev/null"}, 1, "The file is empty"},
        {{"shopify", "/dev/null", "--price-list=nothing"}, 1, "There is no price list \"nothing\""}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct command_result r = command_run(*state, &command, rows[i].words);
        if (r.code != rows[i].code) fail_msg("row %zu: %d %s", i, r.code, r.err);
        assert_string_equal(r.out, "");
        assert_says(r.err, rows[i].says);
    }
    assert_says(RUN(*state, &command, "shopify", "/dev/null").err, "nothing was imported\n");
}

static void report(void **state)
{
    struct shop *s = *state;
    char path[] = "/tmp/souk-import-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    fputs("Handle,Title,Variant Price\n", f);
    for (int i = 0; i < 40; i++) fprintf(f, "h-%d,H %d,%d\n", i, i, i + 1);
    for (int i = 0; i < 1220; i++) fputs("too,few\n", f);
    fclose(f);
    struct command_result r = RUN(s, &command, "--dry-run", "shopify", path, "--stock=2");
    assert_int_equal(r.code, 0);
    assert_says(r.out, "profile shopify (dry run: nothing was kept)\n");
    assert_says(r.out, "       1,260 rows, 1,261 lines with the header");
    assert_says(r.out, "          40 created a product\n");
    assert_says(r.out, "       1,220 skipped: bad row\n");
    assert_says(r.out, "       1,260 = 40 used + 1,220 skipped, which is every row\n");
    assert_says(r.out, "products: 40 created, 0 updated, 0 unchanged; 40 variants got their first stock\n");
    assert_says(r.err, "line 42: bad row: too few fields\n");
    assert_says(r.err, "and 1170 more (--all shows them)\n");
    assert_null(strstr(r.err, "line 92:"));
    assert_null(strstr(r.err, "\033"));                                 /* no bar where nobody sees it */
    r = RUN(s, &command, "--all", "--dry-run", "shopify", path);
    assert_says(r.err, "line 1261: bad row: too few fields\n");
    assert_null(strstr(r.err, "more"));
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products"), 0);
    r = RUN(s, &command, "shopify", path);
    assert_says(r.out, "40 created");
    r = RUN(s, &command, "shopify", path);
    assert_says(r.out, "0 created, 0 updated, 40 unchanged");
    assert_says(r.out, "           0 created a product\n");
    unlink(path);
}

static void shortened(void **state)
{
    char path[] = "/tmp/souk-import-XXXXXX", word[301];
    FILE *f = fdopen(mkstemp(path), "w");
    memset(word, 'w', 300);
    word[300] = '\0';
    fprintf(f, "Handle,Title,Variant Price,Vendor\none,%s,1,%s\n", word, word);
    fclose(f);
    struct command_result r = RUN(*state, &command, "--dry-run", "shopify", path);
    assert_int_equal(r.code, 0);
    assert_says(r.out, "           1 = 1 used + 0 skipped, which is every row\n           2 values were shortened: longer than there is room for\n");
    assert_string_equal(r.err, "line 2: its Title is shortened from 300 to 240 bytes\nline 2: its Vendor is shortened from 300 to 200 bytes\n");
    unlink(path);
}

/* A product of many lines has none that could be named. */
static void a_taken_sku(void **state)
{
    char path[] = "/tmp/souk-import-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    fputs("Handle,Title,Variant Price,Variant SKU\nlantern,Lantern,1,85123A\n", f);
    fclose(f);
    assert_int_equal(RUN(*state, &command, "shopify", path).code, 0);
    f = fopen(path, "w");
    fputs("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n536365,85123A,WHITE LANTERN,6,2010-12-01 08:26:00,2.55,,UK\n", f);
    fclose(f);
    struct command_result r = RUN(*state, &command, "retail-invoices", path);
    assert_int_equal(r.code, 0);
    assert_says(r.out, "1 skipped: SKU belongs to another product\n");
    assert_string_equal(r.err, "the SKU 85123A belongs to another product\n");
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(wrong_use), cmocka_unit_test(report), cmocka_unit_test(shortened), cmocka_unit_test(a_taken_sku)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
