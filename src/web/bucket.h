/* A small token bucket per process, for the time when Redis is away: less exact over several processes, never "no limit". */
#ifndef SOUK_WEB_BUCKET_H
#define SOUK_WEB_BUCKET_H

#include "base/str.h"

struct bucket_table;

struct bucket_table *bucket_table_new(void);
void bucket_table_destroy(struct bucket_table *t);
/* One token of `key`; `now` is monotonic. False: refused, try again after *ret_retry_after_s. A full table forgets the oldest neighbour. */
bool bucket_take(struct bucket_table *t, struct str key, int per_minute, int burst, int64_t now, int *ret_retry_after_s);

#endif
