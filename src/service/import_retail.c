/* Profile retail-invoices: a catalogue out of the lines of old invoices
 * (InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country).
 *
 * A stock code is a product with one variant. Its name is the one that most of its rows use, its price the one that most rows of its last 90 days
 * show, its popularity the number of its rows. The rows are added up by the server (a staging table), so that memory stays the same for any file.
 * Old invoices say nothing about what lies on the shelf: new variants have stock 0 unless the caller says otherwise. */
#include "service/import_internal.h"

#include "json/json.h"
#include "sql/catalog_import.h"

enum { INVOICE, CODE, DESCRIPTION, QUANTITY, DATE, PRICE };
static const char *const columns[] = {"InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", NULL};

enum { LINES_PER_BATCH = 8192, TOTALS_PER_READ = 200 };

struct lines {
    struct str skus[LINES_PER_BATCH], names[LINES_PER_BATCH];
    int64_t amounts[LINES_PER_BATCH];
    usec_t times[LINES_PER_BATCH];
    size_t n;
};

/* Five digits and up to three letters, or one of the old shop's own series. Upper case: the file spells codes both ways. */
static bool product_code(struct arena *a, struct str s, struct str *ret_code)
{
    size_t digits = 0;
    while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9') digits++;
    bool good = digits == 5 && s.n <= 8;
    for (size_t i = digits; i < s.n; i++) good = good && ((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= 'a' && s.p[i] <= 'z'));
    if (!good && !(s.n > 4 && s.n <= 20 && str_starts(s, STR("DCGS")))) return false;
    char *code = str_cstr(a, s);
    for (size_t i = 0; i < s.n; i++) {
        if (code[i] >= 'a' && code[i] <= 'z') code[i] = (char)(code[i] - 'a' + 'A');
    }
    *ret_code = str_of(code, s.n);
    return true;
}

/* "2010-12-01 08:26:00", with or without seconds; the file does not say where: taken as UTC. */
static bool read_time(struct arena *a, struct str s, usec_t *ret_time)
{
    if (s.n < 16 || s.n > 19 || (s.p[10] != ' ' && s.p[10] != 'T')) return false;
    char *text = arena_printf(a, STR_FMT "%sZ", STR_ARG(s), s.n == 16 ? ":00" : "");
    text[10] = 'T';
    return time_parse(str_from(text), ret_time);
}

static bool flush_lines(struct import *m, struct lines *l, struct err *e)
{
    if (l->n > 0 && !q_import_lines_add(m->c->db, m->batch, &(struct q_import_lines_add_in){.skus = {l->n, l->skus}, .names = {l->n, l->names},
                                        .amounts = {l->n, l->amounts}, .sold_at = {l->n, l->times}}, NULL, e)) return false;
    l->n = 0;
    arena_reset(m->batch);
    return true;
}

/* Puts a row where it belongs: among the lines, or to the skipped ones. */
static void take(struct import *m, const struct csv_record *r, struct lines *l)
{
    int64_t quantity, amount;
    usec_t at;
    struct str code, name = import_field(m, r, DESCRIPTION), price = import_field(m, r, PRICE);
    bool negative = str_starts(price, STR("-"));
    if (r->state != CSV_OK) {
        import_bad(m, r->line, csv_state_text(r->state));
    } else if (r->n != m->n_columns) {
        import_bad(m, r->line, r->n < m->n_columns ? "too few fields" : "too many fields");
    } else if (!str_to_int64(import_field(m, r, QUANTITY), &quantity)) {
        import_bad(m, r->line, "the quantity is no whole number");
    } else if (!money_parse_decimal(price, m->currency, &amount)) {
        import_bad(m, r->line, "the price cannot be read in the list's currency");
    } else if (!read_time(m->batch, import_field(m, r, DATE), &at)) {
        import_bad(m, r->line, "the date cannot be read");
    } else if (str_starts(import_field(m, r, INVOICE), STR("C"))) {
        import_count(m, IMPORT_CANCELLATION, 1);
    } else if (!product_code(m->batch, import_field(m, r, CODE), &code)) {
        import_count(m, IMPORT_NO_PRODUCT, 1);
    } else if (quantity <= 0) {
        import_count(m, IMPORT_NO_QUANTITY, 1);
    } else if (negative || amount == 0) {
        import_count(m, IMPORT_NO_PRICE, 1);
    } else {
        l->skus[l->n] = code;
        l->names[l->n] = import_is_name(name) ? import_title(m->batch, name) : STR_NULL;
        l->amounts[l->n] = amount;
        l->times[l->n++] = at;
    }
}

static bool stage(struct import *m, struct err *e)
{
    struct lines *l = ARENA_NEW(m->c->arena, struct lines);
    struct csv_record r;
    bool found;
    if (!import_header(m, columns, 6, e) || !q_import_lines_begin(m->c->db, m->batch, NULL, e)) return false;
    for (;;) {
        if (!import_row(m, &r, &found, e)) return false;
        if (!found) break;
        take(m, &r, l);
        if (l->n == LINES_PER_BATCH && !flush_lines(m, l, e)) return false;
    }
    return flush_lines(m, l, e);
}

static bool add_product(struct import *m, struct arena *a, const struct q_import_lines_read_row *t, struct err *e)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    BUF_LIT(&b, ",\"slug\":");
    json_put_string(&b, str_printf(a, STR_FMT "-" STR_FMT, STR_ARG(import_slug(a, t->name)), STR_ARG(str_lower(a, t->sku))));
    BUF_LIT(&b, ",\"name\":");
    json_put_string(&b, t->name);
    BUF_LIT(&b, ",\"keywords\":");
    json_put_string(&b, t->sku);
    buf_printf(&b, ",\"popularity\":%lld,\"published_at\":", (long long)t->lines);
    json_put_string(&b, time_format(a, t->first_at));
    if (!str_is_null(m->o->category)) {
        BUF_LIT(&b, ",\"categories\":[");
        json_put_string(&b, m->o->category);
        buf_char(&b, ']');
    }
    BUF_LIT(&b, ",\"variants\":[{\"sku\":");
    json_put_string(&b, t->sku);
    buf_printf(&b, ",\"amount\":%lld}]", (long long)t->amount);
    return import_product(m, STR("retail-invoices"), t->sku, buf_view(&b), (struct import_pending){0, t->lines}, e);
}

bool import_retail(struct import *m, struct err *e)
{
    struct q_import_lines_sum_row sum;
    if (!stage(m, e) || !q_import_lines_sum(m->c->db, m->batch, &sum, e)) return false;
    struct str after = STR("");
    for (int64_t written = 0;;) {
        struct arena *page = arena_new();            /* the batch's arena is emptied while the page is still read */
        struct q_import_lines_read_rows rows;
        bool good = q_import_lines_read(m->c->db, page, &(struct q_import_lines_read_in){.after = after, .lim = TOTALS_PER_READ}, &rows, e);
        for (size_t i = 0; good && i < rows.n; i++) {
            if (str_is_null(rows.v[i].name)) import_count(m, IMPORT_NO_NAME, rows.v[i].lines);
            else good = add_product(m, page, &rows.v[i], e);
        }
        bool last = good && rows.n < TOTALS_PER_READ;
        if (good && rows.n > 0) after = str_dup(m->c->arena, rows.v[rows.n - 1].sku);
        arena_destroy(page);
        if (!good) return false;
        if (last) break;
        written += (int64_t)rows.n;
        if (m->o->progress) m->o->progress(m->o->arg, written, sum.count, written, "products");
    }
    return import_flush(m, STR("retail-invoices"), e);
}
