/* What all profiles share: what is refused as a whole, that a trial keeps nothing, and batches. */
#include "importing.h"

#include <zlib.h>

#define HEADER "Handle,Title,Variant Price\n"

static void outcomes(void **state)
{
    (void)state;
    for (int i = 0; i < IMPORT_OUTCOMES; i++) {
        assert_true(strlen(import_outcome_text((enum import_outcome)i)) > 5);
        assert_int_equal(import_is_skipped((enum import_outcome)i), i >= IMPORT_BAD_ROW);
    }
}

static void refused(void **state)
{
    struct shop *s = *state;
    static const struct { const char *profile, *list, *category, *text, *says; } rows[] = {
        {"amazon", NULL, NULL, HEADER, "no profile \"amazon\""}, {"", NULL, NULL, HEADER, "no profile"}, {"shopify", "USD-9", NULL, HEADER, "no price list \"USD-9\""},
        {"shopify", NULL, "shoes", HEADER "a,A,1\n", "no category \"shoes\""}, {"shopify", NULL, NULL, "", "The file is empty"}, {"shopify", NULL, NULL, "\n\n", "The file is empty"},
        {"shopify", NULL, NULL, "Handle,Title\n", "no column \"Variant Price\""}, {"retail-invoices", NULL, NULL, HEADER, "no column \"InvoiceNo\""},
        {"shopify", NULL, NULL, "\"Handle,Title\n", "Line 1, the header"}, {"shopify", NULL, NULL, "Handle,\xff\n", "the header"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct import_options o = {.profile = str_from(rows[i].profile), .price_list = str_from(rows[i].list), .category = str_from(rows[i].category)};
        struct import_result r;
        struct err e;
        assert_refused(import_bytes(s, &o, rows[i].text, strlen(rows[i].text), &r, &e), e, PROBLEM_INVALID);
        if (!strstr(e.detail, rows[i].says)) fail_msg("row %zu says: %s", i, e.detail);
    }
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products"), 0);
}

static void header_forms(void **state)
{
    struct shop *s = *state;
    struct import_options o = {.profile = STR("shopify"), .dry_run = true};
    static const char *const headers[] = {HEADER, ("\xef\xbb\xbf" HEADER), "Variant Price , TITLE,handle\r\n", "\n\r\nExtra,Handle,Title,Variant Price\n"};
    static const char *const rows[] = {"a,A,1\n", "a,A,1\n", "1,A,a\r\n", "x,a,A,1\n"};
    for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
        char text[200];
        snprintf(text, sizeof text, "%s%s", headers[i], rows[i]);
        struct import_result r = import_good(s, &o, text);
        assert_outcome(r, CREATED, 1);
    }
}

static void a_trial_keeps_nothing(void **state)
{
    struct shop *s = *state;
    struct import_options o = {.profile = STR("shopify"), .dry_run = true, .stock = OPT(5)};
    const char *text = HEADER "cup,Cup,4.50\npot,Pot,19\n";
    struct import_result r = import_good(s, &o, text);
    assert_outcome(r, CREATED, 2);
    assert_int_equal(r.report.variants_stocked, 2);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products"), 0);
    o.dry_run = false;
    r = import_good(s, &o, text);
    assert_int_equal(r.report.products_created, 2);
    assert_int_equal(r.report.lines, 3);
    assert_int_equal(r.report.rows, 2);
    assert_int_equal(shop_ask(s, "SELECT sum(on_hand) FROM inventory.levels"), 10);
    r = import_good(s, &o, text);
    assert_int_equal(r.report.products_unchanged, 2);
    assert_int_equal(r.report.variants_stocked, 0);
    assert_int_equal(shop_ask(s, "SELECT sum(on_hand) FROM inventory.levels"), 10);
}

static void read_in_the_middle(void *arg, int64_t offset, int64_t size, int64_t rows, const char *things)
{
    int64_t *last = arg;
    assert_string_equal(things, "rows");
    assert_true(offset <= size && rows >= *last);
    *last = rows;
}

/* More products than one batch holds, from a gzip file, with the progress told. */
static void many(void **state)
{
    struct shop *s = *state;
    enum { N = 230 };
    char *text = calloc(N, 64);
    size_t n = (size_t)snprintf(text, 100, HEADER);
    for (int i = 0; i < N; i++) n += (size_t)snprintf(text + n, 64, "many-%d,Many %d,%d.99\n", i, i, i);
    uLongf packed_n = compressBound(n) + 100;
    unsigned char *packed = malloc(packed_n);
    z_stream z = {.next_in = (unsigned char *)text, .avail_in = (unsigned)n, .next_out = packed, .avail_out = (unsigned)packed_n};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    struct import_options o = {.profile = STR("shopify")};
    struct import_result r;
    struct err e;
    assert_good(import_bytes(s, &o, packed, z.total_out, &r, &e), e);
    assert_outcome(r, CREATED, N);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.prices c JOIN catalog.variants v ON v.id = c.variant_id WHERE v.sku = 'MANY-229' AND c.amount = 22999"), 1);

    /* A file that breaks off is refused, and what was read of it is not kept. */
    assert_refused(import_bytes(s, &(struct import_options){.profile = STR("shopify"), .stock = OPT(3)}, packed, z.total_out - 20, &r, &e), e, PROBLEM_INVALID);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM inventory.levels l JOIN catalog.variants v ON v.id = l.variant_id WHERE v.sku LIKE 'MANY-%%' AND l.on_hand > 0"), 0);
    deflateEnd(&z);
    free(packed);

    int64_t rows = 0;
    char path[] = "/tmp/souk-import-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    assert_int_equal(fwrite(text, 1, n, f), n);
    fclose(f);
    struct call *c = shop_call(s, "souk_admin");
    struct input *in;
    struct import_report report;
    err_clear(&e);
    o.progress = read_in_the_middle;
    o.arg = &rows;
    assert_good(input_open(c->arena, path, &in, &e) && import_run(c, in, &o, &report, &e), e);
    assert_int_equal(rows, N);
    assert_int_equal(report.products_unchanged, N);
    (void)remove(path);
    free(text);
}

/* Pools may not import. */
static void not_everybody(void **state)
{
    struct shop *s = *state;
    struct call *c = shop_call(s, "souk_product");
    struct input *in;
    struct import_report report;
    struct err e;
    char path[] = "/tmp/souk-import-XXXXXX";
    FILE *f = fdopen(mkstemp(path), "w");
    fputs(HEADER "no,No,1\n", f);
    fclose(f);
    err_clear(&e);
    assert_true(input_open(c->arena, path, &in, &e));
    assert_refused(import_run(c, in, &(struct import_options){.profile = STR("shopify")}, &report, &e), e, PROBLEM_INTERNAL);
    (void)remove(path);
}

static void one_at_a_time(void **state)
{
    struct shop *s = *state;
    struct import_options o = {.profile = STR("shopify")};
    const char *text = HEADER "alone,Alone,1\n";
    struct import_result r;
    struct err e;
    shop_sql(s, "SELECT pg_advisory_lock(6009413705712020)");
    assert_refused(import_bytes(s, &o, text, strlen(text), &r, &e), e, PROBLEM_CONFLICT);
    assert_non_null(strstr(e.detail, "Another import is running"));
    shop_sql(s, "SELECT pg_advisory_unlock(6009413705712020)");
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products WHERE slug = 'alone'"), 0);
    r = import_good(s, &o, text);
    assert_int_equal(shop_ask(s, "SELECT count(*) FROM catalog.products WHERE slug = 'alone'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(outcomes), cmocka_unit_test(refused), cmocka_unit_test(header_forms), cmocka_unit_test(a_trial_keeps_nothing),
                                       cmocka_unit_test(many), cmocka_unit_test(not_everybody), cmocka_unit_test(one_at_a_time)};
    return cmocka_run_group_tests(tests, shop_start, shop_stop);
}
