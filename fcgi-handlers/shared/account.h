/* What the pages of an account have in common, whichever pool serves them. */
#ifndef SOUK_SHARED_ACCOUNT_H
#define SOUK_SHARED_ACCOUNT_H

#include "service/order_list.h"
#include "shared/page.h"
#include "tpl/account_nav.h"
#include "tpl/account_order_row.h"

/* The shop's frame with the account's style; the shelves are those of the order pool's pages (one small query; left out when it fails). */
void account_layout(struct req *r, struct str title, struct tpl_shop_layout *ret_page);
/* struct order_item as rows. */
const struct tpl_account_order_row *account_order_rows(struct req *r, struct shape_list orders);

#endif
