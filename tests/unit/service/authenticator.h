/* An authenticator in a few lines: makes ES256 passkeys and signs with them, as WebAuthn level 2 sections 6.1 and 6.5 lay it down. */
#ifndef SOUK_TESTS_UNIT_SERVICE_AUTHENTICATOR_H
#define SOUK_TESTS_UNIT_SERVICE_AUTHENTICATOR_H

#include "crypto/sign.h"
#include "service/passkey.h"

enum { FLAG_UP = 1, FLAG_UV = 4, FLAG_BE = 8, FLAG_BS = 16, FLAG_AT = 64 };

struct authenticator {
    struct sign_key *key;
    uint8_t id[32];
    uint32_t count;
    uint8_t flags;                       /* what it says of the person; UP and UV unless set otherwise */
    struct str rp_id, origin;
    struct str user;                     /* base64url of the handle it was told */
};

static inline struct authenticator authenticator_new(void)
{
    struct authenticator a = {.key = sign_key_generate(), .flags = FLAG_UP | FLAG_UV, .rp_id = STR("localhost"), .origin = STR("https://localhost:8443")};
    crypto_random(a.id, sizeof a.id);
    return a;
}

static inline void authenticator_data(const struct authenticator *t, uint8_t flags, struct buf *out)
{
    uint8_t hash[SHA256_LEN];
    crypto_sha256(t->rp_id, hash);
    buf_put(out, hash, sizeof hash);
    buf_char(out, (char)flags);
    for (int shift = 24; shift >= 0; shift -= 8) buf_char(out, (char)(t->count >> shift));
}

static inline struct str client_data(struct arena *a, const struct authenticator *t, const char *type, struct str challenge)
{
    return str_printf(a, "{\"type\":\"%s\",\"challenge\":\"" STR_FMT "\",\"origin\":\"" STR_FMT "\",\"crossOrigin\":false}", type, STR_ARG(challenge), STR_ARG(t->origin));
}

/* The answer to create(). */
static inline struct passkey_register_in authenticator_make(struct arena *a, struct authenticator *t, const struct passkey_registration *p)
{
    struct verify_parts parts;
    struct verify_key *public = sign_key_public(t->key);
    struct buf data, object;
    verify_key_parts(public, a, &parts);
    verify_key_free(public);
    buf_init_arena(&data, a, 0);
    authenticator_data(t, t->flags | FLAG_AT, &data);
    buf_put(&data, (uint8_t[16]){7}, 16);
    buf_put(&data, (uint8_t[]){0, sizeof t->id}, 2);
    buf_put(&data, t->id, sizeof t->id);
    BUF_LIT(&data, "\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20");                /* {1: 2, 3: -7, -1: 1, -2: x, */
    buf_str(&data, parts.x);
    BUF_LIT(&data, "\x22\x58\x20");                                            /* -3: y} */
    buf_str(&data, parts.y);
    buf_init_arena(&object, a, 0);
    BUF_LIT(&object, "\xa3\x63" "fmt\x64none\x67" "attStmt\xa0\x68" "authData\x58");
    buf_char(&object, (char)data.n);
    buf_str(&object, buf_view(&data));
    t->user = p->user_id;
    return (struct passkey_register_in){.challenge = p->challenge_id, .client_data_json = crypto_base64url(a, client_data(a, t, "webauthn.create", p->challenge)),
                                        .attestation_object = crypto_base64url(a, buf_view(&object))};
}

static inline void der_integer(struct buf *out, const uint8_t *p, size_t n)
{
    while (n > 1 && *p == 0) p++, n--;
    buf_char(out, 2);
    buf_char(out, (char)(n + (*p >> 7)));
    if (*p >> 7) buf_char(out, 0);
    buf_put(out, p, n);
}

/* The answer to get(). */
static inline struct passkey_login_in authenticator_sign(struct arena *a, struct authenticator *t, const struct passkey_request *p)
{
    struct buf data, body, der;
    uint8_t hash[SHA256_LEN], signature[ES256_LEN];
    struct str client = client_data(a, t, "webauthn.get", p->challenge);
    buf_init_arena(&data, a, 0);
    authenticator_data(t, t->flags, &data);
    struct str plain = buf_to_str(&data, a);
    crypto_sha256(client, hash);
    buf_put(&data, hash, sizeof hash);
    sign_es256(t->key, buf_view(&data), signature);
    buf_init_arena(&body, a, 0);
    der_integer(&body, signature, 32);
    der_integer(&body, signature + 32, 32);
    buf_init_arena(&der, a, 0);
    buf_char(&der, 0x30);
    buf_char(&der, (char)body.n);
    buf_str(&der, buf_view(&body));
    return (struct passkey_login_in){.challenge = p->challenge_id, .credential_id = crypto_base64url(a, str_of((const char *)t->id, sizeof t->id)),
                                     .client_data_json = crypto_base64url(a, client), .authenticator_data = crypto_base64url(a, plain),
                                     .signature = crypto_base64url(a, buf_view(&der)), .user_handle = t->user, .kind = SESSION_BROWSER};
}

#endif
