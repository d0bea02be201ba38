#include "service/order_list.h"

#include "crypto/crypto.h"
#include "domain/order_state.h"
#include "sql/orders_account.h"

/* The cursor belongs to one account and one filter. */
static struct str fingerprint(struct call *c, struct account_id account, struct str status)
{
    char id[ID_TEXT_MAX];
    id_format(ID_account, account.u, id);
    return str_sub(crypto_sha256_hex(c->arena, str_printf(c->arena, "orders\n%s\n" STR_FMT, id, STR_ARG(status))), 0, 16);
}

static struct str cursor_make(struct call *c, struct str print, const struct q_account_orders_row *last)
{
    char id[ID_TEXT_MAX];
    id_format(ID_order, last->id.u, id);
    return crypto_base64url(c->arena, str_printf(c->arena, "1\n" STR_FMT "\n%lld\n%s", STR_ARG(print), (long long)last->created_at, id));
}

static bool cursor_read(struct call *c, struct str cursor, struct str print, struct q_account_orders_in *q, struct err *e)
{
    struct str text, version, hash, at;
    int64_t when;
    if (str_is_null(cursor)) return true;
    if (!crypto_unbase64url(c->arena, cursor, &text) || !str_is_text(text, true) || !str_split(&text, '\n', &version) || !str_split(&text, '\n', &hash) ||
        !str_split(&text, '\n', &at) || !str_eq_c(version, "1") || !str_eq(hash, print) || !str_to_int64(at, &when) || str_is_null(text) ||
        !id_parse(ID_order, text, &q->after_id.u))
        return err_param(e, PROBLEM_INVALID_CURSOR, "cursor", "Use a cursor only with the filters of the page that gave it");
    q->after_at = when;
    return true;
}

static bool states_of(struct call *c, struct str status, struct q_array_text *ret, struct err *e)
{
    int state;
    if (str_is_null(status)) return true;
    struct str *v = ARENA_ARRAY(c->arena, struct str, 3);
    if (str_eq_c(status, "open")) {
        v[0] = STR("pending_payment");
        v[1] = STR("paid");
        v[2] = STR("fulfilling");
        *ret = (struct q_array_text){3, v};
        return true;
    }
    if (!state_parse(&order_states, status, &state)) return err_param(e, PROBLEM_INVALID, "status", "This is no state of an order");
    v[0] = status;
    *ret = (struct q_array_text){1, v};
    return true;
}

bool order_list(struct call *c, struct account_id account, const struct order_list_in *in, struct shape_list *ret_list, struct str *ret_next, struct err *e)
{
    struct q_account_orders_rows rows;
    struct str print = fingerprint(c, account, in->status);
    struct q_account_orders_in q = {.account = account, .lim = (int32_t)in->limit + 1};
    if (!states_of(c, in->status, &q.states, e) || !cursor_read(c, in->cursor, print, &q, e) || !q_account_orders(c->db, c->arena, &q, &rows, e)) return false;
    size_t n = rows.n > (size_t)in->limit ? (size_t)in->limit : rows.n;
    struct order_item *list = ARENA_ARRAY(c->arena, struct order_item, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct q_account_orders_row *r = &rows.v[i];
        list[i] = (struct order_item){.id = r->id, .number = r->number, .status = r->state, .total = {r->total, r->currency}, .item_count = r->item_count,
                                      .image_url = r->image_url, .cancel_requested = r->cancel_requested && str_eq_c(r->state, "pending_payment"),
                                      .claimed = r->claimed, .created_at = r->created_at, .updated_at = r->updated_at};
    }
    *ret_list = (struct shape_list){n, list};
    *ret_next = rows.n > n ? cursor_make(c, print, &rows.v[n - 1]) : STR_NULL;
    return true;
}
