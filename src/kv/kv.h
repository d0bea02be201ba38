/* Redis: speed only, never the only copy of anything. The only folder that includes hiredis (which formats and parses;
 * the socket and its deadline are ours). Every call may fail at any time and every caller has another way: kv functions
 * return false for "not there, or Redis is away" and nobody waits for a dead Redis twice: after a failure a circuit
 * breaker (one per process) answers false at once for a second, then lets one call try.
 *
 * Keys carry hash tags: {u:ID}:..., {c:ID}:..., {p:ID}:..., {rl:KEY}:... */
#ifndef SOUK_KV_KV_H
#define SOUK_KV_KV_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

struct kv;           /* of one thread */
struct kv_pool;      /* of one process: address, time limit, breaker */

struct kv_counters { int64_t round_trips, failures; };

struct kv_pool *kv_pool_new(const char *address /* unix path or host:port; "" = do without */, int timeout_ms, struct kv_counters *counters);
void kv_pool_destroy(struct kv_pool *p);
struct kv *kv_new(struct kv_pool *p);
void kv_destroy(struct kv *k);
bool kv_up(const struct kv *k);                        /* what the breaker believes */

bool kv_get(struct kv *k, struct arena *a, struct str key, struct str *ret_value);        /* false: absent or away */
bool kv_set(struct kv *k, struct str key, struct str value, int ttl_s);
bool kv_delete(struct kv *k, struct str key);

enum kv_limit { KV_LIMIT_ALLOWED, KV_LIMIT_REFUSED, KV_LIMIT_AWAY };
/* Token bucket per key: `burst` tokens, refilled with `per_minute`. AWAY: the caller uses its own small bucket. */
enum kv_limit kv_rate_limit(struct kv *k, struct str key, int per_minute, int burst, int *ret_retry_after_s);

#endif
