#include "auth/totp.h"

#include "base/buf.h"
#include "crypto/kdf.h"

enum { CODE_SPACE = 1000000 };

void totp_secret_new(uint8_t ret_secret[TOTP_SECRET_LEN])
{
    crypto_random(ret_secret, TOTP_SECRET_LEN);
}

static struct str base32_of(struct arena *a, const uint8_t secret[TOTP_SECRET_LEN])
{
    struct str text = crypto_base32(a, str_of((const char *)secret, TOTP_SECRET_LEN));
    arena_cleanse(a, (char *)text.p, text.n);
    return text;
}

struct str totp_secret_text(struct arena *a, const uint8_t secret[TOTP_SECRET_LEN])
{
    struct str text = base32_of(a, secret);
    char *out = arena_alloc(a, text.n + text.n / 4 + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (i > 0 && i % 4 == 0) out[n++] = ' ';
        out[n++] = text.p[i];
    }
    arena_cleanse(a, out, n);
    return str_of(out, n);
}

/* RFC 3986: everything but unreserved characters. Apps split the label at its first ':', so no name may bring one. */
static void put_encoded(struct buf *b, struct str s, bool label)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (label && c == ':') continue;
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("-._~", c)) {
            buf_char(b, (char)c);
        } else {
            buf_char(b, '%');
            buf_char(b, hex[c >> 4]);
            buf_char(b, hex[c & 15]);
        }
    }
}

struct str totp_uri(struct arena *a, const uint8_t secret[TOTP_SECRET_LEN], struct str issuer, struct str account)
{
    struct buf b;
    buf_init(&b, 0);
    buf_cstr(&b, "otpauth://totp/");
    put_encoded(&b, issuer, true);
    buf_char(&b, ':');
    put_encoded(&b, account, true);
    buf_cstr(&b, "?secret=");
    buf_str(&b, base32_of(a, secret));
    buf_cstr(&b, "&issuer=");
    put_encoded(&b, issuer, true);
    buf_printf(&b, "&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS, TOTP_STEP_S);
    struct str uri = buf_to_str(&b, a);
    arena_cleanse(a, (char *)uri.p, uri.n);
    crypto_cleanse(b.p, b.n);
    buf_free(&b);
    return uri;
}

/* RFC 4226 section 5.3 */
uint32_t totp_code(struct str secret, int64_t step)
{
    uint8_t counter[8], mac[SHA1_LEN];
    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (8 * (7 - i)));
    crypto_hmac_sha1(secret, str_of((const char *)counter, sizeof counter), mac);
    const uint8_t *p = mac + (mac[SHA1_LEN - 1] & 15);
    uint32_t v = ((uint32_t)p[0] & 0x7f) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
    crypto_cleanse(mac, sizeof mac);
    return v % CODE_SPACE;
}

static bool read_code(struct str typed, uint32_t *ret_code)
{
    uint32_t v = 0;
    int digits = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '\t') continue;
        if (c < '0' || c > '9' || ++digits > TOTP_DIGITS) return false;
        v = v * 10 + (uint32_t)(c - '0');
    }
    *ret_code = v;
    return digits == TOTP_DIGITS;
}

bool totp_check(const uint8_t secret[TOTP_SECRET_LEN], struct str code, int64_t now_s, int64_t last_step, int64_t *ret_step)
{
    uint32_t typed = 0;
    int64_t found = 0;
    if (str_is_null(code) || code.n > 32 || now_s < 0 || !read_code(code, &typed)) return false;
    int64_t present = now_s / TOTP_STEP_S;
    for (int64_t step = present - TOTP_WINDOW; step <= present + TOTP_WINDOW; step++) {       /* all of them, in the same time */
        uint32_t right = totp_code(str_of((const char *)secret, TOTP_SECRET_LEN), step);
        bool same = crypto_equal(str_of((const char *)&right, sizeof right), str_of((const char *)&typed, sizeof typed));
        if (same && step > last_step && found == 0) found = step;
    }
    if (found == 0) return false;
    *ret_step = found;
    return true;
}

/* --- recovery codes ------------------------------------------------------------------------------------------------ */

/* Crockford's digits: no i, l, o, u. 32 of them: five bits each. */
static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
enum { RECOVERY_DIGITS = 10 };

struct str recovery_code_new(struct arena *a)
{
    uint8_t random[RECOVERY_DIGITS];
    char *out = arena_alloc(a, RECOVERY_TEXT_LEN + 1);
    size_t n = 0;
    crypto_random(random, sizeof random);
    for (int i = 0; i < RECOVERY_DIGITS; i++) {
        if (i == RECOVERY_DIGITS / 2) out[n++] = '-';
        out[n++] = digits[random[i] & 31];
    }
    crypto_cleanse(random, sizeof random);
    arena_cleanse(a, out, n);
    return str_of(out, n);
}

bool recovery_code_normalise(struct arena *a, struct str typed, struct str *ret_code)
{
    char *out = arena_alloc(a, RECOVERY_TEXT_LEN + 1);
    size_t n = 0;
    if (str_is_null(typed) || typed.n > 64) return false;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '-' || c == '\t') continue;
        if (c >= 'A' && c <= 'Z') c = (char)(c - 'A' + 'a');
        if (c == 'o') c = '0';
        if (c == 'i' || c == 'l') c = '1';
        if (c == '\0' || strchr(digits, c) == NULL || n == RECOVERY_TEXT_LEN) return false;
        if (n == RECOVERY_DIGITS / 2) out[n++] = '-';
        out[n++] = c;
    }
    if (n != RECOVERY_TEXT_LEN) return false;
    arena_cleanse(a, out, n);
    *ret_code = str_of(out, n);
    return true;
}

void recovery_code_hash(const uint8_t key[AEAD_KEY_LEN], struct str account, struct str code, uint8_t ret_hash[SHA256_LEN])
{
    struct arena *a = arena_new();
    struct str text = str_printf(a, STR_FMT ":" STR_FMT, STR_ARG(account), STR_ARG(code));
    arena_cleanse(a, (char *)text.p, text.n);
    crypto_hmac_sha256(str_of((const char *)key, AEAD_KEY_LEN), text, ret_hash);
    arena_destroy(a);
}
