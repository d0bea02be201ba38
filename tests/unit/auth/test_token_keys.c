#include "with_arena.h"

#include "auth/token.h"
#include "token_vectors.h"

#define EC_XY "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define EC_KEY(kid) "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" kid "\"," EC_XY "}"
#define RSA_KEY(kid) "{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"" kid "\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}"

static void parse(void **state)
{
    static const struct { const char *json; int count; } rows[] = {            /* -1: refused */
        {"{\"keys\":[" EC_KEY("a") "]}", 1}, {"{\"keys\":[" EC_KEY("a") "," RSA_KEY("b") "],\"other\":1}", 2},
        /* skipped */
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"c\",\"x\":\"AA\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"c\",\"x\":\"AA\",\"y\":\"AA\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"RSA\",\"kid\":\"c\",\"n\":\"" RSA_WEAK_N "\",\"e\":\"AQAB\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"RSA\",\"kid\":\"c\",\"use\":\"enc\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"RSA\",\"kid\":\"c\",\"alg\":\"PS256\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"RSA\",\"kid\":\"c\",\"key_ops\":[\"encrypt\"],\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}", 1},
        {"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"c\",\"key_ops\":[\"verify\"],\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"c\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"RS256\",\"kid\":\"c\"," EC_XY "}]}", 1},
        {"{\"keys\":[" RSA_KEY("b") "," RSA_KEY("k\\u0000") "]}", -1}, {"{\"keys\":[" RSA_KEY("b") "," RSA_KEY("k k") "]}", 1},
        /* refused */
        {"", -1}, {"[]", -1}, {"{}", -1}, {"{\"keys\":{}}", -1}, {"{\"keys\":[]}", -1}, {"{\"keys\":[1]}", -1}, {"{\"keys\":[{}]}", -1}, {"{\"keys\":[null]}", -1},
        {"{\"keys\":[" EC_KEY("a") "," RSA_KEY("a") "]}", -1}, {"{\"keys\":[" EC_KEY("a") "]} x", -1}, {"{\"keys\":[" EC_KEY("a") "],\"keys\":[]}", -1},
        {"{\"keys\":[{\"kty\":\"EC\",\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\"," EC_XY "}]}", -1},
        {"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"," EC_XY "}]}", -1},
        {"{\"keys\":[" RSA_KEY("b") ",{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"AAAA\"}]}", -1}, {"{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"c\",\"x\":\"AA\"}]}", -1}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct token_keys *s = NULL;
        struct err e;
        err_clear(&e);
        bool ok = token_keys_parse(str_from(rows[i].json), &s, &e);
        if (ok != (rows[i].count >= 0) || (ok && (int)token_keys_count(s) != rows[i].count)) fail_msg("%zu: %.200s: %s", i, rows[i].json, e.detail);
        if (!ok) assert_int_equal(e.problem, PROBLEM_INVALID);
        token_keys_unref(s);
    }
}

static void bounds(void **state)
{
    struct token_keys *s = NULL;
    struct err e;
    struct buf b;
    err_clear(&e);
    char *big = arena_alloc(*state, TOKEN_JWKS_MAX + 1);
    memset(big, ' ', TOKEN_JWKS_MAX + 1);
    assert_false(token_keys_parse(str_of(big, TOKEN_JWKS_MAX + 1), &s, &e));
    buf_init_arena(&b, *state, 0);
    buf_cstr(&b, "{\"keys\":[");
    for (int i = 0; i <= TOKEN_KEYS_MAX; i++)
        buf_printf(&b, "%s{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k%d\"," EC_XY "}", i ? "," : "", i);
    buf_cstr(&b, "]}");
    assert_false(token_keys_parse(buf_view(&b), &s, &e));
    memset(big, 'k', TOKEN_KID_MAX + 1);
    err_clear(&e);
    assert_true(token_keys_parse(str_printf(*state, "{\"keys\":[" EC_KEY("a") ",{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%.*s\"," EC_XY "}]}", TOKEN_KID_MAX + 1, big), &s, &e));
    assert_int_equal(token_keys_count(s), 1);
    token_keys_unref(s);
}

/* What we print is what we can read, and the same key again. */
static void print(void **state)
{
    struct token_keys *s = NULL, *again = NULL;
    struct err e;
    err_clear(&e);
    assert_true(token_keys_parse(STR("{\"keys\":[" EC_KEY("a") "," RSA_KEY("b") "]}"), &s, &e));
    struct str text = token_keys_print(s, *state, 1);
    assert_str(text, "{\"keys\":[{\"kid\":\"a\",\"use\":\"sig\",\"alg\":\"ES256\",\"kty\":\"EC\",\"crv\":\"P-256\"," EC_XY "},"
                     "{\"kid\":\"b\",\"use\":\"sig\",\"alg\":\"RS256\",\"kty\":\"RSA\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}");
    assert_true(token_keys_parse(text, &again, &e));
    assert_true(str_eq(token_keys_print(again, *state, 1), text));
    token_keys_unref(again);
    assert_ptr_equal(token_keys_ref(s), s);
    token_keys_unref(s);
    assert_true(token_keys_has(s, STR("a")) && !token_keys_has(s, STR("c")));
    token_keys_unref(s);
    token_keys_unref(NULL);
    s = token_keys_new();
    assert_str(token_keys_print(s, *state, 1), "{\"keys\":[]}");
    struct sign_key *k = sign_key_generate();
    assert_true(token_keys_add(s, STR("old"), sign_key_public(k), 1000, &e));
    assert_false(token_keys_add(s, STR("old"), sign_key_public(k), 0, &e));
    assert_false(token_keys_add(s, STR(""), sign_key_public(k), 0, &e));
    assert_true(str_find(token_keys_print(s, *state, 999), 'x', &(size_t){0}));
    assert_str(token_keys_print(s, *state, 1000), "{\"keys\":[]}");
    sign_key_free(k);
    token_keys_unref(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(parse), WITH_ARENA(bounds), WITH_ARENA(print)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
