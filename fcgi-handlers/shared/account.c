#include "shared/account.h"

#include "domain/order_state.h"

void account_layout(struct req *r, struct str title, struct tpl_shop_layout *ret_page)
{
    page_layout_with(r, &(struct page_info){.title = title}, page_shelves(r), ret_page);
    ret_page->account = true;
}

const struct tpl_account_order_row *account_order_rows(struct req *r, struct shape_list orders)
{
    const struct order_item *o = orders.v;
    struct tpl_account_order_row *rows = ARENA_ARRAY(r->arena, struct tpl_account_order_row, orders.n + 1);
    for (size_t i = 0; i < orders.n; i++) {
        struct str id = id_str(r->arena, ID_order, o[i].id.u);
        const char *key = arena_printf(r->arena, "order.status_" STR_FMT, STR_ARG(o[i].status));
        bool canceled = str_eq_c(o[i].status, "canceled");
        rows[i] = (struct tpl_account_order_row){
            .href = str_printf(r->arena, "/orders/" STR_FMT, STR_ARG(id)), .number = o[i].number, .placed_at = o[i].created_at,
            .status_label = text_has(key) ? page_text(r, key) : o[i].status, .canceled = canceled, .open = !canceled && !str_eq_c(o[i].status, "completed"),
            .count = o[i].item_count, .total = o[i].total, .image = o[i].image_url};
    }
    return rows;
}
