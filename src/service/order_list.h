/* The orders of an account, newest first, in pages. Nothing personal: the list needs no keys. */
#ifndef SOUK_SERVICE_ORDER_LIST_H
#define SOUK_SERVICE_ORDER_LIST_H

#include "json/shape.h"
#include "service/call.h"

struct order_item {
    struct order_id id;
    struct str number, status;
    struct money total;
    int64_t item_count;
    struct str image_url;                /* of its first line that has one */
    bool cancel_requested;
    bool claimed;                        /* bought as a guest */
    usec_t created_at, updated_at;
};

struct order_list_in {
    struct str status;                   /* of domain/order_state; "open": not completed and not canceled; absent: all */
    struct str cursor;                   /* absent: the newest */
    int64_t limit;                       /* 1..100 */
};

/* struct order_item. *ret_next is absent on the last page. PROBLEM_INVALID_CURSOR; PROBLEM_INVALID for an unknown status. */
MUST_CHECK bool order_list(struct call *c, struct account_id account, const struct order_list_in *in, struct shape_list *ret_list, struct str *ret_next, struct err *e);

#endif
