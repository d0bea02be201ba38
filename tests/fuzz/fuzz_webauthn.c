/* What a browser answers about passkeys. The first byte says what follows: 'C' CBOR, 'K' a COSE key, 'R' "<n, two bytes><client data><attestation>", 'A' "<n><client data><authenticator
 * data>", which the driver signs with the registered key, so that everything behind the signature is searched, too. Promises: no crash; accepted CBOR is written again to the same bytes
 * by a writer of the driver's own; what is accepted names the challenge, the origin and the rpId that were expected, and somebody was there. */
#include <stdlib.h>

#include "auth/cbor.h"
#include "auth/webauthn.h"
#include "base/arena.h"
#include "base/buf.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

static const char pkcs8[] = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420c8a473dd5644b29dff78fae0d1580fa8bf3c08358d489f17b0492c53fbfb6706"
                            "a14403420004a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dc";
static const char cose[] = "a5010203262001215820a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838225820cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dc";
static const struct webauthn_expect expect = {STR("0123456789abcdef0123456789abcdef"), STR("https://shop.example"), STR("shop.example"), true};

static void put_head(struct buf *b, int major, uint64_t n)
{
    int bytes = n < 24 ? 0 : n < 256 ? 1 : n < 65536 ? 2 : n <= UINT32_MAX ? 4 : 8;
    buf_char(b, (char)(major << 5 | (bytes == 0 ? (int)n : bytes == 1 ? 24 : bytes == 2 ? 25 : bytes == 4 ? 26 : 27)));
    for (int i = bytes - 1; i >= 0; i--)
        buf_char(b, (char)(n >> (8 * i)));
}

/* Reads the parts of a container one after another, as a reader that trusts cbor_read() would. */
static void put(struct buf *b, const struct cbor *c)
{
    struct cbor part;
    switch (c->kind) {
    case CBOR_INT: put_head(b, c->i < 0, c->i < 0 ? (uint64_t)(-1 - c->i) : (uint64_t)c->i); break;
    case CBOR_BYTES: case CBOR_TEXT:
        put_head(b, c->kind == CBOR_BYTES ? 2 : 3, c->s.n);
        buf_str(b, c->s);
        break;
    case CBOR_BOOL: buf_char(b, (char)(0xf4 + c->i)); break;
    case CBOR_NULL: buf_char(b, (char)0xf6); break;
    case CBOR_ARRAY: case CBOR_MAP: {
        size_t before = b->n;
        put_head(b, c->kind == CBOR_ARRAY ? 4 : 5, c->n);
        struct str inside = str_sub(c->all, b->n - before, c->all.n);
        for (size_t i = 0; i < c->n * (c->kind == CBOR_MAP ? 2 : 1); i++) {
            MUST(cbor_read(&inside, &part));
            put(b, &part);
        }
        MUST(inside.n == 0);
    }
    }
}

static void cbor(struct arena *a, struct str in)
{
    struct cbor c;
    struct buf b;
    struct str rest = in;
    if (!cbor_read(&rest, &c)) return;
    MUST(c.all.n + rest.n == in.n && c.all.p == in.p);
    buf_init_arena(&b, a, 0);
    put(&b, &c);
    MUST(str_eq(buf_view(&b), c.all));
}

static void key(struct str in)
{
    struct verify_key *k = NULL;
    struct err e;
    err_clear(&e);
    if (!webauthn_public_key(in, &k, &e)) return;
    MUST(verify_key_alg(k) == SIGN_ES256 || verify_key_alg(k) == SIGN_RS256);
    MUST(!verify_signature_der(k, STR("x"), in));
    verify_key_free(k);
}

static bool holds(struct str whole, struct str part)
{
    return part.n > 0 && memmem(whole.p, whole.n, part.p, part.n) != NULL;
}

static void client_data_is_ours(struct arena *a, struct str client_data, const char *type)
{
    MUST(holds(client_data, crypto_base64url(a, expect.challenge)) && holds(client_data, str_from(type)));
}

static void registration(struct arena *a, struct str client_data, struct str attestation)
{
    struct webauthn_registration r;
    struct err e;
    uint8_t hash[SHA256_LEN];
    err_clear(&e);
    if (!webauthn_register(a, &expect, client_data, attestation, &r, &e)) {
        MUST(e.problem == PROBLEM_INVALID);
        return;
    }
    client_data_is_ours(a, client_data, "webauthn.create");
    crypto_sha256(expect.rp_id, hash);
    MUST(holds(attestation, str_of((const char *)hash, sizeof hash)) && holds(attestation, r.credential_id) && holds(attestation, r.public_key));
    MUST(r.credential_id.n <= WEBAUTHN_CREDENTIAL_ID_MAX && r.user_verified && (r.backup_eligible || !r.backed_up) && (r.alg == SIGN_ES256 || r.alg == SIGN_RS256));
}

static struct str sign(struct arena *a, struct str client_data, struct str data)
{
    static struct sign_key *k;          /* the same for all inputs */
    struct str der;
    struct err e;
    uint8_t hash[SHA256_LEN], raw[ES256_LEN];
    struct buf b;
    err_clear(&e);
    MUST(k != NULL || (crypto_unhex(a, str_from(pkcs8), &der) && sign_key_from_pkcs8(der, &k, &e)));
    crypto_sha256(client_data, hash);
    buf_init_arena(&b, a, 0);
    buf_str(&b, data);
    buf_put(&b, hash, sizeof hash);
    sign_es256(k, buf_view(&b), raw);
    buf_init_arena(&b, a, 0);
    for (int half = 0; half < 2; half++) {
        const uint8_t *v = raw + 32 * half;
        size_t skip = 0;
        while (skip < 31 && v[skip] == 0) skip++;
        buf_char(&b, 2);
        buf_char(&b, (char)(32 - skip + (v[skip] >= 0x80)));
        if (v[skip] >= 0x80) buf_char(&b, 0);
        buf_put(&b, v + skip, 32 - skip);
    }
    char *out = arena_alloc(a, b.n + 2);
    out[0] = 0x30;
    out[1] = (char)b.n;
    memcpy(out + 2, b.p, b.n);
    return str_of(out, b.n + 2);
}

static void assertion(struct arena *a, struct str client_data, struct str data)
{
    struct webauthn_credential c = {.sign_count = 7, .user_handle = STR("handle"), .need_handle = true};
    struct webauthn_answer answer = {client_data, data, STR_NULL, STR("handle")};
    struct webauthn_assertion r;
    struct err e;
    err_clear(&e);
    MUST(crypto_unhex(a, str_from(cose), &c.public_key));
    MUST(!webauthn_assert(a, &expect, &c, &answer, &r, &e));            /* without a signature */
    answer.signature = sign(a, client_data, data);
    err_clear(&e);
    if (!webauthn_assert(a, &expect, &c, &answer, &r, &e)) {
        MUST(e.problem == PROBLEM_INVALID_CREDENTIALS);
        return;
    }
    client_data_is_ours(a, client_data, "webauthn.get");
    MUST(r.user_verified && r.count_went_back == (r.sign_count <= 7) && data.n >= 37 && (data.p[32] & 5) == 5);
    answer.client_data_json = str_printf(a, STR_FMT " ", STR_ARG(client_data));
    MUST(!webauthn_assert(a, &expect, &c, &answer, &r, &e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str in = str_dup(a, str_of((const char *)data, size)), rest = str_sub(in, 1, in.n);
    char kind = size > 0 ? in.p[0] : 'C';
    if (kind == 'K') {
        key(rest);
    } else if ((kind == 'R' || kind == 'A') && rest.n >= 2) {
        size_t n = (size_t)((uint8_t)rest.p[0] << 8 | (uint8_t)rest.p[1]);
        struct str first = str_sub(rest, 2, n), second = str_sub(rest, 2 + n, rest.n);
        if (n <= rest.n - 2) (kind == 'R' ? registration : assertion)(a, first, second);
    } else {
        cbor(a, rest);
    }
    arena_destroy(a);
    return 0;
}
