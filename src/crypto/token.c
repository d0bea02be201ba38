/* Signed, expiring, purpose-bound tokens: base64url(version, expiry, payload) '.' base64url(HMAC of purpose and that). */
#include "crypto/crypto.h"

enum { FORM = 1, HEAD_LEN = 9 };

/* The purpose goes in front with its length, so that no two (purpose, body) pairs give the same bytes. */
static void token_mac(struct arena *a, struct str key, const char *purpose, struct str body, uint8_t ret_mac[SHA256_LEN])
{
    size_t n_purpose = strlen(purpose);
    BUG_IF(n_purpose > 255);
    char *m = arena_alloc(a, 1 + n_purpose + body.n);
    m[0] = (char)(uint8_t)n_purpose;
    memcpy(m + 1, purpose, n_purpose);
    memcpy(m + 1 + n_purpose, body.p, body.n);
    crypto_hmac_sha256(key, str_of(m, 1 + n_purpose + body.n), ret_mac);
}

struct str crypto_token_make(struct arena *a, struct str key, const char *purpose, struct str payload, int64_t expires_s)
{
    uint8_t *body = arena_alloc(a, HEAD_LEN + payload.n);
    body[0] = FORM;
    for (int i = 0; i < 8; i++)
        body[1 + i] = (uint8_t)((uint64_t)expires_s >> (8 * (7 - i)));
    if (payload.n > 0)
        memcpy(body + HEAD_LEN, payload.p, payload.n);
    struct str bytes = str_of((const char *)body, HEAD_LEN + payload.n);
    uint8_t mac[SHA256_LEN];
    token_mac(a, key, purpose, bytes, mac);
    struct str left = crypto_base64url(a, bytes), right = crypto_base64url(a, str_of((const char *)mac, sizeof mac));
    return str_printf(a, STR_FMT "." STR_FMT, STR_ARG(left), STR_ARG(right));
}

static bool token_refused(struct err *e)
{
    return err_set(e, PROBLEM_FORBIDDEN, "The token is not valid here.");
}

bool crypto_token_check(struct arena *a, struct str key, const char *purpose, struct str token, int64_t now_s, struct str *ret_payload, struct err *e)
{
    struct str rest = token, left, body, mac_sent;
    if (str_is_null(token) || token.n > 4096 || !str_split(&rest, '.', &left) || str_is_null(rest) || !crypto_unbase64url(a, left, &body) ||
        !crypto_unbase64url(a, rest, &mac_sent) || body.n < HEAD_LEN)
        return token_refused(e);
    uint8_t mac[SHA256_LEN];
    token_mac(a, key, purpose, body, mac);
    if (!crypto_equal(mac_sent, str_of((const char *)mac, sizeof mac)) || body.p[0] != FORM)
        return token_refused(e);
    uint64_t expires = 0;
    for (int i = 0; i < 8; i++)
        expires = expires << 8 | (uint8_t)body.p[1 + i];
    if ((int64_t)expires <= now_s)
        return err_set(e, PROBLEM_FORBIDDEN, "The token has expired.");
    *ret_payload = str_of(body.p + HEAD_LEN, body.n - HEAD_LEN);
    return true;
}
