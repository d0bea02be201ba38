/* Shopify's product file: rows of one handle are one product; what is wrong with a row is said with its line. */
#include "importing.h"

#define HEADER "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams," \
    "Variant Inventory Qty,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Alt Text,Variant Image,Status\n"

static const struct import_options plain = {.profile = {"shopify", 7}};

static void whole(void **state)
{
    struct shop *s = *state;
    const char *text = HEADER
        "tea-cup,Tea Cup,\"<p>Fine\nbone china</p>\",Meissner,Cups & Mugs,\"tea, cup\",TRUE,Colour,Red,Size,S,CUP-RS,300,7,12.50,15,4006381333931,https://cdn.example/cup.jpg,A cup,https://cdn.example/red.jpg,active\n"
        "tea-cup,,,,,,,,Blue,,S,CUP-BS,300.0,2,12.5,12.50,,https://cdn.example/cup2.jpg,,https://cdn.example/cup2.jpg,\n"
        "tea-cup,,,,,,,,,,,,,,,,,https://cdn.example/cup3.jpg,,,\n"
        "plain,Plain Thing,,,,,,Title,Default Title,,,,,,1,,,,,,\n";
    struct import_result r = import_good(s, &plain, text);
    assert_outcome(r, CREATED, 2);
    assert_outcome(r, MERGED, 2);
    assert_int_equal(r.report.notes, 0);
    assert_int_equal(r.report.variants_stocked, 3);
    static const char *const facts[] = {
        "catalog.products WHERE slug = 'tea-cup' AND vendor = 'Meissner' AND status = 'active'",
        "catalog.product_texts WHERE name = 'Tea Cup' AND description_html AND description LIKE '%bone china%' AND keywords LIKE '%tea, cup%'",
        "catalog.product_texts WHERE name = 'Plain Thing' AND NOT description_html",
        "catalog.variants v JOIN catalog.prices c ON c.variant_id = v.id WHERE v.sku = 'CUP-RS' AND c.amount = 1250 AND c.compare_at = 1500 AND v.weight_g = 300 AND v.barcode = '4006381333931'",
        "catalog.variants v JOIN catalog.prices c ON c.variant_id = v.id WHERE v.sku = 'CUP-BS' AND c.amount = 1250 AND c.compare_at IS NULL",      /* no reduction: nothing to compare with */
        "catalog.variants v JOIN catalog.images i ON i.id = v.image_id WHERE v.sku = 'CUP-RS' AND i.url = 'https://cdn.example/red.jpg' AND i.position = 4",
        "catalog.variants v JOIN catalog.images i ON i.id = v.image_id WHERE v.sku = 'CUP-BS' AND i.url = 'https://cdn.example/cup2.jpg' AND i.position = 2",
        "catalog.image_texts WHERE alt = 'A cup'",
        "catalog.categories c JOIN catalog.category_texts t ON t.category_id = c.id WHERE c.slug = 'cups-mugs' AND t.name = 'Cups & Mugs'",
        "inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id WHERE v.sku = 'CUP-RS' AND l.on_hand = 7",
        "catalog.variants WHERE sku = 'PLAIN'",
    };
    for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
        char sql[400];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", facts[i]);
        if (shop_ask(s, "%s", sql) != 1) fail_msg("%s", sql);
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.options o JOIN catalog.products p ON p.id = o.product_id WHERE p.slug = 'tea-cup'"), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.options o JOIN catalog.products p ON p.id = o.product_id WHERE p.slug = 'plain'"), 0);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.images i JOIN catalog.products p ON p.id = i.product_id WHERE p.slug = 'tea-cup'"), 4);

    r = import_good(s, &plain, text);
    assert_outcome(r, UNCHANGED, 2);
    assert_outcome(r, MERGED, 2);
    r = import_good(s, &plain, HEADER "tea-cup,Tea Cup,,,,,,Colour,Red,Size,S,CUP-RS,300,99,13,,,,,,\n");
    assert_outcome(r, UPDATED, 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.variants WHERE sku = 'CUP-BS' AND status = 'archived'"), 1);      /* no longer in the file */
    assert_int_equal(shop_ask(s, "SELECT sum(on_hand) FROM inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id WHERE v.sku = 'CUP-RS'"), 7);
}

/* Rows behind a good one: what they count as. */
static void bad_rows(void **state)
{
    struct shop *s = *state;
    static const struct { const char *row; enum import_outcome as; const char *note; } rows[] = {
        {"a,,,,,,,,Blue,,,,,,2,,,,,,\n", IMPORT_MERGED, NULL},
        {"a,,,,,,,,Red,,,,,,2,,,,,,\n", IMPORT_BAD_ROW, "line 3: bad row: a variant with these values stands further up"},
        {"a,,,,,,,,Blue,,,,,,cheap,,,,,,\n", IMPORT_BAD_ROW, "the variant's price cannot be read"},
        {"a,,,,,,,,Blue,,,,,,-1,,,,,,\n", IMPORT_BAD_ROW, "the variant's price cannot be read"},
        {"a,,,,,,,,Blue,,,,,,1.005,,,,,,\n", IMPORT_BAD_ROW, "the variant's price cannot be read"},
        {"a,,,,,,,,Blue,,,,,,2,was 3,,,,,\n", IMPORT_BAD_ROW, "the compare-at price cannot be read"},
        {"a,,,,,,,,,,,,,,2,,,,,,\n", IMPORT_BAD_ROW, "a variant without a value for each option"},
        {"a,,,,,,,,,,,,,,,,,,,,\n", IMPORT_BAD_ROW, "neither a variant nor a picture"},
        {"a,,,,,,,,,,,,,,,,,https://x.example/1.jpg,,,\n", IMPORT_MERGED, NULL},
        {"a,,,,,,,,,,,,,,,,,http://x.example/1.jpg,,,\n", IMPORT_MERGED, "its picture is left out"},
        {"a,,,,,,,,,,,,,,,,,javascript:alert(1),,,\n", IMPORT_MERGED, "its picture is left out"},
        {",B,,,,,,,,,,,,,2,,,,,,\n", IMPORT_BAD_ROW, "no handle"},
        {"b,,,,,,,,,,,,,,2,,,,,,\n", IMPORT_BAD_ROW, "the first row of the product has no title"},
        {"b,B,,,,,,,,,,,,,,,,https://x.example/1.jpg,,,\n", IMPORT_BAD_ROW, "line 3: bad row: the product has no row with a price"},
        {"b,B,,\n", IMPORT_BAD_ROW, "too few fields"},
        {"b,B,,,,,,,,,,,,,2,,,,,,,\n", IMPORT_BAD_ROW, "too many fields"},
        {"b,\xff,,,,,,,,,,,,,2,,,,,,\n", IMPORT_BAD_ROW, "not valid UTF-8"}};
    struct import_options o = plain;
    o.dry_run = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[1000];
        snprintf(text, sizeof text, HEADER "a,A,,,,,,Colour,Red,,,,,,1,,,,,,\n%s", rows[i].row);
        struct import_result r = import_good(s, &o, text);
        if (r.report.outcomes[rows[i].as] != 1) fail_msg("%s is not '%s'\n%s", rows[i].row, import_outcome_text(rows[i].as), r.notes);
        if (rows[i].note) assert_note(r, rows[i].note);
        assert_int_equal(r.report.notes, rows[i].note != NULL);
        assert_outcome(r, CREATED, 1);
    }
}

static void handles_come_once(void **state)
{
    struct shop *s = *state;
    struct import_result r = import_good(s, &plain, HEADER "one,One,,,,,,,,,,,,,1,,,,,,\ntwo,Two,,,,,,,,,,,,,1,,,,,,\none,One,,,,,,,,,,,,,3,,,,,,\none,,,,,,,,,,,,,,4,,,,,,\n");
    assert_outcome(r, CREATED, 2);
    assert_outcome(r, REPEATED, 2);
    assert_int_equal(r.report.notes, 1);
    assert_note(r, "line 4: the product \"one\" stood further up already");
}

static void states(void **state)
{
    struct shop *s = *state;
    static const struct { const char *published, *status, *expect; } rows[] = {
        {"", "", "active"}, {"TRUE", "active", "active"}, {"FALSE", "", "draft"}, {"false", "active", "draft"}, {"TRUE", "Draft", "draft"}, {"TRUE", "ARCHIVED", "archived"},
        {"TRUE", "Unlisted", "draft"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[1000];
        snprintf(text, sizeof text, HEADER "state-%zu,State,,,,,%s,,,,,,,,1,,,,,,%s\n", i, rows[i].published, rows[i].status);
        (void)import_good(s, &plain, text);
        assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products WHERE slug = 'state-%zu' AND status = '%s'", i, rows[i].expect), 1);
    }
}

/* SKUs: made where there is none, made different where two are the same, refused where they are another product's. */
static void skus(void **state)
{
    struct shop *s = *state;
    struct import_result r = import_good(s, &plain, HEADER
        "sock,Sock,,,,,,Size,Extra Large,,,,,,1,,,,,,\nsock,,,,,,,,Small,,,SAME,,,1,,,,,,\nsock,,,,,,,,Medium,,,SAME,,,1,,,,,,\n");
    assert_outcome(r, CREATED, 1);
    static const char *const made[] = {"SOCK-EXTRA-LARGE", "SAME", "SAME-3"};
    for (size_t i = 0; i < ARRAY_LEN(made); i++) assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.variants WHERE sku = '%s'", made[i]), 1);
    r = import_good(s, &plain, HEADER "thief,Thief,,,,,,,,,,SAME,,,1,,,,,,\nhonest,Honest,,,,,,,,,,OWN,,,1,,,,,,\n");
    assert_outcome(r, CONFLICT, 1);
    assert_outcome(r, CREATED, 1);
    assert_note(r, "line 2: the SKU SAME belongs to another product");
}

static void the_caller_decides(void **state)
{
    struct shop *s = *state;
    struct import_options o = plain;
    shop_sql(s, "INSERT INTO catalog.categories (id, slug, position, created_at, updated_at) VALUES ('01900000-0000-7000-8000-0000000000c2', 'sale', 1, '2026-01-01', '2026-01-01')");
    o.category = STR("sale");
    o.stock = (struct opt_int32)OPT(4);
    (void)import_good(s, &o, HEADER "lamp,Lamp,,,Lights,,,,,,,LAMP,,9,1,,,,,,\n");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.product_categories WHERE category_id = '01900000-0000-7000-8000-0000000000c2'"), 1);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.categories WHERE slug = 'lights'"), 0);
    assert_int_equal(shop_ask(s, "SELECT sum(on_hand) FROM inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id WHERE v.sku = 'LAMP'"), 4);
}

/* Handles longer than a slug may be are cut, and their rows still belong together. */
static void long_texts(void **state)
{
    struct shop *s = *state;
    char handle[201], text[2000];
    memset(handle, 'h', 200);
    handle[200] = '\0';
    snprintf(text, sizeof text, HEADER "%s,Long,,,,,,Size,S,,,LONG-1,,,1,,,,,,\n%s,,,,,,,,M,,,LONG-2,,,1,,,,,,\n", handle, handle);
    struct import_result r = import_good(s, &plain, text);
    assert_outcome(r, CREATED, 1);
    assert_outcome(r, MERGED, 1);
    assert_int_equal(shop_ask(s, "SELECT length(slug) FROM catalog.products p JOIN catalog.variants v ON v.product_id = p.id WHERE v.sku = 'LONG-2'"), 120);
    assert_int_equal(r.report.shortened, 1);
    assert_note(r, "line 2: its Handle is shortened from 200 to 120 bytes");
}

/* Whatever is too long for its place is cut behind a whole character, counted, and said with its line; the rows count as they always do. */
static void shortened_values(void **state)
{
    struct shop *s = *state;
    static const struct { const char *column; size_t most; const char *sql; } places[] = {
        {"Title", 240, "SELECT octet_length(name) FROM catalog.product_texts t JOIN catalog.products p ON p.id = t.product_id WHERE p.slug = 'cut-0'"},
        {"Body (HTML)", 500000, "SELECT octet_length(description) FROM catalog.product_texts t JOIN catalog.products p ON p.id = t.product_id WHERE p.slug = 'cut-1'"},
        {"Vendor", 200, "SELECT octet_length(vendor) FROM catalog.products WHERE slug = 'cut-2'"},
        {"Type", 120, "SELECT octet_length(t.name) FROM catalog.category_texts t JOIN catalog.product_categories c ON c.category_id = t.category_id JOIN catalog.products p ON p.id = c.product_id WHERE p.slug = 'cut-3'"},
        {"Tags", 5000, "SELECT octet_length(keywords) FROM catalog.product_texts t JOIN catalog.products p ON p.id = t.product_id WHERE p.slug = 'cut-4'"},
        {"SEO Title", 200, "SELECT octet_length(seo_title) FROM catalog.product_texts t JOIN catalog.products p ON p.id = t.product_id WHERE p.slug = 'cut-5'"},
        {"SEO Description", 1000, "SELECT octet_length(seo_description) FROM catalog.product_texts t JOIN catalog.products p ON p.id = t.product_id WHERE p.slug = 'cut-6'"},
        {"Variant SKU", 100, "SELECT octet_length(sku) FROM catalog.variants v JOIN catalog.products p ON p.id = v.product_id WHERE p.slug = 'cut-7'"},
        {"Variant Barcode", 100, "SELECT octet_length(barcode) FROM catalog.variants v JOIN catalog.products p ON p.id = v.product_id WHERE p.slug = 'cut-8'"}};
    enum { ROOM = 600000 };
    char *text = calloc(1, ROOM), note[100];
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        size_t n = (size_t)snprintf(text, ROOM, "Handle,%sVariant Price,%s\ncut-%zu,%s1,", i == 0 ? "" : "Title,", places[i].column, i, i == 0 ? "" : "Cut,");
        memset(text + n, 'x', places[i].most - 1);
        snprintf(text + n + places[i].most - 1, 10, "\xc3\xa9\n");                  /* the last character is half in, half out: all of it goes */
        struct import_result r = import_good(s, &plain, text);
        assert_outcome(r, CREATED, 1);
        assert_int_equal(r.report.rows, 1);
        assert_int_equal(r.report.shortened, 1);
        assert_int_equal(r.report.notes, 1);
        snprintf(note, sizeof note, "line 2: its %s is shortened from %zu to %zu bytes", places[i].column, places[i].most + 1, places[i].most - 1);
        assert_note(r, note);
        if (shop_ask(s, "%s", places[i].sql) != (int64_t)places[i].most - 1) fail_msg("%s", places[i].column);
        snprintf(text + n + places[i].most - 1, 10, "y\n");                       /* what fits is nobody's business */
        assert_int_equal(import_good(s, &plain, text).report.shortened, 0);
    }
    free(text);
}

/* Values of further rows, and those of rows that are only counted. */
static void shortened_rows(void **state)
{
    struct shop *s = *state;
    char word[601], text[5000];
    memset(word, 'w', 600);
    word[600] = '\0';
    snprintf(text, sizeof text, "Handle,Title,Variant Price,Option1 Name,Option1 Value,Image Src,Image Alt Text,Variant Image\n"
        "rows,Rows,1,%.101s,S,https://x.example/1.jpg,%.501s,\nrows,,1,,%.101s,https://x.example/2.jpg,%.500s,https://x.example/%s%s%s%s.jpg\nother,Other,1,,,,,\nrows,%.300s,1,,,,,\n",
        word, word, word, word, word, word, word, word, word);
    struct import_result r = import_good(s, &plain, text);
    assert_outcome(r, CREATED, 2);
    assert_outcome(r, MERGED, 1);
    assert_outcome(r, REPEATED, 1);
    assert_int_equal(r.report.shortened, 3);
    assert_note(r, "line 2: its Option1 Name is shortened from 101 to 100 bytes");
    assert_note(r, "line 2: its Image Alt Text is shortened from 501 to 500 bytes");
    assert_note(r, "line 3: its Option1 Value is shortened from 101 to 100 bytes");
    assert_note(r, "line 3: its picture is left out");               /* half an address is none */
    assert_int_equal(r.report.notes, 5);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.images i JOIN catalog.products p ON p.id = i.product_id WHERE p.slug = 'rows'"), 2);
}

/* The names that the columns have in files of today. */
static void columns_of_today(void **state)
{
    struct shop *s = *state;
    const char *text = "Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,"
        "Option1 Linked To,Price,Compare-at price,Inventory quantity,Weight value (grams),Product image URL,Image position,Image alt text,Variant image URL,SEO title,SEO description\n"
        "Jug,today-jug,<p>Holds water</p>,Pottery,Home > Jugs,Jugs,\"jug, water\",TRUE,Active,JUG-S,4006381333931,Size,Small,,19.90,24.00,5,700,https://cdn.example/jug.jpg,1,A jug,,Jug for water,Jugs by hand\n"
        ",today-jug,,,,,,,,JUG-L,,,Large,,29.90,,2,1100,,,,https://cdn.example/large.jpg,,\n"
        "Secret,today-secret,,,,,,FALSE,Active,SECRET,,Title,Default Title,,1,,,,,,,,,\n";
    struct import_result r = import_good(s, &plain, text);
    assert_outcome(r, CREATED, 2);
    assert_outcome(r, MERGED, 1);
    static const char *const facts[] = {
        "catalog.products WHERE slug = 'today-jug' AND vendor = 'Pottery' AND status = 'active'",
        "catalog.products WHERE slug = 'today-secret' AND status = 'draft'",
        "catalog.product_texts WHERE name = 'Jug' AND description = '<p>Holds water</p>' AND seo_title = 'Jug for water' AND seo_description = 'Jugs by hand'",
        "catalog.variants v JOIN catalog.prices c ON c.variant_id = v.id WHERE v.sku = 'JUG-S' AND c.amount = 1990 AND c.compare_at = 2400 AND v.weight_g = 700 AND v.barcode = '4006381333931'",
        "catalog.variants v JOIN catalog.images i ON i.id = v.image_id WHERE v.sku = 'JUG-L' AND i.url = 'https://cdn.example/large.jpg'",
        "catalog.image_texts t JOIN catalog.images i ON i.id = t.image_id WHERE t.alt = 'A jug' AND i.url = 'https://cdn.example/jug.jpg'",
        "inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id WHERE v.sku = 'JUG-S' AND l.on_hand = 5"};
    for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
        if (shop_ask(s, "SELECT count(*) FROM %s", facts[i]) != 1) fail_msg("%s", facts[i]);
    }
}

/* Pictures stand where their number says; those without one as their rows stand, behind. */
static void places_of_pictures(void **state)
{
    struct shop *s = *state;
    (void)import_good(s, &plain, "Handle,Title,Variant Price,Image Src,Image Position\n"
        "placed,Placed,1,https://x.example/c.jpg,3\nplaced,,,https://x.example/e.jpg,\nplaced,,,https://x.example/a.jpg,1\nplaced,,,https://x.example/f.jpg,first\nplaced,,,https://x.example/b.jpg,2\n");
    static const char *const order[] = {"a", "b", "c", "e", "f"};
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        assert_int_equal(shop_ask(s, "SELECT i.position FROM catalog.images i JOIN catalog.products p ON p.id = i.product_id WHERE p.slug = 'placed' AND i.url = 'https://x.example/%s.jpg'", order[i]), i + 1);
    }
}

/* As many variants as Shopify allows, each with its own values, and more pictures than a product shows. */
static void as_large_as_can_be(void **state)
{
    struct shop *s = *state;
    char *text = calloc(2500, 64);
    size_t n = (size_t)snprintf(text, 200, "Handle,Title,Variant Price,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Image Src\n");
    for (int i = 0; i < 2049; i++) {
        n += (size_t)snprintf(text + n, 100, "wide,%s,%d,Size,s%d,Colour,c%d,W-%d-%d,\n", i ? "" : "Wide", i + 1, i / 64, i % 64, i / 64, i % 64);
    }
    for (int i = 0; i < 251; i++) n += (size_t)snprintf(text + n, 100, "wide,,,,,,,,https://x.example/%d.jpg\n", i);
    struct import_result r = import_good(s, &plain, text);
    assert_outcome(r, CREATED, 1);
    assert_outcome(r, MERGED, 2047 + 251);
    assert_outcome(r, BAD_ROW, 1);
    assert_note(r, "line 2050: bad row: more than 2048 variants");
    assert_note(r, "line 2301: its picture is left out: a product shows at most 250");
    static const char matching[] = "SELECT count(*) FROM catalog.variants v JOIN catalog.variant_values a ON a.variant_id = v.id JOIN catalog.option_value_texts s ON s.value_id = a.value_id "
        "JOIN catalog.variant_values b ON b.variant_id = v.id AND b.option_id <> a.option_id JOIN catalog.option_value_texts c ON c.value_id = b.value_id "
        "WHERE v.status = 'active' AND v.sku = 'W-' || substr(s.name, 2) || '-' || substr(c.name, 2) AND s.name LIKE 's%%' AND c.name LIKE 'c%%'";
    assert_int_equal(shop_ask(s, matching), 2048);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.images i JOIN catalog.products p ON p.id = i.product_id WHERE p.slug = 'wide'"), 250);

    /* Fewer of them, in another order: values are known again. */
    int64_t kept = shop_ask(s, "SELECT count(*) FROM catalog.option_value_texts t WHERE t.name IN ('s1', 'c5', 'c6')");
    (void)import_good(s, &plain, "Handle,Title,Variant Price,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU\nwide,Wide,1,Size,s1,Colour,c6,W-1-6\nwide,,1,,s1,,c5,W-1-5\n");
    assert_int_equal(shop_ask(s, matching), 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.option_value_texts t WHERE t.name IN ('s1', 'c5', 'c6')"), kept);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whole), cmocka_unit_test(bad_rows), cmocka_unit_test(handles_come_once), cmocka_unit_test(states), cmocka_unit_test(skus),
                                       cmocka_unit_test(the_caller_decides), cmocka_unit_test(long_texts), cmocka_unit_test(shortened_values), cmocka_unit_test(shortened_rows), cmocka_unit_test(columns_of_today),
                                       cmocka_unit_test(places_of_pictures), cmocka_unit_test(as_large_as_can_be)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
