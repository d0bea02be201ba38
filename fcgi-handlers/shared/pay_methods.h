/* The choice of a card, as the last step of the checkout and the payment page show it. */
#ifndef SOUK_SHARED_PAY_METHODS_H
#define SOUK_SHARED_PAY_METHODS_H

#include "tpl/shop_pay_methods.h"
#include "web/web.h"

/* The first few methods are in sight, the rest behind a fold that is open when one of them is `chosen`. Without a choice the first one is. */
void page_pay_methods(struct req *r, const char *legend_key, struct str chosen, struct tpl_shop_pay_methods *ret_methods);

#endif
