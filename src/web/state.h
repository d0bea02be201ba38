/* What every request needs of the database without asking for it: the markets and the clock's offset. The worker's main thread reads both
 * again each second; requests hold a counted reference to the last good answer. */
#ifndef SOUK_WEB_STATE_H
#define SOUK_WEB_STATE_H

#include "service/call.h"

struct state {
    int refs;
    struct arena *arena;
    size_t n_markets;
    const struct market *markets;
    size_t default_market;
    int64_t clock_offset_us;
};

/* Never fails: a shop without a database still has an error page in a language. */
struct state *state_fallback(void);
/* Reads markets, clock offset (0 when `production`) and the schema's version in range. */
MUST_CHECK bool state_read(struct db *d, bool production, struct state **ret_state, struct err *e);
/* What was revoked since the last time. */
MUST_CHECK bool state_news(struct db *d, struct session_news *news, struct err *e);
void state_unref(struct state *s);
/* By code; an unknown or absent code is the default market. */
const struct market *state_market(const struct state *s, struct str code);

#endif
