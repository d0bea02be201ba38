/* Setting prices. What is said under an idempotency key is kept as it was answered: the prices themselves go on changing. */
#include "json/json.h"
#include "json/value.h"
#include "service/audit.h"
#include "service/idem.h"
#include "service/price.h"
#include "sql/catalog_price.h"

/* --- refusals --- */

static const struct refusal { const char *outcome, *field; enum problem problem; const char *detail; } refusals[] = {
    {"neither", "sku", PROBLEM_REQUIRED, "Name the variant by variant_id or by sku"},
    {"both", "sku", PROBLEM_INVALID, "Name the variant by variant_id or by sku, not by both"},
    {"unknown_variant", "sku", PROBLEM_UNKNOWN_VARIANT, "There is no such variant"},
    {"archived", "sku", PROBLEM_VARIANT_ARCHIVED, "The variant or its product is archived"},
    {"unknown_price_list", "price_list", PROBLEM_UNKNOWN_PRICE_LIST, "There is no such price list"},
    {"currency", "price", PROBLEM_CURRENCY_MISMATCH, "The price list has another currency"},
    {"amount", "price", PROBLEM_OUT_OF_RANGE, "The amount is out of range"},
    {"compare_at", "compare_at", PROBLEM_INVALID, "What is compared with must be higher than the price, in the same currency"},
    {"past", "valid_from", PROBLEM_IN_THE_PAST, "A price cannot begin in the past; leave valid_from out for now"},
    {"valid_to", "valid_to", PROBLEM_INVALID, "The end must be later than the beginning"},
    {"overlap", "valid_from", PROBLEM_OVERLAP, "Another item sets the price of this variant and list for a part of the same time"},
    {"moved", "if_price_id", PROBLEM_PRECONDITION_FAILED, "Another price is in force at valid_from"},
};

static const struct refusal *refusal_of(struct str outcome)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (str_eq_c(outcome, refusals[i].outcome)) return &refusals[i];
    return NULL;
}

/* Every bad item is told. As a whole it is a failed precondition only when nothing else is wrong: reading again helps then, and only then. */
static bool refuse(struct call *c, const struct price_item *items, const struct q_prices_set_rows *rows, struct err *e)
{
    struct err_field *v = ARENA_ARRAY(c->arena, struct err_field, rows->n);
    const struct err_field *first = v;
    for (size_t i = 0; i < rows->n; i++) {
        const struct refusal *r = refusal_of(rows->v[i].outcome);
        int at = rows->v[i].n - 1;
        if (r == NULL) return err_cause(e, "prices_set_v1 says " STR_FMT, STR_ARG(rows->v[i].outcome));
        bool by_id = strcmp(r->field, "sku") == 0 && str_is_null(items[at].sku);
        v[i].problem = r->problem;
        snprintf(v[i].param, sizeof v[i].param, "prices[%d].%s", at, by_id ? "variant_id" : r->field);
        snprintf(v[i].detail, sizeof v[i].detail, "%s", r->detail);
        if (first->problem == PROBLEM_PRECONDITION_FAILED && r->problem != PROBLEM_PRECONDITION_FAILED) first = &v[i];
    }
    e->all = v;
    e->n_all = rows->n;
    return err_param(e, first->problem, first->param, "%s", first->detail);
}

/* --- what is answered, and kept under a key --- */

static struct str uuid_text(struct arena *a, struct uuid u)
{
    char text[37];
    uuid_format(u, text);
    return str_dup(a, str_of(text, 36));
}

/* Everything of the answer in the order of this function, without names: some hundred of them are kept for a day. */
static struct str pack(struct call *c, const struct price_batch *b)
{
    const struct price_outcome *v = b->prices.v;
    struct buf out;
    buf_init_arena(&out, c->arena, 0);
    buf_char(&out, '[');
    for (size_t i = 0; i < b->prices.n; i++) {
        const struct price_row *r = v[i].price;
        struct str texts[] = {v[i].outcome, uuid_text(c->arena, r->id.u), uuid_text(c->arena, r->variant.u), r->sku, uuid_text(c->arena, r->product.u), r->price_list,
                              currency_str(&r->price.currency), r->state};
        int64_t numbers[] = {r->price.amount, r->compare_at.amount, r->valid_from, r->valid_to, r->created_at};
        buf_cstr(&out, i ? ",[" : "[");
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            json_put_string(&out, texts[k]);
            buf_char(&out, ',');
        }
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++) {
            if (k > 0) buf_char(&out, ',');
            json_put_int(&out, numbers[k]);
        }
        buf_char(&out, ']');
    }
    buf_char(&out, ']');
    return buf_view(&out);
}

enum { TEXTS = 8, NUMBERS = 5 };

static bool unpack_one(struct call *c, const struct json_value *item, struct price_outcome *ret)
{
    struct str t[TEXTS];
    int64_t n[NUMBERS];
    bool ok = json_length(item) == TEXTS + NUMBERS;
    for (size_t i = 0; ok && i < TEXTS; i++) ok = json_value_str(json_item(item, i), &t[i]);
    for (size_t i = 0; ok && i < NUMBERS; i++) ok = json_value_int(json_item(item, TEXTS + i), &n[i]);
    if (!ok) return false;
    struct price_row *r = ARENA_NEW(c->arena, struct price_row);
    *r = (struct price_row){.sku = t[3], .price_list = t[5], .state = t[7], .valid_from = n[2], .valid_to = n[3], .created_at = n[4]};
    r->price.amount = n[0];
    if (!uuid_parse(t[1], &r->id.u) || !uuid_parse(t[2], &r->variant.u) || !uuid_parse(t[4], &r->product.u) || !currency_parse(t[6], &r->price.currency)) return false;
    if (n[1] > 0) r->compare_at = (struct money){n[1], r->price.currency};
    *ret = (struct price_outcome){r->variant, r->sku, t[0], r};
    return true;
}

static void count(struct price_batch *b)
{
    const struct price_outcome *v = b->prices.v;
    for (size_t i = 0; i < b->prices.n; i++) {
        if (str_eq_c(v[i].outcome, "changed")) b->changed++;
        else b->unchanged++;
    }
}

static bool unpack(struct call *c, struct str text, struct price_batch *ret, struct err *e)
{
    const struct json_value *list;
    struct price_batch b = {0};
    if (!json_value_read(text, c->arena, &list, e)) return false;
    size_t n = json_length(list);
    struct price_outcome *v = ARENA_ARRAY(c->arena, struct price_outcome, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!unpack_one(c, json_item(list, i), &v[i])) return err_cause(e, "prices were stored under a key in a way that nobody knows");
    b.prices = (struct shape_list){n, v};
    count(&b);
    *ret = b;
    return true;
}

/* --- the statement --- */

static bool write_all(struct call *c, const struct price_item *items, size_t n, struct q_prices_set_rows *ret_rows, struct err *e)
{
    struct variant_id *variants = ARENA_ARRAY(c->arena, struct variant_id, n);
    struct str *skus = ARENA_ARRAY(c->arena, struct str, n), *lists = ARENA_ARRAY(c->arena, struct str, n);
    int64_t *amounts = ARENA_ARRAY(c->arena, int64_t, n), *compare_ats = ARENA_ARRAY(c->arena, int64_t, n);
    struct currency *currencies = ARENA_ARRAY(c->arena, struct currency, n);
    usec_t *froms = ARENA_ARRAY(c->arena, usec_t, n), *tos = ARENA_ARRAY(c->arena, usec_t, n);
    struct price_id *ifs = ARENA_ARRAY(c->arena, struct price_id, n);
    for (size_t i = 0; i < n; i++) {
        const struct price_item *p = &items[i];
        bool compared = p->compare_at.currency.code[0] != '\0', same = currency_eq(p->compare_at.currency, p->price.currency);
        variants[i] = p->variant;
        skus[i] = p->sku;
        lists[i] = p->price_list;
        amounts[i] = p->price.amount;
        currencies[i] = p->price.currency;
        compare_ats[i] = !compared ? 0 : same && p->compare_at.amount > 0 ? p->compare_at.amount : -1;       /* -1: refused in any case */
        froms[i] = p->valid_from;
        tos[i] = p->valid_to;
        ifs[i] = p->if_price;
    }
    return q_prices_set(c->db, c->arena, &(struct q_prices_set_in){.variants = {n, variants}, .skus = {n, skus}, .price_lists = {n, lists}, .amounts = {n, amounts},
                        .currencies = {n, currencies}, .compare_ats = {n, compare_ats}, .froms = {n, froms}, .tos = {n, tos}, .ifs = {n, ifs}, .actor = audit_actor(c),
                        .request_id = c->request_id, .trace_id = c->trace_id, .now = c->now}, ret_rows, e);
}

static bool take(struct call *c, const struct price_item *items, const struct q_prices_set_rows *rows, struct price_batch *ret, struct err *e)
{
    struct price_outcome *v = ARENA_ARRAY(c->arena, struct price_outcome, rows->n);
    struct price_row *prices = ARENA_ARRAY(c->arena, struct price_row, rows->n);
    for (size_t i = 0; i < rows->n; i++) {
        const struct q_prices_set_row *r = &rows->v[i];
        struct money price = {.amount = r->amount.v};
        if (!currency_parse(r->currency, &price.currency)) return err_cause(e, "a price in " STR_FMT, STR_ARG(r->currency));
        /* "now" may have become a little later while others held the variant */
        usec_t now = items[i].valid_from <= c->now && r->valid_from > c->now ? r->valid_from : c->now;
        prices[i] = (struct price_row){.id = r->id, .variant = r->variant, .sku = r->sku, .product = r->product, .price_list = r->price_list, .price = price,
                                       .valid_from = r->valid_from, .valid_to = r->valid_to, .created_at = r->created_at, .state = price_state(r->valid_from, r->valid_to, now)};
        if (r->compare_at.set) prices[i].compare_at = (struct money){r->compare_at.v, price.currency};
        v[i] = (struct price_outcome){r->variant, r->sku, r->outcome, &prices[i]};
    }
    *ret = (struct price_batch){.prices = {rows->n, v}};
    count(ret);
    return true;
}

/* One row of the trail for all of it: how many, and of which variants. */
static bool tell(struct call *c, const struct price_batch *b, struct err *e)
{
    const struct price_outcome *v = b->prices.v;
    struct buf out;
    bool first = true;
    if (b->changed == 0) return true;
    buf_init_arena(&out, c->arena, 0);
    buf_printf(&out, "{\"changed\":%lld,\"unchanged\":%lld,\"variants\":[", (long long)b->changed, (long long)b->unchanged);
    for (size_t i = 0; i < b->prices.n; i++) {
        if (!str_eq_c(v[i].outcome, "changed")) continue;
        if (!first) buf_char(&out, ',');
        first = false;
        json_put_string(&out, id_str(c->arena, ID_variant, v[i].variant.u));
    }
    buf_cstr(&out, "]}");
    return audit_write(c, "prices.changed", NULL, (struct uuid){{0}}, buf_view(&out), e);
}

static bool set_and_tell(struct call *c, const struct price_item *items, size_t n, struct price_batch *ret, struct err *e)
{
    struct q_prices_set_rows rows;
    if (!write_all(c, items, n, &rows, e)) return false;
    if (rows.n > 0 && uuid_is_zero(rows.v[0].id.u)) return refuse(c, items, &rows, e);
    if (rows.n != n) return err_cause(e, "%zu prices were set, %zu answered", n, rows.n);
    return take(c, items, &rows, ret, e) && tell(c, ret, e);
}

bool price_set(struct call *c, const struct price_item *items, size_t n, struct price_batch *ret_batch, bool *ret_replayed, struct err *e)
{
    struct idem key;
    if (!idem_begin(c, str_printf(c->arena, STR_FMT ":prices", STR_ARG(audit_actor(c))), &key, e)) return false;
    *ret_replayed = key.replay;
    if (key.replay) return unpack(c, key.result, ret_batch, e);
    if (!key.keyed && !db_begin(c->db, e)) return false;
    if (!set_and_tell(c, items, n, ret_batch, e)) {
        db_rollback(c->db);
        return false;
    }
    return key.keyed ? idem_end(c, &key, 200, pack(c, ret_batch), e) : db_commit(c->db, e);
}
