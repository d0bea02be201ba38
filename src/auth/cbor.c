#include "auth/cbor.h"

enum { MAJOR_UINT, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY, MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE };
enum { SIMPLE_FALSE = 20, SIMPLE_TRUE = 21, SIMPLE_NULL = 22, FOLLOWS_1 = 24, FOLLOWS_8 = 27 };

/* The argument of the head, in its shortest form only. */
static bool head(struct str *in, int *ret_major, uint64_t *ret_value)
{
    if (in->n == 0) return false;
    uint8_t first = (uint8_t)in->p[0];
    int info = first & 31;
    *ret_major = first >> 5;
    *in = str_sub(*in, 1, in->n - 1);
    if (info < FOLLOWS_1) {
        *ret_value = (uint64_t)info;
        return true;
    }
    if (info > FOLLOWS_8 || *ret_major == MAJOR_SIMPLE) return false;          /* indefinite, reserved, floats */
    size_t n = (size_t)1 << (info - FOLLOWS_1);
    if (in->n < n) return false;
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v = v << 8 | (uint8_t)in->p[i];
    *in = str_sub(*in, n, in->n - n);
    static const uint64_t least[] = {24, 256, 65536, UINT64_C(4294967296)};
    *ret_value = v;
    return v >= least[info - FOLLOWS_1];
}

static bool read_item(struct str *in, int depth, struct cbor *ret);

/* Keys are integers or text, all different. */
static bool keys_differ(const struct cbor *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (str_eq(keys[i].all, keys[k].all)) return false;
    return true;
}

static bool read_inside(struct str *in, int depth, struct cbor *c)
{
    struct cbor keys[CBOR_ITEMS_MAX], value;
    if (depth >= CBOR_DEPTH_MAX) return false;
    for (size_t i = 0; i < c->n; i++) {
        if (c->kind == CBOR_MAP && (!read_item(in, depth + 1, &keys[i]) || (keys[i].kind != CBOR_INT && keys[i].kind != CBOR_TEXT))) return false;
        if (!read_item(in, depth + 1, &value)) return false;
    }
    return c->kind != CBOR_MAP || keys_differ(keys, c->n);
}

static bool read_item(struct str *in, int depth, struct cbor *ret)
{
    struct str begin = *in;
    int major = 0;
    uint64_t v = 0;
    *ret = (struct cbor){.kind = CBOR_NULL};
    if (!head(in, &major, &v)) return false;
    switch (major) {
    case MAJOR_UINT: case MAJOR_NEGATIVE:
        if (v > INT64_MAX) return false;
        ret->kind = CBOR_INT;
        ret->i = major == MAJOR_UINT ? (int64_t)v : -1 - (int64_t)v;
        break;
    case MAJOR_BYTES: case MAJOR_TEXT:
        if (v > in->n) return false;
        ret->kind = major == MAJOR_BYTES ? CBOR_BYTES : CBOR_TEXT;
        ret->s = str_sub(*in, 0, (size_t)v);
        *in = str_sub(*in, (size_t)v, in->n - (size_t)v);
        if (major == MAJOR_TEXT && !str_is_utf8(ret->s)) return false;
        break;
    case MAJOR_ARRAY: case MAJOR_MAP:
        if (v > CBOR_ITEMS_MAX) return false;
        ret->kind = major == MAJOR_ARRAY ? CBOR_ARRAY : CBOR_MAP;
        ret->n = (size_t)v;
        if (!read_inside(in, depth, ret)) return false;
        break;
    case MAJOR_SIMPLE:
        if (v != SIMPLE_FALSE && v != SIMPLE_TRUE && v != SIMPLE_NULL) return false;
        ret->kind = v == SIMPLE_NULL ? CBOR_NULL : CBOR_BOOL;
        ret->i = v == SIMPLE_TRUE;
        break;
    default:
        return false;
    }
    ret->all = str_sub(begin, 0, begin.n - in->n);
    return true;
}

bool cbor_read(struct str *in, struct cbor *ret_item)
{
    struct str rest = *in;
    if (str_is_null(rest) || !read_item(&rest, 0, ret_item)) return false;
    *in = rest;
    return true;
}

bool cbor_read_all(struct str in, struct cbor *ret_item)
{
    return cbor_read(&in, ret_item) && in.n == 0;
}

static bool by_key(const struct cbor *map, const char *text, int64_t number, struct cbor *ret_value)
{
    struct str in = map->all;
    int major;
    uint64_t n;
    if (map->kind != CBOR_MAP || !head(&in, &major, &n)) return false;
    for (uint64_t i = 0; i < n; i++) {
        struct cbor key, value;
        if (!read_item(&in, 1, &key) || !read_item(&in, 1, &value)) return false;
        if (text != NULL ? key.kind == CBOR_TEXT && str_eq_c(key.s, text) : key.kind == CBOR_INT && key.i == number) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

bool cbor_by_text(const struct cbor *map, const char *key, struct cbor *ret_value)
{
    return by_key(map, key, 0, ret_value);
}

bool cbor_by_int(const struct cbor *map, int64_t key, struct cbor *ret_value)
{
    return by_key(map, NULL, key, ret_value);
}
