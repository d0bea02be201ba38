#include "service/demo.h"

#include "sql/catalog_import.h"

struct load {
    struct call *call;
    struct str json;
    struct demo_report report;
};

static bool load(struct db *d, void *arg, struct err *e)
{
    struct load *l = arg;
    struct call *c = l->call;
    struct q_import_price_list_row list;
    struct q_demo_categories_rows categories;
    struct q_demo_products_rows products;
    struct q_demo_stock_row stock;
    bool found;
    l->report = (struct demo_report){0};
    if (!q_import_price_list(d, c->arena, &(struct q_import_price_list_in){.code = STR_NULL}, &list, &found, e)) return false;
    if (!found) return err_set(e, PROBLEM_INVALID_STATE, "There is no default market");
    if (!q_demo_categories(d, c->arena, &(struct q_demo_categories_in){.doc = l->json, .actor = c->actor.id, .now = c->now}, &categories, e) ||
        !q_demo_products(d, c->arena, &(struct q_demo_products_in){.doc = l->json, .price_list = list.id, .actor = c->actor.id, .now = c->now}, &products, e)) {
        return false;
    }
    struct product_id *ids = ARENA_ARRAY(c->arena, struct product_id, products.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < products.n; i++) {
        if (str_eq_c(products.v[i].outcome, "conflict")) {
            return err_set(e, PROBLEM_INVALID, "The SKU " STR_FMT " of the demo belongs to another product", STR_ARG(products.v[i].detail));
        }
        l->report.created += str_eq_c(products.v[i].outcome, "created");
        l->report.updated += str_eq_c(products.v[i].outcome, "updated");
        l->report.unchanged += str_eq_c(products.v[i].outcome, "unchanged");
        ids[n++] = products.v[i].product;
    }
    if (!q_demo_stock(d, c->arena, &(struct q_demo_stock_in){.doc = l->json, .products = {n, ids}, .actor = c->actor.id, .now = c->now}, &stock, e)) return false;
    if (!q_import_refresh(d, c->arena, &(struct q_import_refresh_in){.products = {n, ids}, .now = c->now}, NULL, e)) return false;
    l->report.categories = (int64_t)categories.n;
    l->report.stocked = stock.count;
    return true;
}

bool demo_load(struct call *c, struct str json, struct demo_report *ret_report, struct err *e)
{
    struct load l = {.call = c, .json = json};
    if (!db_transaction(c->db, load, &l, e)) return false;
    *ret_report = l.report;
    return true;
}
