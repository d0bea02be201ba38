/* What signing, checking and hashing cost on this machine, in microseconds of CPU: one JSON line. The best of several rounds, because others use the machine, too. */
#include <stdio.h>
#include <time.h>

#include "auth/password.h"
#include "auth/token.h"
#include "auth/token_sign.h"

enum { ROUNDS = 7, TIMES = 400, NOW = 1700000000 };

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

struct bench {
    struct arena *a;
    struct token_signer *signer;
    struct token_keys *keys;
    struct verify_key *key;
    struct str token, signed_part, signature;
    struct password_params params;
};

static const struct token_grant grant = {STR("https://shop.example"), STR("https://shop.example"), STR("acc_01hf7yat4c0123456789abcdef"), STR("ses_01hf7yat4c0123456789abcdef"),
                                         STR("read_orders write_orders"), NOW, NOW + 900};
static const struct token_rules rules = {.issuer = STR("https://shop.example"), .audience = STR("https://shop.example"), .type = "at+jwt"};

static void must(bool ok, const char *what)
{
    if (ok) return;
    fprintf(stderr, "primitives: %s\n", what);
    exit(1);
}

static void verify(struct bench *b, struct err *e)
{
    (void)e;
    must(verify_signature(b->key, b->signed_part, b->signature), "signature");
}

static void check(struct bench *b, struct err *e)
{
    struct token_claims c;
    must(token_check(b->keys, &rules, b->token, NOW + 1, b->a, &c, NULL, e), "token");
}

static void sign(struct bench *b, struct err *e)
{
    struct str token;
    must(token_sign(b->signer, &grant, b->a, &token, e), "signing");
}

static void hash(struct bench *b, struct err *e)
{
    struct str encoded;
    must(password_encode(&b->params, b->a, STR("correct horse battery staple"), &encoded, e), "hash");
}

static double best(struct bench *b, void (*f)(struct bench *, struct err *), int times)
{
    struct arena *scratch = arena_new(), *kept = b->a;
    double least = 1e12;
    struct err e;
    err_clear(&e);
    b->a = scratch;
    for (int r = 0; r < ROUNDS; r++) {
        double began = cpu_us();
        for (int i = 0; i < times; i++) {
            f(b, &e);
            arena_reset(scratch);
        }
        double us = (cpu_us() - began) / times;
        if (us < least) least = us;
    }
    b->a = kept;
    arena_destroy(scratch);
    return least;
}

int main(void)
{
    struct bench b = {.a = arena_new(), .signer = token_signer_new(), .keys = token_keys_new(), .params = {19456, 2, 1}};
    struct sign_key *key = sign_key_generate();
    struct err e;
    err_clear(&e);
    b.key = sign_key_public(key);
    must(token_signer_set(b.signer, STR("bench"), sign_key_to_pkcs8(key, b.a), &e) && token_keys_add(b.keys, STR("bench"), sign_key_public(key), 0, &e) &&
         token_sign(b.signer, &grant, b.a, &b.token, &e), "key");
    size_t dot = b.token.n - 1;
    while (b.token.p[dot] != '.') dot--;
    b.signed_part = str_sub(b.token, 0, dot);
    must(crypto_unbase64url(b.a, str_sub(b.token, dot + 1, b.token.n), &b.signature), "base64url");
    printf("{\"verify_us\":%.1f,\"token_us\":%.1f,\"sign_us\":%.1f,\"hash_us\":%.0f}\n", best(&b, verify, TIMES), best(&b, check, TIMES), best(&b, sign, TIMES), best(&b, hash, 8));
    verify_key_free(b.key);
    sign_key_free(key);
    token_keys_unref(b.keys);
    token_signer_destroy(b.signer);
    arena_destroy(b.a);
    return 0;
}
