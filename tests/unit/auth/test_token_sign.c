/* Our tokens, read by our own verifier; tokens of libjwt, which reads and writes no other type than "JWT". (tests/http has npm's jose read ours.) */
#include "with_arena.h"

#include <jwt.h>
#include <pthread.h>

#include "auth/token.h"
#include "auth/token_sign.h"
#include "base/buf.h"
#include "crypto/kdf.h"

static const struct token_grant grant = {.issuer = STR("https://shop.example"), .audience = STR("https://shop.example"), .subject = STR("acc_1"), .session = STR("ses_\"1\""),
                                         .scope = STR("read_orders write_orders"), .issued_s = 1700000000, .expires_s = 1700000900};
static const struct token_rules rules = {.issuer = STR("https://shop.example"), .audience = STR("https://shop.example"), .type = "at+jwt"};

static struct str pem(struct arena *a, const char *kind, struct str der)
{
    struct str text = crypto_base64(a, der, true);
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_printf(&b, "-----BEGIN %s-----\n", kind);
    for (size_t i = 0; i < text.n; i += 64) {
        buf_str(&b, str_sub(text, i, 64));
        buf_char(&b, '\n');
    }
    buf_printf(&b, "-----END %s-----\n", kind);
    return buf_view(&b);
}

static void round_trip(void **state)
{
    struct sign_key *key = sign_key_generate();
    struct token_signer *s = token_signer_new();
    struct token_keys *keys = token_keys_new();
    struct token_claims c;
    struct str token, second;
    struct err e;
    err_clear(&e);
    assert_false(token_sign(s, &grant, *state, &token, &e));
    assert_int_equal(e.problem, PROBLEM_UNAVAILABLE);
    assert_true(str_is_null(token_signer_kid(s, *state)));
    assert_true(token_signer_set(s, STR("key-1"), sign_key_to_pkcs8(key, *state), &e));
    assert_false(token_signer_set(s, STR("key-2"), STR("nonsense"), &e));
    assert_false(token_signer_set(s, STR(""), sign_key_to_pkcs8(key, *state), &e));
    assert_str(token_signer_kid(s, *state), "key-1");
    assert_true(token_sign(s, &grant, *state, &token, &e));
    assert_true(token_sign(s, &grant, *state, &second, &e));
    assert_false(str_eq(token, second));
    assert_true(token_keys_add(keys, STR("key-1"), sign_key_public(key), 0, &e));
    assert_true(token_check(keys, &rules, token, 1700000001, *state, &c, NULL, &e));
    assert_str(c.session, "ses_\"1\"");
    assert_str(c.scope, "read_orders write_orders");
    assert_int_equal(c.id.n, 22);
    struct token_grant small = grant;
    small.session = small.scope = STR_NULL;
    assert_true(token_sign(s, &small, *state, &token, &e));
    assert_true(token_check(keys, &rules, token, 1700000001, *state, &c, NULL, &e));
    assert_true(str_is_null(c.session) && str_is_null(c.scope));
    token_keys_unref(keys);
    token_signer_destroy(s);
    token_signer_destroy(NULL);
    sign_key_free(key);
}

static void by_libjwt(void **state)
{
    struct sign_key *key = sign_key_generate();
    struct token_keys *keys = token_keys_new();
    struct token_rules r = {.issuer = STR("https://op.example"), .audience = STR("shop"), .type = "JWT"};
    struct token_claims c;
    jwt_t *jwt = NULL;
    struct err e;
    err_clear(&e);
    struct str private = pem(*state, "PRIVATE KEY", sign_key_to_pkcs8(key, *state)), public = pem(*state, "PUBLIC KEY", sign_key_to_spki(key, *state));
    assert_true(token_keys_add(keys, STR("k"), sign_key_public(key), 0, &e));
    assert_int_equal(jwt_new(&jwt), 0);
    assert_int_equal(jwt_set_alg(jwt, JWT_ALG_ES256, (const unsigned char *)private.p, (int)private.n), 0);
    assert_int_equal(jwt_add_header(jwt, "kid", "k"), 0);
    assert_int_equal(jwt_add_grants_json(jwt, "{\"iss\":\"https://op.example\",\"aud\":[\"shop\"],\"sub\":\"7\",\"iat\":1700000000,\"exp\":1700000900}"), 0);
    char *text = jwt_encode_str(jwt);
    jwt_free(jwt);
    assert_non_null(text);
    assert_true(token_check(keys, &r, str_from(text), 1700000001, *state, &c, NULL, &e));
    assert_str(c.subject, "7");
    assert_int_equal(jwt_decode(&jwt, text, (const unsigned char *)public.p, (int)public.n), 0);
    jwt_free(jwt);
    free(text);
    token_keys_unref(keys);
    sign_key_free(key);
}

struct race { struct token_signer *s; struct token_keys *keys; int bad; };

static void *sign_many(void *arg)
{
    struct race *r = arg;
    struct arena *a = arena_new();
    for (int i = 0; i < 300; i++) {
        struct str token;
        struct token_claims c;
        struct err e;
        err_clear(&e);
        if (!token_sign(r->s, &grant, a, &token, &e) || !token_check(r->keys, &rules, token, 1700000001, a, &c, NULL, &e)) __atomic_add_fetch(&r->bad, 1, __ATOMIC_RELAXED);
        arena_reset(a);
    }
    arena_destroy(a);
    return NULL;
}

/* Keys change while others sign: every token is whole, under the old key or the new one. */
static void rotation(void **state)
{
    struct sign_key *one = sign_key_generate(), *two = sign_key_generate();
    struct race r = {token_signer_new(), token_keys_new(), 0};
    struct str pkcs8[] = {sign_key_to_pkcs8(one, *state), sign_key_to_pkcs8(two, *state)};
    struct err e;
    pthread_t t[3];
    err_clear(&e);
    assert_true(token_keys_add(r.keys, STR("key-0"), sign_key_public(one), 0, &e) && token_keys_add(r.keys, STR("key-1"), sign_key_public(two), 0, &e));
    assert_true(token_signer_set(r.s, STR("key-0"), pkcs8[0], &e));
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&t[i], NULL, sign_many, &r), 0);
    for (int i = 0; i < 60; i++)
        assert_true(token_signer_set(r.s, i % 2 ? STR("key-1") : STR("key-0"), pkcs8[i % 2], &e));
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], NULL);
    assert_int_equal(r.bad, 0);
    token_signer_destroy(r.s);
    token_keys_unref(r.keys);
    sign_key_free(one);
    sign_key_free(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(round_trip), WITH_ARENA(by_libjwt), WITH_ARENA(rotation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
