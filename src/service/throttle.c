#include "service/throttle.h"

#include <arpa/inet.h>

#include "crypto/keyring.h"
#include "sql/challenge.h"

struct str throttle_network(struct arena *a, struct str client)
{
    struct in6_addr v6;
    char text[INET6_ADDRSTRLEN];
    const char *name = str_cstr(a, client);
    if (name == NULL || inet_pton(AF_INET6, name, &v6) != 1)
        return client;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        BUG_IF(inet_ntop(AF_INET, v6.s6_addr + 12, text, sizeof text) == NULL);
        return str_dup(a, str_from(text));
    }
    memset(v6.s6_addr + 8, 0, 8);
    BUG_IF(inet_ntop(AF_INET6, &v6, text, sizeof text) == NULL);
    return str_printf(a, "%s/64", text);
}

struct str throttle_key(struct call *c, const char *what, struct str whom)
{
    uint8_t key[AEAD_KEY_LEN], *mac = arena_alloc(c->arena, SHA256_LEN);
    struct str head = str_printf(c->arena, "%s:", what);
    char *text = arena_alloc(c->arena, head.n + whom.n + 1);
    memcpy(text, head.p, head.n);
    if (whom.n > 0)
        memcpy(text + head.n, whom.p, whom.n);
    keyring_derive(c->env->keyring, KEY_THROTTLE, key);
    crypto_hmac_sha256(str_of((const char *)key, sizeof key), str_of(text, head.n + whom.n), mac);
    crypto_cleanse(key, sizeof key);
    return str_of((const char *)mac, SHA256_LEN);
}

/* What one try is counted for: whom it is about, and the network that it comes from. */
struct counted { size_t n; struct str keys[2]; int32_t free[2], refill_s[2]; };

static struct counted counted(struct call *c, const char *what, struct str whom)
{
    struct counted t = {0};
    if (!str_is_null(whom)) {
        t.keys[t.n] = throttle_key(c, what, whom);
        t.free[t.n++] = THROTTLE_FREE;
    }
    if (!str_is_empty(c->client)) {
        t.keys[t.n] = throttle_key(c, arena_printf(c->arena, "%s-network", what), throttle_network(c->arena, c->client));
        t.free[t.n] = THROTTLE_NETWORK_FREE;
        t.refill_s[t.n++] = THROTTLE_NETWORK_REFILL_S;
    }
    return t;
}

bool throttle_try(struct call *c, const char *what, struct str whom, struct err *e)
{
    struct counted t = counted(c, what, whom);
    struct q_throttle_try_row row;
    if (!q_throttle_try(c->db, c->arena, &(struct q_throttle_try_in){.keys = {t.n, t.keys}, .free = {t.n, t.free}, .refill_s = {t.n, t.refill_s}, .max_s = THROTTLE_MAX_S,
                                                                     .now = c->now}, &row, e))
        return false;
    if (row.wait_s == 0)
        return true;
    e->retry_after_s = row.wait_s;
    return err_set(e, PROBLEM_TOO_MANY_TRIES, "There were too many tries; wait %d seconds.", (int)row.wait_s);
}

bool throttle_clear(struct call *c, const char *what, struct str whom, struct err *e)
{
    struct counted t = counted(c, what, whom);
    struct str network = t.n > 0 && t.refill_s[t.n - 1] > 0 ? t.keys[t.n - 1] : STR_NULL;
    return q_throttle_clear(c->db, c->arena, &(struct q_throttle_clear_in){.key = str_is_null(whom) ? STR_NULL : t.keys[0], .network = network, .now = c->now}, NULL, e);
}

bool throttle_undo(struct call *c, const char *what, struct str whom, struct err *e)
{
    struct counted t = counted(c, what, whom);
    return q_throttle_undo(c->db, c->arena, &(struct q_throttle_undo_in){.keys = {t.n, t.keys}, .now = c->now}, NULL, e);
}

bool throttle_tell(struct call *c, const char *what, struct str whom, bool *ret_tell, struct err *e)
{
    int64_t n;
    if (!q_throttle_tell(c->db, c->arena, &(struct q_throttle_tell_in){.key = throttle_key(c, what, whom), .free = THROTTLE_FREE, .now = c->now}, &n, e))
        return false;
    *ret_tell = n == 1;
    return true;
}
