#include "auth/password.h"

#include "auth/password_forms.h"
#include "base/unicode.h"
#include "crypto/kdf.h"

enum { SALT_LEN = 16, HASH_LEN = 32, ARGON2ID = 2, ARGON2_VERSION = 19 };

bool password_encode(const struct password_params *p, struct arena *a, struct str password, struct str *ret_encoded, struct err *e)
{
    uint8_t salt[SALT_LEN], hash[HASH_LEN];
    struct str normal;
    if (password.n > PASSWORD_BYTES_MAX || !unicode_opaque(a, password, &normal)) return err_set(e, PROBLEM_WEAK_PASSWORD, "this cannot be a password");
    crypto_random(salt, sizeof salt);
    struct password_form f = {.kind = PASSWORD_ARGON2, .variant = ARGON2ID, .version = ARGON2_VERSION, .memory_kib = p->memory_kib, .passes = p->passes, .lanes = p->lanes,
                              .salt = str_of((const char *)salt, sizeof salt), .hash = str_of((const char *)hash, sizeof hash)};
    if (!password_argon2(&f, normal, hash, e)) return false;
    struct str salt_text = crypto_base64(a, f.salt, false), hash_text = crypto_base64(a, f.hash, false);
    *ret_encoded = str_printf(a, "$argon2id$v=%d$m=%u,t=%u,p=%u$" STR_FMT "$" STR_FMT, ARGON2_VERSION, p->memory_kib, p->passes, p->lanes, STR_ARG(salt_text), STR_ARG(hash_text));
    return true;
}

static bool match(const struct password_form *f, struct arena *a, struct str password, bool *ret_match, struct err *e)
{
    uint8_t hash[PASSWORD_HASH_MAX];
    if (f->kind != PASSWORD_ARGON2) return password_foreign(f, a, password, ret_match, e);
    if (!password_argon2(f, password, hash, e)) return false;
    *ret_match = crypto_equal(str_of((const char *)hash, f->hash.n), f->hash);
    return true;
}

bool password_verify(struct arena *a, struct str encoded, struct str password, bool *ret_match, struct err *e)
{
    struct password_form f;
    struct str normal;
    struct err why;
    bool right = false;
    err_clear(&why);
    if (!password_form_parse(a, encoded, &f, &why)) return err_cause(e, "%s", why.detail);
    if (str_is_null(password) || password.n > PASSWORD_BYTES_MAX || !unicode_opaque(a, password, &normal)) {
        if (!match(&f, a, STR("-"), &right, e)) return false;       /* for the time that it takes */
        *ret_match = false;
        return true;
    }
    if (!match(&f, a, normal, &right, e)) return false;
    if (!right && !str_eq(normal, password) && !match(&f, a, password, &right, e)) return false;      /* others do not normalise */
    *ret_match = right;
    return true;
}

bool password_encoded_check(struct arena *a, struct str encoded, struct err *e)
{
    struct password_form f;
    return password_form_parse(a, encoded, &f, e);
}

bool password_needs_rehash(const struct password_params *p, struct str encoded)
{
    struct password_form f;
    struct err e;
    err_clear(&e);
    struct arena *a = arena_new();
    bool ours = password_form_parse(a, encoded, &f, &e) && f.kind == PASSWORD_ARGON2 && f.variant == ARGON2ID && f.version == ARGON2_VERSION && f.salt.n >= SALT_LEN &&
                f.hash.n >= HASH_LEN && f.memory_kib >= p->memory_kib && f.passes >= p->passes && f.lanes >= p->lanes;
    arena_destroy(a);
    return !ours;
}
