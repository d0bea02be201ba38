/* Tokens of others (Cognito's, an OpenID provider's), our own, and everything that has been tried against verifiers of JWT (RFC 8725). */
#include "with_arena.h"

#include "auth/token.h"
#include "token_vectors.h"

enum { NOW = 1700000100 };

struct world {
    struct arena *a;
    struct sign_key *key, *other;
    struct token_keys *keys;
};

static const struct token_rules ours = {.issuer = STR("https://shop.example"), .audience = STR("https://shop.example"), .type = "at+jwt"};

static int start(void **state)
{
    struct err e;
    err_clear(&e);
    struct world *w = calloc(1, sizeof *w);
    *w = (struct world){arena_new(), sign_key_generate(), sign_key_generate(), token_keys_new()};
    assert_true(token_keys_add(w->keys, STR("k1"), sign_key_public(w->key), 0, &e));
    assert_true(token_keys_add(w->keys, STR("ended"), sign_key_public(w->key), NOW, &e));
    *state = w;
    return 0;
}

static int stop(void **state)
{
    struct world *w = *state;
    sign_key_free(w->key);
    sign_key_free(w->other);
    token_keys_unref(w->keys);
    arena_destroy(w->a);
    free(w);
    return 0;
}

static struct str signed_with(struct world *w, const struct sign_key *k, struct str header, struct str payload)
{
    uint8_t sig[ES256_LEN];
    struct str h = crypto_base64url(w->a, header), p = crypto_base64url(w->a, payload), body = str_printf(w->a, STR_FMT "." STR_FMT, STR_ARG(h), STR_ARG(p));
    sign_es256(k, body, sig);
    struct str s = crypto_base64url(w->a, str_of((const char *)sig, sizeof sig));
    return str_printf(w->a, STR_FMT "." STR_FMT, STR_ARG(body), STR_ARG(s));
}

#define HEADER "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}"
#define CLAIMS "{\"iss\":\"https://shop.example\",\"aud\":\"https://shop.example\",\"sub\":\"acc_1\",\"sid\":\"ses_1\",\"scope\":\"read_orders\",\"iat\":1700000000,\"exp\":1700000900,\"jti\":\"j\"}"

static enum token_fault check(struct world *w, const struct token_rules *rules, struct str token, int64_t now, struct token_claims *c)
{
    struct token_claims none;
    enum token_fault f = TOKEN_FINE;
    struct err e;
    err_clear(&e);
    bool ok = token_check(w->keys, rules, token, now, w->a, c ? c : &none, &f, &e);
    assert_int_equal(ok, f == TOKEN_FINE);
    if (!ok) assert_int_equal(e.problem, PROBLEM_INVALID_TOKEN);
    return f;
}

static void our_own(void **state)
{
    struct world *w = *state;
    struct token_claims c;
    struct str token = signed_with(w, w->key, STR(HEADER), STR(CLAIMS));
    assert_int_equal(check(w, &ours, token, NOW, &c), TOKEN_FINE);
    assert_str(c.subject, "acc_1");
    assert_str(c.session, "ses_1");
    assert_str(c.scope, "read_orders");
    assert_str(c.id, "j");
    assert_str(c.kid, "k1");
    assert_true(c.issued_s == 1700000000 && c.expires_s == 1700000900 && str_is_null(c.nonce) && c.not_before_s == 0);
    assert_true(token_is_jwt(token) && !token_is_jwt(STR("sk_abc")) && !token_is_jwt(STR("a.b")) && !token_is_jwt(STR("a.b.c.d")) && !token_is_jwt(STR("a..c")) && !token_is_jwt(STR_NULL));
}

static void headers(void **state)
{
    struct world *w = *state;
    static const struct { const char *header; enum token_fault fault; } rows[] = {
        {HEADER, TOKEN_FINE}, {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"application/AT+JWT\"}", TOKEN_FINE}, {" {\"typ\":\"at+jwt\" ,\"kid\":\"k1\",\"alg\":\"ES256\",\"jku\":\"https://evil.example\"} ", TOKEN_FINE},
        {"{\"alg\":\"none\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM}, {"{\"alg\":\"None\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM},
        {"{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM}, {"{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM},
        {"{\"alg\":\"ES384\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM}, {"{\"alg\":\"es256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM},
        {"{\"alg\":\"\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_WRONG_ALGORITHM}, {"{\"alg\":null,\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_MALFORMED},
        {"{\"alg\":[\"ES256\"],\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_MALFORMED}, {"{\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}", TOKEN_UNKNOWN_KEY}, {"{\"alg\":\"ES256\",\"kid\":\"k2\",\"typ\":\"at+jwt\"}", TOKEN_UNKNOWN_KEY},
        {"{\"alg\":\"ES256\",\"kid\":\"ended\",\"typ\":\"at+jwt\"}", TOKEN_UNKNOWN_KEY}, {"{\"alg\":\"ES256\",\"kid\":\"K1\",\"typ\":\"at+jwt\"}", TOKEN_UNKNOWN_KEY},
        {"{\"alg\":\"ES256\",\"kid\":\"\",\"typ\":\"at+jwt\"}", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",\"kid\":1,\"typ\":\"at+jwt\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"kid\":\"../../etc/passwd\",\"typ\":\"at+jwt\"}", TOKEN_UNKNOWN_KEY}, {"{\"alg\":\"ES256\",\"kid\":\"k1' OR '1'='1\",\"typ\":\"at+jwt\"}", TOKEN_UNKNOWN_KEY},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\"}", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"JWT\"}", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":1}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\",\"crit\":[\"exp\"]}", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\",\"crit\":[]}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\",\"b64\":false}", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"at+jwt\",\"zip\":\"DEF\"}", TOKEN_MALFORMED},
        {"{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",\"kid\":\"k1\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}", TOKEN_MALFORMED},
        {"[]", TOKEN_MALFORMED}, {"null", TOKEN_MALFORMED}, {"{}", TOKEN_MALFORMED}, {HEADER "x", TOKEN_MALFORMED}, {"{\"alg\":\"ES256\",}", TOKEN_MALFORMED}, {"", TOKEN_MALFORMED}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum token_fault f = check(w, &ours, signed_with(w, w->key, str_from(rows[i].header), STR(CLAIMS)), NOW, NULL);
        if (f != rows[i].fault) fail_msg("%s: %s", rows[i].header, token_fault_name(f));
    }
    char kid[TOKEN_KID_MAX + 2];
    memset(kid, 'k', sizeof kid);
    struct str huge = str_printf(w->a, "{\"alg\":\"ES256\",\"kid\":\"%.*s\",\"typ\":\"at+jwt\"}", (int)sizeof kid, kid);
    assert_int_equal(check(w, &ours, signed_with(w, w->key, huge, STR(CLAIMS)), NOW, NULL), TOKEN_MALFORMED);
}

#define WITH(extra) "{\"iss\":\"https://shop.example\",\"aud\":\"https://shop.example\",\"sub\":\"acc_1\"," extra "}"
#define TIMES "\"iat\":1700000000,\"exp\":1700000900"

static void claims(void **state)
{
    struct world *w = *state;
    static const struct { const char *claims; int64_t now; enum token_fault fault; } rows[] = {
        {CLAIMS, 1700000000, TOKEN_FINE}, {CLAIMS, 1699999970, TOKEN_FINE}, {CLAIMS, 1699999969, TOKEN_TOO_EARLY}, {CLAIMS, 1700000929, TOKEN_FINE}, {CLAIMS, 1700000930, TOKEN_EXPIRED},
        {CLAIMS, 0, TOKEN_TOO_EARLY}, {CLAIMS, INT64_C(99999999999), TOKEN_EXPIRED},
        {WITH(TIMES ",\"nbf\":1700000200"), 1700000169, TOKEN_TOO_EARLY}, {WITH(TIMES ",\"nbf\":1700000200"), 1700000170, TOKEN_FINE}, {WITH(TIMES ",\"nbf\":\"1700000200\""), NOW, TOKEN_BAD_CLAIMS},
        {WITH("\"iat\":1700000000"), NOW, TOKEN_BAD_CLAIMS}, {WITH("\"exp\":1700000900"), NOW, TOKEN_BAD_CLAIMS}, {WITH("\"iat\":1700000000,\"exp\":1700000000"), NOW, TOKEN_BAD_CLAIMS},
        {WITH("\"iat\":1700000000,\"exp\":1700000900.5"), NOW, TOKEN_BAD_CLAIMS}, {WITH("\"iat\":1700000000,\"exp\":\"1700000900\""), NOW, TOKEN_BAD_CLAIMS},
        {WITH("\"iat\":1700000000,\"exp\":1e300"), NOW, TOKEN_BAD_CLAIMS}, {WITH("\"iat\":-1,\"exp\":1700000900"), NOW, TOKEN_BAD_CLAIMS}, {WITH("\"iat\":1700000000,\"exp\":null"), NOW, TOKEN_BAD_CLAIMS},
        {WITH("\"iat\":1700000000,\"exp\":99999999999999999999"), NOW, TOKEN_MALFORMED}, {WITH("\"iat\":1700000000,\"exp\":999999999999999999"), NOW, TOKEN_FINE},
        {WITH(TIMES ",\"exp\":1800000000"), NOW, TOKEN_MALFORMED}, {WITH(TIMES ",\"scope\":[\"x\"]"), NOW, TOKEN_BAD_CLAIMS}, {WITH(TIMES ",\"sid\":7"), NOW, TOKEN_BAD_CLAIMS},
        {WITH(TIMES ",\"sid\":\"a\\nb\""), NOW, TOKEN_BAD_CLAIMS},
        {"{\"aud\":\"https://shop.example\",\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_ISSUER}, {"{\"iss\":\"https://test.shop.example\",\"aud\":\"https://shop.example\",\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_ISSUER},
        {"{\"iss\":\"https://shop.example/\",\"aud\":\"https://shop.example\",\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_ISSUER},
        {"{\"iss\":[\"https://shop.example\"],\"aud\":\"https://shop.example\",\"sub\":\"a\"," TIMES "}", NOW, TOKEN_BAD_CLAIMS},
        {"{\"iss\":\"https://shop.example\",\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_AUDIENCE}, {"{\"iss\":\"https://shop.example\",\"aud\":\"x\",\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_AUDIENCE},
        {"{\"iss\":\"https://shop.example\",\"aud\":[\"x\",\"https://shop.example\"],\"sub\":\"a\"," TIMES "}", NOW, TOKEN_FINE}, {"{\"iss\":\"https://shop.example\",\"aud\":[],\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_AUDIENCE},
        {"{\"iss\":\"https://shop.example\",\"aud\":[\"https://shop.example\",1],\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_AUDIENCE},
        {"{\"iss\":\"https://shop.example\",\"aud\":{\"https://shop.example\":1},\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_AUDIENCE},
        {"{\"iss\":\"https://shop.example\",\"aud\":[\"https://shop.example\",1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16],\"sub\":\"a\"," TIMES "}", NOW, TOKEN_WRONG_AUDIENCE},
        {"{\"iss\":\"https://shop.example\",\"aud\":\"https://shop.example\"," TIMES "}", NOW, TOKEN_BAD_CLAIMS}, {"{\"iss\":\"https://shop.example\",\"aud\":\"https://shop.example\",\"sub\":\"\"," TIMES "}", NOW, TOKEN_BAD_CLAIMS},
        {"[]", NOW, TOKEN_MALFORMED}, {"\"x\"", NOW, TOKEN_MALFORMED}, {CLAIMS "{}", NOW, TOKEN_MALFORMED}, {"\xff\xfe", NOW, TOKEN_MALFORMED}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        enum token_fault f = check(w, &ours, signed_with(w, w->key, STR(HEADER), str_from(rows[i].claims)), rows[i].now, NULL);
        if (f != rows[i].fault) fail_msg("%s at %ld: %s", rows[i].claims, (long)rows[i].now, token_fault_name(f));
    }
}

static void forged(void **state)
{
    struct world *w = *state;
    struct str good = signed_with(w, w->key, STR(HEADER), STR(CLAIMS));
    assert_int_equal(check(w, &ours, signed_with(w, w->other, STR(HEADER), STR(CLAIMS)), NOW, NULL), TOKEN_BAD_SIGNATURE);
    /* HMAC with the public key, in every form in which it is published */
    struct str body = str_sub(good, 0, good.n - 87), hs_header = crypto_base64url(w->a, STR("{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"at+jwt\"}"));
    struct str hs_body = str_printf(w->a, STR_FMT "." STR_FMT, STR_ARG(hs_header), STR_ARG(crypto_base64url(w->a, STR(CLAIMS))));
    struct str secrets[] = {sign_key_to_spki(w->key, w->a), token_keys_print(w->keys, w->a, 0), STR("")};
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        uint8_t mac[SHA256_LEN];
        crypto_hmac_sha256(secrets[i], hs_body, mac);
        struct str sig = crypto_base64url(w->a, str_of((const char *)mac, sizeof mac));
        assert_int_equal(check(w, &ours, str_printf(w->a, STR_FMT "." STR_FMT, STR_ARG(hs_body), STR_ARG(sig)), NOW, NULL), TOKEN_WRONG_ALGORITHM);
    }
    /* no signature, somebody else's, zeros (CVE-2022-21449) */
    static const char *const tails[] = {"", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"};
    for (size_t i = 0; i < ARRAY_LEN(tails); i++)
        assert_int_not_equal(check(w, &ours, str_printf(w->a, STR_FMT ".%s", STR_ARG(body), tails[i]), NOW, NULL), TOKEN_FINE);
    /* the claims of one token with the signature of another */
    struct str admin = crypto_base64url(w->a, STR("{\"iss\":\"https://shop.example\",\"aud\":\"https://shop.example\",\"sub\":\"acc_2\"," TIMES "}")), sig = str_sub(good, good.n - 86, 86);
    struct str header = crypto_base64url(w->a, STR(HEADER));
    assert_int_equal(check(w, &ours, str_printf(w->a, STR_FMT "." STR_FMT "." STR_FMT, STR_ARG(header), STR_ARG(admin), STR_ARG(sig)), NOW, NULL), TOKEN_BAD_SIGNATURE);
}

/* Cut anywhere, with one letter changed, with anything behind or before it: never fine. */
static void mangled(void **state)
{
    struct world *w = *state;
    struct str good = signed_with(w, w->key, STR(HEADER), STR(CLAIMS));
    for (size_t n = 0; n < good.n; n++)
        assert_int_not_equal(check(w, &ours, str_sub(good, 0, n), NOW, NULL), TOKEN_FINE);
    for (size_t i = 0; i < good.n; i++) {
        char *t = str_cstr(w->a, good);
        t[i] = t[i] == 'A' ? 'B' : 'A';
        assert_int_not_equal(check(w, &ours, str_of(t, good.n), NOW, NULL), TOKEN_FINE);
    }
    static const char *const ends[] = {"=", "==", ".", ".x", " ", "\n", "A", "\xc3\xa4"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        assert_int_not_equal(check(w, &ours, str_printf(w->a, STR_FMT "%s", STR_ARG(good), ends[i]), NOW, NULL), TOKEN_FINE);
        assert_int_not_equal(check(w, &ours, str_printf(w->a, "%s" STR_FMT, ends[i], STR_ARG(good)), NOW, NULL), TOKEN_FINE);
    }
    assert_int_equal(check(w, &ours, STR_NULL, NOW, NULL), TOKEN_MALFORMED);
    /* the last letter of the signature holds four spare bits: only one spelling is right */
    char *t = str_cstr(w->a, good);
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int fine = 0;
    for (int i = 0; i < 64; i++) {
        t[good.n - 1] = digits[i];
        fine += check(w, &ours, str_of(t, good.n), NOW, NULL) == TOKEN_FINE;
    }
    assert_int_equal(fine, 1);
    /* size */
    char *filler = arena_alloc(w->a, TOKEN_MAX + 1);
    memset(filler, 'x', TOKEN_MAX);
    struct str big = signed_with(w, w->key, STR(HEADER), str_printf(w->a, WITH(TIMES ",\"x\":\"%.3200s\""), filler));
    assert_true(big.n > TOKEN_MAX);
    assert_int_equal(check(w, &ours, big, NOW, NULL), TOKEN_MALFORMED);
    struct token_rules wide = ours;
    wide.max = TOKEN_ID_MAX;
    assert_int_equal(check(w, &wide, big, NOW, NULL), TOKEN_FINE);
}

static struct token_keys *rsa_keys(struct world *w)
{
    struct token_keys *s = NULL;
    struct err e;
    err_clear(&e);
    (void)w;
    assert_true(token_keys_parse(STR("{\"keys\":[{\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"kid\":\"cog-1\",\"n\":\"" RSA_N "\",\"e\":\"AQAB\"}]}"), &s, &e));
    return s;
}

static void of_others(void **state)
{
    struct world *w = *state;
    struct token_keys *rsa = rsa_keys(w);
    struct token_claims c;
    enum token_fault f;
    struct err e;
    err_clear(&e);
    struct token_rules cognito = {.issuer = STR(COGNITO_ISSUER), .type = "JWT", .type_optional = true};
    assert_true(token_check(rsa, &cognito, STR(COGNITO_ACCESS), NOW, w->a, &c, &f, &e));
    assert_str(c.client_id, "3n4b5urk1ft4fl3mg5e62d9ado");
    assert_str(json_member_str(c.all, "token_use"), "access");
    assert_int_equal(json_length(json_member(c.all, "cognito:groups")), 2);
    cognito.type_optional = false;
    assert_false(token_check(rsa, &cognito, STR(COGNITO_ACCESS), NOW, w->a, &c, &f, &e));
    cognito.type_optional = true;
    cognito.issuer = STR("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other");
    assert_false(token_check(rsa, &cognito, STR(COGNITO_ACCESS), NOW, w->a, &c, &f, &e));
    assert_int_equal(f, TOKEN_WRONG_ISSUER);
    token_keys_unref(rsa);
}

static void id_tokens(void **state)
{
    struct world *w = *state;
    struct token_keys *rsa = rsa_keys(w);
    static const struct { const char *audience, *client, *nonce, *access; enum token_fault fault; } rows[] = {
        {"shop", "shop", "n-0S6_WzA2Mj", "access-token-value", TOKEN_FINE}, {"shop", "shop", "n-0S6_WzA2Mj", NULL, TOKEN_FINE}, {"shop", NULL, NULL, NULL, TOKEN_FINE},
        {"else", "shop", "n-0S6_WzA2Mj", NULL, TOKEN_WRONG_AUDIENCE}, {"other", "other", "n-0S6_WzA2Mj", NULL, TOKEN_WRONG_AUDIENCE}, {"shop", "shop", "n-0S6_WzA2MJ", NULL, TOKEN_WRONG_NONCE},
        {"shop", "shop", "", NULL, TOKEN_WRONG_NONCE}, {"shop", "shop", "n-0S6_WzA2Mj", "another token", TOKEN_BAD_CLAIMS}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct token_rules r = {.issuer = STR("https://op.example"), .audience = str_from(rows[i].audience), .type = "JWT", .max = TOKEN_ID_MAX,
                                .client_id = str_from(rows[i].client), .nonce = str_from(rows[i].nonce), .access_token = str_from(rows[i].access)};
        struct token_claims c;
        enum token_fault f;
        struct err e;
        err_clear(&e);
        (void)!token_check(rsa, &r, STR(ID_TOKEN), NOW, w->a, &c, &f, &e);
        if (f != rows[i].fault) fail_msg("%zu: %s", i, token_fault_name(f));
    }
    /* several audiences and no azp; no nonce where one was asked for */
    struct token_rules r = ours;
    r.client_id = ours.audience;
    assert_int_equal(check(w, &r, signed_with(w, w->key, STR(HEADER), STR("{\"iss\":\"https://shop.example\",\"aud\":[\"https://shop.example\",\"x\"],\"sub\":\"a\"," TIMES "}")), NOW, NULL), TOKEN_WRONG_AUDIENCE);
    assert_int_equal(check(w, &r, signed_with(w, w->key, STR(HEADER), STR(CLAIMS)), NOW, NULL), TOKEN_FINE);
    r.nonce = STR("n");
    assert_int_equal(check(w, &r, signed_with(w, w->key, STR(HEADER), STR(CLAIMS)), NOW, NULL), TOKEN_WRONG_NONCE);
    token_keys_unref(rsa);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, start, stop)
    const struct CMUnitTest tests[] = {T(our_own), T(headers), T(claims), T(forged), T(mangled), T(of_others), T(id_tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
