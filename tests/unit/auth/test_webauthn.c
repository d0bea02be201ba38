/* An authenticator in C answers, honestly and otherwise. Browsers' own answers are tested with Chromium's virtual authenticator (tests/browser). */
#include "with_arena.h"

#include "auth/webauthn.h"
#include "base/buf.h"
#include "token_vectors.h"

enum { UP = 1, UV = 4, BE = 8, BS = 16, AT = 64, ED = 128 };

struct authenticator {
    struct arena *a;
    struct sign_key *key;
    struct webauthn_expect expect;
    /* what the next answer says */
    const char *type, *origin, *cross, *rp_id, *format;
    struct str challenge, id, cose, statement, extensions, behind;
    int flags;
    uint32_t count;
};

static void put_head(struct buf *b, int major, size_t n)
{
    if (n < 24) {
        buf_char(b, (char)(major << 5 | (int)n));
    } else if (n < 256) {
        buf_char(b, (char)(major << 5 | 24));
        buf_char(b, (char)n);
    } else {
        buf_char(b, (char)(major << 5 | 25));
        buf_char(b, (char)(n >> 8));
        buf_char(b, (char)n);
    }
}

static void put_text(struct buf *b, const char *s)
{
    put_head(b, 3, strlen(s));
    buf_cstr(b, s);
}

static void put_bytes(struct buf *b, struct str s)
{
    put_head(b, 2, s.n);
    buf_str(b, s);
}

static struct str cose_ec(struct arena *a, const struct sign_key *k)
{
    struct verify_key *v = sign_key_public(k);
    struct verify_parts p;
    struct buf b;
    verify_key_parts(v, a, &p);
    verify_key_free(v);
    buf_init_arena(&b, a, 0);
    buf_put(&b, "\xa5\x01\x02\x03\x26\x20\x01\x21", 8);
    put_bytes(&b, p.x);
    buf_char(&b, '\x22');
    put_bytes(&b, p.y);
    return buf_to_str(&b, a);
}

static struct authenticator fresh(struct arena *a)
{
    struct authenticator m = {.a = a, .key = sign_key_generate(), .type = "webauthn.create", .origin = "https://shop.example", .cross = "false", .rp_id = "shop.example", .format = "none",
                              .challenge = STR("0123456789abcdef0123456789abcdef"), .id = STR("credential id 16"), .statement = STR("\xa0"), .extensions = STR(""), .behind = STR(""),
                              .flags = UP | UV | AT, .count = 0};
    m.expect = (struct webauthn_expect){m.challenge, STR("https://m.shop.example https://shop.example"), STR("shop.example"), true};
    m.cose = cose_ec(a, m.key);
    return m;
}

static struct str client_data(const struct authenticator *m)
{
    struct str challenge = crypto_base64url(m->a, m->challenge);
    return str_printf(m->a, "{\"type\":\"%s\",\"challenge\":\"" STR_FMT "\",\"origin\":\"%s\",\"crossOrigin\":%s,\"other_keys_can_be_added_here\":\"yes\"}", m->type, STR_ARG(challenge), m->origin, m->cross);
}

static struct str auth_data(const struct authenticator *m)
{
    uint8_t hash[SHA256_LEN];
    struct buf b;
    buf_init_arena(&b, m->a, 0);
    crypto_sha256(str_from(m->rp_id), hash);
    buf_put(&b, hash, sizeof hash);
    buf_char(&b, (char)m->flags);
    for (int i = 3; i >= 0; i--)
        buf_char(&b, (char)(m->count >> (8 * i)));
    if (m->flags & AT) {
        buf_put(&b, "AAGUID of 16 by.", 16);
        buf_char(&b, (char)(m->id.n >> 8));
        buf_char(&b, (char)m->id.n);
        buf_str(&b, m->id);
        buf_str(&b, m->cose);
    }
    buf_str(&b, m->extensions);
    buf_str(&b, m->behind);
    return buf_to_str(&b, m->a);
}

static struct str attestation(const struct authenticator *m)
{
    struct buf b;
    buf_init_arena(&b, m->a, 0);
    put_head(&b, 5, 3);
    put_text(&b, "fmt");
    put_text(&b, m->format);
    put_text(&b, "attStmt");
    buf_str(&b, m->statement);
    put_text(&b, "authData");
    put_bytes(&b, auth_data(m));
    return buf_to_str(&b, m->a);
}

static bool registers(const struct authenticator *m, struct webauthn_registration *ret)
{
    struct webauthn_registration none;
    struct err e;
    err_clear(&e);
    bool ok = webauthn_register(m->a, &m->expect, client_data(m), attestation(m), ret ? ret : &none, &e);
    if (!ok) assert_int_equal(e.problem, PROBLEM_INVALID);
    return ok;
}

static void registration(void **state)
{
    struct authenticator m = fresh(*state);
    struct webauthn_registration r;
    assert_true(registers(&m, &r));
    assert_true(str_eq(r.credential_id, m.id) && str_eq(r.public_key, m.cose) && r.alg == SIGN_ES256 && r.sign_count == 0 && r.user_verified && !r.backed_up && !r.backup_eligible);
    assert_memory_equal(r.aaguid, "AAGUID of 16 by.", 16);
    assert_str(r.format, "none");
    m.flags = UP | UV | AT | BE | BS | ED;
    m.extensions = STR("\xa1\x6b" "credProtect\x02");
    m.count = 0x01020304;
    m.origin = "https://m.shop.example";
    m.format = "packed";
    m.statement = STR("\xa2\x63" "alg\x26\x63" "sig\x42" "ab");
    assert_true(registers(&m, &r));
    assert_true(r.backed_up && r.backup_eligible && r.sign_count == 0x01020304);
    assert_str(r.format, "packed");
    m.expect.user_verification = false;
    m.flags = UP | AT;
    m.extensions = STR("");
    assert_true(registers(&m, &r) && !r.user_verified);
    sign_key_free(m.key);
}

static void registration_refused(void **state)
{
    struct authenticator good = fresh(*state), m;
    char *big = arena_alloc(*state, 70000);
    memset(big, 'x', 70000);
#define REFUSED(change) do { m = good; change; if (registers(&m, NULL)) fail_msg("%s", #change); } while (0)
    REFUSED(m.type = "webauthn.get");
    REFUSED(m.origin = "https://shop.example.evil.example");
    REFUSED(m.origin = "http://shop.example");
    REFUSED(m.origin = "");
    REFUSED(m.origin = "https://m.shop.example https://shop.example");
    REFUSED(m.cross = "true");
    REFUSED(m.cross = "\"false\"");
    REFUSED(m.cross = "false,\"type\":\"webauthn.create\"");
    REFUSED(m.challenge = STR("0123456789abcdef0123456789abcdeF"));
    REFUSED(m.challenge = STR("0123456789abcdef"));
    REFUSED(m.challenge = STR(""));
    REFUSED(m.rp_id = "evil.example");
    REFUSED(m.rp_id = "Shop.example");
    REFUSED(m.flags = UV | AT);
    REFUSED(m.flags = UP | AT);
    REFUSED(m.flags = UP | UV);
    REFUSED(m.flags = UP | UV | AT | BS);
    REFUSED(m.flags = UP | UV | AT | ED);
    REFUSED(m.extensions = STR("\xa0"));
    REFUSED(m.behind = STR("x"));
    REFUSED(m.id = STR(""));
    REFUSED(m.id = str_of(big, WEBAUTHN_CREDENTIAL_ID_MAX + 1));
    REFUSED(m.statement = STR("\xa1\x61" "a\x01"));
    REFUSED(m.statement = STR("\xf6"));
    REFUSED(m.format = "");
    REFUSED(m.format = "a format with a name that is far too long");
    REFUSED(m.cose = STR("\xa0"));
    REFUSED(m.cose = STR("\x01"));
    REFUSED(m.cose = str_sub(m.cose, 0, m.cose.n - 1));
    REFUSED(((char *)(m.cose = str_dup(m.a, m.cose)).p)[4] = 0x25);         /* alg -6 */
    REFUSED(((char *)(m.cose = str_dup(m.a, m.cose)).p)[6] = 0x02);         /* another curve */
    REFUSED(((char *)(m.cose = str_dup(m.a, m.cose)).p)[12] ^= 0x01);       /* no point */
    m = good;
    m.id = str_of(big, WEBAUTHN_CREDENTIAL_ID_MAX);
    assert_true(registers(&m, NULL));
    struct webauthn_registration r;
    struct err e;
    struct str whole = attestation(&good);
    for (size_t n = 0; n < whole.n; n++) {
        err_clear(&e);
        assert_false(webauthn_register(*state, &good.expect, client_data(&good), str_sub(whole, 0, n), &r, &e));
    }
    assert_false(webauthn_register(*state, &good.expect, STR_NULL, whole, &r, &e));
    assert_false(webauthn_register(*state, &good.expect, client_data(&good), STR_NULL, &r, &e));
    assert_false(webauthn_register(*state, &good.expect, STR("[]"), whole, &r, &e));
    assert_false(webauthn_register(*state, &good.expect, str_of(big, WEBAUTHN_CLIENT_DATA_MAX + 1), whole, &r, &e));
    assert_false(webauthn_register(*state, &good.expect, client_data(&good), str_of(big, 70000), &r, &e));
    sign_key_free(good.key);
}

static struct str der_of(struct arena *a, const uint8_t raw[ES256_LEN])
{
    struct buf b, whole;
    buf_init_arena(&b, a, 0);
    for (int half = 0; half < 2; half++) {
        const uint8_t *v = raw + 32 * half;
        size_t skip = 0;
        while (skip < 31 && v[skip] == 0) skip++;
        bool pad = v[skip] >= 0x80;
        buf_char(&b, 2);
        buf_char(&b, (char)(32 - skip + pad));
        if (pad) buf_char(&b, 0);
        buf_put(&b, v + skip, 32 - skip);
    }
    buf_init_arena(&whole, a, 0);
    buf_char(&whole, 0x30);
    buf_char(&whole, (char)b.n);
    buf_str(&whole, buf_view(&b));
    return buf_to_str(&whole, a);
}

static struct webauthn_answer answer(const struct authenticator *m)
{
    struct webauthn_answer r = {client_data(m), auth_data(m), STR_NULL, STR("account handle")};
    uint8_t hash[SHA256_LEN], raw[ES256_LEN];
    crypto_sha256(r.client_data_json, hash);
    struct buf b;
    buf_init_arena(&b, m->a, 0);
    buf_str(&b, r.authenticator_data);
    buf_put(&b, hash, sizeof hash);
    sign_es256(m->key, buf_view(&b), raw);
    r.signature = der_of(m->a, raw);
    return r;
}

static bool asserts(const struct authenticator *m, const struct webauthn_credential *c, const struct webauthn_answer *r, struct webauthn_assertion *ret)
{
    struct webauthn_assertion none;
    struct err e;
    err_clear(&e);
    bool ok = webauthn_assert(m->a, &m->expect, c, r, ret ? ret : &none, &e);
    if (!ok) assert_int_equal(e.problem, PROBLEM_INVALID_CREDENTIALS);
    return ok;
}

static void assertion(void **state)
{
    struct authenticator m = fresh(*state);
    m.type = "webauthn.get";
    m.flags = UP | UV | BE | BS;
    struct webauthn_credential c = {m.cose, 0, STR("account handle"), true};
    struct webauthn_answer r = answer(&m);
    struct webauthn_assertion got;
    assert_true(asserts(&m, &c, &r, &got) && got.user_verified && got.backed_up && got.sign_count == 0 && !got.count_went_back);
    static const struct { uint32_t stored, now; bool back; } counts[] = {{0, 0, false}, {0, 1, false}, {5, 6, false}, {5, 5, true}, {5, 4, true}, {5, 0, true}, {0xfffffffe, 0xffffffff, false}};
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        c.sign_count = counts[i].stored;
        m.count = counts[i].now;
        r = answer(&m);
        assert_true(asserts(&m, &c, &r, &got) && got.sign_count == counts[i].now);
        assert_int_equal(got.count_went_back, counts[i].back);
    }
    c.sign_count = 0;
    r.user_handle = STR_NULL;
    assert_false(asserts(&m, &c, &r, NULL));
    c.need_handle = false;
    assert_true(asserts(&m, &c, &r, NULL));
    r.user_handle = STR("account handlE");
    assert_false(asserts(&m, &c, &r, NULL));
    sign_key_free(m.key);
}

static void assertion_refused(void **state)
{
    struct authenticator good = fresh(*state), m;
    good.type = "webauthn.get";
    good.flags = UP | UV;
    struct webauthn_credential c = {good.cose, 0, STR("account handle"), true};
#define NO(change) do { m = good; change; struct webauthn_answer r_ = answer(&m); if (asserts(&m, &c, &r_, NULL)) fail_msg("%s", #change); } while (0)
    NO(m.type = "webauthn.create");
    NO(m.type = "payment.get");
    NO(m.origin = "https://evil.example");
    NO(m.cross = "true");
    NO(m.challenge = STR("0123456789abcdef0123456789abcdeX"));
    NO(m.rp_id = "evil.example");
    NO(m.flags = UP);
    NO(m.flags = UV);
    NO(m.flags = UP | UV | BS);
    NO(m.behind = STR("x"));
    struct sign_key *other = sign_key_generate();
    NO(m.key = other);
    sign_key_free(other);
    struct webauthn_answer r = answer(&good), changed;
    assert_true(asserts(&good, &c, &r, NULL));
#define CHANGED(change) do { changed = r; change; if (asserts(&good, &c, &changed, NULL)) fail_msg("%s", #change); } while (0)
    CHANGED(changed.signature = STR_NULL);
    CHANGED(changed.signature = STR(""));
    CHANGED(changed.signature = str_sub(r.signature, 0, r.signature.n - 1));
    CHANGED(changed.signature = str_printf(*state, STR_FMT "x", STR_ARG(r.signature)));
    CHANGED(changed.client_data_json = str_printf(*state, STR_FMT " ", STR_ARG(r.client_data_json)));
    CHANGED(((char *)(changed.authenticator_data = str_dup(*state, r.authenticator_data)).p)[36] = 9);      /* the count */
    CHANGED(changed.authenticator_data = STR_NULL);
    CHANGED(changed.client_data_json = STR_NULL);
    c.public_key = STR("nonsense");
    assert_false(asserts(&good, &c, &r, NULL));
    sign_key_free(good.key);
}

static void rsa_keys(void **state)
{
    struct verify_key *k = NULL;
    struct str n, weak;
    struct buf b;
    struct err e;
    err_clear(&e);
    assert_true(crypto_unbase64url(*state, STR(RSA_N), &n) && crypto_unbase64url(*state, STR(RSA_WEAK_N), &weak));
    for (int i = 0; i < 2; i++) {
        buf_init_arena(&b, *state, 0);
        buf_put(&b, "\xa4\x01\x03\x03\x39\x01\x00\x20", 8);
        put_bytes(&b, i ? weak : n);
        buf_put(&b, "\x21\x43\x01\x00\x01", 5);
        assert_int_equal(webauthn_public_key(buf_view(&b), &k, &e), i == 0);
        if (i == 0) {
            assert_int_equal(verify_key_alg(k), SIGN_RS256);
            verify_key_free(k);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_ARENA(registration), WITH_ARENA(registration_refused), WITH_ARENA(assertion), WITH_ARENA(assertion_refused), WITH_ARENA(rsa_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
