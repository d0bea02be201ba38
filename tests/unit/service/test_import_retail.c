/* A catalogue out of invoice lines: which lines count, and what becomes of them. */
#include "importing.h"

#define HEADER "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
#define SOLD(code, name, time, price) "536365," code "," name ",6," time "," price ",17850,United Kingdom\n"

static const struct import_options plain = {.profile = {"retail-invoices", 15}};

/* Each line alone: what it counts as. */
static void lines(void **state)
{
    struct shop *s = *state;
    static const struct { const char *line; enum import_outcome as; const char *note; } rows[] = {
        {SOLD("85123A", "WHITE LANTERN", "2010-12-01 08:26:00", "2.55"), IMPORT_CREATED, NULL},
        {SOLD("85123", "WHITE LANTERN", "2010-12-01 08:26", "2.55"), IMPORT_CREATED, NULL},                 /* without seconds */
        {SOLD("85123abc", "WHITE LANTERN", "2010-12-01T08:26:00", "0.01"), IMPORT_CREATED, NULL},
        {SOLD("DCGS0003", "BOXED GLASS", "2010-12-01 08:26:00", "2.5"), IMPORT_CREATED, NULL},
        {"C536379,85123A,WHITE LANTERN,-1,2010-12-01 09:41:00,27.50,,UK\n", IMPORT_CANCELLATION, NULL},
        {SOLD("POST", "POSTAGE", "2010-12-01 08:26:00", "18.00"), IMPORT_NO_PRODUCT, NULL},
        {SOLD("8512", "SHORT CODE", "2010-12-01 08:26:00", "1"), IMPORT_NO_PRODUCT, NULL},
        {SOLD("851234", "LONG CODE", "2010-12-01 08:26:00", "1"), IMPORT_NO_PRODUCT, NULL},
        {SOLD("85123ABCD", "LONG CODE", "2010-12-01 08:26:00", "1"), IMPORT_NO_PRODUCT, NULL},
        {SOLD("85123-A", "ODD CODE", "2010-12-01 08:26:00", "1"), IMPORT_NO_PRODUCT, NULL},
        {SOLD("", "NO CODE", "2010-12-01 08:26:00", "1"), IMPORT_NO_PRODUCT, NULL},
        {"536372,85123A,damaged,-3,2010-12-01 08:26:00,0,,UK\n", IMPORT_NO_QUANTITY, NULL},
        {"536372,85123A,WHITE LANTERN,0,2010-12-01 08:26:00,1,,UK\n", IMPORT_NO_QUANTITY, NULL},
        {SOLD("85123A", "WHITE LANTERN", "2010-12-01 08:26:00", "0.00"), IMPORT_NO_PRICE, NULL},
        {SOLD("85123A", "Adjust bad debt", "2010-12-01 08:26:00", "-11062.06"), IMPORT_NO_PRICE, NULL},
        {SOLD("22222", "?", "2010-12-01 08:26:00", "1"), IMPORT_NO_NAME, NULL},
        {SOLD("22222", "found", "2010-12-01 08:26:00", "1"), IMPORT_NO_NAME, NULL},
        {SOLD("85123A", "WHITE LANTERN", "2010-13-01 08:26:00", "1"), IMPORT_BAD_ROW, "line 2: bad row: the date cannot be read"},
        {SOLD("85123A", "WHITE LANTERN", "12/1/2010 8:26", "1"), IMPORT_BAD_ROW, "the date cannot be read"},
        {SOLD("85123A", "WHITE LANTERN", "", "1"), IMPORT_BAD_ROW, "the date cannot be read"},
        {SOLD("85123A", "WHITE LANTERN", "2010-12-01 08:26:00", "1.005"), IMPORT_BAD_ROW, "the price cannot be read"},
        {SOLD("85123A", "WHITE LANTERN", "2010-12-01 08:26:00", "cheap"), IMPORT_BAD_ROW, "the price cannot be read"},
        {SOLD("85123A", "WHITE LANTERN", "2010-12-01 08:26:00", ""), IMPORT_BAD_ROW, "the price cannot be read"},
        {SOLD("85123A", "WHITE LANTERN", "2010-12-01 08:26:00", "99999999999999999999"), IMPORT_BAD_ROW, "the price cannot be read"},
        {"536365,85123A,WHITE LANTERN,many,2010-12-01 08:26:00,1,,UK\n", IMPORT_BAD_ROW, "the quantity is no whole number"},
        {"536365,85123A,WHITE LANTERN,6\n", IMPORT_BAD_ROW, "too few fields"},
        {"536365,85123A,WHITE, LANTERN,6,2010-12-01 08:26:00,1,,UK\n", IMPORT_BAD_ROW, "too many fields"},
        {SOLD("85123A", "WHITE \xff", "2010-12-01 08:26:00", "1"), IMPORT_BAD_ROW, "line 2: bad row: not valid UTF-8"},
        {"536365,\"85123A\"x,WHITE LANTERN,6,2010-12-01 08:26:00,1,,UK\n", IMPORT_BAD_ROW, "bad row"},
        {SOLD("85123A", "\"WHITE\r\n\"\"BIG\"\" LANTERN\"", "2010-12-01 08:26:00", "1"), IMPORT_CREATED, NULL}};
    struct import_options o = plain;
    o.dry_run = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[400];
        snprintf(text, sizeof text, HEADER "%s", rows[i].line);
        struct import_result r = import_good(s, &o, text);
        if (r.report.outcomes[rows[i].as] != 1) fail_msg("%s is not '%s'\n%s", rows[i].line, import_outcome_text(rows[i].as), r.notes);
        if (rows[i].note) assert_note(r, rows[i].note);
        assert_int_equal(r.report.notes, rows[i].note != NULL);
    }
}

/* The name that most lines use, the price that most lines of the last 90 days show, the number of lines. */
static void added_up(void **state)
{
    struct shop *s = *state;
    const char *text = HEADER
        SOLD("10001a", "RED BALL", "2010-01-01 08:00:00", "9.99") SOLD("10001A", "RED BALL", "2010-01-02 08:00:00", "9.99") SOLD("10001A", "RED BALL", "2010-01-03 08:00:00", "9.99")
        SOLD("10001A", "RED  BALL", "2010-10-01 08:00:00", "2.00") SOLD("10001A", "BALL RED", "2010-10-02 08:00:00", "3.00") SOLD("10001A", "lost", "2010-10-03 08:00:00", "3.00")
        SOLD("10002", "BLUE BALL", "2010-10-01 08:00:00", "1.00") SOLD("10002", "BLUE BALL", "2010-10-01 08:00:00", "1.50")
        "C1,10002,BLUE BALL,-1,2010-10-01 08:00:00,1.00,,UK\n";
    struct import_result r = import_good(s, &plain, text);
    assert_outcome(r, CREATED, 2);
    assert_outcome(r, MERGED, 6);
    assert_outcome(r, CANCELLATION, 1);
    assert_int_equal(r.report.rows, 9);
    assert_int_equal(r.report.lines, 10);
    assert_int_equal(r.report.products_created, 2);
    static const struct { const char *sku, *slug, *name; int64_t amount, lines; } products[] = {
        {"10001A", "red-ball-10001a", "Red Ball", 300, 6}, {"10002", "blue-ball-10002", "Blue Ball", 150, 2}};      /* the lower one is a discount for quantity */
    for (size_t i = 0; i < ARRAY_LEN(products); i++) {
        assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products p JOIN catalog.variants v ON v.product_id = p.id JOIN catalog.prices c ON c.variant_id = v.id "
                                     "JOIN catalog.product_texts t ON t.product_id = p.id WHERE v.sku = '%s' AND p.slug = '%s' AND t.name = '%s' AND c.amount = %lld "
                                     "AND p.popularity = %lld AND p.status = 'active' AND c.currency = 'EUR'", products[i].sku, products[i].slug, products[i].name,
                                  (long long)products[i].amount, (long long)products[i].lines), 1);
    }
    assert_int_equal(shop_ask(s, "SELECT coalesce(sum(on_hand), 0) FROM inventory.levels"), 0);           /* old invoices say nothing of the shelf */
}

static void again(void **state)
{
    struct shop *s = *state;
    const char *first = HEADER SOLD("20001", "GREEN HAT", "2010-01-01 08:00:00", "5.00") SOLD("20002", "GREY HAT", "2010-01-01 08:00:00", "5.00");
    const char *more = HEADER SOLD("20001", "GREEN HAT", "2010-01-01 08:00:00", "5.00") SOLD("20001", "GREEN HAT", "2010-06-01 08:00:00", "6.00")
        SOLD("20002", "GREY HAT", "2010-01-01 08:00:00", "5.00");
    struct import_options o = plain;
    o.stock = (struct opt_int32)OPT(3);
    shop_sql(s, "INSERT INTO catalog.categories (id, slug, position, created_at, updated_at) VALUES ('01900000-0000-7000-8000-0000000000c1', 'hats', 1, '2026-01-01', '2026-01-01')");
    o.category = STR("hats");
    struct import_result r = import_good(s, &o, first);
    assert_int_equal(r.report.variants_stocked, 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.product_categories WHERE category_id = '01900000-0000-7000-8000-0000000000c1'"), 2);
    shop_sql(s, "UPDATE catalog.product_texts SET name = 'My Hat' WHERE name = 'Green Hat'");
    r = import_good(s, &o, first);
    assert_outcome(r, UNCHANGED, 2);
    assert_int_equal(r.report.products_unchanged, 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.product_texts WHERE name = 'My Hat'"), 1);        /* what people did stays while the file stays */
    r = import_good(s, &o, more);
    assert_outcome(r, UPDATED, 1);
    assert_outcome(r, UNCHANGED, 1);
    assert_outcome(r, MERGED, 1);
    assert_int_equal(r.report.variants_stocked, 0);
    assert_int_equal(shop_ask(s, "SELECT amount FROM catalog.prices c JOIN catalog.variants v ON v.id = c.variant_id WHERE v.sku = '20001' AND c.valid_to IS NULL"), 600);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.prices c JOIN catalog.variants v ON v.id = c.variant_id WHERE v.sku = '20001' AND c.valid_to IS NOT NULL AND c.amount = 500"), 1);
}

static void conflicts(void **state)
{
    struct shop *s = *state;
    (void)shop_variant(s, 100, 1, 1, "standard");
    shop_sql(s, "UPDATE catalog.variants SET sku = '30001' WHERE sku LIKE 'UNIT-%%'");
    struct import_result r = import_good(s, &plain, HEADER SOLD("30001", "MINE NOW", "2010-01-01 08:00:00", "5.00") SOLD("30001", "MINE NOW", "2010-01-02 08:00:00", "5.00")
                                                        SOLD("30002", "OTHER THING", "2010-01-02 08:00:00", "5.00"));
    assert_outcome(r, CONFLICT, 2);
    assert_outcome(r, CREATED, 1);
    assert_note(r, "the SKU 30001 belongs to another product");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lines), cmocka_unit_test(added_up), cmocka_unit_test(again), cmocka_unit_test(conflicts)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
