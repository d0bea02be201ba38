#include "service/verify.h"

#include <dirent.h>
#include <sys/stat.h>

#include "domain/totals.h"
#include "service/audit.h"
#include "sql/verify.h"

enum { CHECK_S = 600 };          /* for each check: a shop with millions of orders takes its minutes */

/* Every query of sql/queries/verify.sql answers with object and detail. */
struct findings { size_t n; struct verify_finding *v; };

#define CHECK(name) \
    static bool run_##name(struct call *c, const char *spool, struct findings *ret, struct err *e) { \
        struct q_verify_##name##_rows rows; \
        (void)spool; \
        if (!q_verify_##name(c->db, c->arena, &(struct q_verify_##name##_in){.lim = VERIFY_SHOWN + 1}, &rows, e)) \
            return false; \
        *ret = (struct findings){rows.n, ARENA_ARRAY(c->arena, struct verify_finding, rows.n)}; \
        for (size_t i = 0; i < rows.n; i++) \
            ret->v[i] = (struct verify_finding){rows.v[i].object, rows.v[i].detail}; \
        return true; \
    }
CHECK(order_attempt)
CHECK(order_cart)
CHECK(order_paid)
CHECK(order_unpaid_money)
CHECK(attempt_order)
CHECK(order_sums)
CHECK(order_person)
CHECK(stock_levels)
CHECK(stock_orders)
CHECK(stock_strangers)
CHECK(ledger_balance)
CHECK(ledger_attempts)
CHECK(books)
CHECK(sandbox)
CHECK(events_gapless)
CHECK(events_counters)
CHECK(events_feed)
CHECK(mail_owed)
CHECK(mail_stray)
CHECK(erased)

static bool run_unsettled(struct call *c, const char *spool, struct findings *ret, struct err *e)
{
    struct q_verify_unsettled_rows rows;
    (void)spool;
    if (!q_verify_unsettled(c->db, c->arena, &(struct q_verify_unsettled_in){.lim = VERIFY_SHOWN + 1, .real = clock_real(), .now = c->now}, &rows, e))
        return false;
    *ret = (struct findings){rows.n, ARENA_ARRAY(c->arena, struct verify_finding, rows.n)};
    for (size_t i = 0; i < rows.n; i++)
        ret->v[i] = (struct verify_finding){rows.v[i].object, rows.v[i].detail};
    return true;
}

/* --- totals, computed again --- */
static void find(struct call *c, struct findings *f, struct str object, const char *detail)
{
    if (f->v == NULL)
        f->v = ARENA_ARRAY(c->arena, struct verify_finding, VERIFY_SHOWN + 1);
    if (f->n <= VERIFY_SHOWN)
        f->v[f->n++] = (struct verify_finding){object, str_from(detail)};
}

static bool same_totals(struct arena *page, const struct q_verify_orders_page_row *r, bool *ret_same, struct err *e)
{
    struct totals_line_in *lines = ARENA_ARRAY(page, struct totals_line_in, r->unit_prices.n);
    struct totals_in in = {.prices_include_tax = r->prices_include_tax, .n = r->unit_prices.n, .lines = lines, .shipping = r->shipping,
                           .shipping_tax_rate = r->shipping_tax_rate};
    struct totals t;
    for (size_t i = 0; i < in.n; i++)
        lines[i] = (struct totals_line_in){r->unit_prices.v[i], r->quantities.v[i], r->discounts.v[i], r->tax_rates.v[i]};
    if (!totals_compute(page, r->calc_version, &in, false, &t, e))
        return false;
    *ret_same = t.total == r->total && t.tax == r->tax && t.shipping_tax == r->shipping_tax;
    for (size_t i = 0; i < in.n; i++)
        *ret_same = *ret_same && t.lines[i].tax == r->taxes.v[i];
    return true;
}

static bool recompute_page(struct call *c, struct arena *page, struct order_id *after, size_t *ret_n, struct findings *ret, struct err *e)
{
    struct q_verify_orders_page_rows rows;
    if (!q_verify_orders_page(c->db, page, &(struct q_verify_orders_page_in){.after = *after, .lim = 500}, &rows, e))
        return false;
    *ret_n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        bool same = false;
        *after = rows.v[i].id;
        if (!same_totals(page, &rows.v[i], &same, e)) {
            err_clear(e);
            same = false;
        }
        if (!same)
            find(c, ret, str_printf(c->arena, "order " STR_FMT, STR_ARG(rows.v[i].number)), "does not come out to the same cent when it is computed again");
    }
    return true;
}

/* Any order, however old, comes out to the same cent by the rules of its own time (calc_version). A page of them at a time, so
 * that a shop with millions of orders needs no more memory than a small one. */
static bool run_order_recomputed(struct call *c, const char *spool, struct findings *ret, struct err *e)
{
    struct arena *page = arena_new();
    struct order_id after = {0};
    size_t n = 0;
    bool ok;
    (void)spool;
    do {
        arena_reset(page);
        ok = recompute_page(c, page, &after, &n, ret, e);
    } while (ok && n > 0);
    arena_destroy(page);
    return ok;
}

/* --- the mail spool ---------------------------------------------------------------------------------------------------- */

static bool sent_page(struct call *c, struct arena *page, const char *spool, struct mail_id *after, size_t *ret_n, struct findings *f, struct err *e)
{
    struct q_verify_mail_sent_rows rows;
    if (!q_verify_mail_sent(c->db, page, &(struct q_verify_mail_sent_in){.after = *after, .lim = 1000}, &rows, e))
        return false;
    for (size_t i = 0; i < rows.n; i++) {
        struct stat st;
        struct str id = id_str(page, ID_mail, rows.v[i].id.u);
        *after = rows.v[i].id;
        if (stat(arena_printf(page, "%s/" STR_FMT ".eml", spool, STR_ARG(id)), &st) != 0 || st.st_size == 0)
            find(c, f, str_dup(c->arena, id), "was sent, but its file is not in the spool or empty");
    }
    *ret_n = rows.n;
    return true;
}

/* Every message that was sent has its file, and is it. */
static bool sent_have_files(struct call *c, const char *spool, int64_t *ret_sent, struct findings *f, struct err *e)
{
    struct arena *page = arena_new();
    struct mail_id after = {0};
    size_t n = 0;
    bool ok;
    *ret_sent = 0;
    do {
        arena_reset(page);
        ok = sent_page(c, page, spool, &after, &n, f, e);
        *ret_sent += ok ? (int64_t)n : 0;
    } while (ok && n > 0);
    arena_destroy(page);
    return ok;
}

/* A file that belongs to no message that was sent is a mail too many (or one whose sender was killed and that is sent again under the same name). */
static bool run_mail_files(struct call *c, const char *spool, struct findings *ret, struct err *e)
{
    struct verify_waiting waiting;
    int64_t sent, files = 0;
    if (!sent_have_files(c, spool, &sent, ret, e) || !verify_waiting(c, &waiting, e))
        return false;
    DIR *d = opendir(spool);
    for (struct dirent *x; d != NULL && (x = readdir(d)) != NULL;)
        files += str_starts(str_from(x->d_name), STR("mail_")) && str_ends(str_from(x->d_name), STR(".eml"));
    if (d != NULL)
        closedir(d);
    if (files > sent + waiting.mails)
        find(c, ret, str_from(spool), arena_printf(c->arena, "holds %lld mails, but %lld were sent", (long long)files, (long long)sent));
    return true;
}

/* --- the audit trail and the erased ------------------------------------------------------------------------------------ */

static bool run_audit(struct call *c, const char *spool, struct findings *ret, struct err *e)
{
    struct audit_state state;
    struct audit_finding *f;
    size_t n;
    (void)spool;
    if (!audit_verify(c, USEC_PER_HOUR, &state, &n, &f, e))
        return false;
    for (size_t i = 0; i < n; i++)
        find(c, ret, str_printf(c->arena, "audit row %lld", (long long)f[i].number), arena_printf(c->arena, STR_FMT ": " STR_FMT, STR_ARG(f[i].problem), STR_ARG(f[i].detail)));
    return true;
}

/* --- the table ---------------------------------------------------------------------------------------------------------- */

#define TABLE(ROW) \
    ROW(order_attempt, "every order has a payment attempt") \
    ROW(order_cart, "a cart that was ordered has its one order") \
    ROW(order_paid, "a paid order is secured for its full total") \
    ROW(order_unpaid_money, "no money is held for an order that is not paid") \
    ROW(attempt_order, "every attempt pays an order that exists") \
    ROW(order_sums, "an order's total and tax are the sums of its lines and shipping") \
    ROW(order_recomputed, "every order comes out to the same cent by its own rules") \
    ROW(order_person, "every order belongs to a person") \
    ROW(stock_levels, "stock levels are what movements and reservations add up to") \
    ROW(stock_orders, "what is sold is allocated, what waits is reserved, what is canceled holds nothing") \
    ROW(stock_strangers, "no stock is held for nobody") \
    ROW(ledger_balance, "every ledger transaction balances") \
    ROW(ledger_attempts, "the ledger says of each payment what the payment says") \
    ROW(books, "our books and the sandbox provider's agree to the cent") \
    ROW(sandbox, "the sandbox provider's books agree with its states") \
    ROW(unsettled, "nothing is left lying, nothing waits for a person") \
    ROW(events_gapless, "events count without gaps per object") \
    ROW(events_counters, "objects have counted as many events as there are") \
    ROW(events_feed, "the feed's positions have no gaps") \
    ROW(mail_owed, "one confirmation per paid order") \
    ROW(mail_stray, "no mail without a paid order, none given up") \
    ROW(mail_files, "one file in the spool per mail") \
    ROW(audit, "the audit trail is whole, and every row is chained within the hour") \
    ROW(erased, "of an erased person nothing is left but the books")

static const struct verify_check checks[] = {
#define ROW(name, what) {#name, what},
    TABLE(ROW)
#undef ROW
    {NULL, NULL}};

static bool (*const runs[])(struct call *, const char *, struct findings *, struct err *) = {
#define ROW(name, what) run_##name,
    TABLE(ROW)
#undef ROW
};

const struct verify_check *verify_checks(void)
{
    return checks;
}

bool verify_all(struct call *c, const char *spool, verify_report_fn *report, void *arg, size_t *ret_wrong, struct err *e)
{
    size_t wrong = 0;
    for (size_t i = 0; checks[i].name != NULL; i++) {
        struct findings f = {0};
        if (spool == NULL && runs[i] == run_mail_files)
            continue;
        db_deadline(c->db, clock_monotonic() + CHECK_S * USEC_PER_SEC);
        if (!runs[i](c, spool, &f, e))
            return false;
        report(arg, &checks[i], f.v, f.n);
        wrong += f.n > 0;
    }
    *ret_wrong = wrong;
    return true;
}

bool verify_waiting(struct call *c, struct verify_waiting *ret, struct err *e)
{
    struct q_verify_waiting_row r;
    if (!q_verify_waiting(c->db, c->arena, &r, e))
        return false;
    *ret = (struct verify_waiting){r.events, r.operations, r.commands, r.news, r.mails, r.attempts};
    return true;
}
