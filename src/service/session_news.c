#include "service/session_news.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/err.h"

enum { FIRST_SLOTS = 64 };

struct entry {
    struct uuid id;                    /* of an account or a session; zero: free */
    usec_t at;
};

struct session_news {
    pthread_rwlock_t lock;
    int64_t keep_us;
    usec_t read_at;                    /* when the last complete reading began; 0: never */
    size_t n, slots;                   /* a power of two, at most half full */
    struct entry *v;
};

struct session_news *session_news_new(int64_t keep_us)
{
    struct session_news *n = calloc(1, sizeof(*n));
    BUG_IF(n == NULL);
    n->keep_us = keep_us + NEWS_SLACK + NEWS_OVERLAP;
    n->slots = FIRST_SLOTS;
    n->v = calloc(n->slots, sizeof(*n->v));
    BUG_IF(n->v == NULL || pthread_rwlock_init(&n->lock, NULL) != 0);
    return n;
}

void session_news_destroy(struct session_news *n)
{
    if (!n)
        return;
    (void)pthread_rwlock_destroy(&n->lock);
    free(n->v);
    free(n);
}

/* The last bytes of a UUIDv7 are random: they are the hash. */
static struct entry *slot_of(struct entry *v, size_t slots, struct uuid id)
{
    uint64_t h;
    memcpy(&h, id.b + 8, sizeof(h));
    h ^= h >> 29;
    for (size_t i = (size_t)h & (slots - 1);; i = (i + 1) & (slots - 1)) {
        if (uuid_is_zero(v[i].id) || uuid_eq(v[i].id, id))
            return &v[i];
    }
}

/* Into a table of `slots`, without what is older than `from`. */
static void rebuild(struct session_news *n, size_t slots, usec_t from)
{
    struct entry *v = calloc(slots, sizeof(*v));
    BUG_IF(v == NULL);
    size_t kept = 0;
    for (size_t i = 0; i < n->slots; i++) {
        if (uuid_is_zero(n->v[i].id) || n->v[i].at < from)
            continue;
        *slot_of(v, slots, n->v[i].id) = n->v[i];
        kept++;
    }
    free(n->v);
    n->v = v;
    n->n = kept;
    n->slots = slots;
}

usec_t session_news_since(struct session_news *n, usec_t real)
{
    BUG_IF(pthread_rwlock_rdlock(&n->lock) != 0);
    usec_t since = n->read_at == 0 ? real - n->keep_us : n->read_at - NEWS_OVERLAP;
    BUG_IF(pthread_rwlock_unlock(&n->lock) != 0);
    return since;
}

void session_news_add(struct session_news *n, struct account_id account, struct session_id session, usec_t at)
{
    struct uuid id = uuid_is_zero(session.u) ? account.u : session.u;
    if (!n || uuid_is_zero(id))
        return;
    BUG_IF(pthread_rwlock_wrlock(&n->lock) != 0);
    if ((n->n + 1) * 2 > n->slots)
        rebuild(n, n->slots * 2, 0);
    struct entry *e = slot_of(n->v, n->slots, id);
    if (uuid_is_zero(e->id)) {
        *e = (struct entry){id, at};
        n->n++;
    } else if (e->at < at) {
        e->at = at;
    }
    BUG_IF(pthread_rwlock_unlock(&n->lock) != 0);
}

void session_news_read(struct session_news *n, usec_t real)
{
    BUG_IF(pthread_rwlock_wrlock(&n->lock) != 0);
    n->read_at = real;
    if (n->n * 4 > n->slots || n->slots > FIRST_SLOTS) {
        size_t slots = FIRST_SLOTS, live = 0;
        for (size_t i = 0; i < n->slots; i++)
            live += !uuid_is_zero(n->v[i].id) && n->v[i].at >= real - n->keep_us;
        while (slots < live * 4)
            slots *= 2;
        if (live < n->n / 2 || slots < n->slots / 2)
            rebuild(n, slots, real - n->keep_us);
    }
    BUG_IF(pthread_rwlock_unlock(&n->lock) != 0);
}

static bool heard(const struct session_news *n, struct uuid id, usec_t remembered)
{
    const struct entry *e = uuid_is_zero(id) ? NULL : slot_of(n->v, n->slots, id);
    return e && !uuid_is_zero(e->id) && e->at + NEWS_SLACK >= remembered;
}

bool session_news_good(struct session_news *n, struct account_id account, struct session_id session, usec_t remembered, usec_t real)
{
    if (!n)
        return false;
    BUG_IF(pthread_rwlock_rdlock(&n->lock) != 0);
    bool good = n->read_at != 0 && real - n->read_at <= NEWS_STALE && remembered >= real - n->keep_us && !heard(n, account.u, remembered) &&
                !heard(n, session.u, remembered);
    BUG_IF(pthread_rwlock_unlock(&n->lock) != 0);
    return good;
}

size_t session_news_count(struct session_news *n)
{
    BUG_IF(pthread_rwlock_rdlock(&n->lock) != 0);
    size_t count = n->n;
    BUG_IF(pthread_rwlock_unlock(&n->lock) != 0);
    return count;
}
