#include "auth/refresh.h"

enum { SECRET_LEN = 32 };

static struct str secret_text(struct arena *a, uint8_t bytes[SECRET_LEN])
{
    struct str s = crypto_base64url(a, str_of((const char *)bytes, SECRET_LEN));
    arena_cleanse(a, (char *)s.p, s.n);
    crypto_cleanse(bytes, SECRET_LEN);
    return s;
}

struct str secret_new(struct arena *a)
{
    uint8_t bytes[SECRET_LEN];
    crypto_random(bytes, sizeof bytes);
    return secret_text(a, bytes);
}

struct str secret_successor(struct arena *a, const uint8_t key[AEAD_KEY_LEN], struct str secret)
{
    uint8_t mac[SHA256_LEN];
    crypto_hmac_sha256(str_of((const char *)key, AEAD_KEY_LEN), secret, mac);
    return secret_text(a, mac);
}

void secret_hash(struct str secret, uint8_t ret_hash[SHA256_LEN])
{
    crypto_sha256(secret, ret_hash);
}

struct str secret_token(struct arena *a, enum id_kind kind, struct uuid id, struct str secret)
{
    char text[ID_TEXT_MAX];
    size_t n = id_format(kind, id, text);
    char *out = arena_alloc(a, n + 1 + secret.n + 1);
    memcpy(out, text, n);
    out[n] = '.';
    memcpy(out + n + 1, secret.p, secret.n);
    arena_cleanse(a, out, n + 1 + secret.n);
    return str_of(out, n + 1 + secret.n);
}

bool secret_token_split(struct str token, enum id_kind kind, struct uuid *ret_id, struct str *ret_secret)
{
    struct str rest = token, id;
    if (str_is_null(token) || token.n > ID_TEXT_MAX + 1 + SECRET_TEXT_LEN || !str_split(&rest, '.', &id) || str_is_null(rest) || rest.n != SECRET_TEXT_LEN) return false;
    for (size_t i = 0; i < rest.n; i++) {
        char c = rest.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) return false;
    }
    if (!id_parse(kind, id, ret_id)) return false;
    *ret_secret = rest;
    return true;
}
