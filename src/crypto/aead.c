/* AES-256-GCM with a random nonce. */
#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/evp.h>

enum { FORM = 1, NONCE_LEN = 12, TAG_LEN = 16, OVERHEAD = 1 + NONCE_LEN + TAG_LEN };

struct str crypto_seal(struct arena *a, const uint8_t key[AEAD_KEY_LEN], struct str context, struct str plain)
{
    BUG_IF(plain.n > INT_MAX - OVERHEAD || context.n > INT_MAX);
    uint8_t *out = arena_alloc(a, plain.n + OVERHEAD);
    int n = 0;
    out[0] = FORM;
    crypto_random(out + 1, NONCE_LEN);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t *text = out + 1 + NONCE_LEN;
    BUG_IF(ctx == NULL || EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, out + 1) != 1 ||
           EVP_EncryptUpdate(ctx, NULL, &n, out, 1) != 1 ||
           (context.n > 0 && EVP_EncryptUpdate(ctx, NULL, &n, (const uint8_t *)context.p, (int)context.n) != 1) ||
           (plain.n > 0 && EVP_EncryptUpdate(ctx, text, &n, (const uint8_t *)plain.p, (int)plain.n) != 1) ||
           EVP_EncryptFinal_ex(ctx, text + plain.n, &n) != 1 ||
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_LEN, text + plain.n) != 1);
    EVP_CIPHER_CTX_free(ctx);
    return str_of((const char *)out, plain.n + OVERHEAD);
}

static bool open_with(EVP_CIPHER_CTX *ctx, const uint8_t key[AEAD_KEY_LEN], struct str context, const uint8_t *in, size_t n_plain, uint8_t *out)
{
    int n = 0;
    uint8_t tag[TAG_LEN];
    memcpy(tag, in + 1 + NONCE_LEN + n_plain, TAG_LEN);
    return EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, in + 1) == 1 && EVP_DecryptUpdate(ctx, NULL, &n, in, 1) == 1 &&
           (context.n == 0 || EVP_DecryptUpdate(ctx, NULL, &n, (const uint8_t *)context.p, (int)context.n) == 1) &&
           (n_plain == 0 || EVP_DecryptUpdate(ctx, out, &n, in + 1 + NONCE_LEN, (int)n_plain) == 1) &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, TAG_LEN, tag) == 1 && EVP_DecryptFinal_ex(ctx, out + n_plain, &n) == 1;
}

bool crypto_open(struct arena *a, const uint8_t key[AEAD_KEY_LEN], struct str context, struct str sealed, struct str *ret_plain, struct err *e)
{
    const uint8_t *in = (const uint8_t *)sealed.p;
    if (in == NULL || sealed.n < OVERHEAD || sealed.n > INT_MAX || context.n > INT_MAX || in[0] != FORM)
        return err_cause(e, "a ciphertext has an unknown form");
    size_t n_plain = sealed.n - OVERHEAD;
    uint8_t *out = arena_alloc(a, n_plain + 1);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    BUG_IF(ctx == NULL);
    bool ok = open_with(ctx, key, context, in, n_plain, out);
    EVP_CIPHER_CTX_free(ctx);
    if (!ok) {
        crypto_cleanse(out, n_plain);
        return err_cause(e, "a ciphertext does not open: wrong key, moved or damaged");
    }
    *ret_plain = str_of((const char *)out, n_plain);
    return true;
}
