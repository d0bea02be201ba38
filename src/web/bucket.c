#include "web/bucket.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/err.h"

enum { BUCKETS = 4096, WAYS = 8, TOKEN = 1000000 };       /* tokens are counted in millionths */

struct bucket {
    uint64_t hash;
    int64_t tokens, last;
};

struct bucket_table {
    pthread_mutex_t mutex;
    struct bucket v[BUCKETS];
};

struct bucket_table *bucket_table_new(void)
{
    struct bucket_table *t = calloc(1, sizeof(*t));
    BUG_IF(t == NULL);
    BUG_IF(pthread_mutex_init(&t->mutex, NULL) != 0);
    return t;
}

void bucket_table_destroy(struct bucket_table *t)
{
    if (!t)
        return;
    (void)pthread_mutex_destroy(&t->mutex);
    free(t);
}

static uint64_t fnv1a(struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h | 1;              /* 0 stands for "free" */
}

static struct bucket *find(struct bucket_table *t, uint64_t hash, int64_t full, int64_t now)
{
    struct bucket *set = &t->v[(hash >> 8) % (BUCKETS / WAYS) * WAYS], *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].hash == hash)
            return &set[i];
        if (set[i].hash == 0 || set[i].last < oldest->last)
            oldest = &set[i];
        if (set[i].hash == 0)
            break;
    }
    *oldest = (struct bucket){hash, full, now};
    return oldest;
}

bool bucket_take(struct bucket_table *t, struct str key, int per_minute, int burst, int64_t now, int *ret_retry_after_s)
{
    int64_t full = (int64_t)burst * TOKEN, per_token_us = USEC_PER_MINUTE / per_minute;
    BUG_IF(pthread_mutex_lock(&t->mutex) != 0);
    struct bucket *b = find(t, fnv1a(key), full, now);
    int64_t gone = now - b->last;
    if (gone > per_token_us * burst)
        b->tokens = full;
    else if (gone > 0)
        b->tokens += gone * TOKEN / per_token_us;
    if (b->tokens > full)
        b->tokens = full;
    b->last = now;
    bool ok = b->tokens >= TOKEN;
    if (ok)
        b->tokens -= TOKEN;
    else
        *ret_retry_after_s = (int)(((TOKEN - b->tokens) * per_token_us / TOKEN + USEC_PER_SEC - 1) / USEC_PER_SEC);
    BUG_IF(pthread_mutex_unlock(&t->mutex) != 0);
    return ok;
}
