#include "kv/kv.h"

#include <errno.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/err.h"

enum { BREAKER_US = 1000000, REPLY_MAX = 8 << 20 };

struct kv_pool {
    char *address;
    int timeout_ms;
    struct kv_counters *counters;
    struct kv_counters own;
    int64_t closed_until;          /* monotonic; 0: Redis is believed to be there. Atomic. */
};

struct kv {
    struct kv_pool *pool;
    int fd;
    redisReader *reader;
    bool used;                     /* has this connection answered before? */
    int64_t deadline;
};

struct kv_pool *kv_pool_new(const char *address, int timeout_ms, struct kv_counters *counters)
{
    struct kv_pool *p = calloc(1, sizeof(*p));
    BUG_IF(p == NULL);
    p->address = strdup(address ? address : "");
    BUG_IF(p->address == NULL);
    p->timeout_ms = timeout_ms;
    p->counters = counters ? counters : &p->own;
    return p;
}

void kv_pool_destroy(struct kv_pool *p)
{
    if (!p)
        return;
    free(p->address);
    free(p);
}

struct kv *kv_new(struct kv_pool *p)
{
    struct kv *k = calloc(1, sizeof(*k));
    BUG_IF(k == NULL);
    k->pool = p;
    k->fd = -1;
    return k;
}

static void disconnect(struct kv *k)
{
    if (k->fd >= 0)
        close(k->fd);
    if (k->reader)
        redisReaderFree(k->reader);
    k->fd = -1;
    k->reader = NULL;
    k->used = false;
}

void kv_destroy(struct kv *k)
{
    if (!k)
        return;
    disconnect(k);
    free(k);
}

bool kv_up(const struct kv *k)
{
    return k->pool->address[0] != '\0' && __atomic_load_n(&k->pool->closed_until, __ATOMIC_RELAXED) == 0;
}

/* --- the breaker ------------------------------------------------------------------------------------------------------- */

/* While it is open, one caller a second goes through: the one who moves the time on. */
static bool breaker_lets_through(struct kv_pool *p)
{
    int64_t until = __atomic_load_n(&p->closed_until, __ATOMIC_RELAXED), now;
    if (p->address[0] == '\0')
        return false;
    if (until == 0)
        return true;
    now = clock_monotonic();
    return now >= until && __atomic_compare_exchange_n(&p->closed_until, &until, now + BREAKER_US, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static bool failed(struct kv *k)
{
    disconnect(k);
    __atomic_fetch_add(&k->pool->counters->failures, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&k->pool->closed_until, clock_monotonic() + BREAKER_US, __ATOMIC_RELAXED);
    return false;
}

static void succeeded(struct kv *k)
{
    k->used = true;
    if (__atomic_load_n(&k->pool->closed_until, __ATOMIC_RELAXED) != 0)
        __atomic_store_n(&k->pool->closed_until, 0, __ATOMIC_RELAXED);
}

/* --- the socket -------------------------------------------------------------------------------------------------------- */

static bool wait_for(struct kv *k, short events)
{
    for (;;) {
        int64_t left = k->deadline - clock_monotonic();
        struct pollfd p = {k->fd, events, 0};
        if (left <= 0)
            return false;
        int n = poll(&p, 1, (int)((left + 999) / 1000));
        if (n > 0)
            return true;
        if (n == 0 || errno != EINTR)
            return false;
    }
}

static bool finish_connect(struct kv *k, const struct sockaddr *addr, socklen_t len)
{
    int error = 0;
    socklen_t n = sizeof(error);
    if (connect(k->fd, addr, len) == 0)
        return true;
    if (errno != EINPROGRESS || !wait_for(k, POLLOUT))
        return false;
    return getsockopt(k->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 && error == 0;
}

static bool connect_unix(struct kv *k)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t n = strlen(k->pool->address);
    if (n >= sizeof(un.sun_path))
        return false;
    memcpy(un.sun_path, k->pool->address, n + 1);
    k->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return k->fd >= 0 && finish_connect(k, (struct sockaddr *)&un, sizeof(un));
}

static bool connect_tcp(struct kv *k)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC}, *list = NULL;
    char host[256];
    const char *colon = strrchr(k->pool->address, ':');
    size_t n = colon ? (size_t)(colon - k->pool->address) : 0;
    int one = 1;
    bool ok = false;
    if (!colon || n == 0 || n >= sizeof(host))
        return false;
    memcpy(host, k->pool->address, n);
    host[n] = '\0';
    if (getaddrinfo(host, colon + 1, &hints, &list) != 0)
        return false;
    for (struct addrinfo *i = list; i && !ok; i = i->ai_next) {
        if (k->fd >= 0)
            close(k->fd);
        k->fd = socket(i->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        ok = k->fd >= 0 && finish_connect(k, i->ai_addr, i->ai_addrlen);
    }
    freeaddrinfo(list);
    if (ok)
        (void)setsockopt(k->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return ok;
}

static bool ensure_connected(struct kv *k)
{
    if (k->fd >= 0)
        return true;
    if (!(strchr(k->pool->address, '/') ? connect_unix(k) : connect_tcp(k)))
        return false;
    k->reader = redisReaderCreate();
    BUG_IF(k->reader == NULL);
    return true;
}

static bool send_all(struct kv *k, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t w = send(k->fd, p, n, MSG_NOSIGNAL);
        if (w > 0) {
            p += w;
            n -= (size_t)w;
        } else if (w < 0 && errno == EAGAIN) {
            if (!wait_for(k, POLLOUT))
                return false;
        } else if (w == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* *ret_stale: the other side had closed the connection before; a new one may be tried. */
static redisReply *receive(struct kv *k, bool *ret_stale)
{
    char chunk[16384];
    size_t total = 0;
    void *reply = NULL;
    for (;;) {
        if (redisReaderGetReply(k->reader, &reply) != REDIS_OK)
            return NULL;
        if (reply)
            return reply;
        ssize_t n = recv(k->fd, chunk, sizeof(chunk), 0);
        if (n > 0) {
            total += (size_t)n;
            if (total > REPLY_MAX || redisReaderFeed(k->reader, chunk, (size_t)n) != REDIS_OK)
                return NULL;
        } else if (n < 0 && errno == EAGAIN) {
            if (!wait_for(k, POLLIN))
                return NULL;
        } else if (n == 0 || errno != EINTR) {
            *ret_stale = total == 0;
            return NULL;
        }
    }
}

static redisReply *command(struct kv *k, int argc, const char **argv, const size_t *lens)
{
    char *text = NULL;
    redisReply *reply = NULL;
    if (!breaker_lets_through(k->pool))
        return NULL;
    k->deadline = clock_monotonic() + (int64_t)k->pool->timeout_ms * 1000;
    int n = redisFormatCommandArgv(&text, argc, argv, lens);
    BUG_IF(n < 0);
    for (int attempt = 0; attempt < 2 && !reply; attempt++) {
        bool had = k->fd >= 0 && k->used, stale = false;
        if (!ensure_connected(k))
            break;
        if (!send_all(k, text, (size_t)n))
            stale = true;
        else
            reply = receive(k, &stale);
        if (reply || !had || !stale)
            break;
        disconnect(k);             /* Redis was restarted since: the same deadline holds for the second try */
    }
    redisFreeCommand(text);
    __atomic_fetch_add(&k->pool->counters->round_trips, 1, __ATOMIC_RELAXED);
    if (!reply) {
        (void)failed(k);
        return NULL;
    }
    if (reply->type == REDIS_REPLY_ERROR) {       /* LOADING, READONLY, OOM: as good as away */
        freeReplyObject(reply);
        (void)failed(k);
        return NULL;
    }
    succeeded(k);
    return reply;
}

bool kv_get(struct kv *k, struct arena *a, struct str key, struct str *ret_value)
{
    const char *argv[] = {"GET", key.p};
    const size_t lens[] = {3, key.n};
    redisReply *r = command(k, 2, argv, lens);
    bool found = r && r->type == REDIS_REPLY_STRING;
    if (found)
        *ret_value = str_dup(a, str_of(r->str, r->len));
    if (r)
        freeReplyObject(r);
    return found;
}

bool kv_set(struct kv *k, struct str key, struct str value, int ttl_s)
{
    char ttl[16];
    int n = snprintf(ttl, sizeof(ttl), "%d", ttl_s);
    const char *argv[] = {"SET", key.p, value.p, "EX", ttl};
    const size_t lens[] = {3, key.n, value.n, 2, (size_t)n};
    BUG_IF(ttl_s <= 0);            /* nothing stays for ever */
    redisReply *r = command(k, 5, argv, lens);
    bool ok = r && r->type == REDIS_REPLY_STATUS;
    if (r)
        freeReplyObject(r);
    return ok;
}

bool kv_delete(struct kv *k, struct str key)
{
    const char *argv[] = {"DEL", key.p};
    const size_t lens[] = {3, key.n};
    redisReply *r = command(k, 2, argv, lens);
    bool ok = r && r->type == REDIS_REPLY_INTEGER;
    if (r)
        freeReplyObject(r);
    return ok;
}

/* A token bucket in one round trip. Redis's own clock decides, so that all pools agree. */
static const char bucket_script[] =
    "local rate,burst=tonumber(ARGV[1]),tonumber(ARGV[2])\n"
    "local t=redis.call('TIME')\n"
    "local now=t[1]*1000+math.floor(t[2]/1000)\n"
    "local b=redis.call('HMGET',KEYS[1],'n','t')\n"
    "local n,last=tonumber(b[1]) or burst,tonumber(b[2]) or now\n"
    "n=math.min(burst,n+math.max(0,now-last)*rate/60000)\n"
    "local ok,wait=0,0\n"
    "if n>=1 then n=n-1 ok=1 else wait=math.ceil((1-n)*60/rate) end\n"
    "redis.call('HSET',KEYS[1],'n',tostring(n),'t',tostring(now))\n"
    "redis.call('PEXPIRE',KEYS[1],math.ceil(burst*60000/rate)+1000)\n"
    "return {ok,wait}\n";

enum kv_limit kv_rate_limit(struct kv *k, struct str key, int per_minute, int burst, int *ret_retry_after_s)
{
    char rate[16], most[16];
    int n = snprintf(rate, sizeof(rate), "%d", per_minute), m = snprintf(most, sizeof(most), "%d", burst);
    const char *argv[] = {"EVAL", bucket_script, "1", key.p, rate, most};
    const size_t lens[] = {4, sizeof(bucket_script) - 1, 1, key.n, (size_t)n, (size_t)m};
    enum kv_limit result = KV_LIMIT_AWAY;
    BUG_IF(per_minute <= 0 || burst <= 0);
    redisReply *r = command(k, 6, argv, lens);
    if (r && r->type == REDIS_REPLY_ARRAY && r->elements == 2 && r->element[0]->type == REDIS_REPLY_INTEGER && r->element[1]->type == REDIS_REPLY_INTEGER) {
        result = r->element[0]->integer == 1 ? KV_LIMIT_ALLOWED : KV_LIMIT_REFUSED;
        *ret_retry_after_s = (int)r->element[1]->integer;
    }
    if (r)
        freeReplyObject(r);
    return result;
}
