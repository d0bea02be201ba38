#include "service/session_keys.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "sql/identity_key.h"

#define READ_AGAIN (60 * USEC_PER_SEC)
#define UNKNOWN_AGAIN (10 * USEC_PER_SEC)

struct session_keys {
    pthread_mutex_t lock;
    struct token_keys *keys;
    struct cognito_pools *pools;
    struct q_signing_keys_mark_row mark;
    int64_t read_at, unknown_at;               /* monotonic; 0: never */
};

struct session_keys *session_keys_new(void)
{
    struct session_keys *k = calloc(1, sizeof(*k));
    BUG_IF(k == NULL || pthread_mutex_init(&k->lock, NULL) != 0);
    return k;
}

void session_keys_destroy(struct session_keys *k)
{
    if (!k)
        return;
    token_keys_unref(k->keys);
    cognito_pools_unref(k->pools);
    (void)pthread_mutex_destroy(&k->lock);
    free(k);
}

struct token_keys *session_keys_get(struct session_keys *k)
{
    BUG_IF(pthread_mutex_lock(&k->lock) != 0);
    struct token_keys *keys = k->keys ? token_keys_ref(k->keys) : NULL;
    BUG_IF(pthread_mutex_unlock(&k->lock) != 0);
    return keys;
}

struct cognito_pools *session_keys_pools(struct session_keys *k)
{
    BUG_IF(pthread_mutex_lock(&k->lock) != 0);
    struct cognito_pools *pools = k->pools ? cognito_pools_ref(k->pools) : NULL;
    BUG_IF(pthread_mutex_unlock(&k->lock) != 0);
    return pools;
}

static bool add(struct token_keys *set, const struct q_signing_keys_row *r, struct err *e)
{
    struct verify_key *key;
    return verify_key_spki(r->public_key, &key, e) && token_keys_add(set, r->kid, key, r->retires_at / USEC_PER_SEC, e);
}

static bool read_keys(struct session_keys *k, struct db *db, struct arena *a, struct err *e)
{
    struct q_signing_keys_mark_row mark;
    struct q_signing_keys_rows rows;
    struct token_keys *set = token_keys_new();
    bool ok = q_signing_keys_mark(db, a, &mark, e) && q_signing_keys(db, a, &(struct q_signing_keys_in){.real = clock_real()}, &rows, e);
    struct cognito_pools *pools = NULL;
    for (size_t i = 0; ok && i < rows.n; i++)
        ok = add(set, &rows.v[i], e);
    if (!ok || !cognito_pools_read(db, &pools, e)) {
        token_keys_unref(set);
        return false;
    }
    BUG_IF(pthread_mutex_lock(&k->lock) != 0);
    struct token_keys *old = k->keys;
    struct cognito_pools *old_pools = k->pools;
    k->keys = set;
    k->pools = pools;
    k->mark = mark;
    k->read_at = clock_monotonic();
    BUG_IF(pthread_mutex_unlock(&k->lock) != 0);
    token_keys_unref(old);
    cognito_pools_unref(old_pools);
    return true;
}

bool session_keys_refresh(struct session_keys *k, struct db *db, struct err *e)
{
    struct q_signing_keys_mark_row mark;
    struct arena *a = arena_new();
    bool ok = q_signing_keys_mark(db, a, &mark, e);
    BUG_IF(pthread_mutex_lock(&k->lock) != 0);
    bool due = k->read_at == 0 || clock_monotonic() - k->read_at >= READ_AGAIN || mark.count != k->mark.count || mark.newest != k->mark.newest ||
               mark.retiring != k->mark.retiring;
    BUG_IF(pthread_mutex_unlock(&k->lock) != 0);
    ok = ok && (!due || read_keys(k, db, a, e));
    arena_destroy(a);
    return ok;
}

bool session_keys_unknown(struct session_keys *k, struct db *db, struct err *e)
{
    int64_t now = clock_monotonic();
    BUG_IF(pthread_mutex_lock(&k->lock) != 0);
    bool due = k->unknown_at == 0 || now - k->unknown_at >= UNKNOWN_AGAIN;
    if (due)
        k->unknown_at = now;
    BUG_IF(pthread_mutex_unlock(&k->lock) != 0);
    if (!due)
        return true;
    struct arena *a = arena_new();
    bool ok = read_keys(k, db, a, e);
    arena_destroy(a);
    return ok;
}
