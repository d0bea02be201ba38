/* Tokens. The first byte says how the rest is meant: 'R' a whole token as it came; everything else: "<header JSON>\n<claims JSON>", which the driver signs with a key that the
 * verifier trusts, so that what lies behind the signature is searched, too. Promises: no crash; a whole token is accepted only if it was signed here; what is accepted says what was
 * asked for, within its times, and is refused with one bit changed. */
#include <stdlib.h>

#include "auth/token.h"
#include "base/arena.h"
#include "fuzz.h"

#define MUST(cond) do { if (!(cond)) abort(); } while (0)

enum { NOW = 1700000100, LEEWAY = 30 };

static const char pkcs8[] = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420c8a473dd5644b29dff78fae0d1580fa8bf3c08358d489f17b0492c53fbfb6706"
                            "a14403420004a2b96f4c472b8835f2ed5703b93ce172ea8de5e8cf61edd19aed28576a313838cb82df6a3e7f221e9c21fe8218e82531ca4e1fbac719563927b35ead111a25dc";
static const struct token_rules rules = {.issuer = STR("https://shop.example"), .audience = STR("shop"), .type = "at+jwt JWT", .client_id = STR("shop"), .nonce = STR_NULL};

struct world {                       /* the key is the same for all inputs: checking it takes longer than a token */
    struct arena *a;
    struct sign_key *key;
    struct token_keys *keys;
};

static struct world *the_world(void)
{
    static struct world w;
    struct str der;
    struct err e;
    err_clear(&e);
    if (w.key != NULL) return &w;
    w.a = arena_new();
    MUST(crypto_unhex(w.a, str_from(pkcs8), &der) && sign_key_from_pkcs8(der, &w.key, &e));
    w.keys = token_keys_new();
    MUST(token_keys_add(w.keys, STR("k1"), sign_key_public(w.key), 0, &e));
    return &w;
}

static bool check(struct world *w, struct str token, struct token_claims *c)
{
    enum token_fault f;
    struct err e;
    err_clear(&e);
    bool ok = token_check(w->keys, &rules, token, NOW, w->a, c, &f, &e);
    MUST(ok == (f == TOKEN_FINE) && ok == (e.problem == PROBLEM_NONE) && (ok || e.problem == PROBLEM_INVALID_TOKEN) && token_fault_name(f)[0] != '\0');
    return ok;
}

static void accepted(struct world *w, struct str token, const struct token_claims *c)
{
    struct token_claims other;
    MUST(token_is_jwt(token) && token.n <= TOKEN_MAX);
    MUST(str_eq_c(c->issuer, "https://shop.example") && str_eq_c(c->kid, "k1") && c->subject.n > 0 && c->subject.n <= 255 && str_is_text(c->subject, false));
    MUST(c->expires_s > NOW - LEEWAY && c->issued_s > 0 && c->issued_s <= NOW + LEEWAY && c->issued_s < c->expires_s && c->not_before_s <= NOW + LEEWAY);
    MUST(str_is_null(c->session) || str_is_text(c->session, false));
    for (size_t i = 0; i < token.n; i += 1 + token.n / 3) {
        char *bent = str_cstr(w->a, token);
        bent[i] ^= 1;
        MUST(!check(w, str_of(bent, token.n), &other));
    }
}

static struct str sign(struct world *w, struct str text)
{
    uint8_t sig[ES256_LEN];
    struct str header, rest = text;
    if (!str_split(&rest, '\n', &header) || str_is_null(rest)) return STR_NULL;
    struct str h = crypto_base64url(w->a, header), p = crypto_base64url(w->a, rest);
    char *out = arena_alloc(w->a, h.n + p.n + 90);
    memcpy(out, h.p, h.n);
    out[h.n] = '.';
    memcpy(out + h.n + 1, p.p, p.n);
    size_t n = h.n + 1 + p.n;
    sign_es256(w->key, str_of(out, n), sig);
    struct str s = crypto_base64url(w->a, str_of((const char *)sig, sizeof sig));
    out[n] = '.';
    memcpy(out + n + 1, s.p, s.n);
    return str_of(out, n + 1 + s.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = the_world();
    struct str text = str_of((const char *)data, size);
    struct str token = size > 0 && data[0] == 'R' ? str_sub(text, 1, size - 1) : sign(w, text);
    struct token_claims c;
    if (check(w, token, &c)) accepted(w, token, &c);
    arena_reset(w->a);
    return 0;
}
