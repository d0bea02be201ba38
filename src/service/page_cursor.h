/* Cursors of lists that are sorted by time and id. A cursor belongs to the filters of the page that gave it. */
#ifndef SOUK_SERVICE_PAGE_CURSOR_H
#define SOUK_SERVICE_PAGE_CURSOR_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/ids.h"

/* What a cursor holds, as text, for lists with another order: `place` comes back as it was given. */
struct str page_cursor_pack(struct arena *a, struct str filters, struct str place);
MUST_CHECK bool page_cursor_unpack(struct arena *a, struct str filters, struct str cursor, struct str *ret_place, struct err *e);

/* `filters`: everything that makes the list what it is, as text. `at` and `id`: of the last row that was shown. */
struct str page_cursor_make(struct arena *a, struct str filters, usec_t at, struct uuid id);
/* An absent cursor is the start: *ret_at 0, *ret_id zero. PROBLEM_INVALID_CURSOR. */
MUST_CHECK bool page_cursor_read(struct arena *a, struct str filters, struct str cursor, usec_t *ret_at, struct uuid *ret_id, struct err *e);

#endif
