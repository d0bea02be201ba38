#include "base/ids.h"

#include <sys/random.h>

#include "base/arena.h"
#include "base/err.h"

static const char *const prefixes[ID_KIND_COUNT] = {
#define ID(name, prefix) [ID_##name] = prefix,
#include "base/ids.def"
#undef ID
};

static const char base32[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct uuid uuid_v7(int64_t now_us)
{
    struct uuid u;
    BUG_IF(getrandom(u.b, sizeof u.b, 0) != (ssize_t)sizeof u.b);
    uint64_t ms = (uint64_t)now_us / 1000, fraction = (uint64_t)now_us % 1000 * 4096 / 1000;
    for (int i = 0; i < 6; i++) u.b[i] = (uint8_t)(ms >> (40 - 8 * i));
    /* rand_a carries the fraction of the millisecond (RFC 9562 section 6.2, method 3), so that ids made in a row sort. */
    u.b[6] = (uint8_t)(0x70 | fraction >> 8);
    u.b[7] = (uint8_t)fraction;
    u.b[8] = (uint8_t)((u.b[8] & 0x3F) | 0x80);
    return u;
}

bool uuid_is_zero(struct uuid u)
{
    static const struct uuid zero;
    return uuid_eq(u, zero);
}

bool uuid_eq(struct uuid a, struct uuid b)
{
    return memcmp(a.b, b.b, sizeof a.b) == 0;
}

int uuid_cmp(struct uuid a, struct uuid b)
{
    return memcmp(a.b, b.b, sizeof a.b);
}

bool uuid_parse(struct str s, struct uuid *ret_uuid)
{
    struct uuid u;
    if (s.n != 36) return false;
    for (size_t i = 0, byte = 0; i < 36;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (s.p[i++] != '-') return false;
            continue;
        }
        int high = str_hex_digit(s.p[i]), low = str_hex_digit(s.p[i + 1]);
        if (high < 0 || low < 0) return false;
        u.b[byte++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    *ret_uuid = u;
    return true;
}

void uuid_format(struct uuid u, char ret_text[37])
{
    static const char hex[] = "0123456789abcdef";
    char *p = ret_text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) *p++ = '-';
        *p++ = hex[u.b[i] >> 4];
        *p++ = hex[u.b[i] & 15];
    }
    *p = '\0';
}

const char *id_prefix(enum id_kind kind)
{
    BUG_IF((unsigned)kind >= ID_KIND_COUNT);
    return prefixes[kind];
}

size_t id_format(enum id_kind kind, struct uuid u, char ret_text[ID_TEXT_MAX])
{
    const char *prefix = id_prefix(kind);
    size_t n = strlen(prefix);
    BUG_IF(n + 1 + 26 + 1 > ID_TEXT_MAX);
    memcpy(ret_text, prefix, n);
    ret_text[n++] = '_';
    unsigned __int128 v = 0;
    for (int i = 0; i < 16; i++) v = v << 8 | u.b[i];
    for (int i = 25; i >= 0; i--, v >>= 5) ret_text[n + (size_t)i] = base32[(unsigned)v & 31];
    ret_text[n + 26] = '\0';
    return n + 26;
}

bool id_parse(enum id_kind kind, struct str s, struct uuid *ret_uuid)
{
    const char *prefix = id_prefix(kind);
    size_t n = strlen(prefix);
    if (s.n != n + 27 || memcmp(s.p, prefix, n) != 0 || s.p[n] != '_') return false;
    const char *text = s.p + n + 1;
    if (text[0] < '0' || text[0] > '7') return false;      /* 130 bits begin with two zero bits */
    unsigned __int128 v = 0;
    for (int i = 0; i < 26; i++) {
        const char *at = text[i] ? strchr(base32, text[i]) : NULL;
        if (!at) return false;
        v = v << 5 | (unsigned)(at - base32);
    }
    struct uuid u;
    for (int i = 15; i >= 0; i--, v >>= 8) u.b[i] = (uint8_t)v;
    if (uuid_is_zero(u)) return false;
    *ret_uuid = u;
    return true;
}

struct str id_str(struct arena *a, enum id_kind kind, struct uuid u)
{
    char text[ID_TEXT_MAX];
    size_t n = id_format(kind, u, text);
    return str_of(arena_strndup(a, text, n), n);
}
