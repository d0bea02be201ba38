#include "service/inventory.h"

#include "sql/inventory.h"

static bool asked_before(const struct variant_id *ids, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (uuid_eq(ids[k].u, ids[i].u)) return true;
    }
    return false;
}

bool inventory_availability(struct call *c, struct shape_list variants, struct shape_list *ret_list, struct err *e)
{
    const struct variant_id *ids = variants.v;
    struct inventory_availability *list = ARENA_ARRAY(c->arena, struct inventory_availability, variants.n + 1);
    struct q_availability_rows rows = {0};
    bool known = q_availability(c->db, c->arena, &(struct q_availability_in){.variants = {variants.n, ids}}, &rows, e);
    if (!known) {
        if (e->problem != PROBLEM_UNAVAILABLE && e->problem != PROBLEM_TIMEOUT) return false;
        err_clear(e);
    }
    size_t n = 0;
    for (size_t i = 0; i < variants.n; i++) {
        if (asked_before(ids, i)) continue;
        list[n] = (struct inventory_availability){.variant = ids[i], .status = STR("checked_at_checkout")};
        if (known) {
            int64_t available = 0;
            for (size_t k = 0; k < rows.n; k++) {
                if (uuid_eq(rows.v[k].variant.u, ids[i].u)) available = rows.v[k].available > 0 ? rows.v[k].available : 0;
            }
            list[n].available = (struct opt_int64)OPT(available);
            list[n].status = available > 0 ? STR("in_stock") : STR("out_of_stock");
        }
        n++;
    }
    *ret_list = (struct shape_list){n, list};
    return true;
}
