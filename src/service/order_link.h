/* Links to a guest's order page: signed, good for 180 days from the order, made again at any time from what is stored,
 * so that neither the outbox nor an idempotency result ever holds one. */
#ifndef SOUK_SERVICE_ORDER_LINK_H
#define SOUK_SERVICE_ORDER_LINK_H

#include "service/call.h"

#define ORDER_LINK_LIFE (180 * USEC_PER_DAY)

/* `from`: when the order was placed, or the time of a successful look-up. Needs env->keyring. */
struct str order_link_token(struct call *c, struct order_id order, usec_t from);
/* "/orders/ord_...?t=..." */
struct str order_page_path(struct call *c, struct order_id order, usec_t from);
/* Whether `token` opens `order` now. */
bool order_link_opens(struct call *c, struct order_id order, struct str token);

#endif
