/* Hashes that other shops made: bcrypt by crypt(3), scrypt and PBKDF2 by OpenSSL. Only verified, never made. */
#include <crypt.h>

#include "auth/password.h"
#include "auth/password_forms.h"
#include "crypto/kdf.h"

static bool bcrypt_match(const struct password_form *f, struct arena *a, struct str password, bool *ret_match, struct err *e)
{
    struct crypt_data *data = arena_alloc(a, sizeof *data);
    char *phrase = str_cstr(a, password), *setting = str_cstr(a, f->salt);
    arena_cleanse(a, data, sizeof *data);
    arena_cleanse(a, phrase, password.n);
    if (password.n >= CRYPT_MAX_PASSPHRASE_SIZE) {              /* bcrypt looks at 72 bytes only */
        phrase[72] = '\0';
    }
    const char *out = crypt_r(phrase, setting, data);
    if (out == NULL || out[0] == '*') return err_cause(e, "crypt(3) refuses an encoded hash");
    *ret_match = crypto_equal(str_from(out), f->salt);
    return true;
}

bool password_foreign(const struct password_form *f, struct arena *a, struct str password, bool *ret_match, struct err *e)
{
    uint8_t hash[PASSWORD_HASH_MAX];
    bool ok;
    if (f->kind == PASSWORD_BCRYPT) return bcrypt_match(f, a, password, ret_match, e);
    if (f->kind == PASSWORD_SCRYPT)
        ok = kdf_scrypt(password, f->salt, (int)f->passes, f->memory_kib, f->lanes, PASSWORD_MEMORY_MAX + (1 << 20), hash, f->hash.n, e);
    else
        ok = kdf_pbkdf2((enum kdf_hash)f->variant, password, f->salt, f->passes, hash, f->hash.n, e);
    if (ok) *ret_match = crypto_equal(str_of((const char *)hash, f->hash.n), f->hash);
    crypto_cleanse(hash, sizeof hash);
    return ok;
}
