/* By OpenSSL and not by libjwt: that parses the key again for each token (0.7 ms against 25 us) and knows no type but "JWT". */
#include "auth/token_sign.h"

#include <pthread.h>

#include "base/buf.h"
#include "json/json.h"

enum { JTI_LEN = 16, KID_MAX = 128 };

struct key {
    int refs;                   /* under the mutex */
    char kid[KID_MAX + 1];
    struct sign_key *key;
};

struct token_signer {
    pthread_mutex_t mutex;
    struct key *present;
};

struct token_signer *token_signer_new(void)
{
    struct token_signer *s = calloc(1, sizeof *s);
    BUG_IF(s == NULL || pthread_mutex_init(&s->mutex, NULL) != 0);
    return s;
}

/* Under the mutex, or when nobody else is there any more. */
static void key_unref(struct key *k)
{
    if (k == NULL || --k->refs > 0) return;
    sign_key_free(k->key);
    free(k);
}

void token_signer_destroy(struct token_signer *s)
{
    if (s == NULL) return;
    key_unref(s->present);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

bool token_signer_set(struct token_signer *s, struct str kid, struct str pkcs8, struct err *e)
{
    struct sign_key *key = NULL;
    if (str_is_null(kid) || kid.n == 0 || kid.n > KID_MAX) return err_set(e, PROBLEM_INVALID, "a signing key's kid is empty or too long");
    if (!sign_key_from_pkcs8(pkcs8, &key, e)) return false;
    struct key *k = calloc(1, sizeof *k);
    BUG_IF(k == NULL);
    k->refs = 1;
    k->key = key;
    memcpy(k->kid, kid.p, kid.n);
    pthread_mutex_lock(&s->mutex);
    key_unref(s->present);
    s->present = k;
    pthread_mutex_unlock(&s->mutex);
    return true;
}

static struct key *present(struct token_signer *s)
{
    pthread_mutex_lock(&s->mutex);
    struct key *k = s->present;
    if (k != NULL) k->refs++;
    pthread_mutex_unlock(&s->mutex);
    return k;
}

static void give_back(struct token_signer *s, struct key *k)
{
    pthread_mutex_lock(&s->mutex);
    key_unref(k);
    pthread_mutex_unlock(&s->mutex);
}

struct str token_signer_kid(struct token_signer *s, struct arena *a)
{
    struct key *k = present(s);
    if (k == NULL) return STR_NULL;
    struct str kid = str_dup(a, str_from(k->kid));
    give_back(s, k);
    return kid;
}

/* --- the token ----------------------------------------------------------------------------------------------------- */

static void put_text(struct buf *b, const char *name, struct str value)
{
    if (str_is_null(value)) return;
    buf_printf(b, "%s\"%s\":", b->n > 1 ? "," : "", name);
    json_put_string(b, value);
}

static void put_number(struct buf *b, const char *name, int64_t value)
{
    buf_printf(b, "%s\"%s\":", b->n > 1 ? "," : "", name);
    buf_int64(b, value);
}

static struct str header(struct arena *a, const struct key *k)
{
    struct buf b;
    buf_init_arena(&b, a, 0);
    buf_char(&b, '{');
    put_text(&b, "alg", STR("ES256"));
    put_text(&b, "kid", str_from(k->kid));
    put_text(&b, "typ", STR("at+jwt"));
    buf_char(&b, '}');
    return buf_view(&b);
}

static struct str claims(struct arena *a, const struct token_grant *g)
{
    uint8_t jti[JTI_LEN];
    struct buf b;
    crypto_random(jti, sizeof jti);
    buf_init_arena(&b, a, 0);
    buf_char(&b, '{');
    put_text(&b, "iss", g->issuer);
    put_text(&b, "aud", g->audience);
    put_text(&b, "sub", g->subject);
    put_text(&b, "sid", g->session);
    put_text(&b, "scope", g->scope);
    put_number(&b, "iat", g->issued_s);
    put_number(&b, "exp", g->expires_s);
    put_text(&b, "jti", crypto_base64url(a, str_of((const char *)jti, sizeof jti)));
    buf_char(&b, '}');
    return buf_view(&b);
}

bool token_sign(struct token_signer *s, const struct token_grant *g, struct arena *a, struct str *ret_token, struct err *e)
{
    uint8_t signature[ES256_LEN];
    struct key *k = present(s);
    if (k == NULL) return err_set(e, PROBLEM_UNAVAILABLE, "no key signs tokens yet");
    struct str left = crypto_base64url(a, header(a, k)), right = crypto_base64url(a, claims(a, g));
    struct str body = str_printf(a, STR_FMT "." STR_FMT, STR_ARG(left), STR_ARG(right));
    sign_es256(k->key, body, signature);
    give_back(s, k);
    struct str tail = crypto_base64url(a, str_of((const char *)signature, sizeof signature));
    struct str token = str_printf(a, STR_FMT "." STR_FMT, STR_ARG(body), STR_ARG(tail));
    arena_cleanse(a, (char *)token.p, token.n);
    *ret_token = token;
    return true;
}
