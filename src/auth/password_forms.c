/* Encoded hashes: taken apart, bounded, nothing computed. A line of an import is somebody else's word: it must not cost more than we are willing to pay at each sign-in. */
#include "auth/password_forms.h"

#include "auth/password.h"
#include "crypto/kdf.h"

enum {
    KIB_PASSES_MAX = 3200 * 1024,           /* argon2: KiB times passes; about 2 s */
    PASSES_MAX = 64, LANES_MAX = 16,
    BCRYPT_COST_MIN = 4, BCRYPT_COST_MAX = 15, BCRYPT_LEN = 60,
    SCRYPT_LN_MAX = 20, SCRYPT_R_MAX = 32, SCRYPT_P_MAX = 16,
    PBKDF2_ROUNDS_MAX = 5 * 1000 * 1000,
};
static const uint64_t SCRYPT_WORK_MAX = UINT64_C(768) << 20;      /* 128 * N * r * p */

static bool refused(struct err *e, const char *why)
{
    return err_set(e, PROBLEM_INVALID, "the password's hash %s", why);
}

static bool number(struct str s, uint32_t max, uint32_t *ret_value)
{
    int64_t v;
    if (s.n == 0 || s.n > 10 || s.p[0] < '0' || s.p[0] > '9' || (s.p[0] == '0' && s.n > 1) || !str_to_int64(s, &v) || v > max) return false;
    *ret_value = (uint32_t)v;
    return true;
}

/* "m=19456" of "m=19456,t=2,p=1" */
static bool named(struct str *rest, const char *name, uint32_t max, uint32_t *ret_value)
{
    struct str one;
    size_t n = strlen(name);
    return !str_is_null(*rest) && str_split(rest, ',', &one) && one.n > n + 1 && memcmp(one.p, name, n) == 0 && one.p[n] == '=' &&
           number(str_sub(one, n + 1, one.n), max, ret_value);
}

/* Salt and hash at the end, base64; passlib writes '.' for '+'. Nothing may follow. */
static bool salt_and_hash(struct arena *a, struct str rest, bool dots, struct password_form *f)
{
    struct str salt, hash, more;
    if (str_is_null(rest) || !str_split(&rest, '$', &salt) || str_is_null(rest) || str_find(rest, '$', &(size_t){0})) return false;
    hash = rest;
    if (dots) {
        char *text = arena_alloc(a, salt.n + hash.n + 1);
        memcpy(text, salt.p, salt.n);
        memcpy(text + salt.n, hash.p, hash.n);
        for (size_t i = 0; i < salt.n + hash.n; i++)
            if (text[i] == '.') text[i] = '+';
        salt.p = text;
        hash.p = text + salt.n;
    }
    if (!crypto_unbase64(a, salt, &more) || !crypto_unbase64(a, hash, &f->hash)) return false;
    f->salt = more;
    return f->salt.n <= PASSWORD_SALT_MAX && f->hash.n >= PASSWORD_HASH_MIN && f->hash.n <= PASSWORD_HASH_MAX;
}

/* $argon2id$v=19$m=19456,t=2,p=1$salt$hash; without v= it is version 16 */
static bool parse_argon2(struct arena *a, struct str rest, int variant, struct password_form *f, struct err *e)
{
    struct str params;
    *f = (struct password_form){.kind = PASSWORD_ARGON2, .variant = variant, .version = 16};
    if (!str_split(&rest, '$', &params)) return refused(e, "is cut off");
    if (str_starts(params, STR("v="))) {
        if (!number(str_sub(params, 2, params.n), 19, &f->version) || (f->version != 16 && f->version != 19) || !str_split(&rest, '$', &params))
            return refused(e, "is of an unknown version of argon2");
    }
    if (!named(&params, "m", PASSWORD_MEMORY_MAX / 1024, &f->memory_kib) || !named(&params, "t", PASSES_MAX, &f->passes) || !named(&params, "p", LANES_MAX, &f->lanes) ||
        !str_is_null(params))
        return refused(e, "has parameters that are not understood or too large");
    if (f->passes < 1 || f->lanes < 1 || f->memory_kib < 8 * f->lanes || (uint64_t)f->memory_kib * f->passes > KIB_PASSES_MAX)
        return refused(e, "would cost too much time or memory");
    return (salt_and_hash(a, rest, false, f) && f->salt.n >= 8) || refused(e, "has a salt or hash that is not base64 or of a strange length");
}

static bool parse_bcrypt(struct str encoded, struct password_form *f, struct err *e)
{
    uint32_t cost = 0;
    struct str digits = str_sub(encoded, 4, 2);
    *f = (struct password_form){.kind = PASSWORD_BCRYPT, .salt = encoded};
    if (encoded.n != BCRYPT_LEN || encoded.p[6] != '$') return refused(e, "is not bcrypt's 60 characters");
    if (digits.p[0] == '0') digits = str_sub(digits, 1, 1);
    if (!number(digits, 31, &cost) || cost < BCRYPT_COST_MIN || cost > BCRYPT_COST_MAX) return refused(e, "has a bcrypt cost outside 4..15");
    for (size_t i = 7; i < encoded.n; i++) {
        char c = encoded.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '/')) return refused(e, "holds characters that bcrypt has not");
    }
    f->passes = cost;
    return true;
}

static bool parse_scrypt(struct arena *a, struct str rest, struct password_form *f, struct err *e)
{
    struct str params;
    *f = (struct password_form){.kind = PASSWORD_SCRYPT};
    if (!str_split(&rest, '$', &params)) return refused(e, "is cut off");
    if (!named(&params, "ln", SCRYPT_LN_MAX, &f->passes) || !named(&params, "r", SCRYPT_R_MAX, &f->memory_kib) || !named(&params, "p", SCRYPT_P_MAX, &f->lanes) ||
        !str_is_null(params))
        return refused(e, "has parameters that are not understood or too large");
    uint64_t memory = UINT64_C(128) * f->memory_kib << f->passes;
    if (f->passes < 1 || f->memory_kib < 1 || f->lanes < 1 || memory > PASSWORD_MEMORY_MAX || memory * f->lanes > SCRYPT_WORK_MAX)
        return refused(e, "would cost too much time or memory");
    return salt_and_hash(a, rest, false, f) || refused(e, "has a salt or hash that is not base64 or of a strange length");
}

/* $pbkdf2-sha256$i=600000$salt$hash, $pbkdf2-sha256$600000$salt$hash */
static bool parse_pbkdf2(struct arena *a, struct str rest, enum kdf_hash hash, struct password_form *f, struct err *e)
{
    struct str rounds;
    *f = (struct password_form){.kind = PASSWORD_PBKDF2, .variant = hash};
    if (!str_split(&rest, '$', &rounds)) return refused(e, "is cut off");
    if (str_starts(rounds, STR("i="))) rounds = str_sub(rounds, 2, rounds.n);
    if (!number(rounds, PBKDF2_ROUNDS_MAX, &f->passes) || f->passes < 1) return refused(e, "has too many rounds, or none");
    return salt_and_hash(a, rest, true, f) || refused(e, "has a salt or hash that is not base64 or of a strange length");
}

/* pbkdf2_sha256$600000$salt$hash: the salt is used as the text that it is */
static bool parse_django(struct arena *a, struct str rest, enum kdf_hash hash, struct password_form *f, struct err *e)
{
    struct str rounds, salt;
    *f = (struct password_form){.kind = PASSWORD_PBKDF2, .variant = hash};
    if (!str_split(&rest, '$', &rounds) || str_is_null(rest) || !str_split(&rest, '$', &salt) || str_is_null(rest)) return refused(e, "is cut off");
    if (!number(rounds, PBKDF2_ROUNDS_MAX, &f->passes) || f->passes < 1) return refused(e, "has too many rounds, or none");
    if (salt.n > PASSWORD_SALT_MAX || !crypto_unbase64(a, rest, &f->hash) || f->hash.n < PASSWORD_HASH_MIN || f->hash.n > PASSWORD_HASH_MAX)
        return refused(e, "has a salt or hash of a strange length");
    f->salt = salt;
    return true;
}

bool password_form_parse(struct arena *a, struct str s, struct password_form *f, struct err *e)
{
    static const struct { const char *prefix; enum password_kind kind; int variant; bool django; } table[] = {
        {"$argon2d$", PASSWORD_ARGON2, 0}, {"$argon2i$", PASSWORD_ARGON2, 1}, {"$argon2id$", PASSWORD_ARGON2, 2},
        {"$2a$", PASSWORD_BCRYPT, 0}, {"$2b$", PASSWORD_BCRYPT, 0}, {"$2y$", PASSWORD_BCRYPT, 0},
        {"$scrypt$", PASSWORD_SCRYPT, 0},
        {"$pbkdf2-sha512$", PASSWORD_PBKDF2, KDF_SHA512}, {"$pbkdf2-sha256$", PASSWORD_PBKDF2, KDF_SHA256}, {"$pbkdf2-sha1$", PASSWORD_PBKDF2, KDF_SHA1},
        {"$pbkdf2$", PASSWORD_PBKDF2, KDF_SHA1},
        {"pbkdf2_sha256$", PASSWORD_PBKDF2, KDF_SHA256, true}, {"pbkdf2_sha512$", PASSWORD_PBKDF2, KDF_SHA512, true}, {"pbkdf2_sha1$", PASSWORD_PBKDF2, KDF_SHA1, true}};
    if (str_is_null(s) || s.n > PASSWORD_ENCODED_MAX || memchr(s.p, '\0', s.n)) return refused(e, "is too long");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (!str_starts(s, str_from(table[i].prefix))) continue;
        struct str rest = str_sub(s, strlen(table[i].prefix), s.n);
        switch (table[i].kind) {
        case PASSWORD_ARGON2: return parse_argon2(a, rest, table[i].variant, f, e);
        case PASSWORD_BCRYPT: return parse_bcrypt(s, f, e);
        case PASSWORD_SCRYPT: return parse_scrypt(a, rest, f, e);
        case PASSWORD_PBKDF2: return table[i].django ? parse_django(a, rest, (enum kdf_hash)table[i].variant, f, e) : parse_pbkdf2(a, rest, (enum kdf_hash)table[i].variant, f, e);
        }
    }
    return refused(e, "is of a kind that is not understood");
}
