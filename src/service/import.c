/* What all profiles share: the header, rows and their outcomes, batches of products. */
#include "service/import_internal.h"

#include "crypto/crypto.h"
#include "json/json.h"
#include "sql/catalog_import.h"

enum { PROGRESS_ROWS = 2000, IMPORT_MANY = 100 };

static const struct { const char *text; bool skipped; } outcomes[IMPORT_OUTCOMES] = {
    [IMPORT_CREATED] = {"created a product", false},
    [IMPORT_UPDATED] = {"updated a product", false},
    [IMPORT_UNCHANGED] = {"product unchanged", false},
    [IMPORT_MERGED] = {"merged into its product", false},
    [IMPORT_BAD_ROW] = {"bad row", true},
    [IMPORT_CANCELLATION] = {"canceled invoice", true},
    [IMPORT_NO_PRODUCT] = {"not a product (postage, fees, vouchers)", true},
    [IMPORT_NO_QUANTITY] = {"correction of stock (quantity not above zero)", true},
    [IMPORT_NO_PRICE] = {"no price (not above zero)", true},
    [IMPORT_NO_NAME] = {"no row of the product has a name", true},
    [IMPORT_CONFLICT] = {"SKU belongs to another product", true},
    [IMPORT_REPEATED] = {"product stood further up already", true},
};

const char *import_outcome_text(enum import_outcome o)
{
    return outcomes[o].text;
}

bool import_is_skipped(enum import_outcome o)
{
    return outcomes[o].skipped;
}

void import_note(struct import *m, int64_t line, const char *fmt, ...)
{
    char text[300];
    va_list ap;
    m->report.notes++;
    if (!m->o->note) return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    m->o->note(m->o->arg, line, text);
}

void import_shortened(struct import *m, int64_t line, struct str what, size_t from, size_t to)
{
    m->report.shortened++;
    import_note(m, line, "its " STR_FMT " is shortened from %zu to %zu bytes", STR_ARG(what), from, to);
}

void import_bad(struct import *m, int64_t line, const char *why)
{
    import_count(m, IMPORT_BAD_ROW, 1);
    import_note(m, line, "bad row: %s", why);
}

/* --- rows --- */

static bool read_input(void *arg, void *p, size_t n, size_t *ret_n, struct err *e)
{
    return input_read(arg, p, n, ret_n, e);
}

bool import_header(struct import *m, const char *const *names, size_t required, struct err *e)
{
    struct csv_record r;
    bool found;
    if (!csv_next(m->csv, &r, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_INVALID, "The file is empty");
    if (r.state != CSV_OK) return err_set(e, PROBLEM_INVALID, "Line %lld, the header: %s", (long long)r.line, csv_state_text(r.state));
    m->n_columns = r.n;
    for (size_t i = 0; names[i]; i++) {
        BUG_IF(i >= IMPORT_COLUMNS_MAX);
        struct str left = str_from(names[i]), name, first = STR_NULL;
        m->column[i] = -1;
        while (m->column[i] < 0 && str_split(&left, '|', &name)) {
            if (str_is_null(first)) first = name;
            for (size_t k = 0; k < r.n; k++) {
                if (str_eq_nocase(str_trim(r.fields[k]), name)) m->column[i] = (int)k;
            }
        }
        if (m->column[i] < 0 && i < required)
            return err_set(e, PROBLEM_INVALID, "The file has no column \"" STR_FMT "\": is it of this profile?", STR_ARG(first));
    }
    return true;
}

static void show_progress(struct import *m)
{
    if (m->o->progress) m->o->progress(m->o->arg, input_offset(m->input), input_size(m->input), m->report.rows, "rows");
}

bool import_row(struct import *m, struct csv_record *ret_row, bool *ret_found, struct err *e)
{
    if (!csv_next(m->csv, ret_row, ret_found, e)) return false;
    m->report.lines = csv_lines(m->csv);
    if (*ret_found) m->report.rows++;
    if (!*ret_found || m->report.rows % PROGRESS_ROWS == 0) show_progress(m);
    return true;
}

struct str import_field(const struct import *m, const struct csv_record *row, int column)
{
    int at = m->column[column];
    return at >= 0 && (size_t)at < row->n ? str_trim(row->fields[at]) : STR("");
}

/* --- products --- */

bool import_product(struct import *m, struct str source, struct str key, struct str body, struct import_pending p, struct err *e)
{
    if (m->n_pending == IMPORT_BATCH_PRODUCTS || m->docs.n + body.n > IMPORT_BATCH_BYTES) {
        if (m->n_pending > 0 && !import_flush(m, source, e)) return false;
    }
    buf_cstr(&m->docs, m->n_pending ? ",{\"key\":" : "[{\"key\":");
    json_put_string(&m->docs, key);
    BUF_LIT(&m->docs, ",\"digest\":\"");
    buf_str(&m->docs, str_sub(crypto_sha256_hex(m->batch, body), 0, 32));
    buf_char(&m->docs, '"');
    buf_str(&m->docs, body);
    buf_char(&m->docs, '}');
    m->pending[m->n_pending++] = p;
    return true;
}

void import_stock(struct import *m, struct str sku, int32_t stock)
{
    if (m->n_skus == m->skus_max) {
        size_t more = m->skus_max ? m->skus_max * 2 : 1024;
        struct str *skus = ARENA_ARRAY(m->batch, struct str, more);
        int32_t *stocks = ARENA_ARRAY(m->batch, int32_t, more);
        if (m->n_skus) {
            memcpy(skus, m->skus, m->n_skus * sizeof *skus);
            memcpy(stocks, m->stocks, m->n_skus * sizeof *stocks);
        }
        m->skus = skus;
        m->stocks = stocks;
        m->skus_max = more;
    }
    m->skus[m->n_skus] = str_dup(m->batch, sku);
    m->stocks[m->n_skus++] = stock;
}

/* New variants get their first stock (they are few in a batch, so they are found by looking), then the products are shown. */
static bool flush_stock(struct import *m, const struct product_id *products, size_t n, struct err *e)
{
    struct call *c = m->c;
    struct q_import_variants_rows v;
    struct q_stock_init_row done;
    if (n == 0) return true;
    if (!q_import_variants(c->db, m->batch, &(struct q_import_variants_in){.products = {n, products}}, &v, e)) return false;
    struct variant_id *ids = ARENA_ARRAY(m->batch, struct variant_id, v.n + 1);
    int32_t *stocks = ARENA_ARRAY(m->batch, int32_t, v.n + 1);
    for (size_t i = 0; i < v.n; i++) {
        ids[i] = v.v[i].variant;
        stocks[i] = m->o->stock.set ? m->o->stock.v : 0;
        for (size_t k = 0; !m->o->stock.set && k < m->n_skus; k++) {
            if (str_eq(m->skus[k], v.v[i].sku)) stocks[i] = m->stocks[k];
        }
    }
    if (!q_stock_init(c->db, m->batch, &(struct q_stock_init_in){.variants = {v.n, ids}, .quantities = {v.n, stocks}, .reason = STR("import"),
                      .actor = c->actor.id, .now = c->now}, &done, e)) return false;
    m->report.variants_stocked += done.count;
    return q_import_refresh(c->db, m->batch, &(struct q_import_refresh_in){.products = {n, products}, .now = c->now}, NULL, e);
}

bool import_flush(struct import *m, struct str source, struct err *e)
{
    struct call *c = m->c;
    struct q_import_products_rows rows;
    if (m->n_pending == 0) return true;
    buf_char(&m->docs, ']');
    if (m->docs.failed) return err_cause(e, "a batch of products is too large");
    if (!q_import_products(c->db, m->batch, &(struct q_import_products_in){.source = source, .products = buf_view(&m->docs), .price_list = m->price_list,
                           .actor = c->actor.id, .request_id = c->request_id, .now = c->now}, &rows, e)) return false;
    if (rows.n != m->n_pending) return err_cause(e, "a batch of %zu products had %zu answers", m->n_pending, rows.n);

    struct product_id *fresh = ARENA_ARRAY(m->batch, struct product_id, rows.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        struct import_pending p = m->pending[i];
        struct str outcome = rows.v[i].outcome;
        bool created = str_eq_c(outcome, "created"), updated = str_eq_c(outcome, "updated");
        if (str_eq_c(outcome, "conflict")) {
            import_count(m, IMPORT_CONFLICT, p.rows);
            import_note(m, p.line, "the SKU " STR_FMT " belongs to another product", STR_ARG(rows.v[i].detail));
            continue;
        }
        import_count(m, created ? IMPORT_CREATED : updated ? IMPORT_UPDATED : IMPORT_UNCHANGED, 1);
        import_count(m, IMPORT_MERGED, p.rows - 1);
        m->report.products_created += created;
        m->report.products_updated += updated;
        m->report.products_unchanged += !created && !updated;
        if (created || updated) fresh[n++] = rows.v[i].product;
    }
    bool good = flush_stock(m, fresh, n, e);
    m->n_pending = m->n_skus = m->skus_max = 0;
    buf_clear(&m->docs);
    arena_reset(m->batch);
    return good;
}

/* --- the import --- */

static bool find_price_list(struct import *m, struct err *e)
{
    struct q_import_price_list_row list;
    bool found;
    if (!q_import_price_list(m->c->db, m->c->arena, &(struct q_import_price_list_in){.code = m->o->price_list}, &list, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_INVALID, "There is no price list \"" STR_FMT "\"", STR_ARG(m->o->price_list));
    m->price_list = list.id;
    m->currency = list.currency;
    return true;
}

static bool check_category(struct import *m, struct err *e)
{
    struct q_import_category_row row;
    bool found = true;
    if (str_is_null(m->o->category)) return true;
    if (!q_import_category(m->c->db, m->c->arena, &(struct q_import_category_in){.slug = m->o->category}, &row, &found, e)) return false;
    return found || err_set(e, PROBLEM_INVALID, "There is no category \"" STR_FMT "\"", STR_ARG(m->o->category));
}

static bool work(struct import *m, struct err *e)
{
    if (!find_price_list(m, e) || !check_category(m, e)) return false;
    if (str_eq_c(m->o->profile, "retail-invoices")) return import_retail(m, e);
    if (str_eq_c(m->o->profile, "shopify")) return import_shopify(m, e);
    return err_set(e, PROBLEM_INVALID, "There is no profile \"" STR_FMT "\"; known are retail-invoices and shopify", STR_ARG(m->o->profile));
}

static bool alone(struct import *m, struct err *e)
{
    struct q_import_begin_row row;
    if (!q_import_begin(m->c->db, m->c->arena, &row, e)) return false;
    return row.alone || err_set(e, PROBLEM_CONFLICT, "Another import is running; begin when it has ended");
}

bool import_run(struct call *c, struct input *in, const struct import_options *o, struct import_report *ret_report, struct err *e)
{
    struct import *m = ARENA_NEW(c->arena, struct import);
    m->c = c;
    m->o = o;
    m->input = in;
    m->csv = csv_new(c->arena, read_input, in);
    m->batch = arena_new();
    buf_init(&m->docs, IMPORT_BATCH_BYTES * 4);
    bool good = db_begin(c->db, e) && alone(m, e) && work(m, e);
    if (good && !o->dry_run) good = (m->report.products_created < IMPORT_MANY || q_import_done(c->db, c->arena, NULL, e)) && db_commit(c->db, e);
    else db_rollback(c->db);
    if (!good && db_in_transaction(c->db)) db_rollback(c->db);
    buf_free(&m->docs);
    arena_destroy(m->batch);
    if (good) *ret_report = m->report;
    return good;
}
