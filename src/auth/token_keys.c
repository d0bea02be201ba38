/* Sets of public keys, and their JSON form. */
#include <stdatomic.h>

#include "auth/token.h"
#include "auth/token_keys.h"
#include "base/buf.h"

struct token_keys {
    atomic_int refs;
    size_t n;
    struct entry {
        char kid[TOKEN_KID_MAX + 1];
        struct verify_key *key;
        int64_t not_after_s;
    } v[TOKEN_KEYS_MAX];
};

struct token_keys *token_keys_new(void)
{
    struct token_keys *s = calloc(1, sizeof *s);
    BUG_IF(s == NULL);
    atomic_init(&s->refs, 1);
    return s;
}

struct token_keys *token_keys_ref(struct token_keys *s)
{
    atomic_fetch_add(&s->refs, 1);
    return s;
}

void token_keys_unref(struct token_keys *s)
{
    if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1) return;
    for (size_t i = 0; i < s->n; i++)
        verify_key_free(s->v[i].key);
    free(s);
}

static const struct entry *find(const struct token_keys *s, struct str kid)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq_c(kid, s->v[i].kid)) return &s->v[i];
    return NULL;
}

/* Visible ASCII: it goes into logs and JSON. */
static bool kid_ok(struct str kid)
{
    if (str_is_null(kid) || kid.n == 0 || kid.n > TOKEN_KID_MAX) return false;
    for (size_t i = 0; i < kid.n; i++)
        if (kid.p[i] <= ' ' || kid.p[i] > '~') return false;
    return true;
}

bool token_keys_add(struct token_keys *s, struct str kid, struct verify_key *key, int64_t not_after_s, struct err *e)
{
    const char *why = !kid_ok(kid) ? "a key's kid is empty, too long or not plain text" : find(s, kid) ? "two keys have one kid" : s->n == TOKEN_KEYS_MAX ? "too many keys" : NULL;
    if (why != NULL) {
        verify_key_free(key);
        return err_set(e, PROBLEM_INVALID, "%s", why);
    }
    struct entry *n = &s->v[s->n++];
    memcpy(n->kid, kid.p, kid.n);
    n->key = key;
    n->not_after_s = not_after_s;
    return true;
}

size_t token_keys_count(const struct token_keys *s)
{
    return s->n;
}

bool token_keys_has(const struct token_keys *s, struct str kid)
{
    return find(s, kid) != NULL;
}

const struct verify_key *token_keys_find(const struct token_keys *s, struct str kid, int64_t now_s)
{
    const struct entry *n = find(s, kid);
    return n != NULL && (n->not_after_s == 0 || now_s < n->not_after_s) ? n->key : NULL;
}

/* --- JSON ---------------------------------------------------------------------------------------------------------- */

static struct str bytes_of(struct arena *a, const struct json_value *jwk, const char *name)
{
    struct str text = json_member_str(jwk, name), bytes = STR_NULL;
    return !str_is_null(text) && text.n <= SIGN_DER_MAX && crypto_unbase64url(a, text, &bytes) ? bytes : STR_NULL;
}

static bool for_verifying(const struct json_value *jwk)
{
    struct str use = json_member_str(jwk, "use"), op;
    const struct json_value *ops = json_member(jwk, "key_ops");
    if (json_has(jwk, "use") && !str_eq_c(use, "sig")) return false;
    if (!json_has(jwk, "key_ops")) return true;
    for (size_t i = 0; i < json_length(ops); i++)
        if (json_value_str(json_item(ops, i), &op) && str_eq_c(op, "verify")) return true;
    return false;
}

/* NULL: none of ours, or not fit to be trusted. */
static struct verify_key *key_of(struct arena *a, const struct json_value *jwk)
{
    struct verify_key *key = NULL;
    struct err skip;
    struct str kty = json_member_str(jwk, "kty"), alg = json_member_str(jwk, "alg");
    bool any = !json_has(jwk, "alg"), ok = false;
    err_clear(&skip);
    if (!for_verifying(jwk)) return NULL;
    if (str_eq_c(kty, "EC") && str_eq_c(json_member_str(jwk, "crv"), "P-256") && (any || str_eq_c(alg, "ES256")))
        ok = verify_key_ec(bytes_of(a, jwk, "x"), bytes_of(a, jwk, "y"), &key, &skip);
    else if (str_eq_c(kty, "RSA") && (any || str_eq_c(alg, "RS256")))
        ok = verify_key_rsa(bytes_of(a, jwk, "n"), bytes_of(a, jwk, "e"), &key, &skip);
    return ok ? key : NULL;
}

static bool add_jwk(struct token_keys *s, struct arena *a, const struct json_value *jwk, struct err *e)
{
    struct str kid = json_member_str(jwk, "kid");
    if (json_value_kind(jwk) != JSON_OBJECT || str_is_null(json_member_str(jwk, "kty"))) return err_set(e, PROBLEM_INVALID, "a key of the set is no key");
    if (json_has(jwk, "d") || json_has(jwk, "k")) return err_set(e, PROBLEM_INVALID, "the set holds a private or symmetric key");
    if (!kid_ok(kid)) return true;
    struct verify_key *key = key_of(a, jwk);
    return key == NULL || token_keys_add(s, kid, key, 0, e);
}

bool token_keys_parse(struct str jwks, struct token_keys **ret_keys, struct err *e)
{
    if (str_is_null(jwks) || jwks.n > TOKEN_JWKS_MAX) return err_set(e, PROBLEM_INVALID, "the set of keys is too large");
    struct arena *a = arena_new();
    struct token_keys *s = token_keys_new();
    const struct json_value *top = NULL, *list = NULL;
    bool ok = json_object_read(jwks, a, &top, e);
    if (ok) {
        list = json_member(top, "keys");
        ok = json_value_kind(list) == JSON_ARRAY || err_set(e, PROBLEM_INVALID, "the set has no keys");
    }
    for (size_t i = 0; ok && i < json_length(list); i++)
        ok = add_jwk(s, a, json_item(list, i), e);
    if (ok && s->n == 0) ok = err_set(e, PROBLEM_INVALID, "the set has no key that can be used here");
    arena_destroy(a);
    if (!ok) {
        token_keys_unref(s);
        if (e->problem == PROBLEM_INVALID_JSON) e->problem = PROBLEM_INVALID;
        return false;
    }
    *ret_keys = s;
    return true;
}

static void put_part(struct buf *b, struct arena *a, const char *name, struct str bytes)
{
    struct str text = crypto_base64url(a, bytes);
    buf_printf(b, ",\"%s\":\"" STR_FMT "\"", name, STR_ARG(text));
}

static void put_jwk(struct buf *b, struct arena *a, const struct entry *n)
{
    struct verify_parts parts;
    verify_key_parts(n->key, a, &parts);
    buf_cstr(b, "{\"kid\":");
    json_put_string(b, str_from(n->kid));
    buf_printf(b, ",\"use\":\"sig\",\"alg\":\"%s\"", sign_alg_name(verify_key_alg(n->key)));
    if (verify_key_alg(n->key) == SIGN_ES256) {
        buf_cstr(b, ",\"kty\":\"EC\",\"crv\":\"P-256\"");
        put_part(b, a, "x", parts.x);
        put_part(b, a, "y", parts.y);
    } else {
        buf_cstr(b, ",\"kty\":\"RSA\"");
        put_part(b, a, "n", parts.n);
        put_part(b, a, "e", parts.e);
    }
    buf_char(b, '}');
}

struct str token_keys_print(const struct token_keys *s, struct arena *a, int64_t now_s)
{
    struct buf b;
    bool first = true;
    buf_init_arena(&b, a, 0);
    buf_cstr(&b, "{\"keys\":[");
    for (size_t i = 0; i < s->n; i++) {
        if (s->v[i].not_after_s != 0 && now_s >= s->v[i].not_after_s) continue;
        if (!first) buf_char(&b, ',');
        first = false;
        put_jwk(&b, a, &s->v[i]);
    }
    buf_cstr(&b, "]}");
    return buf_to_str(&b, a);
}
